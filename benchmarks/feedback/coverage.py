"""Do intervals cover the truth, is noise left alone, is a planted effect found as often as stated?

Every line is the mean over simulated organisations with its Monte-Carlo standard error (organisations are the draws, not their
units). Organisations go through the product's own computation of a publication; only the database is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy.special import ndtr, stdtrit

from benchmarks.feedback.organisations import (
    FACETS,
    FORCE_OF,
    FORCES,
    MIX,
    WITHIN,
    Organisation,
    organisation,
    posts,
    rows_at,
    scale,
    tree,
    with_facet_items,
)
from shuyang.feedback.api import OVERALL, Finding
from shuyang.feedback.findings import comparisons, decided
from shuyang.feedback.publishing.compute import Published, first_structure, publish
from shuyang.feedback.publishing.growth import Before
from shuyang.feedback.publishing.rows import Rows
from shuyang.measurement.group_sites import Sites

SIZES = (8, 8, 8, 8, 30, 30, 60, 300)
TURNOVER = (0.0, 0.3, 1.0)
TARGET = 0.3
KEPT, MOVED = 0.84, 0.3
"""What a person keeps of his distance from his unit's mean, and the SD of what changes besides (so that the SD stays)."""


@dataclass
class Hits:
    """Per kind of interval, for each organisation the share that covered the truth."""

    shares: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, inside: np.ndarray) -> None:
        if len(inside):
            self.shares.setdefault(name, []).append(float(np.mean(inside)))

    def lines(self, wanted: str) -> list[tuple[str, str, str, str]]:
        return [line(name, found, wanted) for name, found in self.shares.items()]


def line(name: str, found: list[float], wanted: str) -> tuple[str, str, str, str]:
    error = np.std(found, ddof=1) / len(found) ** 0.5 if len(found) > 1 else np.nan
    return name, f"{np.mean(found):.3f}", f"±{error:.3f}", wanted


def run(repeats: int, seed: int = 20261122) -> Iterator[tuple[str, str, str, str]]:
    """Lines of (what, found, Monte-Carlo error, wanted), as they are ready; noise gets 2,000 organisations at the least."""
    rng = np.random.default_rng(seed)
    for turnover in TURNOVER:
        yield from coverage_of_growth(rng, repeats, turnover).lines("0.93-0.97")
    for spread in (0.1, 0.2, 0.4):
        yield from coverage_of_units(rng, repeats, spread).lines("0.93-0.97")
    yield from coverage_of_facets(rng, repeats).lines("0.93-0.97")
    yield from coverage_of_groups(rng, repeats).lines("0.93-0.97")
    yield planted(rng, repeats)
    yield line("any finding on pure noise, all comparisons of a unit", noise(rng, max(2000, repeats)), "< 0.05")


def units(sizes: tuple[int, ...] = SIZES) -> tuple[np.ndarray, np.ndarray]:
    """A unit with parts of these sizes: the tree, and where each person stands."""
    return tree(len(sizes) + 1, len(sizes)), np.repeat(np.arange(1, len(sizes) + 1), sizes)


# --- growth -----------------------------------------------------------------------------------------------------------


def coverage_of_growth(rng: np.random.Generator, repeats: int, turnover: float) -> Hits:
    """Two campaigns; a share of the people is new in the second. By size of the unit."""
    hits = Hits()
    parent, unit = units()
    size = np.array([0, *SIZES])
    for _ in range(repeats):
        growth = 0.2 + 0.15 * rng.standard_normal((len(parent), FORCES)) @ MIX.T
        now, _ = two_campaigns(rng, organisation(rng, parent, unit, spread=0.2), growth, turnover)
        t, chosen, place, force = _main(now)
        n = size[place]
        for name, what in (("growth", "growth"), ("stayed", "change of those who stayed")):
            inside = _inside(t[name], t[f"{name}_se"], t[f"{name}_dof"], chosen, growth[place, force])
            known = np.isfinite(t[name][chosen])
            for people in sorted(set(SIZES)):
                hits.add(f"{what}, units of {people}, turnover {turnover:.0%}", inside[known & (n == people)])
    return hits


def two_campaigns(
    rng: np.random.Generator,
    first: Organisation,
    growth: np.ndarray,
    turnover: float,
    only: Callable[[Rows], Rows] = lambda rows: rows,
) -> tuple[Published, Organisation]:
    """The same units later: some people new, the others each changed by his unit's growth and his own."""
    second = again(rng, first, growth, turnover)
    then, now = only(first.rows), only(second.rows)
    structure = first_structure(first.parent, then)
    before = publish(first.parent, then, scale(), structure)
    earlier = Before.of(then, structure, before.between)
    return publish(first.parent, now, scale(), first_structure(first.parent, now), earlier), second


def lean(rows: Rows) -> Rows:
    """The rows without facets and targets, which no comparison of units, groups or times needs."""
    nothing = Sites(np.zeros((len(rows), 0)), np.zeros((len(rows), 0)))
    return replace(rows, facets=nothing, target=np.full(rows.target.shape, np.nan))


def again(rng: np.random.Generator, first: Organisation, growth: np.ndarray, turnover: float) -> Organisation:
    unit, truth = first.rows.unit, first.truth + growth
    new = rng.random(len(unit)) < turnover
    own = first.theta - first.truth[unit]
    keep = KEPT * own + MOVED * rng.standard_normal(own.shape) @ MIX.T
    other = WITHIN * rng.standard_normal(own.shape) @ MIX.T
    theta = truth[unit] + np.where(new[:, None], other, keep)
    rows = rows_at(rng, theta, unit, np.where(new[:, None], posts(rng, len(unit)), first.rows.codes))
    person = np.where(new, len(unit) + np.arange(len(unit)), np.arange(len(unit)))
    order = np.argsort(person)
    object.__setattr__(rows, "person", person)
    return Organisation(first.parent, rows.only(order), truth, theta[order])


# --- units ------------------------------------------------------------------------------------------------------------


def coverage_of_units(rng: np.random.Generator, repeats: int, spread: float) -> Hits:
    """Means, gaps, differences from the rest, shares at target and of levels, for parts of one unit."""
    hits = Hits()
    parent, unit = units()
    for _ in range(repeats):
        made = organisation(rng, parent, unit, spread=spread)
        now = publish(parent, made.rows, scale(), first_structure(parent, made.rows))
        t, chosen, place, force = _main(now)
        wanted, tail = made.truth[place, force], f", SD {spread} between units"
        hits.add("means" + tail, _inside(t["mean"], t["se"], t["mean_dof"], chosen, wanted))
        hits.add(
            "means, small units" + tail, _inside(t["mean"], t["se"], t["mean_dof"], chosen, wanted)[t["n"][chosen] < 30]
        )
        hits.add("own means" + tail, _inside(t["own"], t["own_se"], t["dof"], chosen, wanted))
        hits.add("gaps to the target" + tail, _inside(t["gap"], t["gap_se"], t["gap_dof"], chosen, wanted - TARGET))
        hits.add(
            "shares at target" + tail,
            _wilson(t["at_target"][chosen], t["gap_n"][chosen], ndtr((wanted - TARGET) / WITHIN)),
        )
        hits.add("shares of levels" + tail, _levels(t, chosen, wanted, force))
        hits.add("differences from the rest" + tail, _differences(now, made))
    return hits


def _main(now: Published) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray, np.ndarray]:
    """The table, its lines of parts and forces (the whole has no truth of its own), their units and forces."""
    t = now.table
    chosen = (t["dimension"] == "") & (t["unit"] > 0) & np.isin(t["measure"], scale().forces)
    force = np.array([scale().forces.index(m) for m in t["measure"][chosen]], int)
    return t, chosen, t["unit"][chosen].astype(int), force


def _inside(value: np.ndarray, se: np.ndarray, dof: np.ndarray, chosen: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    return np.abs(value[chosen] - wanted) <= stdtrit(dof[chosen], 0.975) * se[chosen]


def _wilson(p: np.ndarray, n: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    z = 1.959963984540054
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    return np.abs(middle - wanted) <= z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)


def _levels(t: dict[str, np.ndarray], chosen: np.ndarray, wanted: np.ndarray, force: np.ndarray) -> np.ndarray:
    above = np.column_stack(
        [np.ones(len(wanted)), ndtr((wanted[:, None] - scale().cuts[force]) / WITHIN), np.zeros(len(wanted))]
    )
    shares = above[:, :-1] - above[:, 1:]
    return np.concatenate([_wilson(t[f"level{i + 1}"][chosen], t["n"][chosen], shares[:, i]) for i in range(5)])


def _differences(now: Published, made: Organisation) -> np.ndarray:
    """Each part against all other people of the unit."""
    n = np.bincount(made.rows.unit, minlength=len(made.truth)).astype(float)[:, None]
    rest = ((n * made.truth).sum(axis=0) - n * made.truth) / (n.sum() - n)
    inside = [
        f.difference.low
        <= 100.0 * (made.truth - rest)[int(f.path), scale().forces.index(f.measure)]
        <= f.difference.high
        for f in found_in(now)
        if f.kind == "unit" and f.measure != OVERALL
    ]
    return np.array(inside)


# --- facets and groups ------------------------------------------------------------------------------------------------


def coverage_of_facets(rng: np.random.Generator, repeats: int) -> Hits:
    """Facets of units from four or five real answers a person, chosen to fit him; units differ in single facets, too."""
    hits = Hits()
    parent, unit = units()
    size = np.array([0, *SIZES])
    for _ in range(repeats):
        made = organisation(rng, parent, unit, spread=0.2)
        own = made.truth[:, FORCE_OF] + 0.1 * rng.standard_normal((len(parent), FACETS))
        rows = with_facet_items(rng, made, own)
        t = publish(parent, rows, scale(), first_structure(parent, rows)).table
        chosen = (t["dimension"] == "") & (t["unit"] > 0) & np.isin(t["measure"], scale().facets)
        place = t["unit"][chosen].astype(int)
        facet = np.array([scale().facets.index(m) for m in t["measure"][chosen]], int)
        inside = _inside(t["mean"], t["se"], t["mean_dof"], chosen, own[place, facet])
        for people in sorted(set(SIZES)):
            hits.add(f"facets, units of {people}", inside[size[place] == people])
    return hits


def coverage_of_groups(rng: np.random.Generator, repeats: int) -> Hits:
    """One unit of 200 whose rank layers, job categories and ages differ: each group against all others."""
    hits = Hits()
    parent, unit = np.array([-1]), np.zeros(200, np.int64)
    for _ in range(repeats):
        codes = posts(rng, len(unit))
        effect = [0.2 * rng.standard_normal((6, FORCES)) for _ in range(3)]
        shift = sum(e[codes[:, d]] for d, e in enumerate(effect))
        made = organisation(rng, parent, unit, spread=0.2, codes=codes, shift_of=shift)
        now = publish(parent, made.rows, scale(), first_structure(parent, made.rows))
        hits.add("differences between groups of a unit of 200", _groups(now, codes, shift))
    return hits


def _groups(now: Published, codes: np.ndarray, shift: np.ndarray) -> np.ndarray:
    from shuyang.feedback.publishing.rows import DIMENSIONS, GROUPS

    inside = []
    for f in found_in(now):
        if f.kind == "group" and f.measure != OVERALL:
            d = DIMENSIONS.index(f.dimension)
            own = np.isin(codes[:, d], [GROUPS[d].index(g) for g in f.groups])
            truth = 100.0 * (shift[own].mean(axis=0) - shift[~own].mean(axis=0))
            inside.append(f.difference.low <= truth[scale().forces.index(f.measure)] <= f.difference.high)
    return np.array(inside)


# --- findings ---------------------------------------------------------------------------------------------------------


def noise(rng: np.random.Generator, repeats: int) -> list[float]:
    """No unit, no group and no time differs: in how many organisations is anything called a finding?"""
    parent, unit = units((5, 6, 8, 10, 15, 20, 30, 60, 60, 120))
    wrong = []
    for _ in range(repeats):
        first = organisation(rng, parent, unit, spread=0.0)
        now, _ = two_campaigns(rng, first, np.zeros((len(parent), FORCES)), 0.3, only=lean)
        wrong.append(float(any(f.found for f in found_in(now))))
    return wrong


def planted(rng: np.random.Generator, repeats: int) -> tuple[str, str, str, str]:
    """One unit of sixty among ten lies 0.3 SD lower in all forces: found as often as stated?"""
    parent, unit = tree(11, 10), np.repeat(np.arange(1, 11), 60)
    shift = np.zeros((11, FORCES))
    shift[1] = -0.3 * WITHIN
    found, stated = [], []
    for _ in range(repeats):
        made = organisation(rng, parent, unit, spread=0.0, shift=shift)
        told = found_in(publish(parent, made.rows, scale(), first_structure(parent, made.rows)))
        weak = [f for f in told if f.path == "1" and f.kind == "unit"]
        found.append(float(any(f.found for f in weak)))
        stated.append(next(f.power for f in weak if f.measure == OVERALL))
    return line("0.3 SD in a unit of 60 found, among ten units and all groups", found, f"stated {np.mean(stated):.3f}")


def found_in(made: Published) -> tuple[Finding, ...]:
    """All comparisons of the uppermost unit but that with the targets, decided as the product decides them."""
    lines: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    names = list(made.table)
    for values in zip(*(made.table[n] for n in names), strict=True):
        one = dict(zip(names, values, strict=True)) | {"gap": np.nan}
        lines.setdefault((str(int(one["unit"])), one["dimension"], one["groups"]), []).append(one)
    found = {path: {"name": path} for path, _dimension, _groups in lines}
    parts = [path for path in found if path != "0"]
    book: Any = SimpleNamespace(
        place=SimpleNamespace(path="0"), lines=lines, units=found, parts=parts, forces=scale().forces
    )
    return decided(comparisons(book), (*scale().forces, OVERALL), np.sqrt(made.between), 100.0)
