"""Sister groups seen together: small ones are drawn towards the mean of their sisters, as far as the data ask for it.

The hierarchical normal model of sister groups (Rubin, 1981, J. Educational Statistics 6, 377-401): means of groups that belong
together scatter around a mean of their own with a common SD. How large it is, is not known: the result is averaged over what
the data leave possible (a flat prior on the SD), so that intervals contain that ignorance too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SPREADS = np.concatenate([np.linspace(0.0, 0.5, 26), np.linspace(0.55, 2.0, 30)])
"""SDs between sister groups that are tried, in logits."""


@dataclass(frozen=True, slots=True, eq=False)
class Shrunk:
    """Posterior mean and variance of each group [G]; `spread`: posterior mean of the SD between sister groups.

    `own` [G]: which share of the variance comes from the group's own (1: all of it), the rest from not knowing the sisters.
    """

    mean: FloatArray
    variance: FloatArray
    spread: float
    own: FloatArray


def shrink(mean: FloatArray, variance: FloatArray, family: IntArray) -> Shrunk:
    """Means of groups in the light of their sisters.

    `mean`, `variance` [G] with `family` [G]: index of the set of sisters, numbered from 0. A group without sisters stays as it
    is. The SD between sisters is taken to be the same in all families.
    """
    count = int(family.max()) + 1 if len(family) else 0
    alone = np.bincount(family, minlength=count)[family] < 2 if count else np.zeros(0, bool)
    if not len(mean) or alone.all():
        return Shrunk(mean.copy(), variance.copy(), 0.0, np.ones(len(mean)))
    moments = [_given(mean, variance, family, count, spread) for spread in SPREADS]
    chance = _weights(np.array([m[2] for m in moments]))
    centre = sum(p * m[0] for p, m in zip(chance, moments, strict=True))
    second = sum(p * (m[1] + m[0] ** 2) for p, m in zip(chance, moments, strict=True))
    found = np.asarray(second - centre**2)
    kept = sum(p * variance * spread**2 / (variance + spread**2) for p, spread in zip(chance, SPREADS, strict=True))
    own = np.where(alone, 1.0, np.minimum(kept / found, 1.0))
    return Shrunk(np.where(alone, mean, centre), np.where(alone, variance, found), float(chance @ SPREADS), own)


def _weights(logs: FloatArray) -> FloatArray:
    """Posterior weights of the tried SDs: likelihood times the width that each point of the uneven grid stands for."""
    width = np.gradient(SPREADS)
    weight = np.exp(logs - logs.max()) * width
    return np.asarray(weight / weight.sum())


def _given(
    mean: FloatArray, variance: FloatArray, family: IntArray, count: int, spread: float
) -> tuple[FloatArray, FloatArray, float]:
    """Mean and variance of each group were the SD between sisters `spread`, and the log-likelihood of that SD."""
    total = variance + spread**2
    precision = np.bincount(family, weights=1.0 / total, minlength=count)
    centre = np.bincount(family, weights=mean / total, minlength=count) / np.maximum(precision, 1e-300)
    off = mean - centre[family]
    likelihood = -0.5 * (np.log(total) + off**2 / total).sum() - 0.5 * np.log(precision[precision > 0]).sum()
    kept = spread**2 / total
    drawn = centre[family] + kept * off
    return drawn, kept * variance + (1.0 - kept) ** 2 / precision[family], float(likelihood)
