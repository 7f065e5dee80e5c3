"""What a learner can find out about a city, for those who grade him. Never written with the tables.

A file of answers is a DuckDB database of its own: `city` (size, seed), `planted` (kind, says, facts as JSON), `matching`
(extract, record_no, resident_id: which resident a department's record is of), `eligible` (policy_id, resident_id: whom a
policy means, by its own text and the true data).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from shuyang.kernel.errors import NotFound


@dataclass(frozen=True)
class Truth:
    """One planted fact. `kind`: its name; `says`: the finding in one sentence; `facts`: keys of the rows and numbers that it
    is about, as they stand in the tables (keys count from 1, dates as 2025-03-14)."""

    kind: str
    says: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Truths:
    """All that was planted in the city of this seed and size, one of each kind."""

    residents: int
    seed: int
    planted: tuple[Truth, ...]

    def of(self, kind: str) -> Truth:
        """The truth of this kind; NotFound where there is none."""
        for truth in self.planted:
            if truth.kind == kind:
                return truth
        raise NotFound(message=f"no such truth: {kind}")


def write_truths(path: Path, truths: Truths) -> None:
    """Add what was planted to the file of answers, as its tables `city` and `planted`."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE city AS SELECT ? AS residents, ? AS seed", [truths.residents, truths.seed])
        connection.execute("CREATE TABLE planted (kind VARCHAR, says VARCHAR, facts VARCHAR)")
        rows = [(t.kind, t.says, json.dumps(t.facts, ensure_ascii=False)) for t in truths.planted]
        connection.executemany("INSERT INTO planted VALUES (?, ?, ?)", rows)


def read_truths(path: Path) -> Truths:
    """What was planted, from a file of answers."""
    with duckdb.connect(str(path), read_only=True) as connection:
        city = connection.execute("SELECT residents, seed FROM city").fetchone()
        planted = connection.execute("SELECT kind, says, facts FROM planted").fetchall()
    assert city is not None
    return Truths(city[0], city[1], tuple(Truth(kind, says, json.loads(facts)) for kind, says, facts in planted))


def matching(path: Path, extract: str) -> dict[str, int]:
    """Which resident each record of an extract is of, from a file of answers."""
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute("SELECT record_no, resident_id FROM matching WHERE extract = ?", [extract])
        return dict(found.fetchall())


def eligible(path: Path, policy_id: int) -> frozenset[int]:
    """The residents whom a policy means (one of each family where it is for families), from a file of answers."""
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute("SELECT resident_id FROM eligible WHERE policy_id = ?", [policy_id]).fetchall()
    return frozenset(resident for (resident,) in found)
