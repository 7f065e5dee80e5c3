"""More time, larger type, pauses, a later end: granted to a person, applied at once, the reason sealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shuyang.delivery import engine
from shuyang.delivery.api import (
    Accommodation,
    accommodation_of,
    accommodation_reason,
    accommodations,
    close_campaign,
    grant_accommodation,
    invitations,
    page,
    withdraw_accommodation,
)
from shuyang.delivery.models import AccommodationRow, Sitting
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.trust.models import AuditEntry
from tests.delivery.world import NOON, World, give

Clock = Callable[[timedelta], None]


def _grant(world: World, *, for_all: bool = False, reason: str = "", **values: Any) -> UUID:
    return grant_accommodation(
        actor=world.cast.organiser.actor,
        person_id=world.cast.learner.person_id,
        campaign_id=None if for_all else world.campaign.id,
        given=Accommodation(**values),
        reason=reason,
    )


def _limit(sitting_id: UUID) -> float | None:
    return engine.blueprint_of(Sitting.objects.get(id=sitting_id)).max_seconds


def test_it_gives_more_time_and_larger_type_from_the_beginning(world: World) -> None:
    usual = _limit(world.begin(world.cast.clerk.actor).id)
    _grant(world, time_factor=1.5, large_type=True, pauses=2)
    sitting = world.begin()
    assert usual is not None
    assert _limit(sitting.id) == 1.5 * usual
    assert (sitting.large_type, sitting.max_seconds) == (True, int(1.5 * usual))
    assert page(actor=world.learner, sitting_id=sitting.id).sitting.large_type
    found = accommodation_of(campaign_id=world.campaign.id, person_id=world.cast.learner.person_id)
    assert found == Accommodation(1.5, True, 2, None)


def test_it_reaches_a_sitting_under_way(world: World, clock: Clock) -> None:
    sitting = world.begin()
    usual = _limit(sitting.id)
    assert usual is not None
    _grant(world, time_factor=2.0, until=NOON + timedelta(days=8))
    assert _limit(sitting.id) == 2 * usual
    clock(timedelta(days=7, hours=1))
    assert give(world.learner, sitting.id).recorded


def test_a_later_end_lets_the_person_begin_after_the_others(world: World, clock: Clock) -> None:
    _grant(world, until=NOON + timedelta(days=9))
    clock(timedelta(days=8))
    assert [i.closes_at for i in invitations(actor=world.learner)] == [NOON + timedelta(days=9)]
    assert invitations(actor=world.cast.clerk.actor) == []
    assert world.begin().deadline == NOON + timedelta(days=9)


def test_a_campaign_ended_by_hand_ends_for_all(world: World) -> None:
    _grant(world, for_all=True, until=NOON + timedelta(days=9))
    close_campaign(actor=world.cast.organiser.actor, campaign_id=world.campaign.id)
    assert invitations(actor=world.learner) == []


def test_what_is_granted_in_a_campaign_goes_before_what_holds_in_all(world: World) -> None:
    _grant(world, for_all=True, time_factor=1.25)
    assert world.begin().max_seconds == int(1.25 * (_limit(world.begin(world.cast.clerk.actor).id) or 0))
    _grant(world, time_factor=2.0)
    _grant(world, for_all=True, time_factor=3.0)
    assert Sitting.objects.get(person_id=world.cast.learner.person_id).time_factor == 2.0
    rows = accommodations(actor=world.cast.organiser.actor, campaign_id=world.campaign.id)
    assert sorted((one.for_all, one.granted.time_factor) for one in rows) == [(False, 2.0), (True, 3.0)]


def test_the_reason_is_sealed_and_reading_it_is_recorded(world: World) -> None:
    key = _grant(world, time_factor=1.5, reason="视力障碍，需放大阅读")
    row = AccommodationRow.objects.get(id=key)
    assert row.reason is not None
    assert "视力".encode() not in bytes(row.reason)
    assert "视力" not in " ".join(str(e.details) for e in AuditEntry.objects.all())
    assert accommodation_reason(actor=world.cast.organiser.actor, accommodation_id=key) == "视力障碍，需放大阅读"
    assert AuditEntry.objects.filter(action="accommodation.reason_read").count() == 1
    for actor in (world.learner, world.cast.stranger.actor, world.cast.administrator):
        with pytest.raises(NotFound):
            accommodation_reason(actor=actor, accommodation_id=key)


def test_it_is_withdrawn_for_sittings_to_come(world: World) -> None:
    key = _grant(world, time_factor=2.0)
    sitting = world.begin()
    with pytest.raises(NotFound):
        withdraw_accommodation(actor=world.cast.stranger.actor, accommodation_id=key)
    withdraw_accommodation(actor=world.cast.organiser.actor, accommodation_id=key)
    assert Sitting.objects.get(id=sitting.id).time_factor == 2.0
    assert accommodation_of(campaign_id=world.campaign.id, person_id=world.cast.learner.person_id).nothing


@pytest.mark.parametrize(
    ("values", "where", "code"),
    [
        ({}, "form", "grants_nothing"),
        ({"time_factor": 0.5}, "time_factor", "not_between"),
        ({"time_factor": 4.5}, "time_factor", "not_between"),
        ({"pauses": 21}, "pauses", "not_between"),
        ({"until": NOON}, "until", "closes_in_the_past"),
        ({"large_type": True, "reason": "长" * 501}, "reason", "too_long"),
    ],
)
def test_it_refuses_what_cannot_be_granted(world: World, values: dict[str, Any], where: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        _grant(world, **values)
    assert [(p.where, p.code) for p in refused.value.problems] == [(where, code)]
    assert not AccommodationRow.objects.exists()


def test_it_is_granted_only_to_the_invited_and_by_their_organiser(world: World) -> None:
    given = Accommodation(time_factor=1.5)
    with pytest.raises(NotFound):
        grant_accommodation(
            actor=world.cast.organiser.actor,
            person_id=world.cast.stranger.person_id,
            campaign_id=world.campaign.id,
            given=given,
        )
    with pytest.raises(NotFound):
        grant_accommodation(
            actor=world.cast.stranger.actor,
            person_id=world.cast.learner.person_id,
            campaign_id=world.campaign.id,
            given=given,
        )
    with pytest.raises(NotFound):
        grant_accommodation(actor=world.learner, person_id=world.cast.learner.person_id, campaign_id=None, given=given)
    assert not AccommodationRow.objects.exists()
