"""One city of the least size, made once for all tests of the room; and one of another seed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from shuyang.practice.city.api import Truths, template, truths_of

SEED, OTHER_SEED, RESIDENTS = 20261122, 5, 20_000


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
