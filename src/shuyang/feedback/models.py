"""Credentials that persons asked for: what each attests lies sealed under the person's own key."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE, RESULT, SENSITIVE


class Credential(Base):
    """One certificate. It is never changed; it can be revoked, and its statement is unreadable without the person's key."""

    code = models.CharField(max_length=24, unique=True)
    person_id = models.UUIDField(db_index=True)
    unit_path = models.CharField(max_length=200)
    estimate_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    statement = models.BinaryField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    synthetic = models.BooleanField()

    personal_data = {
        "code": LINK,
        "person_id": LINK,
        "unit_path": DIRECT,
        "estimate_id": LINK,
        "kind": RESULT,
        "statement": SENSITIVE,
        "revoked_at": RESULT,
        "revoked_by": LINK,
        "reason": DIRECT,
        "synthetic": NONE,
    }

    class Meta:
        db_table = "feedback_credential"
        constraints = [
            models.UniqueConstraint(
                fields=["estimate_id"], condition=Q(revoked_at=None), name="feedback_credential_one_valid"
            )
        ]
