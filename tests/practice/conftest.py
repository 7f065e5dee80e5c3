"""One city of the least size, made once for all tests of the room; and one of another seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest

from shuyang.frameworks.api import load_framework
from shuyang.packs.api import builtin_folder, read_pack
from shuyang.practice import api as practice
from shuyang.practice.checking import made_by
from shuyang.practice.city.api import Truths, template, truths_of
from shuyang.practice.models import Run
from shuyang.practice.package import scenario
from shuyang.practice.places import world_of
from shuyang.trust.api import SYSTEM, Actor
from tests.cast import Cast, make_cast
from tests.practice.seeds import OTHER_SEED, RESIDENTS, SEED


@pytest.fixture(scope="session")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of templates for this run."""
    return tmp_path_factory.mktemp("cities")


@pytest.fixture(scope="session")
def city(cities: Path) -> duckdb.DuckDBPyConnection:
    """The city of SEED, read-only."""
    return duckdb.connect(str(template(cities, residents=RESIDENTS, seed=SEED)), read_only=True)


@pytest.fixture(scope="session")
def planted(cities: Path) -> Truths:
    """What was planted in it."""
    return truths_of(template(cities, residents=RESIDENTS, seed=SEED))


@pytest.fixture(scope="session")
def other_city(cities: Path) -> duckdb.DuckDBPyConnection:
    """The city of OTHER_SEED, read-only."""
    return duckdb.connect(str(template(cities, residents=RESIDENTS, seed=OTHER_SEED)), read_only=True)


E9 = "service_satisfaction"


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("range")


@pytest.fixture
def cast(db: None, settings: Any, worlds: Path, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The cast on the range. Seeds are small and few, so that tests share the worlds they need."""
    settings.SHUYANG_HOME = str(worlds)
    monkeypatch.setattr("shuyang.practice.services.running.SEEDS", 2)
    pack, _ = read_pack(builtin_folder())
    assert pack is not None
    load_framework(actor=SYSTEM, framework=pack.framework)
    return make_cast()


def do_as_expert(actor: Actor, run_id: UUID, name: str = E9) -> None:
    """Work through a run as the reference solution does, by the services that the pages use."""
    row = Run.objects.get(id=run_id)
    work = made_by(scenario(name), world_of(row), scenario(name).reference)
    queries = [{"name": q.name, "sql": q.sql} for q in work.queries]
    revision = practice.save_queries(actor=actor, run_id=run_id, revision=row.revision, queries=queries)
    for task_id, made in work.artifacts.items():
        revision = practice.save_artifact(actor=actor, run_id=run_id, revision=revision, task_id=task_id, raw=made)
