"""How much the means of groups changed between two occasions, when some people were measured both times and others came or went.

The change is the difference of the two means. Each person adds to its error by what he tells on either occasion: whoever was
there twice with both, which partly cancel, because people who stand high once mostly stand high again. As with means
(`group_means`) the scatter of these contributions is drawn a little towards the variance that the model expects; its degrees of
freedom follow Satterthwaite (1946, Biometrics Bulletin 2, 110-114) over those who stayed, came and went.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shuyang.measurement.group_means import MODEL_DOF, GroupMeans, GroupSums, means

FloatArray = npt.NDArray[np.float64]

_LEAST = 0.02
"""A variance is never taken to be less than this share of what it would be without a pair."""


@dataclass(frozen=True, slots=True, eq=False)
class PairSums:
    """Sums over the people of G groups measured both times, each [G, K]: how many, Σ ab, Σ ab·y, Σ ab·x, Σ ab·xy.

    a, b are the weights and y, x the values now and before.
    """

    n: FloatArray
    w: FloatArray
    wy: FloatArray
    wx: FloatArray
    wxy: FloatArray

    def products(self, now: FloatArray, before: FloatArray) -> FloatArray:
        """Σ ab (y − now)(x − before), for means `now`, `before` [G, K]."""
        return self.wxy - before * self.wy - now * self.wx + now * before * self.w


def pair_summands(
    now: FloatArray, before: FloatArray, w_now: FloatArray, w_before: FloatArray
) -> tuple[FloatArray, ...]:
    """What the sums of `PairSums` add up, for one measure: [N] each; weights are 0 for people without a pair."""
    w = w_now * w_before
    return (w > 0).astype(float), w, w * now, w * before, w * now * before


def pair_covariance(now: GroupSums, before: GroupSums, pairs: PairSums) -> FloatArray:
    """Covariance [K] of two measurements of one person around the means of his group, over all groups; not below 0."""
    loss = _kept(now.n, before.n, pairs.n)
    with np.errstate(invalid="ignore", divide="ignore"):
        products = pairs.products(now.wy / now.w, before.wy / before.w)
    known = (pairs.n > 0) & np.isfinite(products) & (loss > 0)
    total = np.where(known, products, 0.0).sum(axis=0)
    weight = np.where(known, loss * pairs.w, 0.0).sum(axis=0)
    return np.asarray(np.maximum(np.divide(total, weight, out=np.zeros_like(total), where=weight > 0), 0.0))


def change_of_means(now: GroupSums, before: GroupSums, pairs: PairSums, covariance: FloatArray) -> GroupMeans:
    """Change [G, K] with its variance and degrees of freedom; `covariance` [K] as `pair_covariance` finds it."""
    late, early = means(now), means(before)
    with np.errstate(invalid="ignore", divide="ignore"):
        scatter = _scatter(now, late.mean) + _scatter(before, early.mean)
        joint = pairs.products(late.mean, early.mean) / _kept(now.n, before.n, pairs.n)
        scatter -= np.where(pairs.n > 0, 2.0 * np.nan_to_num(joint), 0.0) / (now.w * before.w)
        expected, free = _expected(now, before, pairs, covariance)
        apart = 1.0 / now.w + 1.0 / before.w
        variance = (free * np.maximum(scatter, 0.0) + MODEL_DOF * expected) / (free + MODEL_DOF)
        variance = np.maximum(variance, _LEAST * apart)
    return GroupMeans(late.mean - early.mean, variance, free + MODEL_DOF, np.minimum(now.n, before.n))


def _kept(now: FloatArray, before: FloatArray, pairs: FloatArray) -> FloatArray:
    """What share of a product of two deviations is left when both are taken from estimated means."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1.0 - 1.0 / now - 1.0 / before + pairs / (now * before))


def _scatter(found: GroupSums, mean: FloatArray) -> FloatArray:
    scatter = np.maximum(found.w2y2 - 2 * mean * found.w2y + mean**2 * found.w2, 0.0) / found.w**2
    return np.asarray(scatter * found.n / np.maximum(found.n - 1.0, 1.0))


def _expected(
    now: GroupSums, before: GroupSums, pairs: PairSums, covariance: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Variance [G, K] that the model expects, and the degrees of freedom of the scatter."""
    late, early = pairs.n / now.n, pairs.n / before.n  # which share of either occasion's people stayed
    stayed = late / now.w + early / before.w - 2.0 * covariance * pairs.w / (now.w * before.w)
    stayed = np.maximum(stayed, _LEAST * (late / now.w + early / before.w))
    came, went = (1.0 - late) / now.w, (1.0 - early) / before.w
    total = stayed + came + went
    spent = (
        _per_dof(stayed, pairs.n - 0.5 * (late + early))
        + _per_dof(came, now.n - pairs.n - (1.0 - late))
        + _per_dof(went, before.n - pairs.n - (1.0 - early))
    )
    return total, np.where(spent > 0, total**2 / np.where(spent > 0, spent, 1.0), 0.0)


def _per_dof(part: FloatArray, free: FloatArray) -> FloatArray:
    return np.asarray(np.where(part > 0, part**2 / np.maximum(free, 0.5), 0.0))
