"""Processes are killed while people answer: nothing acknowledged is lost, nothing counts twice, every sitting ends.

A short run on SQLite; `python -m benchmarks.delivery.faults` is the long one, with PostgreSQL and 200 people.
"""

from __future__ import annotations

import argparse

import pytest
from benchmarks.delivery import faults
from benchmarks.delivery.server import installation

pytestmark = pytest.mark.journey


def test_it_loses_nothing_when_processes_are_killed() -> None:
    args = argparse.Namespace(seconds=10.0, every=1.5, think=0.1, patience=150.0, seed=20261122)
    with installation("sqlite", people=8) as server:
        outcome = faults.run(server, args)
    assert faults.holds(outcome), outcome
    assert outcome["sittings"] == 8


def test_it_would_see_a_loss_and_a_double() -> None:
    """A comparison that can't fail proves nothing."""
    person = faults.Stubborn(1, "", "", 1, 0.0)
    person.path, person.finished = "/sitting/s/", True
    person.record.sent = person.record.acknowledged = [(1, "a"), (2, "b")]
    clean = {"sittings": 1, "unfinished": 0, "differing": 0, "evidence": 0, "breaks": 0}
    supervisor = faults.Supervisor(None)  # type: ignore[arg-type]

    def seen(entries: list[tuple[int, str]]) -> dict[str, object]:
        return faults.compare([person], clean | {"logs": {"s": entries}}, supervisor)

    assert faults.holds(seen([(1, "a"), (2, "b")]))
    assert seen([(1, "a")])["acknowledged answers lost (0)"] == 1
    assert seen([(1, "a"), (2, "b"), (3, "b")])["answers counted twice (0)"] == 1
    assert seen([(1, "a"), (2, "b"), (3, "c")])["answers in the log that nobody sent (0)"] == 1
    assert not faults.holds(seen([]))
