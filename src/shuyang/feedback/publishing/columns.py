"""Which figures stand in which column, and for whom: figures about some of the people only need cells of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shuyang.feedback.disclosure import Cells, People, cells
from shuyang.feedback.publishing.families import Family, group_family, unit_family
from shuyang.feedback.publishing.figures import (
    Beliefs,
    Estimated,
    gaps,
    growth,
    level_columns,
    overlap,
    seen_together,
    target_column,
    with_overall,
)
from shuyang.feedback.publishing.rows import BoolArray, FloatArray, IntArray, Rows, Scale, Structure
from shuyang.measurement.group_means import GroupSums, means, weights
from shuyang.measurement.group_sites import Sites

WHOLE = -1
"""In place of a dimension: units as wholes."""
Columns = dict[str, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """The campaign before: its published rows in the present tree, and what it found between persons [F + 1]."""

    rows: Rows
    structure: Structure
    between: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """Everything the columns are made from; `codes` are the groups as the structure has them, `sites` with `OVERALL`."""

    parent: IntArray
    rows: Rows
    codes: IntArray
    sites: Sites
    between: FloatArray
    belief: Beliefs
    scale: Scale
    structure: Structure
    before: Before | None

    def family(self, d: int, found: Cells, chosen: BoolArray | None = None) -> Family:
        """The cells of a dimension, or of units as wholes, with all people or the chosen ones in them."""
        unit = self.rows.unit if chosen is None else np.where(chosen, self.rows.unit, -1)
        return family_of(self.parent, unit, self.codes, self.structure, d, found)

    def allowed(self, chosen: BoolArray) -> Cells:
        """Cells in which figures of the chosen people alone may be shown too."""
        whole = self.structure.cells
        if chosen.all():
            return whole
        people = people_of(self.parent, self.rows.unit[chosen], self.codes[chosen], self.structure.merged)
        own = cells(people)
        return Cells(whole.shown & own.shown, whole.broken & own.broken)


def people_of(parent: IntArray, unit: IntArray, codes: IntArray, merged: Sequence[Sequence[object]]) -> People:
    """People as the rule of disclosure sees them."""
    return People(parent, unit, codes, tuple(max(1, len(groups)) for groups in merged))


def family_of(parent: IntArray, unit: IntArray, codes: IntArray, structure: Structure, d: int, found: Cells) -> Family:
    """The cells of dimension `d`, or of units as wholes; people with unit or group −1 are in none."""
    if d == WHOLE:
        return unit_family(parent, unit, found.shown)
    return group_family(parent, unit, codes[:, d], len(structure.merged[d]), found.broken[:, d])


def main_columns(work: Work, d: int, family: Family, found: Estimated) -> Columns:
    """Columns of the forces and the overall measure, each [C, F + 1]; NaN where a figure is not published."""
    return {
        **_estimates(found),
        "spread": np.broadcast_to(np.sqrt(work.between), found.mean.shape),
        **_levels(work, family, found),
        **_gap(work, d, family),
        **_growth(work, d, family, found),
        **_self_rating(work, d, family),
    }


def facet_columns(work: Work, family: Family, found: Estimated, between: FloatArray) -> Columns:
    """Columns of the facets, each [C, T]."""
    return {**_estimates(found), "spread": np.broadcast_to(np.sqrt(between), found.mean.shape)}


def _estimates(found: Estimated) -> Columns:
    columns = {"n": found.n, "own": found.own, "own_se": found.own_se, "dof": found.dof}
    columns |= {"mean": found.mean, "se": found.se}
    if found.sums is not None:
        sums = found.sums
        columns |= {"w": sums.w, "wy": sums.wy, "w2": sums.w2, "w2y": sums.w2y, "w2y2": sums.w2y2}
    return columns


def _levels(work: Work, family: Family, found: Estimated) -> Columns:
    """Shares of the levels of each force; the overall measure has none."""
    forces, count = len(work.scale.forces), found.n[:, :1]
    shares = [family.total(level_columns(work.belief, work.scale, k)) / count for k in range(forces)]
    stacked = np.stack(shares, axis=1)  # [C, F, levels]
    empty = np.full((len(family), 1), np.nan)
    return {f"level{i + 1}": np.hstack([stacked[:, :, i], empty]) for i in range(stacked.shape[2])}


def _gap(work: Work, d: int, family: Family) -> Columns:
    """Gap to the target and share at target, over those whose post asks for something in every force."""
    aimed = np.asarray(np.isfinite(work.rows.target).all(axis=1))
    out = {name: _nothing(work, family) for name in ("gap", "gap_se", "gap_n", "at_target")}
    if not aimed.any():
        return out
    part = work.family(d, work.allowed(aimed), aimed)
    found = seen_together(part, means(part.sums(with_overall(gaps(work.rows, aimed)), work.between)))
    reached = [target_column(work.belief, work.rows, k) for k in range(len(work.scale.forces))]
    share = part.total([*reached]) / np.maximum(found.n[:, :-1], 1)
    at_target = np.hstack([share, np.full((len(part), 1), np.nan)])
    for name, values in (("gap", found.mean), ("gap_se", found.se), ("gap_n", found.n), ("at_target", at_target)):
        out[name] = _placed(out[name], family, part, values)
    return out


def _self_rating(work: Work, d: int, family: Family) -> Columns:
    """By how many levels people place themselves above what was measured; over those who were asked."""
    asked = np.asarray(np.isfinite(work.rows.self_gap).all(axis=1))
    out = {name: _nothing(work, family) for name in ("self_gap", "self_se", "self_n")}
    if not asked.any():
        return out
    part = work.family(d, work.allowed(asked), asked)
    value = np.where(asked[:, None], work.rows.self_gap, 0.0)
    # a plain mean: every person counts alike, the scatter between persons is the error
    told = with_overall(Sites(value, np.where(asked[:, None], 1e-9, np.inf)))
    spread = np.maximum(np.nan_to_num(told.value[asked].var(axis=0)), 1e-4)
    found = means(part.sums(told, spread))
    named = (("self_gap", found.mean), ("self_se", np.sqrt(found.variance)), ("self_n", found.n))
    for name, values in named:
        out[name] = _placed(out[name], family, part, values)
    return out


def _growth(work: Work, d: int, family: Family, found: Estimated) -> Columns:
    """Change since the campaign before, in cells that were published there too."""
    out = {name: _nothing(work, family) for name in ("growth", "growth_se", "growth_dof", "growth_n")}
    earlier = work.before
    if earlier is None or (d != WHOLE and earlier.structure.merged[d] != work.structure.merged[d]):
        return out
    then = _then(work.parent, earlier, d)
    both, here, there = _common(family, then)
    if not len(both) or found.sums is None:
        return out
    sites, sums = with_overall(earlier.rows.forces), then.sums(with_overall(earlier.rows.forces), earlier.between)
    now, before = means(_picked(found.sums, here)), means(_picked(sums, there))
    pairs = _pairs(work, earlier, d, family, sites)[:, here]
    change = seen_together(both, growth(now, before, found.sums.w[here], sums.w[there], pairs))
    values = (("growth", change.mean), ("growth_se", change.se), ("growth_dof", change.dof), ("growth_n", change.n))
    for name, value in values:
        out[name][here] = value
    return out


def _then(parent: IntArray, earlier: Before, d: int) -> Family:
    from shuyang.feedback.publishing.compute import merged

    codes = merged(earlier.rows, earlier.structure)
    return family_of(parent, earlier.rows.unit, codes, earlier.structure, d, earlier.structure.cells)


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


def _pairs(work: Work, earlier: Before, d: int, family: Family, then: Sites) -> FloatArray:
    """Sums over people measured both times, in the cells that held them both times."""
    _, first, second = np.intersect1d(work.rows.person, earlier.rows.person, return_indices=True)
    shape = work.sites.value.shape
    value, variance = np.zeros(shape), np.full(shape, np.inf)
    value[first], variance[first] = then.value[second], then.variance[second]
    unit = np.full(len(work.rows), -1, np.int64)
    unit[first] = _lowest_common(work.parent, work.rows.unit[first], earlier.rows.unit[second])
    if d != WHOLE:
        stayed = work.rows.codes[first, d] == earlier.rows.codes[second, d]
        unit[first[~stayed]] = -1
    shared = family_of(work.parent, unit, work.codes, work.structure, d, work.structure.cells)
    before = Sites(value, variance)
    return _aligned(
        family,
        shared,
        overlap(shared, work.sites, before, weights(work.sites, work.between), weights(before, earlier.between)),
    )


def _aligned(family: Family, part: Family, values: FloatArray) -> FloatArray:
    """Values [.., C', K] of a family that may lack empty cells, in the order of the whole family."""
    where = {(int(u), int(g)): i for i, (u, g) in enumerate(zip(family.unit, family.group, strict=True))}
    out = np.zeros((values.shape[0], len(family), values.shape[2]))
    for i, key in enumerate(zip(part.unit, part.group, strict=True)):
        out[:, where[int(key[0]), int(key[1])]] = values[:, i]
    return out


def _lowest_common(parent: IntArray, first: IntArray, second: IntArray) -> IntArray:
    """The lowest unit above both; parents come before children, so the later of two different ones goes up."""
    a, b = first.copy(), second.copy()
    while (a != b).any():
        later = a > b
        a, b = np.where(later, parent[a], a), np.where((b > a) & ~later, parent[b], b)
    return a


def _nothing(work: Work, family: Family) -> FloatArray:
    return np.full((len(family), len(work.scale.forces) + 1), np.nan)


def _placed(out: FloatArray, family: Family, part: Family, values: FloatArray) -> FloatArray:
    """The values of a part of the cells, in the places they have among all."""
    where = {(int(u), int(g)): i for i, (u, g) in enumerate(zip(family.unit, family.group, strict=True))}
    for i, key in enumerate(zip(part.unit, part.group, strict=True)):
        out[where[int(key[0]), int(key[1])]] = values[i]
    return out
