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


def weights(sites: Sites, between: FloatArray) -> FloatArray:
    """Weight [N, K] of each person; 0 where nothing was measured. `between` [K] is the variance between persons."""
    known = np.where(sites.measured, sites.variance, 1.0)
    return np.asarray(np.where(sites.measured, 1.0 / (between + known), 0.0), dtype=np.float64)


def between_variance(sites: Sites, group: IntArray, groups: int) -> FloatArray:
    """Variance [K] between persons of the same group, errors of measurement taken out.

    Solves Σ w (y − mean of the group)² = N − G for the variance (Paule & Mandel, 1982, J. Res. NBS 87, 377-385), by
    bisection; `group` [N] are indices below `groups`.
    """
    low = np.full(sites.value.shape[1], _SMALLEST_VARIANCE)
    high = np.full(sites.value.shape[1], _LARGEST_VARIANCE)
    for _ in range(_STEPS):
        middle = np.sqrt(low * high)
        above = _misfit(sites, group, groups, middle) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray(np.sqrt(low * high))


def _misfit(sites: Sites, group: IntArray, groups: int, between: FloatArray) -> FloatArray:
    """Scatter in excess of what `between` explains, per measure."""
    w = weights(sites, between)
    total, first = _by_group(w, group, groups), _by_group(w * sites.value, group, groups)
    second = (w * sites.value**2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        explained = np.where(total > 0, first**2 / total, 0.0).sum(axis=0)
    free = (w > 0).sum(axis=0) - (total > 0).sum(axis=0)
    return np.asarray(second - explained - free)


def sums(sites: Sites, between: FloatArray, group: IntArray, groups: int) -> GroupSums:
    """Sums over the members of each group; `group` [N] are indices below `groups`, negative ones belong to none."""
    inside = group >= 0
    value, w, where = sites.value[inside], weights(sites, between)[inside], group[inside]
    parts = ((w > 0).astype(float), w, w * value, w**2, w**2 * value, (w * value) ** 2)
    return GroupSums(*(_by_group(p, where, groups) for p in parts))


def _by_group(values: FloatArray, group: IntArray, groups: int) -> FloatArray:
    columns = [np.bincount(group, weights=values[:, k], minlength=groups) for k in range(values.shape[1])]
    return np.stack(columns, axis=1) if columns else np.zeros((groups, 0))


def means(found: GroupSums) -> GroupMeans:
    """Weighted means with moderated variances; degrees of freedom n − 1 + `MODEL_DOF`."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = found.wy / found.w
        scatter = np.maximum(found.w2y2 - 2 * mean * found.w2y + mean**2 * found.w2, 0.0) / found.w**2
        free = np.maximum(found.n - 1, 0.0)
        sandwich = np.where(found.n > 1, scatter * found.n / np.maximum(free, 1.0), 0.0)
        variance = (free * sandwich + MODEL_DOF / found.w) / (free + MODEL_DOF)
    return GroupMeans(mean, variance, free + MODEL_DOF, found.n)
