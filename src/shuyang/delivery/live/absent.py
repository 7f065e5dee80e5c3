"""Who is invited and has not begun, and whether anyone may begin just now."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from shuyang.delivery.campaign_contracts import AudienceKind
from shuyang.delivery.live.contracts import Absent
from shuyang.delivery.live.rules import LONGEST_PAUSE, PausedBy, RoomPaused
from shuyang.delivery.models import Campaign, Invited, RoomPause, Sitting
from shuyang.delivery.policies import SUPERVISORS
from shuyang.delivery.recruitment.names import names_sealed, numbers_of
from shuyang.kernel.clock import now
from shuyang.people.api import people_ids, persons
from shuyang.trust.api import SYSTEM, Actor, record


def absent_ids(actor: Actor, campaign: Campaign) -> list[UUID]:
    """Invited persons of the actor's units, not himself, who have not begun; in the order of their numbers."""
    below = [one for path in _parts(actor, campaign) for one in people_ids(actor=SYSTEM, unit_path=path)]
    if campaign.audience != AudienceKind.UNIT:
        named = set(Invited.objects.filter(campaign=campaign).values_list("person_id", flat=True))
        below = [one for one in below if one in named]
    begun = set(Sitting.objects.filter(campaign=campaign).values_list("person_id", flat=True))
    return [one for one in dict.fromkeys(below) if one not in begun and one != actor.person_id]


def absent(campaign: Campaign, ids: list[UUID]) -> tuple[Absent, ...]:
    """These persons as staff may see them: by name, or by the candidate's number while names are sealed."""
    if names_sealed(campaign):
        return tuple(Absent(number, "", "") for number in sorted(numbers_of(campaign.id, ids).values()))
    found = persons(actor=SYSTEM, person_ids=ids)
    return tuple(Absent(found[one].number, found[one].name, found[one].unit_name) for one in ids if one in found)


def _parts(actor: Actor, campaign: Campaign) -> list[str]:
    """The parts of the campaign's unit that the actor supervises, none within another."""
    own = {max(path, campaign.unit_path, key=len) for path in actor.paths(*SUPERVISORS) if _meets(path, campaign)}
    return sorted(path for path in own if not any(path != other and path.startswith(other) for other in own))


def _meets(path: str, campaign: Campaign) -> bool:
    return path.startswith(campaign.unit_path) or campaign.unit_path.startswith(path)


# --- nobody begins in a paused room ----------------------------------------------------------------------------------


def close_door(actor: Actor, campaign: Campaign, reason: str) -> None:
    """From now on nobody of the actor's units begins, until the door is opened or a supervisor's longest pause is over."""
    with transaction.atomic():
        for path in _parts(actor, campaign):
            if not _in_force(campaign.id).filter(unit_path=path).exists():
                RoomPause.objects.create(
                    campaign=campaign, unit_path=path, since=now(), account_id=actor.account_id, reason=reason
                )
        _recorded(actor, campaign, "room.door_closed")


def open_door(actor: Actor, campaign: Campaign) -> None:
    """Let people of the actor's units begin again. What a supervisor of a unit above closed stays closed."""
    with transaction.atomic():
        for path in _parts(actor, campaign):
            _in_force(campaign.id).filter(unit_path__startswith=path).update(ended_at=now())
        _recorded(actor, campaign, "room.door_opened")


def _recorded(actor: Actor, campaign: Campaign, action: str) -> None:
    record(actor=actor, action=action, object_kind="campaign", object_id=campaign.id, unit_path=campaign.unit_path)


def door_shut(actor: Actor, campaign: Campaign) -> bool:
    """Is the room paused for any of the units that the actor supervises?"""
    shut = list(_in_force(campaign.id).values_list("unit_path", flat=True))
    return any(part.startswith(path) or path.startswith(part) for part in _parts(actor, campaign) for path in shut)


def door_closed(campaign_id: UUID, unit_path: str) -> bool:
    """Is the room paused for people of this unit?"""
    return any(unit_path.startswith(path) for path in _in_force(campaign_id).values_list("unit_path", flat=True))


def check_door(campaign_id: UUID, unit_path: str) -> None:
    """Raise `RoomPaused` where a supervisor paused the room for people of this unit."""
    if door_closed(campaign_id, unit_path):
        raise RoomPaused("the room is paused")


def _in_force(campaign_id: UUID) -> QuerySet[RoomPause]:
    oldest = now() - LONGEST_PAUSE[PausedBy.SUPERVISOR]
    return RoomPause.objects.filter(campaign_id=campaign_id, ended_at=None, since__gt=oldest)
