"""Re-identification by trying it: an outsider with a table of known people looks for them in the published one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shuyang.practice.privacy.classes import Column, Table, classes, codes

RANGE = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(?:-|–|~|～|至|,)\s*(-?\d+(?:\.\d+)?)\s*")
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


def covers(published: Any, known: Any) -> bool:
    """May a published value stand for this known one?

    An empty value or only asterisks stand for all. `1980-1989`: numbers in the range (both ends); of a known date, its year.
    Asterisks stand for one character each, those at the end for any rest (张**, 1980*). A shorter value without asterisks
    stands for what begins with it where it is a date cut to year or month (1980, 1980-05). Otherwise both must be equal.
    """
    if published is None or known is None:
        return True
    text, exact = str(published).strip(), str(known).strip()
    if not text.strip("*"):
        return True
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", exact) and re.fullmatch(r"\d{4}(-\d{2})?", text):
        return exact.startswith(text)
    if found := RANGE.fullmatch(text):
        number = re.match(r"-?\d+(?:\.\d+)?", exact)
        return text == exact or (number is not None and float(found[1]) <= float(number[0]) <= float(found[2]))
    if "*" in text:
        pattern = re.escape(text).replace(r"\*", ".")
        return bool(re.fullmatch(pattern, exact) or (text.endswith("*") and exact.startswith(text.rstrip("*"))))
    return text == exact


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
    owner, person = _same_people(whose, who)
    rows_of = [np.flatnonzero(out.group == g) for g in range(len(out.combinations))]
    step = max(1, AT_ONCE // max(len(pub.combinations), 1))
    for start in range(0, len(out.combinations), step):
        chosen = out.combinations[start : start + step]
        ok = np.ones((len(chosen), len(pub.combinations)), dtype=bool)
        for column, table in enumerate(fits):
            ok &= table[pub.combinations[:, column]][:, chosen[:, column]].T
        for offset in range(len(chosen)):
            rows = rows_of[start + offset]
            inside = ok[offset][pub.group]
            candidates[rows] = int(inside.sum())
            hits[rows] = np.isin(person[rows], owner[inside])
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
    place: dict[str, list[int]] = {}
    for i, value in enumerate(known):
        place.setdefault(str(value).strip(), []).append(i)
    empty = [i for i, value in enumerate(known) if value is None]
    table = np.zeros((len(published), len(known)), dtype=bool)
    for i, value in enumerate(published):
        if value is not None and _plain(str(value)):
            table[i, place.get(str(value).strip(), [])] = True
            table[i, empty] = True
        else:
            table[i] = [covers(value, one) for one in known]
    return table


def _plain(text: str) -> bool:
    """Does the value stand for itself alone?"""
    return "*" not in text and not RANGE.fullmatch(text) and not re.fullmatch(r"\s*(\d{4}(-\d{2})?)?\s*", text)


def _same_people(whose: Column, who: Column) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    both, _ = codes([*list(whose), *list(who)])
    return both[: len(list(whose))], both[len(list(whose)) :]


def _summary(candidates: NDArray[np.int64], hits: NDArray[np.int64]) -> Linkage:
    single = candidates == 1
    there = hits > 0
    guess = np.where(there, 1 / np.maximum(candidates, 1), 0.0)
    return Linkage(
        len(candidates), int(single.sum()), int((single & there).sum()), float(guess.mean()) if len(guess) else 0.0,
        int(candidates[there].min()) if there.any() else 0,
    )  # fmt: skip
