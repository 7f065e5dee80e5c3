"""Which of many differences between groups are more than noise: p-values, their adjustment, and the power to find.

Groups come first, measures second: a group is found when its p-values together (Simes, 1986, Biometrika 73, 751-754) pass the
step-up rule of Benjamini & Hochberg (1995, JRSS B 57, 289-300) over all groups; inside a found group a measure is found when it
passes the same rule at a level reduced by the share of groups found (Benjamini & Bogomolov, 2014, JRSS B 76, 297-318). Where
there is no difference at all, the chance of a single finding is at most the level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import nctdtr, stdtr, stdtrit

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LEVEL = 0.035
"""The chance of any finding where there is none; well below 5 %, for the approximations in the p-values."""


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """`found` [G, K]; `adjusted` [G, K]: the least level at which each would be found."""

    found: BoolArray
    adjusted: FloatArray
    level: float


def difference_p(difference: FloatArray, variance: FloatArray, dof: FloatArray) -> FloatArray:
    """Two-sided p-values of differences that are normal with estimated variances."""
    return np.asarray(2.0 * stdtr(dof, -np.abs(difference) / np.sqrt(variance)))


def welch_dof(variance_a: FloatArray, dof_a: FloatArray, variance_b: FloatArray, dof_b: FloatArray) -> FloatArray:
    """Degrees of freedom of the sum of two estimated variances (Satterthwaite, 1946)."""
    return np.asarray((variance_a + variance_b) ** 2 / (variance_a**2 / dof_a + variance_b**2 / dof_b))


def decide(p: FloatArray, *, level: float = LEVEL) -> Decision:
    """Decide about G groups with K measures each; `p` [G, K], NaN where a measure can't be compared.

    A group's adjusted value is that of Benjamini and Hochberg; a measure's is the larger of its group's and its own.
    """
    if p.size == 0:
        return Decision(np.zeros(p.shape, bool), np.ones(p.shape), level)
    together = simes(p)
    group = step_up(together)
    share = max(float((group <= level).mean()), 1.0 / len(group))
    inside = np.array([step_up(row) for row in p])
    adjusted = np.fmax(group[:, None], inside / share)
    adjusted = np.where(np.isnan(p), 1.0, np.minimum(adjusted, 1.0))
    return Decision(adjusted <= level, adjusted, level)


def simes(p: FloatArray) -> FloatArray:
    """One p-value [G] for each row of `p` [G, K]: min over k of K p₍ₖ₎ / k. A row without any is 1."""
    ordered = np.sort(p, axis=1)
    count = np.isfinite(p).sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        scaled = ordered * count / np.arange(1, p.shape[1] + 1)
    return np.where(count[:, 0] > 0, np.fmin.reduce(np.where(np.isfinite(scaled), scaled, 1.0), axis=1), 1.0)


def step_up(p: FloatArray) -> FloatArray:
    """Adjusted p-values of Benjamini and Hochberg for [M] p-values; NaN stays NaN and does not count."""
    out, known = np.full(len(p), np.nan), np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    out[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return out


def power(effect: float, error: float, dof: float, *, level: float) -> float:
    """Chance that a two-sided test at `level` finds a true difference of `effect` measured with standard error `error`."""
    bar = -stdtrit(dof, level / 2)
    return float(1.0 - nctdtr(dof, effect / error, bar) + nctdtr(dof, effect / error, -bar))


def smallest_detectable(error: float, dof: float, *, level: float, chance: float = 0.8) -> float:
    """The true difference that a two-sided test at `level` finds with `chance`, in the units of `error`."""
    return float((stdtrit(dof, chance) - stdtrit(dof, level / 2)) * error)
