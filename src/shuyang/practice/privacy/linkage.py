"""Re-identification by trying it: an outsider with a table of known people looks for them in the published one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shuyang.practice.privacy.classes import Column, Table, classes, codes
from shuyang.practice.privacy.standing import Known

# Cells of the table of compatible pairs that are held at once.
AT_ONCE = 20_000_000


@dataclass(frozen=True)
class Linkage:
    """`known`: people of the outside table. `single`: for how many exactly one published record fits. `right`: for how many
    that one is theirs. `risk`: `right` / `known`. `guess`: mean chance of hitting the right record by choosing one that fits
    at random, 0 for those whose record does not fit or is not there. `smallest`: the fewest records that fit anyone whose
    own record is among them (0 if there is none)."""

    known: int
    single: int
    right: int
    guess: float
    smallest: int

    @property
    def risk(self) -> float:
        """Share of the known people who are found, uniquely and correctly."""
        return self.right / self.known if self.known else 0.0


def linkage(published: Table, outside: Table, on: Mapping[str, str], *, whose: Column, who: Column) -> Linkage:
    """Attack a published table with an outside one.

    `on`: columns of the published table and the columns of the outside one that tell the same. `whose`: the person behind each
    published record; `who`: the person of each outside row; both known to the grader only. The attacker takes every record
    whose values may stand for what he knows (`covers`); he has found someone if exactly one is left.
    """
    pub, out = _Side(published, list(on)), _Side(outside, list(on.values()))
    fits = [_compatible(a, b) for a, b in zip(pub.values, out.values, strict=True)]
    candidates = np.zeros(out.size, dtype=np.int64)
    hits = np.zeros(out.size, dtype=np.int64)
    sizes = np.bincount(pub.group, minlength=len(pub.combinations))
    known, theirs = _own_records(whose, who)
    step = max(1, AT_ONCE // max(len(pub.combinations), 1))
    for start in range(0, len(out.combinations), step):
        chosen = out.combinations[start : start + step]
        ok = np.ones((len(chosen), len(pub.combinations)), dtype=bool)
        for column, table in enumerate(fits):
            ok &= table[pub.combinations[:, column]][:, chosen[:, column]].T
        rows = np.flatnonzero((out.group >= start) & (out.group < start + len(chosen)))
        candidates[rows] = (ok @ sizes)[out.group[rows] - start]
        own = (out.group[known] >= start) & (out.group[known] < start + len(chosen))
        fitting = ok[out.group[known[own]] - start, pub.group[theirs[own]]]
        np.add.at(hits, known[own], fitting)
    return _summary(candidates, hits)


class _Side:
    """One table in codes: the different values a column, the different combinations of them, the combination of each row."""

    def __init__(self, table: Table, names: Sequence[str]) -> None:
        coded = [codes(table[name]) for name in names]
        self.values = [values for _, values in coded]
        self.group = classes(table, names)
        self.size = len(self.group)
        _, first = np.unique(self.group, return_index=True)
        rows = np.stack([column for column, _ in coded], axis=1) if coded else np.zeros((self.size, 0), dtype=np.int64)
        self.combinations = rows[first]


def _compatible(published: list[Any], known: list[Any]) -> NDArray[np.bool_]:
    """Which published values may stand for which known ones."""
    sorted_ = Known(known)
    table = np.zeros((len(published), len(known)), dtype=bool)
    for row, value in enumerate(published):
        places = sorted_.places(value)
        table[row, slice(None) if places is None else places] = True
    return table


def _own_records(whose: Column, who: Column) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of a known person's row and a published record of his, as two arrays of places."""
    records: dict[Any, list[int]] = {}
    for place, person in enumerate(whose):
        records.setdefault(person, []).append(place)
    pairs = [(row, place) for row, person in enumerate(who) for place in records.get(person, ())]
    known, theirs = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return known, theirs


def _summary(candidates: NDArray[np.int64], hits: NDArray[np.int64]) -> Linkage:
    single = candidates == 1
    there = hits > 0
    guess = np.where(there, 1 / np.maximum(candidates, 1), 0.0)
    return Linkage(
        len(candidates), int(single.sum()), int((single & there).sum()), float(guess.mean()) if len(guess) else 0.0,
        int(candidates[there].min()) if there.any() else 0,
    )  # fmt: skip
