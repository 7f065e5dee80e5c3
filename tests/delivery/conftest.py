"""A world with a frozen clock, and a database that many threads may share."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections

from shuyang.kernel.clock import frozen
from tests.delivery.world import NOON, World, make_world


@pytest.fixture
def clock() -> Iterator[Callable[[timedelta], None]]:
    """The clock stands at `NOON`; calling it moves it on."""
    with frozen(NOON) as advance:
        yield advance


@pytest.fixture
def world(db: None, clock: Callable[[timedelta], None]) -> World:
    return make_world()


@pytest.fixture
def shared_world(transactional_db: None, clock: Callable[[timedelta], None], tmp_path: Path) -> Iterator[World]:
    """A world that is really committed and that many threads may use: on SQLite in a file, as in production."""
    if connection.vendor != "sqlite":
        yield make_world()
        return
    connection.ensure_connection()
    settings, old = connections.settings["default"], connections["default"]
    with sqlite3.connect(tmp_path / "shared.sqlite3") as copy:
        old.connection.backup(copy)
    connections.settings["default"] = settings | {"NAME": str(tmp_path / "shared.sqlite3")}
    connections["default"] = connections.create_connection("default")
    try:
        yield make_world()
    finally:
        connections["default"].close()
        connections.settings["default"], connections["default"] = settings, old
