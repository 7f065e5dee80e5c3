"""Which figures stand in which column, and for whom: figures about some of the people only need cells of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shuyang.feedback.disclosure import Cells, People, cells, cells_of_some
from shuyang.feedback.publishing.families import Family, family_of
from shuyang.feedback.publishing.figures import (
    Beliefs,
    Estimated,
    gaps,
    level_columns,
    seen_together,
    target_column,
    with_overall,
)
from shuyang.feedback.publishing.growth import Before, Pairs, growth_columns, stayed_columns
from shuyang.feedback.publishing.rows import BoolArray, FloatArray, IntArray, Rows, Scale, Structure, aimed
from shuyang.measurement.group_means import means
from shuyang.measurement.group_sites import Sites

WHOLE = -1
"""In place of a dimension: units as wholes."""
Columns = dict[str, FloatArray]


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
    pairs: Pairs | None
    gaps: Cells

    def family(self, d: int, found: Cells, chosen: BoolArray | None = None) -> Family:
        """The cells of a dimension, or of units as wholes, with all people or the chosen ones in them."""
        unit = self.rows.unit if chosen is None else np.where(chosen, self.rows.unit, -1)
        return family_of(self.parent, unit, self.codes, self.structure.merged, d, found)

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


def allowed_gaps(people: People, rows: Rows, structure: Structure) -> Cells:
    """Cells in which the gap to the target may be shown: it tells of those who have a target, beside the mean of all."""
    return cells_of_some(people, aimed(rows), structure.cells)


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
    columns |= {"mean": found.mean, "se": found.se, "mean_dof": found.mean_dof}
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
    chosen = aimed(work.rows)
    out = {name: _nothing(work, family) for name in ("gap", "gap_se", "gap_dof", "gap_n", "at_target")}
    if not chosen.any():
        return out
    part = work.family(d, work.gaps, chosen)
    found = seen_together(part, means(part.sums(with_overall(gaps(work.rows, chosen)), work.between)))
    reached = [target_column(work.belief, work.rows, k) for k in range(len(work.scale.forces))]
    share = part.total([*reached]) / np.maximum(found.n[:, :-1], 1)
    at_target = np.hstack([share, np.full((len(part), 1), np.nan)])
    named = (("gap", found.mean), ("gap_se", found.se), ("gap_dof", found.mean_dof), ("gap_n", found.n))
    for name, values in (*named, ("at_target", at_target)):
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
    """Change since the campaign before: of the units, and of those who stayed in them."""
    if work.before is None or work.pairs is None:
        return {}
    changed = growth_columns(
        work.parent, work.rows, work.codes, work.structure, work.between, work.sites, d, family, found, work.before,
        work.pairs,
    )  # fmt: skip
    if d != WHOLE:
        return changed
    return changed | stayed_columns(work.parent, work.rows, work.sites, work.between, family, work.before, work.pairs)


def _nothing(work: Work, family: Family) -> FloatArray:
    return np.full((len(family), len(work.scale.forces) + 1), np.nan)


def _placed(out: FloatArray, family: Family, part: Family, values: FloatArray) -> FloatArray:
    """The values of a part of the cells, in the places they have among all."""
    where = {(int(u), int(g)): i for i, (u, g) in enumerate(zip(family.unit, family.group, strict=True))}
    for i, key in enumerate(zip(part.unit, part.group, strict=True)):
        out[where[int(key[0]), int(key[1])]] = values[i]
    return out
