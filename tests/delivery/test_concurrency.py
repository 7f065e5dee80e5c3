"""Two browsers, two clicks, two workers at once: one sitting, one answer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from shuyang.delivery.api import AlreadyAnswered, answer, check_sittings, end_by_person, rebuilt_answers
from shuyang.delivery.models import Response, Sitting
from shuyang.evidence.models import Estimate
from shuyang.kernel.ids import new_id
from shuyang.trust.api import check_audit
from tests.delivery.world import World, give, raw_for

AT_ONCE = 6


def _at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; results or errors, in order."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            ready.wait(timeout=30)
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_it_counts_a_double_submit_once(shared_world: World) -> None:
    world = shared_world
    sitting, key = world.begin(), new_id()
    raw = raw_for(sitting.id)
    act = lambda: answer(actor=world.learner, sitting_id=sitting.id, position=1, key=key, raw=raw)  # noqa: E731
    outcomes = _at_once(*[act] * AT_ONCE)
    assert sorted(o.recorded for o in outcomes) == [False] * (AT_ONCE - 1) + [True], outcomes
    assert len({o.page for o in outcomes if o.page.sitting}) == 1
    assert Response.objects.count() == 1
    assert Sitting.objects.get().answers == rebuilt_answers(sitting_id=sitting.id)


def test_it_lets_one_of_two_different_answers_win(shared_world: World) -> None:
    world = shared_world
    sitting = world.begin()
    raw = raw_for(sitting.id)
    act = lambda: answer(actor=world.learner, sitting_id=sitting.id, position=1, key=new_id(), raw=raw)  # noqa: E731
    outcomes = _at_once(*[act] * AT_ONCE)
    won = [o for o in outcomes if not isinstance(o, Exception)]
    assert len(won) == 1, outcomes
    assert all(isinstance(o, AlreadyAnswered) for o in outcomes if o not in won)
    assert Response.objects.count() == 1
    assert check_sittings().whole


def test_it_begins_one_sitting_for_two_clicks(shared_world: World) -> None:
    world = shared_world
    outcomes = _at_once(*[world.begin] * AT_ONCE)
    assert len({getattr(o, "id", o) for o in outcomes}) == 1, outcomes
    assert Sitting.objects.count() == 1
    assert check_audit().whole


def test_it_keeps_the_units_chain_whole_while_many_begin_and_end(shared_world: World) -> None:
    world = shared_world
    members = [world.cast.learner, world.cast.colleague, world.cast.organiser]

    def take(member: Any) -> Any:
        sitting = world.begin(member.actor)
        give(member.actor, sitting.id)
        return end_by_person(actor=member.actor, sitting_id=sitting.id)

    outcomes = _at_once(*[lambda m=m: take(m) for m in members])
    assert [getattr(o, "answered", o) for o in outcomes] == [1, 1, 1]
    assert check_audit().whole
    assert check_sittings().whole


def test_it_estimates_once_when_ended_twice_at_once(shared_world: World) -> None:
    world = shared_world
    sitting = world.begin()
    give(world.learner, sitting.id)
    outcomes = _at_once(*[lambda: end_by_person(actor=world.learner, sitting_id=sitting.id)] * 4)
    assert len({o.estimate_id for o in outcomes}) == 1, outcomes
    assert Estimate.objects.count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_it_ends_with_the_last_answer_in_or_out_but_never_half(shared_world: World, round_: int) -> None:
    world = shared_world
    sitting = world.begin()
    give(world.learner, sitting.id)
    raw, key = raw_for(sitting.id), new_id()
    _at_once(
        lambda: answer(actor=world.learner, sitting_id=sitting.id, position=2, key=key, raw=raw),
        lambda: end_by_person(actor=world.learner, sitting_id=sitting.id),
    )
    row = Sitting.objects.get()
    assert row.answers == rebuilt_answers(sitting_id=sitting.id)
    assert Estimate.objects.get().body["answered"] == len(row.answers)
