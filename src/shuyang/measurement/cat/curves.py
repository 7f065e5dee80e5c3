"""Category curves of one item at given parameters, and their derivatives by ability."""

from __future__ import annotations

import numpy as np

from .contracts import CatItem, FloatArray


def _logistic(x: FloatArray) -> FloatArray:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)))


def dichotomous(item: CatItem, slope: FloatArray, distance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """3PL: see `category_curves`."""
    p = _logistic(slope * distance[0])
    right = item.guessing + (1.0 - item.guessing) * p
    d = (1.0 - item.guessing) * slope * p * (1.0 - p)
    return np.stack([1.0 - right, right]), np.stack([-d, d])


def graded(slope: FloatArray, distance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Graded response model (Samejima 1969): differences of neighbouring cumulative curves."""
    p = _logistic(slope * distance)
    d = slope * p * (1.0 - p)
    edge = np.zeros_like(p[:1])
    cumulative = np.concatenate([edge + 1.0, p, edge])
    slopes = np.concatenate([edge, d, edge])
    return cumulative[:-1] - cumulative[1:], slopes[:-1] - slopes[1:]


def partial_credit(slope: FloatArray, distance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Generalised partial credit model (Muraki 1992)."""
    steps = slope * distance
    z = np.cumsum(np.concatenate([np.zeros_like(steps[:1]), steps]), axis=0)
    p = np.exp(z - z.max(axis=0))
    p /= p.sum(axis=0)
    k = np.arange(len(p), dtype=float).reshape(-1, *([1] * (p.ndim - 1)))
    expected = (k * p).sum(axis=0)
    return p, slope * p * (k - expected)


def category_curves(
    item: CatItem, theta: FloatArray, slope: FloatArray, shift: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Probabilities and derivatives, both [K, ...], where theta, slope and shift broadcast to [...].

    `slope` and `shift` replace the item's own slope and are added to its thresholds.
    """
    thresholds = np.reshape(item.thresholds, (-1, *([1] * np.broadcast(theta, slope, shift).ndim)))
    distance = theta - shift - thresholds
    if item.model == "3pl":
        return dichotomous(item, slope, distance)
    return graded(slope, distance) if item.model == "grm" else partial_credit(slope, distance)
