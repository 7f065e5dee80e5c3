"""From the rows of a campaign to the table of its published cells. Pure: the same rows give the same table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuyang.feedback.disclosure import cells, merged_codes, with_some
from shuyang.feedback.disclosure_audit import isolated_units
from shuyang.feedback.publishing.columns import WHOLE, Work, allowed_gaps, facet_columns, main_columns, people_of
from shuyang.feedback.publishing.families import unit_family
from shuyang.feedback.publishing.figures import Beliefs, beliefs, estimated, with_overall
from shuyang.feedback.publishing.growth import Before, pairs_of
from shuyang.feedback.publishing.rows import (
    DIMENSIONS,
    GROUPS,
    BoolArray,
    FloatArray,
    IntArray,
    Rows,
    Scale,
    Structure,
    aimed,
    merged_groups,
    stayed,
)
from shuyang.feedback.publishing.table import CellTable, Table
from shuyang.measurement.group_means import between_variance
from shuyang.measurement.group_sites import Sites

USUAL = 0.8
"""A facet is shown when at least this share of the people met it; people who lack such a facet are in no facet's figures."""


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """The table of cells, the structure they have, and the between-person variances [F + 1] and [T]."""

    table: CellTable
    structure: Structure
    between: FloatArray
    between_facets: FloatArray


def first_structure(parent: IntArray, rows: Rows) -> Structure:
    """Which cells the first publication of a campaign shows; all later ones keep them."""
    merged, codes = [], rows.codes.copy()
    for d, groups in enumerate(GROUPS):
        codes[:, d], new = merged_codes(rows.codes[:, d], len(groups))
        merged.append(tuple(tuple(g) for g in new))
    return Structure(cells(people_of(parent, rows.unit, codes, merged)), tuple(merged))


def held_back(parent: IntArray, changed: Rows, structure: Structure, earlier: Before | None = None) -> BoolArray:
    """Whom of the changed or added people [N] to leave as they were until more have changed.

    What two publications of a campaign differ by are sums over those who changed. They must be as safe as the first
    publication was, beside sums over those of them who have a target, and who were in their unit in the campaign before: a unit
    whose changed people could be isolated waits.
    """
    codes = merged_groups(changed, structure)
    waiting = np.asarray((codes < 0).any(axis=1))
    some = [aimed(changed)] if earlier is None else [aimed(changed), stayed(changed, earlier.rows)]
    while not waiting.all():
        people = people_of(parent, changed.unit[~waiting], codes[~waiting], structure.merged)
        unsafe = isolated_units(*with_some(people, structure.cells, [s[~waiting] for s in some]))
        if not len(unsafe):
            break
        waiting = waiting | np.isin(changed.unit, unsafe)
    return waiting


def publish(
    parent: IntArray,
    rows: Rows,
    scale: Scale,
    structure: Structure,
    before: Before | None = None,
    fixed: tuple[FloatArray, FloatArray] | None = None,
) -> Published:
    """All figures of all cells. Every row has all forces measured and groups that the structure knows.

    `fixed` are the variances between persons of the campaign's first publication: later ones weigh people by the same.
    """
    codes = merged_groups(rows, structure)
    sites = with_overall(rows.forces)
    home = unit_family(parent, rows.unit, structure.cells.shown)
    between = between_variance(sites, home.place, len(home)) if fixed is None else fixed[0]
    whole = estimated(home, home.sums(sites, between))
    belief = _beliefs(rows, between, whole.mean[home.place, :-1], codes, structure)
    people = people_of(parent, rows.unit, codes, structure.merged)
    pairs = pairs_of(parent, rows, people, structure, sites, between, before) if before is not None else None
    work = Work(
        parent,
        rows,
        codes,
        sites,
        between,
        belief,
        scale,
        structure,
        before,
        pairs,
        allowed_gaps(people, rows, structure),
    )
    table = Table(scale, structure.merged)
    table.add(home, "", main_columns(work, WHOLE, home, whole))
    for d, name in enumerate(DIMENSIONS):
        family = work.family(d, structure.cells)
        if len(family):
            found = estimated(family, family.sums(sites, between))
            table.add(family, str(name), main_columns(work, d, family, found))
    between_facets = _add_facets(work, table, None if fixed is None else fixed[1])
    return Published(table.finished(), structure, between, between_facets)


def _beliefs(rows: Rows, between: FloatArray, home_mean: FloatArray, codes: IntArray, structure: Structure) -> Beliefs:
    known = [codes[:, d] for d in range(codes.shape[1]) if structure.cells.broken[0, d]]
    return beliefs(rows.forces, between[:-1], home_mean, known)


def _add_facets(work: Work, table: Table, fixed: FloatArray | None) -> FloatArray:
    """Facets of units as wholes, from those who met every usual facet; no breakdown: the numbers would not carry it."""
    usual = work.rows.facets.measured.mean(axis=0) >= USUAL
    complete = np.asarray(work.rows.facets.measured[:, usual].all(axis=1))
    facets = work.rows.facets.value.shape[1]
    if not usual.any() or not complete.any():
        return np.full(facets, np.nan)
    allowed = work.allowed(complete)
    family = unit_family(work.parent, np.where(complete, work.rows.unit, -1), allowed.shown)
    if not len(family):
        return np.full(facets, np.nan)
    sites = work.rows.facets
    if not usual.all():
        sites = Sites(sites.value, np.where(usual, sites.variance, np.float32(np.inf)))
    known = fixed is not None and bool(np.isfinite(fixed).all())
    between = fixed if known and fixed is not None else between_variance(sites, family.place, len(family))
    found = estimated(family, family.sums(sites, between))
    table.add(family, "", facet_columns(work, family, found, between), facets=True)
    return between
