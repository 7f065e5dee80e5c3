"""Which sums of people may be published, so that no sum of fewer than five people follows from them.

What is published of a campaign is one fixed family of cells: units as wholes, and units broken down by one dimension (rank
layer, job category, age band). Everything a reader can work out by adding and subtracting is a combination of these cells. The
family is chosen in three steps: units whose parts and remainders are large enough; breakdowns in which every group, and every
group of what is left over at each level, is empty or large enough; and an audit of all combinations across dimensions
(`disclosure_audit`), which takes back a breakdown wherever a combination would concern fewer than five people.
Explanation: docs/explanation/group-statistics.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shuyang.feedback.rules import SMALLEST_GROUP, shown_groups

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Where N people stand: `unit` [N] is an index into the tree, `codes` [N, D] their group in each dimension, from 0.

    `parent` [U] is the tree: the index of the unit above, −1 for the root; parents come before their children.
    `groups` [D] is the number of groups of each dimension.
    """

    parent: IntArray
    unit: IntArray
    codes: IntArray
    groups: tuple[int, ...]

    def only(self, chosen: BoolArray) -> People:
        """Some of them, in the same tree."""
        return People(self.parent, self.unit[chosen], self.codes[chosen], self.groups)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """What is published: `shown` [U]: the unit as a whole; `broken` [U, D]: the unit by the groups of a dimension."""

    shown: BoolArray
    broken: BoolArray


def children_of(parent: IntArray) -> list[list[int]]:
    """Children of each unit, in order."""
    found: list[list[int]] = [[] for _ in parent]
    for unit, above in enumerate(parent):
        if above >= 0:
            found[above].append(unit)
    return found


def up_the_tree(parent: IntArray, own: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Sums of units with all below them, from what is each one's own; `own` [U, …]."""
    total = own.copy()
    for unit in range(len(parent) - 1, 0, -1):
        if parent[unit] >= 0:
            total[parent[unit]] += total[unit]
    return total


def counts(people: People) -> tuple[IntArray, list[IntArray]]:
    """People of each unit with all below [U], and by group of each dimension [U, groups]."""
    units = len(people.parent)
    whole = up_the_tree(people.parent, np.bincount(people.unit, minlength=units).astype(float))
    by_group = []
    for d, size in enumerate(people.groups):
        own = np.bincount(people.unit * size + people.codes[:, d], minlength=units * size).astype(float)
        by_group.append(up_the_tree(people.parent, own.reshape(units, size)).astype(np.int64))
    return whole.astype(np.int64), by_group


def cells(people: People, *, minimum: int = SMALLEST_GROUP) -> Cells:
    """The family of cells that may be published of these people."""
    from shuyang.feedback.disclosure_audit import audited

    below = children_of(people.parent)
    whole, by_group = counts(people)
    shown = _shown_units(whole, below, minimum)
    broken = np.stack([_broken_units(c, below, shown, minimum) for c in by_group], axis=1)
    return audited(people, Cells(shown, broken), minimum=minimum)


def with_some(people: People, found: Cells, some: Sequence[BoolArray]) -> tuple[People, Cells]:
    """The people with one more dimension for each choice of some of them [N], and the cells with all shown units broken by it.

    Sums over some of a unit's people, beside those over all, tell of the others, too: that is a breakdown in two groups.
    """
    codes = np.hstack([people.codes, *(s.astype(np.int64)[:, None] for s in some)])
    broken = np.hstack([found.broken, *(found.shown[:, None] for _ in some)])
    return People(people.parent, people.unit, codes, (*people.groups, *(2 for _ in some))), Cells(found.shown, broken)


def cells_of_some(people: People, chosen: BoolArray, whole: Cells, *, minimum: int = SMALLEST_GROUP) -> Cells:
    """Cells in which the chosen people [N] alone may be shown, beside the cells of all.

    Units as wholes where neither they nor the others follow from any combination; units by groups only where the chosen are
    everyone, so that nothing new is told.
    """
    from shuyang.feedback.disclosure_audit import isolated_units

    wider, _ = with_some(people, whole, [chosen])
    _, by_group = counts(wider)
    others, own = by_group[-1].T
    everyone = whole.shown & (others == 0)
    shown = whole.shown & (own >= minimum) & ((others == 0) | (others >= minimum))
    telling = shown & (others > 0)
    while telling.any():
        unsafe = isolated_units(wider, Cells(whole.shown, np.column_stack([whole.broken, telling])), minimum=minimum)
        if not len(unsafe):
            break
        for unit in unsafe:
            _give_up(people.parent, telling, int(unit))
    return Cells(everyone | telling, whole.broken & everyone[:, None])


def _give_up(parent: IntArray, telling: BoolArray, unit: int) -> None:
    """The lowest unit above the isolated people that tells of some; all, where none lies above."""
    while unit >= 0 and not telling[unit]:
        unit = int(parent[unit])
    telling[unit if unit >= 0 else slice(None)] = False


def _shown_units(whole: IntArray, below: Sequence[Sequence[int]], minimum: int) -> BoolArray:
    """From the root down: parts that are large enough and leave a remainder that is nobody or large enough."""
    shown = np.zeros(len(whole), bool)
    shown[0] = whole[0] >= minimum
    for unit, parts in enumerate(below):
        if shown[unit] and parts:
            rest = int(whole[unit] - whole[parts].sum())
            shown[parts] = shown_groups([int(whole[p]) for p in parts], rest=rest, minimum=minimum)
    return shown


def _broken_units(by_group: IntArray, below: Sequence[Sequence[int]], shown: BoolArray, minimum: int) -> BoolArray:
    """Units that may be broken down by one dimension; `by_group` [U, groups] counts people.

    A unit qualifies when the one above it does and each of its groups is empty or large enough; the smallest are taken back
    until each group of what is left above is empty or large enough too. One group alone would only repeat the whole.
    """
    fits = shown & ((by_group == 0) | (by_group >= minimum)).all(axis=1)
    broken = np.zeros(len(shown), bool)
    broken[0] = fits[0]
    for unit, parts in enumerate(below):
        if broken[unit]:
            chosen = _leaving_enough(by_group, unit, [p for p in parts if fits[p]], minimum)
            broken[chosen] = True
    return broken


def _leaving_enough(by_group: IntArray, unit: int, parts: list[int], minimum: int) -> list[int]:
    chosen = sorted(parts, key=lambda p: int(by_group[p].sum()), reverse=True)
    left = by_group[unit] - by_group[chosen].sum(axis=0) if chosen else by_group[unit].copy()
    while True:
        thin = np.flatnonzero((left > 0) & (left < minimum))
        giving = [p for p in chosen if len(thin) and by_group[p, thin[0]] > 0]
        if not giving:
            return chosen if not len(thin) else []
        chosen.remove(giving[-1])
        left = left + by_group[giving[-1]]


def merged_codes(codes: IntArray, groups: int, *, minimum: int = SMALLEST_GROUP) -> tuple[IntArray, list[list[int]]]:
    """Groups with fewer than `minimum` people put together, with the next smallest where that is still too few.

    Returns the new codes [N] and, for each new group, the old ones in it.
    """
    sizes = np.bincount(codes, minlength=groups)
    order = [int(g) for g in np.argsort(sizes, kind="stable") if sizes[g] > 0]
    small = [g for g in order if sizes[g] < minimum]
    rest = [g for g in order if g not in small]
    while small and sizes[small].sum() < minimum and rest:
        small.append(rest.pop(0))
    new = [[g] for g in sorted(rest)] + ([sorted(small)] if small else [])
    where = np.zeros(groups, np.int64)
    for index, old in enumerate(new):
        where[old] = index
    return where[codes], new
