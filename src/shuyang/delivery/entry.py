"""Who may begin: invited, within the time, admitted, with an attempt left; and what is granted to him."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from shuyang.delivery.campaign_contracts import Accommodation, AudienceKind
from shuyang.delivery.campaign_rules import CodeNeeded, NoAttemptLeft, TooSoon, again_from
from shuyang.delivery.contracts import CampaignState
from shuyang.delivery.models import AccommodationRow, Admission, Campaign, Invited, Sitting
from shuyang.delivery.rules import NotOpen, is_open
from shuyang.kernel.clock import BEIJING, now


def invites(campaign: Campaign, *, person_id: UUID, unit_path: str) -> bool:
    """Does the campaign invite a person whose unit is at `unit_path`?"""
    if campaign.audience == AudienceKind.UNIT and unit_path.startswith(campaign.unit_path):
        return True
    return Invited.objects.filter(campaign=campaign, person_id=person_id).exists()


def accommodation_of(*, campaign_id: UUID, person_id: UUID) -> Accommodation:
    """What is granted to a person in a campaign: for this campaign, else for all of them, else nothing."""
    rows = AccommodationRow.objects.filter(Q(campaign_id=campaign_id) | Q(campaign=None), person_id=person_id)
    found = sorted(rows, key=lambda row: row.campaign_id is None)
    return granted(found[0]) if found else Accommodation()


def granted(row: AccommodationRow) -> Accommodation:
    return Accommodation(row.time_factor, row.large_type, row.pauses, row.until)


def closes_for(campaign: Campaign, extra: Accommodation) -> datetime:
    """When the campaign closes for a person to whom `extra` is granted; a campaign ended by hand closes for all."""
    if extra.until is None or campaign.state == CampaignState.CLOSED:
        return campaign.closes_at
    return max(campaign.closes_at, extra.until)


def check_may_begin(campaign: Campaign, person_id: UUID, last: Sitting | None, extra: Accommodation) -> None:
    """Raise `NotOpen`, `CodeNeeded`, `NoAttemptLeft` or `TooSoon`."""
    if not is_open(CampaignState(campaign.state), campaign.opens_at, closes_for(campaign, extra), now()):
        raise NotOpen("the campaign is not open")
    if campaign.needs_code and not Admission.objects.filter(campaign=campaign, person_id=person_id).exists():
        raise CodeNeeded("an access code is needed")
    if last is None:
        return
    if last.attempt >= campaign.attempts:
        raise NoAttemptLeft("all attempts are used", attempts=campaign.attempts)
    due = again_from(last.finished_at, campaign.days_between)
    if due is not None and now() < due:
        raise TooSoon("the next attempt is not yet due", day=due.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M"))
