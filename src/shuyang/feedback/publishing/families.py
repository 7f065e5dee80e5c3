"""Published cells of one kind with the people in them, so that sums over all of them cost one pass over the people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shuyang.feedback.disclosure import Cells, up_the_tree
from shuyang.feedback.publishing.rows import BoolArray, FloatArray, IntArray
from shuyang.measurement.group_means import GroupSums, summands
from shuyang.measurement.group_sites import Sites


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Cells of one dimension: C cells, each a unit and a group (−1: the whole).

    `place` [N]: the lowest cell of each person, −1 for nobody's; sums flow up along `above` [C] (−1: no cell above).
    `sisters` [C]: cells with the same number are seen together.
    """

    unit: IntArray
    group: IntArray
    above: IntArray
    place: IntArray
    sisters: IntArray

    def __len__(self) -> int:
        return len(self.unit)

    def total(self, columns: Sequence[FloatArray]) -> FloatArray:
        """Sums [C, M] over the people of each cell of M columns [N]."""
        inside = self.place >= 0
        where = self.place[inside]
        own = [np.bincount(where, weights=c[inside], minlength=len(self)) for c in columns]
        return up_the_tree(self.above, np.stack(own, axis=1)) if len(self) else np.zeros((0, len(columns)))

    def sums(self, sites: Sites, between: FloatArray) -> GroupSums:
        """The sums that means are made of, over the people of each cell."""
        measures = sites.value.shape[1]
        by_measure = [self.total(summands(sites, between, k)) for k in range(measures)]  # [K][C, 6]
        return GroupSums.of(np.array(by_measure).reshape(measures, len(self), 6).transpose(2, 1, 0))


def family_of(
    parent: IntArray, unit: IntArray, codes: IntArray, merged: Sequence[Sequence[object]], d: int, found: Cells
) -> Family:
    """The cells of dimension `d`, or (−1) of units as wholes; people with unit or group −1 are in none."""
    if d < 0:
        return unit_family(parent, unit, found.shown)
    return group_family(parent, unit, codes[:, d], len(merged[d]), found.broken[:, d])


def nearest(parent: IntArray, chosen: BoolArray) -> IntArray:
    """For each unit the nearest chosen one at or above it, −1 where there is none."""
    found = np.where(chosen, np.arange(len(parent)), -1)
    for unit in range(1, len(parent)):
        if found[unit] < 0 and parent[unit] >= 0:
            found[unit] = found[parent[unit]]
    return found


def unit_family(parent: IntArray, unit: IntArray, shown: BoolArray) -> Family:
    """Units as wholes; sisters have the same unit above."""
    home, chosen = nearest(parent, shown), np.flatnonzero(shown)
    rank = np.full(len(parent) + 1, -1, np.int64)
    rank[chosen] = np.arange(len(chosen))
    above = _cell_above(parent, home, chosen, rank)
    return Family(chosen, np.full(len(chosen), -1, np.int64), above, _of_people(rank, home, unit), _numbered(above))


def group_family(parent: IntArray, unit: IntArray, codes: IntArray, groups: int, broken: BoolArray) -> Family:
    """Units by the groups of one dimension; sisters are the groups of one unit. Empty cells are left out."""
    home, chosen = nearest(parent, broken), np.flatnonzero(broken)
    rank = np.full(len(parent) + 1, -1, np.int64)
    rank[chosen] = np.arange(len(chosen))
    above = _cell_above(parent, home, chosen, rank)
    at = np.where(codes >= 0, _of_people(rank, home, unit), -1)
    full = Family(
        np.repeat(chosen, groups),
        np.tile(np.arange(groups), len(chosen)),
        np.repeat(np.where(above >= 0, above * groups, -groups), groups) + np.tile(np.arange(groups), len(chosen)),
        np.where(at >= 0, at * groups + codes, -1),
        np.repeat(np.arange(len(chosen)), groups),
    )
    peopled = full.total([np.ones(len(unit))])[:, 0] > 0 if len(chosen) else np.zeros(0, bool)
    return _without_empty(full, peopled)


def _without_empty(full: Family, peopled: BoolArray) -> Family:
    new = np.full(len(full) + 1, -1, np.int64)
    new[np.flatnonzero(peopled)] = np.arange(int(peopled.sum()))
    above = np.where(full.above >= 0, full.above, -1)
    return Family(full.unit[peopled], full.group[peopled], new[above[peopled]], new[full.place], full.sisters[peopled])


def _of_people(rank: IntArray, home: IntArray, unit: IntArray) -> IntArray:
    """The cell of each person; people with unit −1 are in none."""
    return np.where(unit >= 0, rank[home[np.maximum(unit, 0)]], -1)


def _cell_above(parent: IntArray, home: IntArray, chosen: IntArray, rank: IntArray) -> IntArray:
    up = parent[chosen]
    return np.where(up >= 0, rank[home[np.maximum(up, 0)]], -1)


def _numbered(above: IntArray) -> IntArray:
    """Families from 0: the uppermost cell alone, then the cells below each cell."""
    return np.asarray(np.unique(above, return_inverse=True)[1], dtype=np.int64)
