"""The figures of all cells of a family: means, gaps, shares of levels, growth, self-rating. In logits; shares from 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from shuyang.feedback.publishing.families import Family
from shuyang.feedback.publishing.rows import BoolArray, FloatArray, Rows, Scale
from shuyang.measurement.group_means import GroupMeans, GroupSums, means, weights
from shuyang.measurement.group_shrinkage import shrink
from shuyang.measurement.group_sites import Sites

_MANY = 1e6
"""Degrees of freedom from which on Student's t is normal."""


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """Means of cells [C, K]: `own` from their people alone, `mean` with their sisters; `se` are standard errors.

    `dof`, `mean_dof`: degrees of freedom of either's variance.
    """

    n: FloatArray
    own: FloatArray
    own_se: FloatArray
    dof: FloatArray
    mean: FloatArray
    se: FloatArray
    mean_dof: FloatArray
    sums: GroupSums | None = None


def with_overall(sites: Sites) -> Sites:
    """The forces [N, F] and, last, their mean: `OVERALL`."""
    whole = sites.measured.all(axis=1, keepdims=True)
    count = sites.value.shape[1]
    mean = np.where(whole, sites.value.mean(axis=1, keepdims=True), 0.0)
    error = np.where(whole, np.where(whole, sites.variance, 0.0).sum(axis=1, keepdims=True) / count**2, np.inf)
    return Sites(np.hstack([sites.value, mean]), np.hstack([sites.variance, error]))


def estimated(family: Family, sums: GroupSums) -> Estimated:
    """Means of a family's cells, small ones drawn towards their sisters."""
    return seen_together(family, means(sums), sums)


def seen_together(family: Family, own: GroupMeans, sums: GroupSums | None = None) -> Estimated:
    mean, variance, dof = own.mean.copy(), own.variance.copy(), own.dof.copy()
    for k in range(mean.shape[1]):
        known = np.isfinite(mean[:, k]) & np.isfinite(variance[:, k])
        if known.any():
            sisters = np.unique(family.sisters[known], return_inverse=True)[1]
            drawn = shrink(mean[known, k], variance[known, k], sisters)
            mean[known, k], variance[known, k] = drawn.mean, drawn.variance
            # only the group's own part of the variance is an estimate from few people (Satterthwaite)
            dof[known, k] = np.minimum(own.dof[known, k] / np.maximum(drawn.own, 1e-3) ** 2, _MANY)
    return Estimated(own.n, own.mean, np.sqrt(own.variance), own.dof, mean, np.sqrt(variance), dof, sums)


@dataclass(frozen=True, slots=True, eq=False)
class Beliefs:
    """What is believed of each person in the light of his unit and groups: `mean`, `sd` [N, F]."""

    mean: FloatArray
    sd: FloatArray


def beliefs(sites: Sites, between: FloatArray, home_mean: FloatArray, groups: list[np.ndarray]) -> Beliefs:
    """Posteriors under a latent regression: the mean of the person's unit, and effects of his groups beside it.

    Without the groups in the regression, shares of a group would be drawn towards those of the others (Mislevy, 1991).
    """
    prior = home_mean + _group_effects(sites, between, home_mean, groups)
    error = np.where(sites.measured, sites.variance, 1e12)
    variance = 1.0 / (1.0 / between + 1.0 / error)
    return Beliefs(variance * (prior / between + sites.value / error), np.sqrt(variance))


def _group_effects(sites: Sites, between: FloatArray, home_mean: FloatArray, groups: list[np.ndarray]) -> FloatArray:
    """Additive effects [N, F] of the dimensions' groups, by weighted least squares on what the unit leaves."""
    if not groups:
        return np.zeros_like(home_mean)
    sizes = [int(g.max()) + 1 for g in groups]
    ends = np.cumsum([0, *sizes])
    effects = np.zeros_like(home_mean)
    for k in range(home_mean.shape[1]):
        w = weights(Sites(sites.value[:, [k]], sites.variance[:, [k]]), between[[k]])[:, 0]
        left = sites.value[:, k] - home_mean[:, k]
        gram, right = np.zeros((ends[-1], ends[-1])), np.zeros(ends[-1])
        for i, a in enumerate(groups):
            right[ends[i] : ends[i + 1]] = np.bincount(a, weights=w * left, minlength=sizes[i])
            for j, b in enumerate(groups):
                cross = np.bincount(a * sizes[j] + b, weights=w, minlength=sizes[i] * sizes[j])
                gram[ends[i] : ends[i + 1], ends[j] : ends[j + 1]] = cross.reshape(sizes[i], sizes[j])
        # one person's worth of "no effect" for each group: enough to settle what the sums leave open
        found = np.linalg.solve(gram + np.eye(len(gram)) / between[k], right)
        effects[:, k] = sum(found[ends[i] + a] for i, a in enumerate(groups))
    return effects


def level_columns(belief: Beliefs, scale: Scale, force: int) -> list[FloatArray]:
    """Probability [N] of each of the levels of a force; a cut's own error adds to the person's."""
    m, s = belief.mean[:, force], belief.sd[:, force]
    above = [
        ndtr((m - cut) / np.sqrt(s**2 + error**2))
        for cut, error in zip(scale.cuts[force], scale.cut_errors[force], strict=True)
    ]
    edges = [np.ones(len(m)), *above, np.zeros(len(m))]
    return [edges[i] - edges[i + 1] for i in range(len(edges) - 1)]


def target_column(belief: Beliefs, rows: Rows, force: int) -> FloatArray:
    """Probability [N] of reaching the own post's target; 0 where it asks nothing (those are not counted either)."""
    target = rows.target[:, force]
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(target), ndtr((belief.mean[:, force] - target) / belief.sd[:, force]), 0.0)


def gaps(rows: Rows, chosen: BoolArray) -> Sites:
    """Distance to the target of the own post, for the chosen people whose posts ask for something."""
    known = np.isfinite(rows.target) & chosen[:, None]
    value = np.where(known, rows.forces.value - np.where(known, rows.target, 0.0), 0.0)
    return Sites(value, np.where(known, rows.forces.variance, np.inf))
