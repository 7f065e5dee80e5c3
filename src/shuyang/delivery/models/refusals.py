"""How often a person was refused of late, so that refusals are audited without letting anyone flood the log."""

from __future__ import annotations

from django.db import models

from shuyang.kit.base import Base
from shuyang.kit.personal import LINK, NONE


class Refusal(Base):
    """Refusals of one kind to one account within one hour."""

    account_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    personal_data = {"account_id": LINK, "kind": NONE, "hour": NONE, "count": NONE}

    class Meta:
        db_table = "delivery_refusal"
        constraints = [models.UniqueConstraint(fields=["account_id", "kind", "hour"], name="delivery_refusal_once")]
