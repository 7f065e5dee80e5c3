"""A campaign's rows from the extract, some at a time: a million people pass as numbers, texts only a chunk of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from shuyang.feedback.extract.layout import Columns, Layout
from shuyang.feedback.extract.store import Manifest, select
from shuyang.feedback.publishing.rows import DIMENSIONS, GROUPS, IntArray, UnitTree

CHUNK = 100_000
"""Results read at a time."""
_NEWEST = """
    SELECT estimate, person FROM extract WHERE campaign = ?
    QUALIFY revision = max(revision) OVER (PARTITION BY source)
    AND row_number() OVER (PARTITION BY person ORDER BY "at" DESC, revision DESC, estimate) = 1
"""
_FACTS = ("estimate", "person", "path", *(str(d) for d in DIMENSIONS), "release", "synthetic", "provisional")
_TYPE = {"value": np.float64, "error": np.float64, "level": np.float64, "facet": np.float32, "facet_error": np.float32}
"""Facets are rough and many: single precision halves what a million people weigh."""
OnScale = Callable[[str], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Numbers of N people by person: ids, place in the tree, groups, and matrices by kind (`value`, `error`, `level`, …).

    `other_scale` counts results left out because their release measures on another scale.
    """

    columns: Mapping[str, np.ndarray[Any, Any]]
    other_scale: int

    def __len__(self) -> int:
        return len(self.columns["person"])


def newest(folder: Path, manifest: Manifest, campaign: str) -> IntArray:
    """Each person's newest result in a campaign, as sorted keys."""
    found = select(folder, manifest, _NEWEST, [campaign])
    return np.sort(np.asarray(found["estimate"], np.int64))


def read_rows(
    folder: Path,
    manifest: Manifest,
    campaign: str,
    chosen: IntArray,
    tree: UnitTree,
    on_scale: OnScale,
    *,
    facets: bool,
) -> Read:
    """The chosen results (sorted keys) of a campaign; without `facets` their matrices have no column."""
    kinds = _kinds(manifest.layout, facets)
    parts, other = [], 0
    for found in _chunks(folder, manifest, campaign, chosen, kinds):
        fits = _fitting(found["release"], on_scale)
        other += int((~fits).sum())
        parts.append(_numbers({name: values[fits] for name, values in found.items()}, tree, kinds))
    return Read(_by_person(parts), other)


def _kinds(layout: Layout, facets: bool) -> dict[str, tuple[str, ...]]:
    of_facets = ("facet", "facet_error")
    return {
        **{kind: layout.per_force(kind) for kind in ("value", "error", "level")},
        **{kind: layout.per_facet(kind) if facets else () for kind in of_facets},
    }


def _chunks(
    folder: Path, manifest: Manifest, campaign: str, chosen: IntArray, kinds: Mapping[str, Sequence[str]]
) -> Iterator[Columns]:
    """Ranges of keys: the parts are sorted by them, so that a range touches little of a large part."""
    names = ", ".join(f'"{name}"' for name in (*_FACTS, *(n for names in kinds.values() for n in names)))
    query = f"SELECT {names} FROM extract WHERE campaign = ? AND estimate BETWEEN ? AND ?"  # noqa: S608
    for start in range(0, len(chosen), CHUNK):
        keys = chosen[start : start + CHUNK]
        found = select(folder, manifest, query, [campaign, int(keys[0]), int(keys[-1])])
        wanted = np.isin(np.asarray(found["estimate"], np.int64), keys)
        yield {name: values[wanted] for name, values in found.items()}


def _fitting(releases: np.ndarray[Any, Any], on_scale: OnScale) -> np.ndarray[Any, Any]:
    names, inverse = np.unique(releases.astype(str), return_inverse=True)
    return np.array([on_scale(str(name)) for name in names], bool)[inverse]


def _numbers(found: Columns, tree: UnitTree, kinds: Mapping[str, Sequence[str]]) -> dict[str, np.ndarray[Any, Any]]:
    codes = [_codes(found[str(d)], groups) for d, groups in zip(DIMENSIONS, GROUPS, strict=True)]
    return {
        "estimate": np.asarray(found["estimate"], np.int64),
        "person": np.asarray(found["person"], np.int64),
        "unit": _places(found["path"], tree),
        "codes": np.stack(codes, axis=1),
        "synthetic": np.asarray(found["synthetic"], bool),
        "provisional": np.asarray(found["provisional"], bool),
        **{kind: _matrix(found, names, _TYPE[kind]) for kind, names in kinds.items()},
    }


def _matrix(found: Columns, names: Iterable[str], kind: type) -> np.ndarray[Any, Any]:
    columns: list[np.ndarray[Any, Any]] = [np.asarray(found[name], kind) for name in names]
    return np.stack(columns, axis=1) if columns else np.zeros((len(found["person"]), 0), kind)


def _codes(values: np.ndarray[Any, Any], groups: Sequence[str]) -> IntArray:
    place = {name: i for i, name in enumerate(groups)}
    names, inverse = np.unique(values.astype(str), return_inverse=True)
    return np.array([place.get(str(name), len(groups) - 1) for name in names], np.int64)[inverse]


def _places(paths: np.ndarray[Any, Any], tree: UnitTree) -> IntArray:
    names, inverse = np.unique(paths.astype(str), return_inverse=True)
    return np.array([tree.place(str(name)) for name in names], np.int64)[inverse]


def _by_person(parts: list[dict[str, np.ndarray[Any, Any]]]) -> dict[str, np.ndarray[Any, Any]]:
    """One array a column, in the order of persons; each chunk's share is let go as soon as it is joined."""
    if not parts:
        return {"person": np.zeros(0, np.int64)}
    order = np.argsort(np.concatenate([part["person"] for part in parts]), kind="stable")
    return {name: np.concatenate([part.pop(name) for part in parts])[order] for name in list(parts[0])}
