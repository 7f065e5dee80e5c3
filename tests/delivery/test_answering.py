"""The answer protocol: acknowledged once, counted once, refused without a trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuyang.delivery import engine
from shuyang.delivery.api import (
    AheadOfItself,
    AlreadyAnswered,
    SittingOver,
    SittingState,
    answer,
    end_all_overdue,
    end_by_person,
    page,
    rebuilt_answers,
)
from shuyang.delivery.models import Response, Sitting
from shuyang.delivery.rules import ITEM_CLOCK_LIMIT_MS, sitting_seed
from shuyang.evidence.models import Estimate, Observation, Receipt
from shuyang.itembank.queries import contents, releases
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.kernel.ids import new_id
from shuyang.trust.models import AuditEntry
from tests.delivery.world import World, give, give_all, raw_for, stored

Clock = Callable[[timedelta], None]


def _answer(world: World, sitting_id: UUID, position: int, key: UUID, raw: dict[str, Any] | None = None) -> Any:
    return answer(
        actor=world.learner, sitting_id=sitting_id, position=position, key=key, raw=raw or raw_for(sitting_id)
    )


def test_it_records_an_answer_and_shows_the_next_item(world: World) -> None:
    sitting = world.begin()
    outcome = _answer(world, sitting.id, 1, new_id())
    assert (outcome.recorded, outcome.repeated) == (True, False)
    assert (outcome.page.sitting.position, outcome.page.sitting.answered) == (2, 1)
    assert outcome.page.presentation is not None
    assert outcome.page == page(actor=world.learner, sitting_id=sitting.id)


def test_it_acknowledges_the_same_answer_again_and_counts_it_once(world: World) -> None:
    sitting, key = world.begin(), new_id()
    raw = raw_for(sitting.id)
    first = _answer(world, sitting.id, 1, key, raw)
    before = stored(sitting.id)
    again = _answer(world, sitting.id, 1, key, raw)
    assert (again.recorded, again.repeated, again.page) == (False, True, first.page)
    assert stored(sitting.id) == before


def test_it_keeps_the_first_answer_when_another_follows(world: World) -> None:
    sitting = world.begin()
    raw = raw_for(sitting.id)
    _answer(world, sitting.id, 1, new_id(), raw)
    before = stored(sitting.id)
    with pytest.raises(AlreadyAnswered):
        _answer(world, sitting.id, 1, new_id(), {"omitted": True})
    assert stored(sitting.id) == before


@pytest.mark.parametrize("position", [2, 3, 60, 10**9])
def test_it_refuses_an_item_not_yet_shown(world: World, position: int) -> None:
    sitting = world.begin()
    before = stored(sitting.id)
    with pytest.raises(AheadOfItself):
        _answer(world, sitting.id, position, new_id())
    assert stored(sitting.id) == before


@pytest.mark.parametrize("position", [0, -1, -(10**30)])
def test_it_refuses_a_position_that_can_not_be(world: World, position: int) -> None:
    sitting = world.begin()
    before = stored(sitting.id)
    with pytest.raises(AheadOfItself):
        _answer(world, sitting.id, position, new_id())
    assert stored(sitting.id) == before


def test_it_hides_a_sitting_from_everyone_else(world: World) -> None:
    sitting = world.begin()
    raw, before = raw_for(sitting.id), stored(sitting.id)
    for actor in (
        world.cast.colleague.actor,
        world.cast.organiser.actor,
        world.cast.stranger.actor,
        world.cast.administrator,
    ):
        with pytest.raises(NotFound):
            answer(actor=actor, sitting_id=sitting.id, position=1, key=new_id(), raw=raw)
        with pytest.raises(NotFound):
            page(actor=actor, sitting_id=sitting.id)
        with pytest.raises(NotFound):
            end_by_person(actor=actor, sitting_id=sitting.id)
    assert stored(sitting.id) == before
    with pytest.raises(NotFound):
        _answer(world, new_id(), 1, new_id(), raw)


# Each answers all types at once, wrongly for every one of them.
MALFORMED: list[dict[str, Any]] = [
    {},
    {"omitted": "yes"},
    {"omitted": 1, "choice": None, "pairs": [], "cells": [[0, 10**12]]},
    {"choice": "no", "choices": ["no"], "order": ["no"], "pairs": {"x": "y"}, "value": "二十", "cells": [[9, 9]]},
    {"choice": {}, "choices": "a", "order": {}, "pairs": "x", "value": {}, "cells": [[True, False]]},
    {"choice": [], "choices": [[]], "order": [None], "pairs": {"": ""}, "value": "1e309", "cells": ["00"]},
    {"points": [[9, 9]]},
    {"points": [[0.0, 1.0]]},
    {"points": [[-1, 0]]},
]


@pytest.mark.parametrize("number", range(7))
def test_it_writes_nothing_for_malformed_answers_to_any_type(world: World, number: int) -> None:
    sitting = world.begin()
    kinds = [one.type for one in engine.release_of(Sitting.objects.get(id=sitting.id)).items]
    Sitting.objects.filter(id=sitting.id).update(current_index=kinds.index(sorted(set(kinds))[number]))
    before = stored(sitting.id)
    for raw in MALFORMED:
        with pytest.raises(Invalid):
            answer(actor=world.learner, sitting_id=sitting.id, position=1, key=new_id(), raw=raw)
    assert stored(sitting.id) == before
    entries = AuditEntry.objects.filter(object_id=str(sitting.id)).exclude(action="answer.refused")
    assert entries.count() == 1


def test_it_counts_an_omission_as_no_credit_and_says_so(world: World) -> None:
    sitting = world.begin()
    outcome = _answer(world, sitting.id, 1, new_id(), {"omitted": True})
    row = Response.objects.get()
    assert (row.omitted, row.category, row.response) == (True, 0, {"omitted": True})
    assert outcome.page.sitting.answered == 1


def test_it_measures_time_on_its_own_clock_and_not_while_the_person_is_away(world: World, clock: Clock) -> None:
    sitting = world.begin()
    clock(timedelta(seconds=12))
    give(world.learner, sitting.id)
    clock(timedelta(hours=9))
    give(world.learner, sitting.id)
    assert list(Response.objects.order_by("position").values_list("elapsed_ms", flat=True)) == [
        12_000,
        ITEM_CLOCK_LIMIT_MS,
    ]
    assert Sitting.objects.get().active_ms == 12_000 + ITEM_CLOCK_LIMIT_MS


def test_it_ends_with_an_estimate_evidence_and_receipt_once(world: World) -> None:
    sitting = world.begin()
    done = give_all(world.learner, sitting.id).page.sitting
    log = list(Response.objects.order_by("position"))
    assert done.state == SittingState.FINISHED
    assert done.stop_reason in {"precision", "max_items"}
    assert (done.answered, done.remaining) == (len(log), 0)
    assert Estimate.objects.get().id == done.estimate_id
    assert list(Observation.objects.order_by("position").values_list("item_version_id", "category")) == [
        (r.item_version_id, r.category) for r in log
    ]
    assert len(Receipt.objects.get().body["responses"]) == len(log)
    assert AuditEntry.objects.filter(action="sitting.finished").count() == 1


def test_it_repeats_even_the_last_answer_but_takes_no_more(world: World) -> None:
    sitting = world.begin()
    give_all(world.learner, sitting.id)
    last = Response.objects.order_by("-position").first()
    assert last is not None
    before = stored(sitting.id)
    again = _answer(world, sitting.id, last.position, last.key, last.response)
    assert (again.repeated, again.page.presentation) == (True, None)
    with pytest.raises(AlreadyAnswered):
        _answer(world, sitting.id, last.position, new_id(), {"omitted": True})
    with pytest.raises(SittingOver):
        _answer(world, sitting.id, last.position + 1, new_id(), {"omitted": True})
    assert stored(sitting.id) == before
    assert Estimate.objects.count() == 1


def test_it_hands_in_early_with_what_was_answered(world: World) -> None:
    sitting = world.begin()
    give(world.learner, sitting.id, category=1)
    seen = end_by_person(actor=world.learner, sitting_id=sitting.id)
    assert (seen.state, seen.stop_reason, seen.answered) == (SittingState.FINISHED, "ended_by_person", 1)
    assert end_by_person(actor=world.learner, sitting_id=sitting.id) == seen
    assert Estimate.objects.get().body["answered"] == 1
    with pytest.raises(SittingOver):
        _answer(world, sitting.id, 2, new_id(), {"omitted": True})


def test_it_is_void_without_a_single_answer(world: World) -> None:
    sitting = world.begin()
    seen = end_by_person(actor=world.learner, sitting_id=sitting.id)
    assert (seen.state, seen.estimate_id) == (SittingState.VOID, None)
    assert not Estimate.objects.exists()
    with pytest.raises(SittingOver):
        _answer(world, sitting.id, 1, new_id(), {"omitted": True})


def test_it_refuses_an_answer_after_the_deadline_and_keeps_those_before(world: World, clock: Clock) -> None:
    sitting = world.begin()
    give(world.learner, sitting.id, category=1)
    raw = raw_for(sitting.id)
    clock(timedelta(days=7))
    with pytest.raises(SittingOver):
        _answer(world, sitting.id, 2, new_id(), raw)
    row = Sitting.objects.get()
    assert (row.state, row.stop_reason, len(row.answers)) == ("finished", "deadline", 1)
    assert Estimate.objects.count() == Response.objects.count() == 1


def test_it_takes_an_answer_until_the_deadline(world: World, clock: Clock) -> None:
    sitting = world.begin()
    clock(timedelta(days=7) - timedelta(microseconds=1))
    assert give(world.learner, sitting.id).recorded


def test_it_finishes_what_nobody_comes_back_to_once(world: World, clock: Clock) -> None:
    begun = world.begin(), world.begin(world.cast.clerk.actor)
    give(world.learner, begun[0].id)
    assert end_all_overdue() == 0
    clock(timedelta(days=8))
    assert [end_all_overdue(), end_all_overdue()] == [2, 0]
    assert sorted(Sitting.objects.values_list("state", flat=True)) == ["finished", "void"]
    assert Estimate.objects.count() == 1


def test_it_caches_what_the_log_says(world: World) -> None:
    sitting = world.begin()
    for number in range(6):
        give(world.learner, sitting.id, category=number % 2)
        assert Sitting.objects.get().answers == rebuilt_answers(sitting_id=sitting.id)
    assert len(rebuilt_answers(sitting_id=sitting.id)) == 6


def test_it_goes_on_after_a_restart_as_if_nothing_had_happened(world: World) -> None:
    """A new process has no caches: it must show the same item and choose the same ones."""
    sitting = world.begin()
    for number in range(5):
        give(world.learner, sitting.id, category=number % 2)
    before = page(actor=world.learner, sitting_id=sitting.id)
    kept = engine.step(Sitting.objects.get(), engine.pairs(Sitting.objects.get()))
    engine.compiled.cache_clear()
    releases.release.cache_clear()
    contents._cache.clear()
    assert page(actor=world.learner, sitting_id=sitting.id) == before
    fresh = engine.step(Sitting.objects.get(), rebuilt_answers(sitting_id=sitting.id))
    assert fresh.choice == kept.choice
    assert give_all(world.learner, sitting.id).page.sitting.state == SittingState.FINISHED


def test_it_seeds_a_sitting_alike_in_every_process() -> None:
    """`hash()` differs between processes; the seed of a sitting must not, or a restart changes its course."""
    assert sitting_seed(UUID("0198c0de-0000-7000-8000-000000000001")) == 157735232646423


def test_it_spends_at_most_six_statements_an_answer(world: World) -> None:
    sitting = world.begin()
    give(world.learner, sitting.id)
    raw, key = raw_for(sitting.id), new_id()
    with CaptureQueriesContext(connection) as seen:
        assert _answer(world, sitting.id, 2, key, raw).recorded
    sent = [q["sql"] for q in seen if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    assert len(sent) <= 6, "\n".join(sent)
