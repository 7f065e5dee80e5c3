"""Campaigns: what can't be is refused and leaves nothing behind; high stakes need confirmed cut scores."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shuyang.delivery.api import (
    AheadOfItself,
    NotOpen,
    ProvisionalCuts,
    Purpose,
    SittingOver,
    SittingState,
    answer,
    begin,
    campaign,
    campaigns,
    close_campaign,
    invitations,
    page,
    progress,
)
from shuyang.delivery.models import Campaign, Sitting
from shuyang.kernel.errors import Forbidden, Invalid, NotFound
from shuyang.kernel.ids import new_id
from shuyang.trust.models import AuditEntry
from tests.delivery.world import NOON, World, give, open_campaign, raw_for

Clock = Callable[[timedelta], None]


@pytest.mark.parametrize(
    ("changes", "where", "code"),
    [
        ({"name": "   "}, "name", "required"),
        ({"name": "名" * 81}, "name", "too_long"),
        ({"opens_at": None}, "opens_at", "required"),
        ({"closes_at": None}, "closes_at", "required"),
        ({"closes_at": NOON}, "closes_at", "closes_before_it_opens"),
        (
            {"opens_at": NOON - timedelta(days=2), "closes_at": NOON - timedelta(days=1)},
            "closes_at",
            "closes_in_the_past",
        ),
        ({"blueprint": "no such"}, "blueprint", "unknown_choice"),
    ],
)
def test_it_refuses_what_cannot_be_and_writes_nothing(
    world: World, changes: dict[str, Any], where: str, code: str
) -> None:
    before = Campaign.objects.count(), AuditEntry.objects.count()
    with pytest.raises(Invalid) as refused:
        open_campaign(world.cast, **changes)
    assert [(p.where, p.code) for p in refused.value.problems] == [(where, code)]
    assert (Campaign.objects.count(), AuditEntry.objects.count()) == before


def test_it_names_every_problem_at_once(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        open_campaign(world.cast, name="", opens_at=None, closes_at=None)
    assert {p.where for p in refused.value.problems} == {"name", "opens_at", "closes_at"}


@pytest.mark.parametrize("purpose", [Purpose.CERTIFICATION, Purpose.RECRUITMENT])
def test_it_refuses_high_stakes_on_provisional_cuts(world: World, purpose: Purpose) -> None:
    with pytest.raises(ProvisionalCuts):
        open_campaign(world.cast, purpose=purpose)
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize("purpose", [Purpose.DIAGNOSIS, Purpose.PRETEST, Purpose.POSTTEST])
def test_it_opens_low_stakes_on_provisional_cuts(world: World, purpose: Purpose) -> None:
    assert open_campaign(world.cast, purpose=purpose).purpose == purpose


def test_it_is_opened_only_by_an_organiser_of_the_unit(world: World) -> None:
    for member in (world.cast.learner, world.cast.stranger):
        with pytest.raises((NotFound, Forbidden)):
            open_campaign(world.cast, actor=member.actor)
    assert Campaign.objects.count() == 1


def test_it_is_shown_and_closed_only_within_the_organisers_reach(world: World) -> None:
    assert [c.id for c in campaigns(actor=world.cast.organiser.actor)] == [world.campaign.id]
    for member in (world.cast.learner, world.cast.stranger):
        assert campaigns(actor=member.actor) == []
        for door in (campaign, progress, close_campaign):
            with pytest.raises(NotFound):
                door(actor=member.actor, campaign_id=world.campaign.id)
    assert Campaign.objects.get().state == "open"


def test_it_invites_the_unit_and_all_below_and_no_one_else(world: World) -> None:
    cast = world.cast
    invited = {
        m.name: [i.campaign.id for i in invitations(actor=m.actor)] for m in (cast.learner, cast.clerk, cast.stranger)
    }
    assert invited == {
        cast.learner.name: [world.campaign.id],
        cast.clerk.name: [world.campaign.id],
        cast.stranger.name: [],
    }
    with pytest.raises(NotFound):
        world.begin(cast.stranger.actor)
    assert invitations(actor=cast.administrator) == []
    with pytest.raises(Forbidden):
        world.begin(cast.administrator)


def test_it_counts_who_is_at_it_and_who_is_done(world: World) -> None:
    cast = world.cast
    world.begin(cast.clerk.actor)
    done = world.begin()
    give(world.learner, done.id)
    Sitting.objects.filter(id=done.id).update(state="finished")
    seen = progress(actor=cast.organiser.actor, campaign_id=world.campaign.id)
    assert (seen.invited, seen.running, seen.finished) == (4, 1, 1)


def test_it_lets_no_one_begin_before_or_after_its_time(world: World, clock: Clock) -> None:
    later = open_campaign(world.cast, opens_at=NOON + timedelta(hours=1))
    with pytest.raises(NotOpen):
        begin(actor=world.learner, campaign_id=later.id)
    clock(timedelta(hours=1))
    begin(actor=world.learner, campaign_id=later.id)
    clock(timedelta(days=7))
    with pytest.raises(NotOpen):
        world.begin()
    assert Sitting.objects.count() == 1


def test_it_ends_running_sittings_when_closed_early(world: World, clock: Clock) -> None:
    sitting = world.begin()
    give(world.learner, sitting.id, category=1)
    raw = raw_for(sitting.id)
    clock(timedelta(minutes=1))
    close_campaign(actor=world.cast.organiser.actor, campaign_id=world.campaign.id)
    with pytest.raises(NotOpen):
        world.begin(world.cast.clerk.actor)
    with pytest.raises(SittingOver):
        answer(actor=world.learner, sitting_id=sitting.id, position=2, key=new_id(), raw=raw)
    seen = page(actor=world.learner, sitting_id=sitting.id)
    assert (seen.sitting.state, seen.sitting.stop_reason, seen.sitting.answered) == (
        SittingState.FINISHED,
        "deadline",
        1,
    )


def test_it_stays_closed_when_closed_twice(world: World, clock: Clock) -> None:
    organiser = world.cast.organiser.actor
    first = close_campaign(actor=organiser, campaign_id=world.campaign.id)
    clock(timedelta(days=1))
    assert close_campaign(actor=organiser, campaign_id=world.campaign.id).closes_at == first.closes_at


def test_it_says_that_a_position_that_never_was_is_not_the_end(world: World) -> None:
    sitting = world.begin()
    with pytest.raises(AheadOfItself):
        answer(actor=world.learner, sitting_id=sitting.id, position=0, key=new_id(), raw=raw_for(sitting.id))
