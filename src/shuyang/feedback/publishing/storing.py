"""The files of a publication: cells, units and who is in it; named by their hash, never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings

from shuyang.feedback.disclosure import Cells
from shuyang.feedback.extract.store import connect, write_parquet
from shuyang.feedback.models import Publication
from shuyang.feedback.publishing.rows import DIMENSIONS, IntArray, Rows, Structure, UnitTree
from shuyang.feedback.publishing.table import CellTable
from shuyang.kernel.errors import Conflict

CELLS, UNITS, MEMBERS, SEEN = "cells.parquet", "units.parquet", "members.parquet", "seen"


class FilesChanged(Conflict):
    """The files of a publication are not those that were published."""

    code = "publication_files_changed"


def publication_folder(publication_id: UUID) -> Path:
    return Path(settings.SHUYANG_FILES) / "publications" / str(publication_id)


def write_publication(
    publication_id: UUID,
    table: CellTable,
    units: Sequence[dict[str, Any]],
    tree: UnitTree,
    structure: Structure,
    rows: Rows,
    finished: IntArray,
) -> str:
    """Write the files and return their hash."""
    folder = publication_folder(publication_id)
    folder.mkdir(parents=True)
    paths = np.array(tree.paths, dtype=object)
    cells = {"path": paths[table["unit"].astype(np.int64)], **{k: v for k, v in table.items() if k != "unit"}}
    write_parquet(folder / CELLS, cells, order="path, dimension, groups, measure")
    write_parquet(folder / UNITS, _unit_columns(units, tree, structure, finished), order="place")
    write_parquet(folder / MEMBERS, {"person": rows.person, "estimate": rows.estimate}, order="person")
    return files_hash(publication_id)


def _unit_columns(
    units: Sequence[dict[str, Any]], tree: UnitTree, structure: Structure, finished: IntArray
) -> CellTable:
    by_path = {u["path"]: u for u in units}
    above = ["" if p < 0 else tree.paths[p] for p in tree.parent]
    columns: CellTable = {
        "place": np.arange(len(tree.paths)),
        "path": np.array(tree.paths, dtype=object),
        "above": np.array(above, dtype=object),
        "id": np.array(tree.ids, dtype=object),
        "name": np.array(tree.names, dtype=object),
        "merged_into": np.array(tree.merged_into, dtype=object),
        "region": tree.region,
        "in_post": tree.in_post,
        "finished": finished,
        "sequence": np.array([by_path[p]["order"] for p in tree.paths], np.int64),
        "shown": structure.cells.shown,
    }
    return columns | {f"by_{d}": structure.cells.broken[:, i] for i, d in enumerate(DIMENSIONS)}


def files_hash(publication_id: UUID) -> str:
    """SHA-256 over the three files."""
    whole = hashlib.sha256()
    for name in (CELLS, UNITS, MEMBERS):
        whole.update(hashlib.sha256((publication_folder(publication_id) / name).read_bytes()).digest())
    return whole.hexdigest()


def check_files(row: Publication) -> None:
    """Raise `FilesChanged` where the files are not those that were published."""
    if files_hash(row.id) != row.hash:
        raise FilesChanged("the publication's files were changed")


def considered(publication_id: UUID) -> str:
    """The hash of the evidence that was last looked at for a publication (`loading.seen`); "" where it is not known."""
    path = publication_folder(publication_id) / SEEN
    return path.read_text("utf-8") if path.exists() else ""


def consider(publication_id: UUID, evidence: str) -> None:
    """Note that this evidence has been looked at, so that the next look costs nothing until there is more."""
    (publication_folder(publication_id) / SEEN).write_text(evidence, "utf-8")


def read(
    row: Publication, name: str, where: str = "true", parameters: Sequence[Any] = (), order: str = ""
) -> CellTable:
    """Lines of one of the files."""
    path = publication_folder(row.id) / name
    query = f"SELECT * FROM read_parquet('{path}') WHERE {where} {order and 'ORDER BY ' + order}"  # noqa: S608
    with connect() as db:
        return dict(db.execute(query, list(parameters)).fetchnumpy())


def members(row: Publication) -> tuple[IntArray, IntArray]:
    """Who is in the publication, and with which result: persons in ascending order, and results, as numbers."""
    found = read(row, MEMBERS, order="person")
    return np.asarray(found["person"], np.int64), np.asarray(found["estimate"], np.int64)


def structure_of(row: Publication, tree: UnitTree) -> Structure:
    """The cells of a publication in another tree; units it does not know are not shown."""
    found = read(row, UNITS)
    shown = np.zeros(len(tree.paths), bool)
    broken = np.zeros((len(tree.paths), len(DIMENSIONS)), bool)
    for i, path in enumerate(found["path"]):
        place = tree.index.get(str(path))
        if place is not None:
            shown[place] = found["shown"][i]
            broken[place] = [found[f"by_{d}"][i] for d in DIMENSIONS]
    merged = tuple(tuple(tuple(int(g) for g in old) for old in groups) for groups in row.body["merged"])
    return Structure(Cells(shown, broken), merged)
