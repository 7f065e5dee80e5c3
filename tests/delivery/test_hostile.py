"""A hostile browser: whatever it sends, in any order, the log holds the acknowledged answers, once each."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shuyang.delivery import engine
from shuyang.delivery.api import (
    AheadOfItself,
    AlreadyAnswered,
    OtherAnswer,
    SittingOver,
    SittingState,
    answer,
    check_sittings,
    end_by_person,
    page,
    rebuilt_answers,
)
from shuyang.delivery.models import Refusal, Response, Sitting
from shuyang.delivery.services.refusing import forget_refusals
from shuyang.evidence.models import Estimate, Observation
from shuyang.itembank.queries import contents, releases
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.kernel.ids import new_id
from shuyang.trust.api import check_audit
from shuyang.trust.models import AuditEntry
from tests.delivery.world import World, raw_for

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)
FIELDS = st.sampled_from(["choice", "choices", "order", "pairs", "value", "cells", "points", "omitted", "x"])
BODIES = st.dictionaries(FIELDS, JUNK, max_size=4)


class HostileBrowser(RuleBasedStateMachine):
    """`acknowledged` is what the server said it took: (position, key), in order."""

    world: World
    advance: Callable[[timedelta], None]

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.acknowledged: list[tuple[int, UUID]] = []
        self.given: list[dict[str, Any]] = []  # what was sent with each of them

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.sitting = self.world.begin().id

    # --- what an honest browser does -------------------------------------------------------------------------------

    @property
    def row(self) -> Sitting:
        return Sitting.objects.get(id=self.sitting)

    @property
    def running(self) -> bool:
        return self.row.state == SittingState.RUNNING

    def send(self, position: int, key: UUID, raw: Any, *, actor: Any = None, sitting: UUID | None = None) -> Any:
        return answer(
            actor=actor or self.world.learner, sitting_id=sitting or self.sitting, position=position, key=key, raw=raw
        )

    @rule(category=st.integers(0, 1))
    def answer_item_at_hand(self, category: int) -> None:
        key, position = new_id(), self.row.position
        if not self.running:
            with pytest.raises((SittingOver, AlreadyAnswered)):
                self.send(position, key, {"omitted": True})
            return
        raw = raw_for(self.sitting, category)
        assert self.send(position, key, raw).recorded
        self.acknowledged.append((position, key))
        self.given.append(raw)

    @rule()
    def look(self) -> None:
        seen = page(actor=self.world.learner, sitting_id=self.sitting)
        assert seen.sitting.answered == len(self.acknowledged)
        assert (seen.presentation is not None) == self.running

    # --- what a hostile one does -----------------------------------------------------------------------------------

    @rule(data=st.data())
    def replay(self, data: st.DataObject) -> None:
        if not self.acknowledged:
            return
        place = data.draw(st.integers(0, len(self.acknowledged) - 1))
        outcome = self.send(*self.acknowledged[place], self.given[place])
        assert (outcome.recorded, outcome.repeated) == (False, True)

    @rule(data=st.data(), body=BODIES)
    def replay_with_another_answer(self, data: st.DataObject, body: dict[str, Any]) -> None:
        if not self.acknowledged:
            return
        place = data.draw(st.integers(0, len(self.acknowledged) - 1))
        with contextlib.suppress(OtherAnswer):
            assert self.send(*self.acknowledged[place], body).repeated  # it happened to say the same

    @rule(data=st.data())
    def overwrite(self, data: st.DataObject) -> None:
        if not self.acknowledged:
            return
        position, _ = data.draw(st.sampled_from(self.acknowledged))
        with pytest.raises(AlreadyAnswered):
            self.send(position, new_id(), {"omitted": True})

    @rule(data=st.data())
    def replay_key_elsewhere(self, data: st.DataObject) -> None:
        """A key of another item is no acknowledgement of this one: at the item at hand it counts as any fresh key."""
        if len(self.acknowledged) < 2:
            return
        first, last = self.acknowledged[0], self.acknowledged[-1]
        with pytest.raises(AlreadyAnswered):
            self.send(last[0], first[1], {"omitted": True})

    @rule(ahead=st.integers(1, 2**40), body=BODIES)
    def jump_ahead(self, ahead: int, body: dict[str, Any]) -> None:
        with pytest.raises((AheadOfItself, SittingOver)):
            self.send(self.row.position + ahead, new_id(), body)

    @rule(position=st.integers(-(2**70), 0), body=BODIES)
    def impossible_position(self, position: int, body: dict[str, Any]) -> None:
        with pytest.raises((AheadOfItself, SittingOver)):
            self.send(position, new_id(), body)

    @rule(body=BODIES)
    def malformed(self, body: dict[str, Any]) -> None:
        if not self.running:
            return
        key, position = new_id(), self.row.position
        try:
            self.send(position, key, body)
        except Invalid:
            return
        self.acknowledged.append((position, key))  # it happened to be an answer
        self.given.append(body)

    @rule(forged=st.uuids())
    def forged_sitting(self, forged: UUID) -> None:
        with pytest.raises(NotFound):
            self.send(1, new_id(), {"omitted": True}, sitting=forged)

    @rule(data=st.data())
    def somebody_else(self, data: st.DataObject) -> None:
        cast = self.world.cast
        actor = data.draw(st.sampled_from([cast.colleague, cast.organiser, cast.stranger])).actor
        for act in (page, end_by_person):
            with pytest.raises(NotFound):
                act(actor=actor, sitting_id=self.sitting)
        with pytest.raises(NotFound):
            self.send(self.row.position, new_id(), {"omitted": True}, actor=actor)

    # --- what the world does ---------------------------------------------------------------------------------------

    @rule(minutes=st.integers(1, 30))
    def time_passes(self, minutes: int) -> None:
        type(self).advance(timedelta(minutes=minutes))

    @rule()
    def server_restarts(self) -> None:
        releases.release.cache_clear()
        contents._cache.clear()

    @rule(sure=st.integers(0, 9))
    def hand_in(self, sure: int) -> None:
        if sure == 0:
            end_by_person(actor=self.world.learner, sitting_id=self.sitting)

    # --- what must hold --------------------------------------------------------------------------------------------

    @invariant()
    def log_holds_what_was_acknowledged(self) -> None:
        log = list(Response.objects.filter(sitting_id=self.sitting).order_by("position").values_list("position", "key"))
        assert log == self.acknowledged
        assert [position for position, _ in log] == list(range(1, len(log) + 1))

    @invariant()
    def cache_is_the_log(self) -> None:
        row = self.row
        assert row.answers == rebuilt_answers(sitting_id=self.sitting)
        assert len({index for index, _ in row.answers}) == len(row.answers)
        if self.running:
            assert row.position == len(row.answers) + 1

    @invariant()
    def chains_are_whole(self) -> None:
        assert check_sittings().whole
        assert check_audit().whole

    @invariant()
    def evidence_exists_once_and_only_at_the_end(self) -> None:
        finished = self.row.state == SittingState.FINISHED
        assert Estimate.objects.count() == int(finished)
        assert Observation.objects.count() == (len(self.acknowledged) if finished else 0)


# The size of the search is fixed and so is its seed: a failure is the same everywhere.
BOUNDS = settings(
    max_examples=15, stateful_step_count=20, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def test_it_holds_against_a_hostile_browser(world: World, clock: Callable[[timedelta], None]) -> None:
    engine.warm_up(world.campaign.release_hash)

    class Here(HostileBrowser):
        pass

    Here.world, Here.advance = world, staticmethod(clock)
    run_state_machine_as_test(Here, settings=BOUNDS)


# --- what is refused is noted, and noting can't be used to flood the log ------------------------------------------------


def _kinds() -> list[str]:
    rows = AuditEntry.objects.filter(action="answer.refused").order_by("sequence")
    return [row.details["kind"] for row in rows]


def test_it_audits_each_kind_of_refusal(world: World, clock: Callable[[timedelta], None]) -> None:
    learner, stranger = world.learner, world.cast.stranger.actor
    sitting, key, raw = world.begin().id, new_id(), {"omitted": True}
    answer(actor=learner, sitting_id=sitting, position=1, key=key, raw=raw)
    hostile: list[tuple[type[Exception], dict[str, Any]]] = [
        (NotFound, {"sitting_id": new_id()}),
        (NotFound, {"actor": stranger}),
        (AheadOfItself, {"position": 7}),
        (OtherAnswer, {"position": 1, "key": key, "raw": raw_for(sitting)}),
        (AlreadyAnswered, {"position": 1}),
        (Invalid, {"raw": dict.fromkeys(("choice", "choices", "order", "pairs", "value", "cells", "points"), "x")}),
    ]
    for error, changes in hostile:
        sent = {"actor": learner, "sitting_id": sitting, "position": 2, "key": new_id(), "raw": raw} | changes
        with pytest.raises(error):
            answer(**sent)
    clock(timedelta(days=7))
    with pytest.raises(SittingOver):  # a browser whose clock stands still is not asked what time it is
        answer(actor=learner, sitting_id=sitting, position=2, key=new_id(), raw=raw)
    assert sorted(_kinds()) == sorted(
        ["forged_sitting", "others_sitting", "position_ahead", "other_answer", "already_answered", "sitting_over"]
        + ["forged_answer"] * (_kinds().count("forged_answer"))
    )
    assert Response.objects.count() == 1
    assert check_audit().whole


def test_it_cannot_be_made_to_flood_the_log(world: World, clock: Callable[[timedelta], None]) -> None:
    sitting = world.begin().id
    for _ in range(25):
        with pytest.raises(AheadOfItself):
            answer(actor=world.learner, sitting_id=sitting, position=9, key=new_id(), raw={"omitted": True})
    entries = AuditEntry.objects.filter(action="answer.refused").order_by("sequence")
    assert [entry.details["within_the_hour"] for entry in entries] == [1, 10]
    assert Refusal.objects.get().count == 25
    clock(timedelta(days=3))
    assert forget_refusals() == 1
    assert entries.count() == 2
