"""What a publication is computed from: one row per person, as arrays, and the tree of units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from shuyang.feedback.disclosure import Cells
from shuyang.feedback.unit_contracts import AgeBand, Breakdown
from shuyang.measurement.group_sites import Sites
from shuyang.people.api import JobCategory, RankLayer

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

DIMENSIONS = (Breakdown.RANK_LAYER, Breakdown.JOB_CATEGORY, Breakdown.AGE_BAND)
"""Dimensions in which people differ; regions follow from the tree."""
GROUPS: tuple[tuple[str, ...], ...] = (
    (*(str(r) for r in RankLayer), ""),
    (*(str(j) for j in JobCategory), ""),
    tuple(str(a) for a in AgeBand),
)
"""The groups of each dimension; "" is: not recorded."""


@dataclass(frozen=True, slots=True, eq=False)
class UnitTree:
    """The units of a campaign, parents before children: `paths`, `parent` [U] (−1: the uppermost), what they are called."""

    paths: tuple[str, ...]
    parent: IntArray
    ids: tuple[str, ...]
    names: tuple[str, ...]
    region: BoolArray
    merged_into: tuple[str, ...]
    in_post: IntArray
    index: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def build(cls, units: Sequence[Mapping[str, Any]]) -> UnitTree:
        """From rows with path, id, name, region, merged_into, in_post; the uppermost first, others anywhere after it."""
        rows = sorted(units, key=lambda u: (str(u["path"]).count("/"), str(u["path"])))
        index = {str(u["path"]): i for i, u in enumerate(rows)}
        return cls(
            paths=tuple(index),
            parent=np.array([_above(str(u["path"]), index) for u in rows], np.int64),
            ids=tuple(str(u["id"]) for u in rows),
            names=tuple(str(u["name"]) for u in rows),
            region=np.array([bool(u["region"]) for u in rows], bool),
            merged_into=tuple(str(u["merged_into"]) for u in rows),
            in_post=np.array([int(u["in_post"]) for u in rows], np.int64),
            index=index,
        )

    def place(self, path: str) -> int:
        """The unit of a path, or the nearest above it; the uppermost for a path from elsewhere."""
        return self.index[path] if path in self.index else max(_above(path, self.index), 0)


def _above(path: str, index: Mapping[str, int]) -> int:
    parts = path.rstrip("/").split("/")
    for end in range(len(parts) - 1, 0, -1):
        above = "/".join(parts[:end]) + "/"
        if above in index:
            return index[above]
    return -1


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """N results of N people, who and which result as numbers (`person`, `estimate` [N]).

    `unit` [N] is the place in the tree, `codes` [N, 3] are indices into `GROUPS`; `target` [N, F] in logits is NaN where the
    post asks nothing; `self_gap` [N, F] is by how many levels a person places himself above what was measured, NaN where he
    was not asked.
    """

    estimate: IntArray
    person: IntArray
    unit: IntArray
    codes: IntArray
    forces: Sites
    facets: Sites
    target: FloatArray
    self_gap: FloatArray

    def __len__(self) -> int:
        return len(self.person)

    def only(self, chosen: BoolArray | IntArray) -> Rows:
        """Some of the rows, in the order given; the same rows where all are chosen."""
        if chosen.dtype == bool and chosen.all():
            return self
        return Rows(
            self.estimate[chosen],
            self.person[chosen],
            self.unit[chosen],
            self.codes[chosen],
            Sites(self.forces.value[chosen], self.forces.variance[chosen]),
            Sites(self.facets.value[chosen], self.facets.variance[chosen]),
            self.target[chosen],
            self.self_gap[chosen],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """The release's scale: names of `forces` and `facets`, level `cuts` [F, 4] with their errors, `bank_error` [F + 1 + T].

    `bank_error`: standard errors in logits that the items' own uncertainty leaves in every mean of the release.
    """

    forces: tuple[str, ...]
    facets: tuple[str, ...]
    cuts: FloatArray
    cut_errors: FloatArray
    bank_error: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """The fixed form of a campaign's publications: cells by the units of a tree, and which groups were put together."""

    cells: Cells
    merged: tuple[tuple[tuple[int, ...], ...], ...]


def merged_groups(rows: Rows, structure: Structure) -> IntArray:
    """The people's groups [N, 3] as the structure puts them together; −1 for a group it does not know."""
    codes = np.full(rows.codes.shape, -1, np.int64)
    for d, groups in enumerate(structure.merged):
        for index, old in enumerate(groups):
            codes[np.isin(rows.codes[:, d], old), d] = index
    return codes


def aimed(rows: Rows) -> BoolArray:
    """Whose posts ask for something in every force [N]."""
    return np.asarray(np.isfinite(rows.target).all(axis=1))


def stayed(rows: Rows, earlier: Rows) -> BoolArray:
    """Who is in the earlier rows, too, and in the same unit [N]."""
    place = np.minimum(np.searchsorted(earlier.person, rows.person), len(earlier) - 1)
    return np.asarray((earlier.person[place] == rows.person) & (earlier.unit[place] == rows.unit))
