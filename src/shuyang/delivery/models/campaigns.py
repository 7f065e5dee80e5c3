"""Campaigns: occasions to be measured."""

from __future__ import annotations

from django.db import models

from shuyang.kit.base import Base
from shuyang.kit.personal import LINK, NONE


class Campaign(Base):
    """An occasion to be measured, for those whom its audience names within a unit.

    `audience` "unit" invites everyone of the unit and below, also who comes later; "filter" and "list" invite those
    who stand in `Invited`. `plan_hash` names a fixed blueprint of the item bank; empty: the release's own `blueprint`.
    """

    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=20)
    unit_id = models.UUIDField()
    unit_path = models.CharField(max_length=200, db_index=True)
    unit_name = models.CharField(max_length=100)
    blueprint = models.CharField(max_length=30)
    release_hash = models.CharField(max_length=64)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="draft")
    synthetic = models.BooleanField(default=False)
    plan_hash = models.CharField(max_length=64, blank=True)
    audience = models.CharField(max_length=10, default="unit")
    criteria = models.JSONField(default=dict)
    pretest_id = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=1)
    days_between = models.PositiveSmallIntegerField(default=0)
    shown_when = models.CharField(max_length=12, default="at_once")
    shown_to_person = models.BooleanField(default=True)
    shown_to_unit = models.BooleanField(default=True)
    released_at = models.DateTimeField(null=True)
    needs_code = models.BooleanField(default=False)
    remind = models.BooleanField(default=False)
    created_by = models.UUIDField(null=True)

    personal_data = {
        "name": NONE,
        "purpose": NONE,
        "unit_id": NONE,
        "unit_path": NONE,
        "unit_name": NONE,
        "blueprint": NONE,
        "release_hash": NONE,
        "opens_at": NONE,
        "closes_at": NONE,
        "state": NONE,
        "synthetic": NONE,
        "plan_hash": NONE,
        "audience": NONE,
        "criteria": NONE,
        "pretest_id": NONE,
        "attempts": NONE,
        "days_between": NONE,
        "shown_when": NONE,
        "shown_to_person": NONE,
        "shown_to_unit": NONE,
        "released_at": NONE,
        "needs_code": NONE,
        "remind": NONE,
        "created_by": LINK,
    }

    class Meta:
        db_table = "delivery_campaign"
        indexes = [models.Index(fields=["state", "closes_at"], name="delivery_campaign_open")]


class Invited(Base):
    """A person whom a campaign invites by name: from a list, or because he fitted its filter."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(db_index=True)

    personal_data = {"campaign": NONE, "person_id": LINK}

    class Meta:
        db_table = "delivery_invited"
        constraints = [models.UniqueConstraint(fields=["campaign", "person_id"], name="delivery_invited_once")]
