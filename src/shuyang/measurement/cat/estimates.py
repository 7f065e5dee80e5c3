"""Point estimates during a one-dimensional adaptive test, on a bounded ability scale.

Unlike final scores they must exist after every answer, so maxima are sought in [−bound, bound] and all-right or
all-wrong patterns end at the bound. SEs come from the expected information, as is usual in adaptive testing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import curves

from .contracts import Answer, FloatArray
from .criteria import check_answers, eap
from .errors import BadAnswer, BadCriterion

METHODS = ("eap", "map", "ml", "wle")
GRID = 161


@dataclass(frozen=True, slots=True)
class AbilityEstimate:
    """An estimate in logits and its standard error; `at_bound` says that the maximum lies at the edge of the scale."""

    theta: float
    se: float
    at_bound: bool = False


def estimate_ability(
    items: ItemParameters,
    answers: Sequence[Answer],
    method: str = "eap",
    *,
    bound: float = 4.0,
    nodes: int = 81,
    mean: float = 0.0,
    sd: float = 1.0,
) -> AbilityEstimate:
    """Ability after `answers` (item, category).

    "eap" on `nodes` points and "map" under a normal prior N(mean, sd²); "ml"; "wle" by Warm's (1989) equation
    l'(θ) + J(θ) / 2I(θ) = 0 with J = Σ P'P''/P. Raises `BadCriterion` for another method or for several dimensions,
    `BadAnswer` for an impossible answer or, without a prior, for none at all.
    """
    if method not in METHODS or items.dimensions != 1:
        raise BadCriterion(f"no such estimate for one dimension: {method}", known=METHODS)
    if method == "eap":
        return AbilityEstimate(*eap(items, answers, nodes=nodes, bound=bound, mean=mean, sd=sd))
    check_answers(items, answers)
    if not answers and method != "map":
        raise BadAnswer("an estimate without a prior needs an answer")
    given, chosen = items.select([item for item, _ in answers]), np.array([k for _, k in answers], dtype=np.intp)
    weight = 1.0 / sd**2 if method == "map" else 0.0

    def slope(theta: FloatArray) -> FloatArray:
        score, info, third = _derivatives(given, chosen, theta)
        more = third / (2.0 * info) if method == "wle" else -weight * (theta - mean)
        return score + more

    theta, at_bound = _highest(slope, bound)
    info = float(_derivatives(given, chosen, np.array([theta]))[1][0])
    return AbilityEstimate(theta, float(1.0 / np.sqrt(info + weight)), at_bound)


def _derivatives(
    given: ItemParameters, chosen: np.ndarray, theta: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Score, expected information, and J = Σ_items Σ_k P'P''/P, each [Q]."""
    if not len(chosen):
        return np.zeros(len(theta)), np.zeros(len(theta)), np.zeros(len(theta))
    at = curves(given, theta)
    a = given.slopes[:, :1]
    rows = np.arange(len(chosen))
    safe = np.where(at.p > 0, at.p, 1.0)
    score = (a * at.first[rows, chosen] / at.p[rows, chosen]).sum(axis=0)
    info = (a**2 * (at.first**2 / safe).sum(axis=1)).sum(axis=0)
    third = (a**3 * (at.first * at.second / safe).sum(axis=1)).sum(axis=0)
    return np.asarray(score), np.asarray(info), np.asarray(third)


def _highest(slope: Callable[[FloatArray], FloatArray], bound: float) -> tuple[float, bool]:
    """Where the function with this slope is largest: best point of a grid (by summing the slope), then its root."""
    x = np.linspace(-bound, bound, GRID)
    y = slope(x)
    height = np.concatenate([[0.0], np.cumsum((y[1:] + y[:-1]) / 2.0 * np.diff(x))])
    best = int(np.argmax(height))
    low, high = max(best - 1, 0), min(best + 1, GRID - 1)
    if y[low] <= 0.0 or y[high] >= 0.0:
        return float(x[best]), True
    return float(brentq(lambda t: float(slope(np.array([t]))[0]), x[low], x[high], xtol=1e-12)), False
