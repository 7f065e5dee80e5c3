"""A pause stops the clock, an extension gives time, a supervisor may end: each once, on record, never amid an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from shuyang.delivery import api as delivery
from shuyang.delivery.live.rules import IN_FLIGHT, LONGEST_PAUSE, PausedBy
from shuyang.delivery.models import Response, Sitting, SittingEvent
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.kernel.ids import new_id
from shuyang.kit.jobs.models import Job
from shuyang.kit.jobs.services import run_job
from shuyang.trust.api import NOBODY, Role, check_audit
from tests.cast import make_member
from tests.delivery.world import World, give, raw_for, stored

Clock = Callable[[timedelta], None]
MINUTE = timedelta(minutes=1)


def _row(sitting_id: UUID) -> Sitting:
    return Sitting.objects.get(id=sitting_id)


def _events(sitting_id: UUID) -> list[tuple[str, int, bool]]:
    rows = SittingEvent.objects.filter(sitting_id=sitting_id).order_by("at", "id")
    return list(rows.values_list("kind", "seconds", "by_person"))


def test_a_pause_moves_the_deadline_by_its_length_and_is_no_working_time(world: World, clock: Clock) -> None:
    sitting = world.begin()
    deadline = _row(sitting.id).deadline
    clock(2 * MINUTE)
    paused = delivery.pause_own(actor=world.learner, sitting_id=sitting.id)
    assert paused.paused_by == PausedBy.PERSON
    assert delivery.page(actor=world.learner, sitting_id=sitting.id).presentation is None
    clock(17 * MINUTE)
    delivery.resume_own(actor=world.learner, sitting_id=sitting.id)
    assert _row(sitting.id).deadline == deadline + 17 * MINUTE
    clock(MINUTE)
    give(world.learner, sitting.id)
    assert Response.objects.get(sitting_id=sitting.id).elapsed_ms == 3 * 60_000
    assert _events(sitting.id) == [("paused", 0, True), ("resumed", 17 * 60, True)]
    assert check_audit().whole


def test_a_pause_counts_for_half_an_hour_at_most(world: World, clock: Clock) -> None:
    sitting = world.begin()
    deadline = _row(sitting.id).deadline
    delivery.pause_own(actor=world.learner, sitting_id=sitting.id)
    clock(timedelta(hours=9))
    delivery.resume_own(actor=world.learner, sitting_id=sitting.id)
    assert _row(sitting.id).deadline == deadline + LONGEST_PAUSE[PausedBy.PERSON]


def test_a_sitting_left_paused_ends_when_its_time_and_the_pause_are_over(world: World, clock: Clock) -> None:
    sitting = world.begin()
    give(world.learner, sitting.id)
    clock(world.campaign.closes_at - _row(sitting.id).presented_at - MINUTE)
    delivery.pause_own(actor=world.learner, sitting_id=sitting.id)
    clock(10 * MINUTE)
    assert delivery.end_all_overdue() == 0
    clock(22 * MINUTE)
    assert delivery.end_all_overdue() == 1
    assert _row(sitting.id).state == "finished"


def test_asking_twice_takes_one_pause_and_resumes_once(world: World, clock: Clock) -> None:
    sitting = world.begin()
    deadline = _row(sitting.id).deadline
    for _ in range(2):
        delivery.pause_own(actor=world.learner, sitting_id=sitting.id)
    clock(5 * MINUTE)
    for _ in range(2):
        delivery.resume_own(actor=world.learner, sitting_id=sitting.id)
    row = _row(sitting.id)
    assert (row.pauses, row.deadline, row.paused_at) == (1, deadline + 5 * MINUTE, None)
    assert len(_events(sitting.id)) == 2


def test_pauses_are_counted_where_they_are_limited(world: World) -> None:
    sitting = world.begin()
    Sitting.objects.filter(id=sitting.id).update(pauses_allowed=1)
    assert delivery.pause_own(actor=world.learner, sitting_id=sitting.id).pauses_left == 0
    delivery.resume_own(actor=world.learner, sitting_id=sitting.id)
    before = stored(sitting.id)
    with pytest.raises(delivery.NoPauseLeft):
        delivery.pause_own(actor=world.learner, sitting_id=sitting.id)
    assert stored(sitting.id) == before


def test_an_answer_on_its_way_counts_and_a_later_one_is_refused(world: World, clock: Clock) -> None:
    sitting, key = world.begin(), new_id()
    raw = raw_for(sitting.id, 1)
    clock(MINUTE)
    delivery.pause(actor=world.cast.organiser.actor, sitting_id=sitting.id, reason="消防演练")
    clock(IN_FLIGHT)
    taken = delivery.answer(actor=world.learner, sitting_id=sitting.id, position=1, key=key, raw=raw)
    assert taken.recorded
    assert taken.page.presentation is None
    assert Response.objects.get(sitting_id=sitting.id).elapsed_ms == 60_000
    clock(MINUTE)
    before = stored(sitting.id)
    with pytest.raises(delivery.SittingPaused):
        delivery.answer(actor=world.learner, sitting_id=sitting.id, position=2, key=new_id(), raw=raw_for(sitting.id))
    assert stored(sitting.id) == before
    again = delivery.answer(actor=world.learner, sitting_id=sitting.id, position=1, key=key, raw=raw)
    assert again.repeated
    delivery.resume(actor=world.cast.organiser.actor, sitting_id=sitting.id)
    give(world.learner, sitting.id)
    assert [r.elapsed_ms for r in Response.objects.filter(sitting_id=sitting.id).order_by("position")] == [60_000, 0]


def test_only_a_supervisor_ends_the_pause_of_a_supervisor(world: World, clock: Clock) -> None:
    sitting, organiser = world.begin(), world.cast.organiser.actor
    deadline = _row(sitting.id).deadline
    delivery.pause_own(actor=world.learner, sitting_id=sitting.id)
    clock(20 * MINUTE)
    delivery.pause(actor=organiser, sitting_id=sitting.id, reason="停电")
    with pytest.raises(delivery.NotYours):
        delivery.resume_own(actor=world.learner, sitting_id=sitting.id)
    clock(100 * MINUTE)
    delivery.resume(actor=organiser, sitting_id=sitting.id)
    assert _row(sitting.id).deadline == deadline + 120 * MINUTE


def test_an_extension_gives_working_time_and_a_later_deadline(world: World) -> None:
    sitting = world.begin()
    before = _row(sitting.id).deadline
    delivery.extend(actor=world.cast.organiser.actor, sitting_id=sitting.id, minutes=15, reason="电脑更换")
    after = delivery.page(actor=world.learner, sitting_id=sitting.id).sitting
    assert (after.deadline, after.max_seconds) == (before + 15 * MINUTE, sitting.max_seconds + 900)
    Sitting.objects.filter(id=sitting.id).update(active_ms=sitting.max_seconds * 1000)
    assert give(world.learner, sitting.id).page.presentation is not None


def test_working_time_ends_without_an_extension(world: World) -> None:
    sitting = world.begin()
    Sitting.objects.filter(id=sitting.id).update(active_ms=sitting.max_seconds * 1000)
    assert give(world.learner, sitting.id).page.presentation is None


@pytest.mark.parametrize("minutes", [None, 0, -5, 241, 10**9])
def test_an_extension_has_a_length_and_a_reason(world: World, minutes: int | None) -> None:
    sitting = world.begin()
    before = stored(sitting.id)
    with pytest.raises(Invalid):
        delivery.extend(actor=world.cast.organiser.actor, sitting_id=sitting.id, minutes=minutes, reason="设备故障")
    for reason in ("", " \n ", "长" * 301):
        with pytest.raises(Invalid):
            delivery.extend(actor=world.cast.organiser.actor, sitting_id=sitting.id, minutes=5, reason=reason)
    assert stored(sitting.id) == before
    assert _events(sitting.id) == []


def test_a_supervisor_ends_a_sitting_and_what_was_answered_counts(world: World) -> None:
    sitting = world.begin()
    give(world.learner, sitting.id)
    delivery.end(actor=world.cast.organiser.actor, sitting_id=sitting.id, reason="考场关闭")
    row = _row(sitting.id)
    assert (row.state, row.stop_reason, row.estimate_id is None) == ("finished", "ended_by_supervisor", False)
    for act in (delivery.pause, delivery.end):
        with pytest.raises(delivery.SittingOver):
            act(actor=world.cast.organiser.actor, sitting_id=sitting.id, reason="再来一次")
    with pytest.raises(delivery.SittingOver):
        delivery.pause_own(actor=world.learner, sitting_id=sitting.id)


def test_the_whole_room_at_once(world: World, clock: Clock) -> None:
    cast, organiser = world.cast, world.cast.organiser.actor
    mine, theirs = world.begin(), world.begin(cast.clerk.actor)
    own = world.begin(organiser)
    deadline = _row(mine.id).deadline
    assert delivery.pause_all(actor=organiser, campaign_id=world.campaign.id, reason="断网") == 2
    assert delivery.pause_all(actor=organiser, campaign_id=world.campaign.id, reason="断网") == 0
    assert _row(own.id).paused_at is None, "nobody supervises his own sitting"
    clock(30 * MINUTE)
    assert delivery.resume_all(actor=organiser, campaign_id=world.campaign.id) == 2
    assert delivery.extend_all(actor=organiser, campaign_id=world.campaign.id, minutes=5, reason="补时") == 2
    assert {_row(s.id).deadline for s in (mine, theirs)} == {deadline + 35 * MINUTE}
    assert [kind for kind, _, _ in _events(theirs.id)] == ["paused", "resumed", "extended"]
    assert check_audit().whole


def test_resuming_the_room_leaves_a_persons_own_pause(world: World) -> None:
    sitting = world.begin()
    delivery.pause_own(actor=world.learner, sitting_id=sitting.id)
    assert delivery.resume_all(actor=world.cast.organiser.actor, campaign_id=world.campaign.id) == 0
    assert _row(sitting.id).paused_by == "person"


def test_the_whole_room_is_ended_by_a_job(world: World) -> None:
    sittings = [world.begin(), world.begin(world.cast.clerk.actor)]
    give(world.learner, sittings[0].id)
    job = delivery.end_all(actor=world.cast.organiser.actor, campaign_id=world.campaign.id, reason="提前收卷")
    run_job.func(str(job))
    assert Job.objects.get(id=job).result == {"ended": 2}
    assert [_row(s.id).state for s in sittings] == ["finished", "void"]
    assert _row(sittings[0].id).stop_reason == "ended_by_supervisor"


def test_strangers_learners_and_the_supervised_himself_have_no_hand_in_it(world: World) -> None:
    sitting, own = world.begin(), world.begin(world.cast.organiser.actor)
    before = stored(sitting.id)
    for actor in (
        NOBODY,
        world.cast.stranger.actor,
        world.cast.colleague.actor,
        world.learner,
        world.cast.administrator,
    ):
        for act in (delivery.pause, delivery.end):
            with pytest.raises(NotFound):
                act(actor=actor, sitting_id=sitting.id, reason="试试")
        with pytest.raises(NotFound):
            delivery.extend(actor=actor, sitting_id=sitting.id, minutes=5, reason="试试")
        with pytest.raises(NotFound):
            delivery.pause_all(actor=actor, campaign_id=world.campaign.id, reason="试试")
    with pytest.raises(NotFound):
        delivery.extend(actor=world.cast.organiser.actor, sitting_id=own.id, minutes=5, reason="给自己")
    with pytest.raises(NotFound):
        delivery.pause_own(actor=world.cast.colleague.actor, sitting_id=sitting.id)
    assert stored(sitting.id) == before


def test_an_invigilator_of_a_part_reaches_his_part_only(world: World) -> None:
    invigilator = make_member("P020", "监考员", world.cast.budget, Role.INVIGILATOR).actor
    mine, theirs = world.begin(world.cast.clerk.actor), world.begin()
    assert delivery.pause_all(actor=invigilator, campaign_id=world.campaign.id, reason="换机") == 1
    assert (_row(mine.id).paused_by, _row(theirs.id).paused_by) == ("supervisor", "")
    with pytest.raises(NotFound):
        delivery.pause(actor=invigilator, sitting_id=theirs.id, reason="换机")
