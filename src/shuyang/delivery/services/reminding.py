"""Reminders as a digest: one mail a day at most, for all campaigns together, to those who have not finished."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from shuyang.delivery.campaign_contracts import AudienceKind, Digest
from shuyang.delivery.contracts import CampaignState, SittingState
from shuyang.delivery.models import Campaign, Invited, Reminder, Sitting
from shuyang.delivery.views import campaign_view
from shuyang.kernel.clock import BEIJING, now, today
from shuyang.people.api import people_ids
from shuyang.trust.api import SYSTEM

# Days before the end of a campaign on which it reminds.
DAYS_BEFORE = (3, 1)


def due_digests() -> list[Digest]:
    """Who is to be reminded today and of what: campaigns that remind, end in three days or one, and are not finished.

    Who was reminded today already is left out.
    """
    asked: dict[UUID, list[Campaign]] = defaultdict(list)
    for campaign in _ending():
        for person_id in _unfinished(campaign):
            asked[person_id].append(campaign)
    done = set(Reminder.objects.filter(day=today()).values_list("person_id", flat=True))
    return [
        Digest(person_id, tuple(campaign_view(row) for row in rows))
        for person_id, rows in asked.items()
        if person_id not in done
    ]


def _ending() -> list[Campaign]:
    rows = Campaign.objects.filter(state=CampaignState.OPEN, remind=True, opens_at__lte=now(), closes_at__gt=now())
    last = [today() + timedelta(days=days) for days in DAYS_BEFORE]
    return [row for row in rows.order_by("closes_at") if row.closes_at.astimezone(BEIJING).date() in last]


def _unfinished(campaign: Campaign) -> Sequence[UUID]:
    if campaign.audience == AudienceKind.UNIT:
        invited: Sequence[UUID] = people_ids(actor=SYSTEM, unit_path=campaign.unit_path)
    else:
        invited = list(Invited.objects.filter(campaign=campaign).values_list("person_id", flat=True))
    over = Sitting.objects.filter(campaign=campaign).exclude(state=SittingState.RUNNING)
    done = set(over.values_list("person_id", flat=True))
    return [person_id for person_id in invited if person_id not in done]


def claim(person_id: UUID) -> bool:
    """Take the one reminder of today for a person; False if it was taken: two workers never remind twice."""
    try:
        with transaction.atomic():
            Reminder.objects.create(person_id=person_id, day=today())
    except IntegrityError:
        return False
    return True


def forget_reminders() -> int:
    """Forget reminders of past weeks; they say nothing any more. Returns how many."""
    return Reminder.objects.filter(day__lt=today() - timedelta(days=30)).delete()[0]
