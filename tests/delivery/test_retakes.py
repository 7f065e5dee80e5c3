"""Sitting again: as often as the campaign allows, with the days between, and with nothing met before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from shuyang.delivery.api import CampaignView, Frame, NoAttemptLeft, NotOpen, TooSoon, begin, invitations
from shuyang.delivery.models import Response, Sitting
from tests.delivery.world import World, give, give_all, open_campaign

Clock = Callable[[timedelta], None]


def _campaign(world: World, **frame: int) -> CampaignView:
    return open_campaign(world.cast, frame=Frame(**frame))


def _again(world: World, made: CampaignView, attempt: int) -> Sitting:
    return Sitting.objects.get(id=begin(actor=world.learner, campaign_id=made.id, attempt=attempt).id)


def test_it_allows_one_attempt_unless_told_otherwise(world: World) -> None:
    first = world.begin()
    give_all(world.learner, first.id)
    assert begin(actor=world.learner, campaign_id=world.campaign.id).id == first.id
    with pytest.raises(NoAttemptLeft):
        begin(actor=world.learner, campaign_id=world.campaign.id, attempt=2)
    assert [i.attempts_left for i in invitations(actor=world.learner)] == [0]


def test_it_begins_again_after_the_days_with_other_items(world: World, clock: Clock) -> None:
    made = _campaign(world, attempts=2, days_between=3)
    first = begin(actor=world.learner, campaign_id=made.id)
    give_all(world.learner, first.id)
    (invited,) = [i for i in invitations(actor=world.learner) if i.campaign.id == made.id]
    finished = Sitting.objects.get(id=first.id).finished_at
    assert finished is not None
    assert (invited.attempts_left, invited.again_from) == (1, finished + timedelta(days=3))
    clock(timedelta(days=2, hours=23))
    with pytest.raises(TooSoon):
        _again(world, made, 2)
    clock(timedelta(hours=1))
    second = _again(world, made, 2)
    assert (second.attempt, _again(world, made, 2).id) == (2, second.id)
    give_all(world.learner, second.id)
    met = [
        set(Response.objects.filter(sitting_id=i).values_list("item_version_id", flat=True))
        for i in (first.id, second.id)
    ]
    assert met[0]
    assert met[1]
    assert not met[0] & met[1]
    with pytest.raises(NoAttemptLeft):
        _again(world, made, 3)


def test_it_makes_no_second_sitting_while_one_is_under_way(world: World) -> None:
    made = _campaign(world, attempts=3)
    first = begin(actor=world.learner, campaign_id=made.id)
    give(world.learner, first.id)
    assert _again(world, made, 2).id == first.id
    assert Sitting.objects.count() == 1


def test_it_does_not_begin_again_after_the_end(world: World, clock: Clock) -> None:
    made = _campaign(world, attempts=2)
    give_all(world.learner, begin(actor=world.learner, campaign_id=made.id).id)
    clock(timedelta(days=8))
    with pytest.raises(NotOpen):
        _again(world, made, 2)
    (invited,) = [i for i in invitations(actor=world.learner) if i.campaign.id == made.id]
    assert invited.again_from is None
