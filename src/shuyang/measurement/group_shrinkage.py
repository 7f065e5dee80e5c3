"""Sister groups seen together: small ones are drawn towards the mean of their sisters, as far as the data ask for it.

The hierarchical normal model of sister groups (Rubin, 1981, J. Educational Statistics 6, 377-401): means of groups that belong
together scatter around a mean of their own with a common SD. How large it is, is not known: the result is averaged over what
the data leave possible (a flat prior on the SD), so that intervals contain that ignorance too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BLOCK = 500_000
"""Groups times SDs that are worked on at a time."""
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
    drawn, within, logs = (np.concatenate(part) for part in zip(*_blocks(mean, variance, family), strict=True))
    chance = _weights(logs)
    centre, second = chance @ drawn, chance @ (within + drawn**2)
    found = np.asarray(second - centre**2)
    kept = sum(p * variance * spread**2 / (variance + spread**2) for p, spread in zip(chance, SPREADS, strict=True))
    own = np.where(alone, 1.0, np.minimum(kept / found, 1.0))
    return Shrunk(np.where(alone, mean, centre), np.where(alone, variance, found), float(chance @ SPREADS), own)


def _weights(logs: FloatArray) -> FloatArray:
    """Posterior weights of the tried SDs: likelihood times the width that each point of the uneven grid stands for."""
    width = np.gradient(SPREADS)
    weight = np.exp(logs - logs.max()) * width
    return np.asarray(weight / weight.sum())


def _blocks(
    mean: FloatArray, variance: FloatArray, family: IntArray
) -> Iterator[tuple[FloatArray, FloatArray, FloatArray]]:
    """`_given` for all tried SDs, as many at a time as memory allows for so many groups."""
    order = np.argsort(family, kind="stable")
    starts = np.searchsorted(family[order], np.arange(int(family.max()) + 1))
    at_once = max(1, BLOCK // len(mean))
    for first in range(0, len(SPREADS), at_once):
        yield _given(mean, variance, family, order, starts, SPREADS[first : first + at_once])


def _given(
    mean: FloatArray, variance: FloatArray, family: IntArray, order: IntArray, starts: IntArray, spread: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean and variance [S, G] of each group were the SD between sisters `spread` [S], and the log-likelihood [S] of each SD."""
    total = variance + spread[:, None] ** 2
    precision = np.add.reduceat((1.0 / total)[:, order], starts, axis=1)
    centre = (np.add.reduceat((mean / total)[:, order], starts, axis=1) / precision)[:, family]
    off = mean - centre
    likelihood = -0.5 * (np.log(total) + off**2 / total).sum(axis=1) - 0.5 * np.log(precision).sum(axis=1)
    kept = spread[:, None] ** 2 / total
    return centre + kept * off, kept * variance + (1.0 - kept) ** 2 / precision[:, family], likelihood
