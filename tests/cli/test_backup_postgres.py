"""Backup and restore on PostgreSQL, with its own tools."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from shuyang.kernel.ids import new_id
from tests.cli.installation import Installation

URL = os.environ.get("SHUYANG_DATABASE", "")
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not URL.startswith("postgres"), reason="SHUYANG_DATABASE names no PostgreSQL"),
    pytest.mark.skipif(shutil.which("pg_dump") is None, reason="pg_dump is not installed"),
]


def _run(url: str, statement: str) -> list[tuple[object, ...]]:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def databases() -> Iterator[tuple[str, str]]:
    """URLs of two empty databases."""
    names = [f"backup_{new_id().hex}" for _ in range(2)]
    for name in names:
        _run(URL, f"create database {name}")
    yield tuple(urlunsplit(urlsplit(URL)._replace(path=f"/{name}")) for name in names)  # type: ignore[misc]
    for name in names:
        _run(URL, f"drop database {name} with (force)")


def test_what_was_there_comes_back_and_moves(databases: tuple[str, str], tmp_path: Path) -> None:
    old, new = (Installation(tmp_path / f"home{n}", url) for n, url in enumerate(databases))
    old.home.mkdir()
    new.home.mkdir()
    old.prepare()
    before = old.contents()
    said = old.shuyang("backup", tmp_path / "b.tar.gz")
    assert said.code == 0, said.err
    _run(old.database, "delete from trust_audit_entry")
    assert old.shuyang("restore", tmp_path / "b.tar.gz").code == 1
    assert _run(old.database, "select count(*) from trust_audit_entry") == [(0,)]
    for place, arguments in ((old, ["--replace"]), (new, [])):
        said = place.shuyang("restore", tmp_path / "b.tar.gz", *arguments)
        assert said.code == 0, said.err
        assert _run(place.database, "select count(*) from trust_audit_entry") == [(4,)]
        assert place.contents() == before
        assert place.shuyang("audit", "verify").code == 0
