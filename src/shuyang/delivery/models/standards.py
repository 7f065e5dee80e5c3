"""Standard settings: what judges said, round by round, and the record that is closed for good."""

from __future__ import annotations

from django.db import models

from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE


class StandardSetting(Base):
    """A standard setting on a release. `items` is the panel's choice by force; `body` and `hash` are its closed record."""

    name = models.CharField(max_length=80)
    method = models.CharField(max_length=10)
    release_hash = models.CharField(max_length=64)
    items = models.JSONField()
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, default="open")
    body = models.JSONField(null=True)
    hash = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True)
    account_id = models.UUIDField(null=True)

    personal_data = {
        "name": NONE,
        "method": NONE,
        "release_hash": NONE,
        "items": NONE,
        "round": NONE,
        "state": NONE,
        "body": DIRECT,
        "hash": NONE,
        "closed_at": NONE,
        "account_id": LINK,
    }
    about_person = None  # judges stand under a label the panel chose; the record is about cut scores, and stays whole

    class Meta:
        db_table = "delivery_standard_setting"


class JudgeRating(Base):
    """All ratings of one judge in one round. Replaced while the round is open, never after."""

    setting = models.ForeignKey(StandardSetting, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    judge = models.CharField(max_length=40)
    values = models.JSONField()
    at = models.DateTimeField()

    personal_data = {"setting": NONE, "round": NONE, "judge": DIRECT, "values": NONE, "at": NONE}
    about_person = None  # a judge is a label, not a person of the installation

    class Meta:
        db_table = "delivery_judge_rating"
        constraints = [models.UniqueConstraint(fields=["setting", "round", "judge"], name="delivery_judge_once")]
