"""For all tests: hypothesis searches the same examples every time, so that a failure is the same everywhere; on PostgreSQL
only those run that use the database, since the others have run already."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("suite", derandomize=True, deadline=None, database=None)
settings.load_profile("suite")

_DATABASE = {"db", "transactional_db", "live_server", "databases"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Under `SHUYANG_DATABASE` leave out what would do the very same as on SQLite."""
    if not os.environ.get("SHUYANG_DATABASE", "").startswith("postgres"):
        return
    config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
    items[:] = [item for item in items if _uses_database(item)]


def _uses_database(item: pytest.Item) -> bool:
    return bool(_DATABASE & set(getattr(item, "fixturenames", ()))) or item.get_closest_marker("django_db") is not None
