"""Growth since the campaign before: of the units as they were and are, and of the people who stayed in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.feedback.disclosure import Cells, People, cells_of_some
from shuyang.feedback.publishing.families import Family, family_of, unit_family
from shuyang.feedback.publishing.figures import Estimated, seen_together, with_overall
from shuyang.feedback.publishing.rows import BoolArray, FloatArray, IntArray, Rows, Structure, merged_groups
from shuyang.measurement.group_change import PairSums, change_of_means, pair_covariance, pair_summands
from shuyang.measurement.group_means import GroupSums, means, weights
from shuyang.measurement.group_sites import Sites

_LEAST_BETWEEN = 0.01
"""Variance between persons of their changes, in logits², at the least."""


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """The campaign before: its published rows in the present tree by person, their groups as its structure has them [N, 3], and
    what it found between persons [F + 1].
    """

    rows: Rows
    codes: IntArray
    structure: Structure
    between: FloatArray

    @classmethod
    def of(cls, rows: Rows, structure: Structure, between: FloatArray) -> Before:
        """From all rows of a publication; those of groups that its structure does not know are left out."""
        codes = merged_groups(rows, structure)
        known = np.asarray((codes >= 0).all(axis=1))
        return cls(rows.only(known), codes[known], structure, between)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Who was measured both times. P pairs: rows `now` and `before` [P], the lowest unit that held them both times [P].

    `stayed` [P]: in the same unit. `allowed`: units in which figures of those who stayed may be shown. `earlier`: sites of the
    campaign before, with `OVERALL`; `covariance` [F + 1] of two measurements of one person around his unit's means.
    """

    now: IntArray
    before: IntArray
    unit: IntArray
    stayed: BoolArray
    allowed: Cells
    earlier: Sites
    covariance: FloatArray


def pairs_of(
    parent: IntArray,
    rows: Rows,
    people: People,
    structure: Structure,
    sites: Sites,
    between: FloatArray,
    earlier: Before,
) -> Pairs:
    """Find the pairs, what two measurements have in common, and where those who stayed may be shown.

    A sum over those who stayed, beside that over all, tells of those who came, and beside the earlier one of those who went:
    both must be as safe as everything else that is published (`cells_of_some`).
    """
    _, now, before = np.intersect1d(rows.person, earlier.rows.person, return_indices=True)
    here, there = rows.unit[now], earlier.rows.unit[before]
    stayed = here == there
    late, early = np.zeros(len(rows), bool), np.zeros(len(earlier.rows), bool)
    late[now[stayed]], early[before[stayed]] = True, True
    groups = tuple(max(1, len(g)) for g in earlier.structure.merged)
    then = People(parent, earlier.rows.unit, earlier.codes, groups)
    first, second = cells_of_some(people, late, structure.cells), cells_of_some(then, early, earlier.structure.cells)
    found = Pairs(
        now, before, _lowest_common(parent, here, there), stayed,
        Cells(first.shown & second.shown, first.broken & second.broken), with_overall(earlier.rows.forces), np.zeros(0),
    )  # fmt: skip
    return _with_covariance(found, parent, rows, structure, sites, between, earlier)


def _with_covariance(
    found: Pairs, parent: IntArray, rows: Rows, structure: Structure, sites: Sites, between: FloatArray, earlier: Before
) -> Pairs:
    """From the people who stayed, around the means of the lowest units that are shown both times."""
    shown = structure.cells.shown & earlier.structure.cells.shown
    late, early = unit_family(parent, rows.unit, shown), unit_family(parent, earlier.rows.unit, shown)
    unit = np.full(len(rows), -1, np.int64)
    unit[found.now[found.stayed]] = rows.unit[found.now[found.stayed]]
    both = unit_family(parent, unit, shown)
    own = [_alone(f) for f in (late, early, both)]
    covariance = pair_covariance(
        own[0].sums(sites, between), own[1].sums(found.earlier, earlier.between),
        _sums(own[2], found, sites, between, earlier.between),
    )  # fmt: skip
    return Pairs(found.now, found.before, found.unit, found.stayed, found.allowed, found.earlier, covariance)


def _alone(family: Family) -> Family:
    """The same cells without what flows up from below: each person in his lowest cell only."""
    return Family(family.unit, family.group, np.full(len(family), -1, np.int64), family.place, family.sisters)


def _sums(family: Family, pairs: Pairs, sites: Sites, between: FloatArray, earlier: FloatArray) -> PairSums:
    """Sums over pairs by cell; whom the family places nowhere does not count."""
    columns = []
    for k in range(sites.value.shape[1]):
        w_now = weights(Sites(sites.value[:, k], sites.variance[:, k]), between[k])
        then = Sites(pairs.earlier.value[pairs.before, k], pairs.earlier.variance[pairs.before, k])
        value, w_then = np.zeros(len(w_now)), np.zeros(len(w_now))
        value[pairs.now], w_then[pairs.now] = then.value, weights(then, earlier[k])
        columns.append(family.total(pair_summands(sites.value[:, k], value, w_now, w_then)))
    stacked = np.array(columns).reshape(sites.value.shape[1], len(family), 5).transpose(2, 1, 0)
    return PairSums(*stacked)


# --- of units ---------------------------------------------------------------------------------------------------------


def growth_columns(
    parent: IntArray, rows: Rows, codes: IntArray, structure: Structure, between: FloatArray, sites: Sites, d: int,
    family: Family, found: Estimated, earlier: Before, pairs: Pairs,
) -> dict[str, FloatArray]:  # fmt: skip
    """Change of the means in cells that were published in the campaign before, too."""
    whole = d < 0
    if not whole and earlier.structure.merged[d] != structure.merged[d]:
        return {}
    then = family_of(parent, earlier.rows.unit, earlier.codes, earlier.structure.merged, d, earlier.structure.cells)
    both, here, there = _common(family, then)
    if not len(both) or found.sums is None:
        return {}
    unit = np.full(len(rows), -1, np.int64)
    unit[pairs.now] = pairs.unit
    if not whole:
        unit[pairs.now[rows.codes[pairs.now, d] != earlier.rows.codes[pairs.before, d]]] = -1
    shared = family_of(parent, unit, codes, structure.merged, d, structure.cells)
    sums = _aligned(family, shared, _sums(shared, pairs, sites, between, earlier.between))
    change = change_of_means(
        _picked(found.sums, here), _picked(then.sums(pairs.earlier, earlier.between), there),
        PairSums(*(getattr(sums, name)[here] for name in PairSums.__slots__)), pairs.covariance,
    )  # fmt: skip
    return _placed("growth", family, here, seen_together(both, change))


def stayed_columns(
    parent: IntArray, rows: Rows, sites: Sites, between: FloatArray, family: Family, earlier: Before, pairs: Pairs
) -> dict[str, FloatArray]:
    """Mean change of the people who stayed in their unit, in units as wholes."""
    now, before = pairs.now[pairs.stayed], pairs.before[pairs.stayed]
    if not len(now) or not pairs.allowed.shown.any():
        return {}
    value = sites.value[now] - pairs.earlier.value[before]
    own = Sites(value, sites.variance[now] + pairs.earlier.variance[before])
    spread = np.maximum(between + earlier.between - 2.0 * pairs.covariance, _LEAST_BETWEEN)
    part = unit_family(parent, rows.unit[now], pairs.allowed.shown)
    told = seen_together(part, means(part.sums(own, spread)))
    place = {int(u): i for i, u in enumerate(family.unit)}
    return _placed("stayed", family, np.array([place[int(u)] for u in part.unit], np.int64), told)


def _placed(name: str, family: Family, here: IntArray, told: Estimated) -> dict[str, FloatArray]:
    """Four columns with the values of some cells in the places they have among all; NaN elsewhere."""
    values = {name: told.mean, f"{name}_se": told.se, f"{name}_dof": told.mean_dof, f"{name}_n": told.n}
    out = {key: np.full((len(family), told.mean.shape[1]), np.nan) for key in values}
    for key, found in values.items():
        out[key][here] = found
    return out


def _common(now: Family, then: Family) -> tuple[Family, IntArray, IntArray]:
    """Cells in both families (as a family with sisters), and their places in each."""
    there = {(int(u), int(g)): i for i, (u, g) in enumerate(zip(then.unit, then.group, strict=True))}
    keys = [(int(u), int(g)) for u, g in zip(now.unit, now.group, strict=True)]
    here = np.array([i for i, key in enumerate(keys) if key in there], np.int64)
    matched = np.array([there[keys[i]] for i in here], np.int64)
    none = np.full(len(here), -1, np.int64)
    return Family(now.unit[here], now.group[here], none, none, now.sisters[here]), here, matched


def _picked(sums: GroupSums, cells_: IntArray) -> GroupSums:
    return GroupSums.of(sums.stacked()[:, cells_])


def _aligned(family: Family, part: Family, sums: PairSums) -> PairSums:
    """Sums of a family that may lack empty cells, in the order of the whole family."""
    where = {(int(u), int(g)): i for i, (u, g) in enumerate(zip(family.unit, family.group, strict=True))}
    place = np.array([where[int(u), int(g)] for u, g in zip(part.unit, part.group, strict=True)], np.int64)
    out = []
    for name in PairSums.__slots__:
        values = getattr(sums, name)
        whole = np.zeros((len(family), values.shape[1]))
        whole[place] = values
        out.append(whole)
    return PairSums(*out)


def _lowest_common(parent: IntArray, first: IntArray, second: IntArray) -> IntArray:
    """The lowest unit above both; parents come before children, so the later of two different ones goes up."""
    a, b = first.copy(), second.copy()
    while (a != b).any():
        later = a > b
        a, b = np.where(later, parent[a], a), np.where((b > a) & ~later, parent[b], b)
    return a
