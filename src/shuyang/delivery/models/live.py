"""What happens to a sitting from outside: pauses, extensions, calls for help."""

from __future__ import annotations

from django.db import models

from shuyang.delivery.models.sittings import Sitting
from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE, RESULT, AboutPerson


class SittingEvent(Base):
    """One act upon a sitting that is no answer. Never changed, never deleted.

    `chain_hash` is the end of the sitting's chain of answers at that moment: it tells before which answer the act came.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+")
    campaign_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    position = models.PositiveSmallIntegerField()
    by_person = models.BooleanField()
    account_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    seconds = models.PositiveIntegerField(default=0)
    chain_hash = models.CharField(max_length=64)

    personal_data = {
        "sitting": LINK,
        "campaign_id": NONE,
        "kind": RESULT,
        "at": RESULT,
        "position": RESULT,
        "by_person": NONE,
        "account_id": LINK,
        "reason": RESULT,
        "seconds": RESULT,
        "chain_hash": NONE,
    }

    about_person = AboutPerson("sitting__person_id")

    class Meta:
        db_table = "delivery_sitting_event"
        indexes = [models.Index(fields=["sitting", "at"], name="delivery_sitting_event_of")]


class RoomPause(Base):
    """A supervisor paused a campaign's room for a unit and below: nobody there begins. Never deleted."""

    campaign = models.ForeignKey("delivery.Campaign", on_delete=models.PROTECT, related_name="+")
    unit_path = models.CharField(max_length=200)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    account_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=300)

    personal_data = {
        "campaign": NONE,
        "unit_path": NONE,
        "since": NONE,
        "ended_at": NONE,
        "account_id": LINK,
        "reason": NONE,
    }

    class Meta:
        db_table = "delivery_room_pause"


class HelpCall(Base):
    """A person's call for help during a sitting, and what the supervisor answered."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+")
    campaign_id = models.UUIDField()
    unit_path = models.CharField(max_length=200)
    person_id = models.UUIDField()
    at = models.DateTimeField()
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default="open")
    reply = models.CharField(max_length=300, blank=True)
    replied_by = models.UUIDField(null=True)
    replied_at = models.DateTimeField(null=True)

    personal_data = {
        "sitting": LINK,
        "campaign_id": NONE,
        "unit_path": DIRECT,
        "person_id": LINK,
        "at": RESULT,
        "position": RESULT,
        "text": RESULT,
        "state": NONE,
        "reply": RESULT,
        "replied_by": LINK,
        "replied_at": RESULT,
    }

    about_person = AboutPerson("person_id", erase=True)

    class Meta:
        db_table = "delivery_help_call"
        constraints = [
            models.UniqueConstraint(
                fields=["sitting"], condition=models.Q(state="open"), name="delivery_help_call_one_open"
            )
        ]
        indexes = [models.Index(fields=["campaign_id", "state"], name="delivery_help_call_waiting")]
