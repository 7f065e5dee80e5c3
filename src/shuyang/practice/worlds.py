"""The world of a run: the tables that the person is given in one file, what only the checkers know in another.

A world follows from the scenario and the seed, so files are a cache: what is missing is made again, the same.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from shuyang.practice.authoring import Preparation
from shuyang.practice.city.api import answers_of, template, truths_of
from shuyang.practice.package import Scenario

CITIES = 12  # cities that practice runs are spread over: made once each, then kept
FRESH = 1_000  # a fresh city has a seed above this


@dataclass(frozen=True, slots=True)
class World:
    """`given`: the database the person queries. `hidden`: truth tables. `truths`: what else the checkers know."""

    given: Path
    hidden: Path
    truths: dict[str, Any]
    seed: int


def world_name(scenario: str, hash_: str, seed: int, *, fresh: bool) -> str:
    """The folder of a world in the cache."""
    return f"{scenario}-{hash_[:16]}-{seed}{'-fresh' if fresh else ''}"


def world(scenario: Scenario, seed: int, cache: Path, *, fresh: bool = False) -> World:
    """The world of a scenario and seed, from the cache or made now (about two seconds).

    `fresh`: in a city that nobody else has. The generator is open, so who knows the seed of a city can know its truths: an
    assessed run has a secret one.
    """
    place = cache / "worlds" / world_name(scenario.name, scenario.hash, seed, fresh=fresh)
    if not (place / "truths.json").is_file():
        _make(scenario, seed, seed + FRESH if fresh else seed % CITIES + 1, cache, place)
    return World(
        place / "given.duckdb",
        place / "hidden.duckdb",
        json.loads((place / "truths.json").read_text(encoding="utf-8")),
        seed,
    )


def _make(scenario: Scenario, seed: int, city_seed: int, cache: Path, place: Path) -> None:
    """Make the world beside its place and move it there whole: two processes may do it at once, one of them wins."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=place.parent, prefix=".draft-"))
    try:
        _write(scenario, seed, city_seed, cache, draft)
        try:
            draft.rename(place)
        except OSError:  # another was first
            if not (place / "truths.json").is_file():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write(scenario: Scenario, seed: int, city_seed: int, cache: Path, draft: Path) -> None:
    city = template(cache / "cities", residents=scenario.spec.residents, seed=city_seed)
    planted = {truth.kind: dict(truth.facts) for truth in truths_of(city).planted}
    with duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "1GB"}) as connection:
        connection.execute(f"ATTACH '{city}' AS city (READ_ONLY)")
        connection.execute(f"ATTACH '{answers_of(city)}' AS answers (READ_ONLY)")
        connection.execute("SET search_path = 'memory.main,city.main'")
        preparation = Preparation(connection, seed, planted)
        scenario.prepare(preparation)
        _copy(connection, draft / "given.duckdb", preparation.given)
        _copy(connection, draft / "hidden.duckdb", preparation.hidden)
    (draft / "truths.json").write_text(
        json.dumps(preparation.truths, ensure_ascii=False, sort_keys=True), encoding="utf-8"
    )


def _copy(connection: duckdb.DuckDBPyConnection, path: Path, tables: list[str]) -> None:
    connection.execute(f"ATTACH '{path}' AS target")
    for table in dict.fromkeys(tables):
        connection.execute(f'CREATE TABLE target."{table}" AS FROM "{table}"')
    connection.execute("DETACH target")
