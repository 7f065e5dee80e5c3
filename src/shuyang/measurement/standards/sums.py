"""Accuracy and consistency of cuts on the sum score (Lee 2010).

The distribution of the sum score given ability comes from the Lord-Wingersky recursion, for items of any number of
categories; the true level is the one of the expected (true) score at that ability.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from shuyang.measurement.errors import BadShape
from shuyang.measurement.standards.agreement import Classification, Floats, summarise
from shuyang.measurement.standards.levels import checked_cuts, normalised


def sum_score_distribution(probabilities: Sequence[ArrayLike]) -> Floats:
    """Probability of every sum score at every node, [Q, S + 1] (Lord & Wingersky 1984; Thissen et al. 1995).

    probabilities: one [Q, K_j] array an item, category k scored k.
    """
    curves = [np.asarray(p, float) for p in probabilities]
    if not curves or any(c.ndim != 2 or len(c) != len(curves[0]) for c in curves):
        raise BadShape("each item needs an array [nodes, categories] over the same nodes")
    total = np.ones((len(curves[0]), 1))
    for curve in curves:
        total = _add_item(total, curve)
    return total


def _add_item(total: Floats, curve: Floats) -> Floats:
    grown = np.zeros((len(total), total.shape[1] + curve.shape[1] - 1))
    for k in range(curve.shape[1]):
        grown[:, k : k + total.shape[1]] += total * curve[:, k, None]
    return grown


def classify_sums(
    probabilities: Sequence[ArrayLike], cuts: ArrayLike, *, weights: ArrayLike | None = None
) -> Classification:
    """Accuracy and consistency of sum-score cuts (Lee 2010).

    probabilities: one [Q, K_j] array an item; cuts: increasing sum scores, a score at the cut is in the upper level;
    weights: [Q]. Over quadrature nodes and weights this is Lee's D method, over the estimates of persons (equal
    weights) the P method. The cuts must lie above 0 and at or below the largest score.
    """
    points = checked_cuts(cuts)
    spread = sum_score_distribution(probabilities)
    top = spread.shape[1] - 1
    if points[0] <= 0 or points[-1] > top:
        raise BadShape("sum-score cuts must lie above 0 and at or below the largest score", largest=top)
    level = np.searchsorted(points, np.arange(top + 1), side="right")
    placed = np.column_stack([spread[:, level == k].sum(axis=1) for k in range(len(points) + 1)])
    # a hair of tolerance: a true score equal to the cut must not fall below it by rounding
    true_score = spread @ np.arange(top + 1.0) + 1e-9
    true = np.eye(len(points) + 1)[np.searchsorted(points, true_score, side="right")]
    return summarise("lee", points, true, placed, normalised(weights, len(spread)))
