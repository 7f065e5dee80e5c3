"""Is a person better and faster on items that are known to have leaked than on the others?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr

from shuyang.measurement.errors import BadShape

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Preknowledge:
    """`gain`: credit on leaked items beyond expectation, as shares of the highest; `ratio`: time on leaked items over
    that on others, each relative to its typical time. `p_score`, `p_time`: one-sided chances."""

    leaked: int
    gain: float
    ratio: float
    p_score: float
    p_time: float


def preknowledge(
    drawn: Sequence[Floats], categories: Sequence[int], seconds: Sequence[float], others: Sequence[float]
) -> Preknowledge:
    """Score and time on leaked items against what the other items let expect.

    drawn: for each leaked item [D, K] category probabilities at D draws from the posterior *given the other items*,
    the same draws for all; categories: what was reached; seconds: time on each leaked item over its typical time;
    others: the same ratios on the other items. The variance of the sum over draws adds the uncertainty of the ability
    to that of the answers. Times are compared on the log scale with unequal variances (Welch 1947), one-sided.
    At least three leaked and three other items, else BadShape.
    """
    if not len(drawn) == len(categories) == len(seconds) or len(categories) < 3 or len(others) < 3:
        raise BadShape("three leaked and three other items or more are needed", leaked=len(categories))
    total = np.zeros(len(drawn[0]))
    within, given, top = 0.0, 0, 0
    for at, category in zip(drawn, categories, strict=True):
        points = np.arange(at.shape[1])
        mean = at @ points
        total += mean
        within += float(np.mean(at @ points**2 - mean**2))
        given, top = given + category, top + at.shape[1] - 1
    spread = np.sqrt(within + float(total.var()))
    gain = given - float(total.mean())
    logs, rest = np.log(np.maximum(seconds, 1e-3)), np.log(np.maximum(others, 1e-3))
    return Preknowledge(
        leaked=len(categories),
        gain=gain / top,
        ratio=float(np.exp(logs.mean() - rest.mean())),
        p_score=float(ndtr(-(gain - 0.5) / spread)) if spread > 0 else 1.0,
        p_time=_faster(logs, rest),
    )


def _faster(times: Floats, others: Floats) -> float:
    """One-sided p-value of the mean of `times` being below that of `others`, variances unequal (Welch 1947).
    Without any spread it is 0 or 1."""
    a, b = (float(x.var(ddof=1)) / len(x) for x in (times, others))
    if not a + b > 0.0:
        return float(times.mean() >= others.mean())
    dof = (a + b) ** 2 / (a**2 / (len(times) - 1) + b**2 / (len(others) - 1))
    return float(stdtr(dof, float(times.mean() - others.mean()) / np.sqrt(a + b)))
