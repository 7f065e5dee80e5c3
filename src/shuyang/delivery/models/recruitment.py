"""Recruitment: candidate numbers, the rule that decides, the two signatures that release, appeals."""

from __future__ import annotations

from django.db import models

from shuyang.delivery.models.campaigns import Campaign
from shuyang.delivery.models.sittings import Sitting
from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE, RESULT, AboutPerson


class Candidate(Base):
    """The number under which staff see a person in a campaign until its results are released."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField()
    number = models.CharField(max_length=12)

    personal_data = {"campaign": NONE, "person_id": LINK, "number": LINK}
    about_person = AboutPerson("person_id")

    class Meta:
        db_table = "delivery_candidate"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "person_id"], name="delivery_candidate_once"),
            models.UniqueConstraint(fields=["campaign", "number"], name="delivery_candidate_number"),
        ]


class PassRule(Base):
    """Who passes: at least `level` in each of `forces`. Chosen once, before release, with the risk that was shown."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    forces = models.JSONField()
    risk = models.JSONField()
    standard_setting = models.CharField(max_length=64)
    account_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    personal_data = {
        "campaign": NONE,
        "level": NONE,
        "forces": NONE,
        "risk": NONE,
        "standard_setting": NONE,
        "account_id": LINK,
        "at": NONE,
    }

    class Meta:
        db_table = "delivery_pass_rule"


class ReleaseSignature(Base):
    """One of the two persons who release the results of a campaign."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    account_id = models.UUIDField()
    person_id = models.UUIDField()
    at = models.DateTimeField()

    personal_data = {"campaign": NONE, "account_id": LINK, "person_id": LINK, "at": NONE}

    class Meta:
        db_table = "delivery_release_signature"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "person_id"], name="delivery_release_signature_once")
        ]


class Appeal(Base):
    """A candidate's appeal and what a person not involved decided."""

    sitting = models.OneToOneField(Sitting, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    unit_path = models.CharField(max_length=200)
    person_id = models.UUIDField()
    reason = models.CharField(max_length=1000)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    words = models.CharField(max_length=1000, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    rescored = models.BooleanField(default=False)

    personal_data = {
        "sitting": LINK,
        "campaign": NONE,
        "unit_path": NONE,
        "person_id": LINK,
        "reason": DIRECT,
        "at": NONE,
        "state": RESULT,
        "words": RESULT,
        "decided_by": LINK,
        "decided_at": NONE,
        "rescored": RESULT,
    }
    about_person = AboutPerson("person_id")

    class Meta:
        db_table = "delivery_appeal"
