"""What of a unit's figures is more than noise: every comparison of the unit, decided together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from scipy.special import ndtr, stdtrit

from shuyang.feedback.contracts import ScoreView
from shuyang.feedback.publishing.rows import DIMENSIONS
from shuyang.feedback.rules import SMALLEST_GROUP
from shuyang.feedback.unit_contracts import OVERALL, Breakdown, Finding, FindingKind, Findings
from shuyang.feedback.units import Book, chosen_publication, dof_of, publication_view, publications, readable_unit
from shuyang.measurement.group_findings import (
    LEVEL,
    Decision,
    decide,
    difference_p,
    simes,
    smallest_detectable,
    welch_dof,
)
from shuyang.measurement.group_means import GroupMeans, GroupSums, means
from shuyang.trust.api import Actor

SMALLEST_EFFECT = 0.1
"""A difference below this many SDs between persons is not called a finding, however sure it is."""
PLANNED_EFFECT = 0.3
"""The effect, in SDs between persons, whose power is stated."""
_SUMS = ("n", "w", "wy", "w2", "w2y", "w2y2")
_CORRELATION = 0.55
"""Of errors of the measures with each other, for the power of the joint decision; five forces and their mean."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """One comparison with all its measures: differences in logits [K], their errors, and who is compared with how many."""

    kind: FindingKind
    path: str
    name: str
    dimension: Breakdown
    groups: tuple[str, ...]
    people: int
    others: int
    difference: np.ndarray
    variance: np.ndarray
    dof: np.ndarray


def findings(*, actor: Actor, unit_id: UUID, campaign_id: UUID | None = None) -> Findings:
    """All comparisons of a unit in a campaign's publication, those found first, by size of effect.

    Compared are: each part with all other people of the unit; each group of each dimension with all others; the unit and each
    part with the campaign before; the unit with the targets of its posts. All are decided together (`group_findings`), so that
    the chance of any finding where there is no difference at all stays below 5 %. Raises `NotFound` as `unit_picture`.
    """
    place = readable_unit(actor, unit_id)
    row = chosen_publication(publications(actor, place), campaign_id)
    if row is None:
        return Findings(None, place.id, place.path, place.name, LEVEL, 0, ())
    book = Book(row, place)
    compared = comparisons(book)
    told = decided(compared, (*book.forces, OVERALL), np.array(row.body["between"]) ** 0.5, book.transform.sd)
    return Findings(publication_view(row), place.id, place.path, place.name, LEVEL, len(compared), told)


def comparisons(book: Book) -> list[_Compared]:
    """Everything that can be compared in the lines about a unit."""
    top = book.place.path
    whole = _sums(book, (top, "", ""))
    if whole is None:
        return []
    found = [_with_rest(book, FindingKind.UNIT, (path, "", ""), whole) for path in book.parts]
    found += [
        _with_rest(book, FindingKind.GROUP, key, whole)
        for key in book.lines
        if key[0] == top and key[1] in [str(d) for d in DIMENSIONS]
    ]
    found += [_single(book, FindingKind.GROWTH, path, "growth") for path in (top, *book.parts)]
    found.append(_single(book, FindingKind.GAP, top, "gap"))
    return [c for c in found if c is not None]


def _main(book: Book, key: tuple[str, str, str]) -> list[Mapping[str, Any]]:
    order = {name: i for i, name in enumerate((*book.forces, OVERALL))}
    lines = [line for line in book.lines.get(key, []) if line["measure"] in order]
    return sorted(lines, key=lambda line: order[line["measure"]])


def _sums(book: Book, key: tuple[str, str, str]) -> GroupSums | None:
    lines = _main(book, key)
    return GroupSums.of(np.array([[[line[s] for line in lines]] for s in _SUMS], float)) if lines else None


def _with_rest(book: Book, kind: FindingKind, key: tuple[str, str, str], whole: GroupSums) -> _Compared | None:
    own = _sums(book, key)
    if own is None:
        return None
    rest = whole.less(own)
    if rest.n.min() < SMALLEST_GROUP:
        return None
    a, b = means(own), means(rest)
    return _compared(book, kind, key, a.mean - b.mean, a.variance + b.variance, _dof(a, b), own.n, rest.n)


def _dof(a: GroupMeans, b: GroupMeans) -> np.ndarray:
    return welch_dof(a.variance, a.dof, b.variance, b.dof)


def _single(book: Book, kind: FindingKind, path: str, column: str) -> _Compared | None:
    """Growth, or the gap to the target, as the table has it."""
    lines = _main(book, (path, "", ""))
    if not lines or not np.isfinite(lines[0][column]):
        return None
    value = np.array([[line[column] for line in lines]], float)
    error = np.array([[line[f"{column}_se"] for line in lines]], float)
    if kind is FindingKind.GAP:
        error = np.hypot(error, np.array([[line["bank"] for line in lines]], float))
    dof = np.array([[dof_of(line, column) for line in lines]], float)
    n = np.array([[line[f"{column}_n"] for line in lines]], float)
    return _compared(book, kind, (path, "", ""), value, error**2, dof, n, n)


def _compared(
    book: Book,
    kind: FindingKind,
    key: tuple[str, str, str],
    difference: np.ndarray,
    variance: np.ndarray,
    dof: np.ndarray,
    people: np.ndarray,
    others: np.ndarray,
) -> _Compared:
    path, dimension, group = key
    return _Compared(
        kind=kind,
        path=path,
        name=str(book.units[path]["name"]),
        dimension=Breakdown(dimension),
        groups=tuple(group.split("+")) if dimension else (),
        people=int(people.max()),
        others=int(others.max()),
        difference=difference[0],
        variance=variance[0],
        dof=dof[0],
    )


def decided(
    compared: list[_Compared], measures: tuple[str, ...], spread: np.ndarray, points: float
) -> tuple[Finding, ...]:
    """The comparisons as findings; `spread` [K] are SDs between persons in logits, `points` to a logit."""
    if not compared:
        return ()
    p = np.array([difference_p(c.difference, c.variance, c.dof) for c in compared])
    verdict = decide(p)
    told = [
        _finding(c, k, name, p[g, k], verdict, g, spread, points)
        for g, c in enumerate(compared)
        for k, name in enumerate(measures)
    ]
    return tuple(sorted(told, key=lambda f: (not f.found, -abs(f.effect), f.path, f.measure)))


def _finding(
    c: _Compared, k: int, measure: str, p: float, verdict: Decision, g: int, spread: np.ndarray, points: float
) -> Finding:
    value, error, dof = float(c.difference[k]), float(c.variance[k]) ** 0.5, float(c.dof[k])
    relative, sd = np.sqrt(c.variance) / spread, float(spread[k])
    every = measure == OVERALL
    reach = float(stdtrit(dof, 0.975)) * error
    groups = len(verdict.found)
    bar = verdict.level / groups / len(c.difference)
    return Finding(
        kind=c.kind,
        path=c.path,
        name=c.name,
        dimension=c.dimension,
        groups=c.groups,
        measure=measure,
        people=c.people,
        others=c.others,
        difference=ScoreView(points * value, points * (value - reach), points * (value + reach), points * error),
        effect=value / sd,
        effect_low=(value - reach) / sd,
        effect_high=(value + reach) / sd,
        p=float(p),
        adjusted=float(verdict.adjusted[g, k]),
        found=bool(verdict.found[g, k]) and abs(value) >= SMALLEST_EFFECT * sd,
        power=_power(round(float(relative[:-1].mean() if every else relative[k]), 3), groups, len(relative), every),
        smallest_detectable=smallest_detectable(error / sd, dof, level=bar),
    )


@lru_cache(maxsize=4096)
def _power(error: float, groups: int, measures: int, every: bool) -> float:
    """Chance that a comparison with this standard error (in SDs) is found when it alone differs by `PLANNED_EFFECT`.

    `every`: all measures differ by that much; else one of them does. By simulation with a fixed seed, since the joint decision
    has no closed form; the other comparisons are taken to be noise that is not found.
    """
    rng = np.random.default_rng(20261122)
    shared = rng.standard_normal((2000, 1)) * _CORRELATION**0.5
    noise = shared + rng.standard_normal((2000, measures)) * (1 - _CORRELATION) ** 0.5
    shift = np.full(measures, PLANNED_EFFECT / error) if every else np.eye(measures)[0] * PLANNED_EFFECT / error
    p = 2 * ndtr(-np.abs(noise + shift))
    together = simes(p) <= LEVEL / groups
    own = together if every else together & (p[:, 0] <= LEVEL / groups)
    return float(own.mean())
