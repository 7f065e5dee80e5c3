"""The extract on disk: immutable Parquet parts and a manifest, read by DuckDB in memory.

A DuckDB file has one writer and shuts readers out; parts that are written once and named in a manifest that is replaced in one
step can be read by any number of processes while the job writes the next.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from shuyang.feedback.extract.layout import Columns, Layout

MANIFEST, VERSION = "manifest.json", 1
MEMORY = "600MB"
GROUP_ROWS = 20_480
"""Rows that are skipped or read together: files are sorted, so that a reader of a few lines touches a few groups."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the extract holds: parts in order with their rows; evidence is read up to `since`."""

    layout: Layout
    parts: tuple[tuple[str, int], ...] = ()
    since: datetime | None = None

    @property
    def rows(self) -> int:
        return sum(rows for _, rows in self.parts)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest, or None where there is no extract of this version yet."""
    try:
        data = json.loads((folder / MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        return None
    if data["version"] != VERSION:
        return None
    since = datetime.fromisoformat(data["since"]) if data["since"] else None
    return Manifest(Layout.from_dict(data["layout"]), tuple((p["file"], p["rows"]) for p in data["parts"]), since)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step."""
    body = {
        "version": VERSION,
        "layout": manifest.layout.to_dict(),
        "parts": [{"file": name, "rows": rows} for name, rows in manifest.parts],
        "since": manifest.since.isoformat() if manifest.since else None,
    }
    new = folder / f"{MANIFEST}.new"
    new.write_text(json.dumps(body, indent=1), "utf-8")
    os.replace(new, folder / MANIFEST)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the writers' lock of a folder; readers need none."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def connect() -> duckdb.DuckDBPyConnection:
    """A fresh DuckDB in memory that takes little of it and touches no network."""
    limits: dict[str, str | bool | int | float | list[str]] = {"memory_limit": MEMORY, "threads": 2}
    limits |= {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    return duckdb.connect(config=limits)


def write_parquet(path: Path, columns: Mapping[str, np.ndarray[Any, Any]], *, order: str) -> None:
    """Write columns as one Parquet file, sorted; the file appears whole or not at all."""
    if not columns or not len(next(iter(columns.values()))):
        raise ValueError("a file of no rows")
    new = path.with_suffix(".new")
    with connect() as db:
        db.register("columns", dict(columns))
        query = f"SELECT * FROM columns ORDER BY {order}"  # noqa: S608
        db.execute(f"COPY ({query}) TO '{new}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP_ROWS})")
    os.replace(new, path)


def source(folder: Path, manifest: Manifest) -> str:
    """The FROM clause that reads all parts."""
    files = ", ".join(f"'{folder / name}'" for name, _ in manifest.parts)
    return f"read_parquet([{files}])"


def add_part(folder: Path, manifest: Manifest, columns: Columns, since: datetime | None) -> Manifest:
    """Write one more part and the manifest that names it."""
    number = 1 + max((int(name[5:11]) for name, _ in manifest.parts), default=0)
    name = f"part-{number:06d}.parquet"
    write_parquet(folder / name, columns, order="estimate")
    new = Manifest(manifest.layout, (*manifest.parts, (name, len(columns["estimate"]))), since)
    write_manifest(folder, new)
    return new


def join_parts(folder: Path, manifest: Manifest) -> Manifest:
    """Put all parts into one. The old ones stay a moment longer for those who are reading them: see `forget_parts`."""
    number = 1 + max(int(name[5:11]) for name, _ in manifest.parts)
    name = f"part-{number:06d}.parquet"
    with connect() as db:
        query = f"SELECT * FROM {source(folder, manifest)} ORDER BY estimate"  # noqa: S608
        db.execute(
            f"COPY ({query}) TO '{folder / name}.new' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP_ROWS})"
        )
    os.replace(f"{folder / name}.new", folder / name)
    new = Manifest(manifest.layout, ((name, manifest.rows),), manifest.since)
    write_manifest(folder, new)
    return new


def forget_parts(folder: Path, manifest: Manifest) -> None:
    """Delete parts that the manifest names no more."""
    kept = {name for name, _ in manifest.parts}
    for path in folder.glob("part-*.parquet"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def known_results(folder: Path, manifest: Manifest) -> np.ndarray[Any, Any]:
    """Keys of all results in the extract."""
    if not manifest.parts:
        return np.zeros(0, np.int64)
    with connect() as db:
        query = f"SELECT estimate FROM {source(folder, manifest)}"  # noqa: S608
        return np.asarray(db.sql(query).fetchnumpy()["estimate"])


def digest(folder: Path, manifest: Manifest) -> str:
    """A hash of everything the extract says, whatever parts it lies in."""
    if not manifest.parts:
        return ""
    names = ", ".join(f'"{name}"' for name in manifest.layout.columns)
    query = f"""
        SELECT sha256(string_agg(line, '' ORDER BY estimate)) FROM
        (SELECT estimate, md5(CAST(row({names}) AS VARCHAR)) AS line FROM {source(folder, manifest)})
    """  # noqa: S608
    with connect() as db:
        found = db.execute(query).fetchone()
    return str(found[0]) if found else ""


def select(folder: Path, manifest: Manifest, query: str, parameters: Sequence[Any] = ()) -> Columns:
    """Columns of a query on the parts, called `extract` in it."""
    with connect() as db:
        db.execute(f"CREATE VIEW extract AS SELECT * FROM {source(folder, manifest)}")  # noqa: S608
        return dict(db.execute(query, list(parameters)).fetchnumpy())
