"""Credentials that persons asked for, and the publications of what is told of units."""

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


class Publication(Base):
    """The figures of one campaign as they were published. The tables lie beside, in files named by `hash`; rows never change.

    `current`: the newest of its campaign. `body` holds what is needed to read the tables and to make the next publication:
    measures, variances between persons, groups put together, errors of the scale.
    """

    campaign_id = models.UUIDField(db_index=True)
    campaign_name = models.CharField(max_length=80)
    unit_path = models.CharField(max_length=200, db_index=True)
    number = models.PositiveIntegerField()
    current = models.BooleanField(default=True)
    release_hash = models.CharField(max_length=64)
    scale = models.CharField(max_length=64)
    people = models.PositiveIntegerField()
    incomplete = models.PositiveIntegerField()
    held_back = models.PositiveIntegerField()
    before_id = models.UUIDField(null=True)
    final = models.BooleanField()
    synthetic = models.BooleanField()
    provisional = models.BooleanField()
    hash = models.CharField(max_length=64)
    body = models.JSONField()
    made_by = models.UUIDField(null=True)

    personal_data = {
        "campaign_id": NONE,
        "campaign_name": NONE,
        "unit_path": NONE,
        "number": NONE,
        "current": NONE,
        "release_hash": NONE,
        "scale": NONE,
        "people": NONE,
        "incomplete": NONE,
        "held_back": NONE,
        "before_id": NONE,
        "final": NONE,
        "synthetic": NONE,
        "provisional": NONE,
        "hash": NONE,
        "body": NONE,
        "made_by": LINK,
    }

    class Meta:
        db_table = "feedback_publication"
        constraints = [
            models.UniqueConstraint(fields=["campaign_id", "number"], name="feedback_publication_number"),
            models.UniqueConstraint(
                fields=["campaign_id"], condition=Q(current=True), name="feedback_publication_one_current"
            ),
        ]
