"""Integrity: which signals a campaign uses, and what they raised for a person to look at."""

from __future__ import annotations

from django.db import models

from shuyang.delivery.models.campaigns import Campaign
from shuyang.delivery.models.sittings import Sitting
from shuyang.kit.base import Base
from shuyang.kit.personal import LINK, NONE, RESULT, AboutPerson


class IntegrityPlan(Base):
    """The signals of a campaign, and the items a person says have leaked (indices in its release)."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="+")
    signals = models.JSONField(default=list)
    leaked = models.JSONField(default=list)

    personal_data = {"campaign": NONE, "signals": NONE, "leaked": NONE}

    class Meta:
        db_table = "delivery_integrity_plan"


class IntegrityFlag(Base):
    """One signal about one sitting (of similarity: about two). It does nothing by itself: a person decides, in words."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Sitting, null=True, on_delete=models.PROTECT, related_name="+")
    unit_path = models.CharField(max_length=200)
    person_id = models.UUIDField()
    signal = models.CharField(max_length=12)
    evidence = models.JSONField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    words = models.CharField(max_length=1000, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    objection = models.CharField(max_length=1000, blank=True)
    objected_at = models.DateTimeField(null=True)
    first_words = models.CharField(max_length=1000, blank=True)
    first_by = models.UUIDField(null=True)

    personal_data = {
        "campaign": NONE,
        "sitting": LINK,
        "other": LINK,
        "unit_path": NONE,
        "person_id": LINK,
        "signal": RESULT,
        "evidence": RESULT,
        "at": NONE,
        "state": RESULT,
        "words": RESULT,
        "decided_by": LINK,
        "decided_at": NONE,
        "objection": RESULT,
        "objected_at": NONE,
        "first_words": RESULT,
        "first_by": LINK,
    }
    about_person = AboutPerson("person_id")

    class Meta:
        db_table = "delivery_integrity_flag"
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "signal"], condition=models.Q(other=None), name="delivery_flag_once"
            ),
            models.UniqueConstraint(fields=["sitting", "other", "signal"], name="delivery_flag_pair_once"),
        ]
