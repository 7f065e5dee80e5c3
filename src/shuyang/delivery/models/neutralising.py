"""Faulty items: what was ruled about them in a campaign, and whose results that changed."""

from __future__ import annotations

from django.db import models

from shuyang.delivery.models.campaigns import Campaign
from shuyang.delivery.models.sittings import Sitting, not_yet
from shuyang.kit.base import Base
from shuyang.kit.personal import LINK, NONE, RESULT, AboutPerson


class ItemRuling(Base):
    """An item no longer counts in a campaign, or counts again. Never deleted: the newest ruling on an item holds.

    `outcome` is filled in by the job that rescores: how many sittings, how many changed, by how much; empty until then.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    unit_path = models.CharField(max_length=200)
    item_index = models.PositiveIntegerField()
    item_version_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    reason = models.CharField(max_length=300)
    account_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    outcome = models.JSONField(default=dict)

    personal_data = {
        "campaign": NONE,
        "unit_path": NONE,
        "item_index": NONE,
        "item_version_id": NONE,
        "kind": NONE,
        "reason": NONE,
        "account_id": LINK,
        "at": NONE,
        "outcome": NONE,
    }

    class Meta:
        db_table = "delivery_item_ruling"
        indexes = [models.Index(fields=["campaign", "at"], name="delivery_item_ruling_of")]


class Rescoring(Base):
    """One finished sitting scored anew: why, and what moved. `change` is in points of the reporting scale, per force."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=12)
    cause_id = models.UUIDField(db_index=True)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    old_estimate = models.UUIDField()
    new_estimate = models.UUIDField()
    change = models.JSONField()
    levels_changed = models.PositiveSmallIntegerField()

    personal_data = {
        "sitting": LINK,
        "cause": NONE,
        "cause_id": NONE,
        "reason": NONE,
        "at": RESULT,
        "old_estimate": LINK,
        "new_estimate": LINK,
        "change": RESULT,
        "levels_changed": RESULT,
    }

    about_person = AboutPerson("sitting__person_id", hidden=not_yet("sitting__"))

    class Meta:
        db_table = "delivery_rescoring"
        constraints = [models.UniqueConstraint(fields=["sitting", "cause_id"], name="delivery_rescoring_once")]
