"""Access codes, who was admitted by one, and what is granted to single persons."""

from __future__ import annotations

from django.db import models

from shuyang.delivery.models.campaigns import Campaign
from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE, SENSITIVE, AboutPerson


class AccessCode(Base):
    """A code that admits to a campaign, kept as a keyed hash: one for everyone in the room, or one for a person."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(null=True)
    hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    created_by = models.UUIDField(null=True)

    personal_data = {
        "campaign": NONE,
        "person_id": LINK,
        "hash": SENSITIVE,
        "expires_at": NONE,
        "ended_at": NONE,
        "created_by": LINK,
    }

    class Meta:
        db_table = "delivery_access_code"
        indexes = [models.Index(fields=["campaign", "person_id"], name="delivery_code_campaign")]


class Admission(Base):
    """A person was admitted to a campaign by a code."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField()

    personal_data = {"campaign": NONE, "person_id": LINK}

    class Meta:
        db_table = "delivery_admission"
        constraints = [models.UniqueConstraint(fields=["campaign", "person_id"], name="delivery_admission_once")]


class AccommodationRow(Base):
    """What is granted to a person in one campaign, or (no campaign) in all; the reason is sealed under his key."""

    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(db_index=True)
    unit_path = models.CharField(max_length=200, db_index=True)
    time_factor = models.FloatField(default=1.0)
    large_type = models.BooleanField(default=False)
    pauses = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField(null=True)
    reason = models.BinaryField(null=True)
    created_by = models.UUIDField(null=True)

    personal_data = {
        "campaign": NONE,
        "person_id": LINK,
        "unit_path": DIRECT,
        "time_factor": DIRECT,
        "large_type": DIRECT,
        "pauses": DIRECT,
        "until": DIRECT,
        "reason": SENSITIVE,
        "created_by": LINK,
    }

    about_person = AboutPerson("person_id", erase=True, sealed=(("reason", "accommodation_reason"),))

    class Meta:
        db_table = "delivery_accommodation"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "person_id"], name="delivery_accommodation_once"),
            models.UniqueConstraint(
                fields=["person_id"], condition=models.Q(campaign=None), name="delivery_accommodation_once_for_all"
            ),
        ]
