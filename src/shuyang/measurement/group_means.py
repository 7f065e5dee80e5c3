"""Means of many groups from their members' sites: sums that can be added up along a tree, then means with their errors.

A member tells of the mean of his group with weight 1 / (between-person variance + his own error variance). The variance of the
mean is taken from the members' scatter (a sandwich), drawn a little towards the one the model expects, because in a group of
five the scatter alone is a poor witness (Smyth, 2004, Statistical Applications in Genetics and Molecular Biology 3, 3, does
the like with variances of genes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shuyang.measurement.group_sites import Sites

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MODEL_DOF = 6.0
"""The model's variance counts as much as this many degrees of freedom of scatter."""
_SMALLEST_VARIANCE, _LARGEST_VARIANCE = 1e-4, 25.0
_STEPS = 40


@dataclass(frozen=True, slots=True, eq=False)
class GroupSums:
    """Sums over the members of G groups for K measures, each [G, K]: they add up when groups are joined.

    `n` counts members with a value; `w`, `wy`, `w2`, `w2y`, `w2y2` sum powers of weight and value.
    """

    n: FloatArray
    w: FloatArray
    wy: FloatArray
    w2: FloatArray
    w2y: FloatArray
    w2y2: FloatArray

    def stacked(self) -> FloatArray:
        """All sums as one array [6, G, K]."""
        return np.stack([self.n, self.w, self.wy, self.w2, self.w2y, self.w2y2])

    @classmethod
    def of(cls, stacked: FloatArray) -> GroupSums:
        """Inverse of `stacked`."""
        return cls(*stacked)

    def less(self, other: GroupSums) -> GroupSums:
        """The members of these groups who are not in `other`, groups that lie within these."""
        return GroupSums.of(self.stacked() - other.stacked())


@dataclass(frozen=True, slots=True, eq=False)
class GroupMeans:
    """Means [G, K] in logits with their variance and degrees of freedom; NaN where a group has no member."""

    mean: FloatArray
    variance: FloatArray
    dof: FloatArray
    n: FloatArray


def weights(sites: Sites, between: FloatArray | float) -> FloatArray:
    """Weight [N, K] of each person; 0 where nothing was measured. `between` [K] is the variance between persons."""
    known = np.where(sites.measured, sites.variance, 1.0)
    return np.asarray(np.where(sites.measured, 1.0 / (between + known), 0.0), dtype=np.float64)


def between_variance(sites: Sites, group: IntArray, groups: int) -> FloatArray:
    """Variance [K] between persons of the same group, errors of measurement taken out.

    Solves Σ w (y − mean of the group)² = N − G for the variance (Paule & Mandel, 1982, J. Res. NBS 87, 377-385), by
    bisection; `group` [N] are indices below `groups`. Measure by measure: a million people are then a few columns in memory.
    """
    found = [_between_one(sites.value[:, k], sites.variance[:, k], group, groups) for k in range(sites.value.shape[1])]
    return np.array(found, dtype=np.float64)


def _between_one(value: FloatArray, variance: FloatArray, group: IntArray, groups: int) -> float:
    known = np.isfinite(variance) & (group >= 0)
    y, v, where = value[known], variance[known], group[known]
    low, high = _SMALLEST_VARIANCE, _LARGEST_VARIANCE
    for _ in range(_STEPS):
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if _misfit(y, v, where, groups, middle) > 0 else (low, middle)
    return float(np.sqrt(low * high))


def _misfit(y: FloatArray, v: FloatArray, group: IntArray, groups: int, between: float) -> float:
    """Scatter in excess of what `between` explains."""
    w = 1.0 / (between + v)
    wy = w * y
    total, first = np.bincount(group, w, groups), np.bincount(group, wy, groups)
    peopled = total > 0
    explained = (first[peopled] ** 2 / total[peopled]).sum()
    return float(wy @ y - explained - (len(y) - peopled.sum()))


def sums(sites: Sites, between: FloatArray, group: IntArray, groups: int) -> GroupSums:
    """Sums over the members of each group; `group` [N] are indices below `groups`, negative ones belong to none."""
    inside = group >= 0
    where = group[inside]
    measures = sites.value.shape[1]
    columns = [[np.bincount(where, p[inside], groups) for p in summands(sites, between, k)] for k in range(measures)]
    return GroupSums.of(np.moveaxis(np.array(columns).reshape(measures, 6, groups), 0, 2))


def summands(sites: Sites, between: FloatArray, measure: int) -> tuple[FloatArray, ...]:
    """What the six sums of `GroupSums` add up, for one measure: [N] each."""
    value, variance = np.asarray(sites.value[:, measure], float), np.asarray(sites.variance[:, measure], float)
    w = weights(Sites(value, variance), between[measure])
    wy = w * value
    return (w > 0).astype(float), w, wy, w * w, w * wy, wy * wy


def means(found: GroupSums) -> GroupMeans:
    """Weighted means with moderated variances; degrees of freedom n − 1 + `MODEL_DOF`."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = found.wy / found.w
        scatter = np.maximum(found.w2y2 - 2 * mean * found.w2y + mean**2 * found.w2, 0.0) / found.w**2
        free = np.maximum(found.n - 1, 0.0)
        sandwich = np.where(found.n > 1, scatter * found.n / np.maximum(free, 1.0), 0.0)
        variance = (free * sandwich + MODEL_DOF / found.w) / (free + MODEL_DOF)
    return GroupMeans(mean, variance, free + MODEL_DOF, found.n)
