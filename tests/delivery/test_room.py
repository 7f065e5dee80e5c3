"""The live room: who is in, who calls, and nothing about answers; cheap however many sit in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuyang.delivery import api as delivery
from shuyang.delivery.models import HelpCall
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.trust.api import NOBODY, Role, check_audit
from tests.cast import make_member
from tests.delivery.world import World, give

Clock = Callable[[timedelta], None]
MINUTE = timedelta(minutes=1)


def test_it_shows_who_is_in_and_how_far(world: World, clock: Clock) -> None:
    mine, theirs = world.begin(), world.begin(world.cast.clerk.actor)
    clock(2 * MINUTE)
    give(world.learner, mine.id)
    delivery.pause_own(actor=world.cast.clerk.actor, sitting_id=theirs.id)
    room = delivery.room(actor=world.cast.organiser.actor, campaign_id=world.campaign.id)
    assert (room.counts.running, room.counts.paused, room.counts.begun, room.counts.calls) == (1, 1, 2, 0)
    seats = {s.number: s for s in room.seats}
    assert (seats["P002"].name, seats["P002"].answered, seats["P002"].minutes_used) == ("曾小雨", 1, 2)
    assert (seats["P004"].paused_by, seats["P004"].unit_name) == ("person", "预算科")
    paused = delivery.room(actor=world.cast.organiser.actor, campaign_id=world.campaign.id, show="paused")
    assert [s.number for s in paused.seats] == ["P004"]
    assert [s.number for s in delivery.room(
        actor=world.cast.organiser.actor, campaign_id=world.campaign.id, show="nonsense", page=99).seats]  # fmt: skip


def test_a_call_comes_first_and_is_answered(world: World, clock: Clock) -> None:
    organiser = world.cast.organiser.actor
    world.begin()
    clock(MINUTE)
    theirs = world.begin(world.cast.clerk.actor)
    call = delivery.call_for_help(actor=world.cast.clerk.actor, sitting_id=theirs.id, text=" 键盘  坏了 ")
    again = delivery.call_for_help(actor=world.cast.clerk.actor, sitting_id=theirs.id, text="快来")
    assert (again.id, again.text) == (call.id, "键盘 坏了")
    room = delivery.room(actor=organiser, campaign_id=world.campaign.id)
    assert (room.counts.calls, room.seats[0].number) == (1, "P004")
    assert delivery.rooms(actor=organiser)[0].calls == 1
    delivery.reply_to_call(actor=organiser, call_id=call.id, text="马上到")
    own = delivery.own_call(actor=world.cast.clerk.actor, sitting_id=theirs.id)
    assert own is not None
    assert (own.state, own.reply) == (delivery.CallState.ANSWERED, "马上到")
    delivery.put_away_reply(actor=world.cast.clerk.actor, sitting_id=theirs.id)
    assert delivery.own_call(actor=world.cast.clerk.actor, sitting_id=theirs.id) is None
    second = delivery.call_for_help(actor=world.cast.clerk.actor, sitting_id=theirs.id)
    delivery.close_call(actor=organiser, call_id=second.id)
    with pytest.raises(NotFound):
        delivery.close_call(actor=organiser, call_id=second.id)
    assert [c.state for c in delivery.seat(actor=organiser, sitting_id=theirs.id).calls] == ["closed", "closed"]
    assert check_audit().whole


def test_bad_calls_and_replies_write_nothing(world: World) -> None:
    sitting = world.begin()
    with pytest.raises(Invalid):
        delivery.call_for_help(actor=world.learner, sitting_id=sitting.id, text="长" * 201)
    with pytest.raises(NotFound):
        delivery.call_for_help(actor=world.cast.colleague.actor, sitting_id=sitting.id)
    call = delivery.call_for_help(actor=world.learner, sitting_id=sitting.id)
    with pytest.raises(Invalid):
        delivery.reply_to_call(actor=world.cast.organiser.actor, call_id=call.id, text="  ")
    for actor in (world.learner, world.cast.stranger.actor, NOBODY):
        with pytest.raises(NotFound):
            delivery.reply_to_call(actor=actor, call_id=call.id, text="答案是三")
    assert list(HelpCall.objects.values_list("state", "reply")) == [("open", "")]
    delivery.end_by_person(actor=world.learner, sitting_id=sitting.id)
    with pytest.raises(delivery.SittingOver):
        delivery.call_for_help(actor=world.learner, sitting_id=sitting.id)


def test_the_room_is_closed_to_others_and_shows_each_his_own_people(world: World) -> None:
    world.begin(), world.begin(world.cast.clerk.actor)
    for actor in (NOBODY, world.learner, world.cast.stranger.actor, world.cast.administrator):
        with pytest.raises(NotFound):
            delivery.room(actor=actor, campaign_id=world.campaign.id)
        assert delivery.rooms(actor=actor) == [] or actor == world.cast.stranger.actor
    invigilator = make_member("P020", "监考员", world.cast.budget, Role.INVIGILATOR).actor
    seen = delivery.room(actor=invigilator, campaign_id=world.campaign.id)
    assert [s.number for s in seen.seats] == ["P004"]
    assert [line.campaign.id for line in delivery.rooms(actor=invigilator)] == [world.campaign.id]


def test_looking_costs_the_same_for_two_people_and_for_twelve(world: World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            delivery.room(actor=organiser, campaign_id=world.campaign.id)
        return len(seen)

    organiser = world.cast.organiser.actor
    world.begin(), world.begin(world.cast.clerk.actor)
    few = statements()
    for number in range(10):
        member = make_member(f"Q{number:03d}", f"人员{number}", world.cast.finance)
        sitting = world.begin(member.actor)
        if number % 2:
            delivery.call_for_help(actor=member.actor, sitting_id=sitting.id)
    assert statements() == few <= 10


def test_it_lists_who_is_invited_and_has_not_begun(world: World) -> None:
    organiser = world.cast.organiser.actor
    before = delivery.room(actor=organiser, campaign_id=world.campaign.id, show="absent")
    assert before.counts.absent == len(before.absent)
    assert {"P002", "P004"} <= {one.number for one in before.absent}
    assert world.cast.organiser.person_id is not None
    assert "P001" not in {one.number for one in before.absent}, "nobody supervises himself"
    world.begin()
    after = delivery.room(actor=organiser, campaign_id=world.campaign.id, show="absent")
    assert {one.number for one in before.absent} - {one.number for one in after.absent} == {"P002"}
    assert after.counts.absent == before.counts.absent - 1
    invigilator = make_member("P020", "监考员", world.cast.budget, Role.INVIGILATOR).actor
    part = delivery.room(actor=invigilator, campaign_id=world.campaign.id, show="absent")
    assert [one.number for one in part.absent] == ["P004"]


def test_nobody_begins_in_a_paused_room_but_who_began_goes_on_later(world: World, clock: Clock) -> None:
    organiser = world.cast.organiser.actor
    mine = world.begin()
    delivery.pause_all(actor=organiser, campaign_id=world.campaign.id, reason="断网")
    assert delivery.room(actor=organiser, campaign_id=world.campaign.id).closed
    with pytest.raises(delivery.RoomPaused):
        world.begin(world.cast.clerk.actor)
    assert world.begin().id == mine.id, "a sitting begun before is found again"
    assert not delivery.is_going(actor=world.learner, sitting_id=mine.id)
    delivery.resume_all(actor=organiser, campaign_id=world.campaign.id)
    assert delivery.is_going(actor=world.learner, sitting_id=mine.id)
    assert world.begin(world.cast.clerk.actor).state == "running"
    assert check_audit().whole


def test_a_paused_room_opens_by_itself_after_the_longest_pause(world: World, clock: Clock) -> None:
    delivery.pause_all(actor=world.cast.organiser.actor, campaign_id=world.campaign.id, reason="断网")
    clock(241 * MINUTE)
    assert world.begin().state == "running"


def test_a_supervisor_of_a_part_closes_his_part_and_opens_no_more(world: World) -> None:
    organiser = world.cast.organiser.actor
    invigilator = make_member("P020", "监考员", world.cast.budget, Role.INVIGILATOR).actor
    delivery.pause_all(actor=invigilator, campaign_id=world.campaign.id, reason="换机")
    assert world.begin().state == "running"
    with pytest.raises(delivery.RoomPaused):
        world.begin(world.cast.clerk.actor)
    delivery.pause_all(actor=organiser, campaign_id=world.campaign.id, reason="断网")
    delivery.resume_all(actor=invigilator, campaign_id=world.campaign.id)
    with pytest.raises(delivery.RoomPaused):
        world.begin(world.cast.clerk.actor)
    delivery.resume_all(actor=organiser, campaign_id=world.campaign.id)
    world.begin(world.cast.clerk.actor)
    for actor in (NOBODY, world.learner, world.cast.stranger.actor):
        with pytest.raises(NotFound):
            delivery.pause_all(actor=actor, campaign_id=world.campaign.id, reason="试试")
