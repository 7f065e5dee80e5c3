"""Drawing the truth: item parameters from their distributions, abilities from the prior, answers from the model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shuyang.measurement.cat.contracts import CatItem, FloatArray, Prior
from shuyang.measurement.cat.curves import category_curves


def draw_item(item: CatItem, rng: np.random.Generator) -> CatItem:
    """One possible truth of the item: all uncertainty resolved."""
    shift = item.threshold_sd * rng.standard_normal()
    return replace(
        item,
        slope=float(item.slope * np.exp(item.slope_log_sd * rng.standard_normal())),
        thresholds=tuple(float(b + shift) for b in item.thresholds),
        guessing=_draw_guessing(item, rng),
        slope_log_sd=0.0,
        threshold_sd=0.0,
        guessing_sd=0.0,
    )


def draw_abilities(prior: Prior, n: int, rng: np.random.Generator) -> FloatArray:
    """`n` persons from the prior [n, D]."""
    return np.asarray(rng.multivariate_normal(np.asarray(prior.mean), np.asarray(prior.cov), size=n, method="cholesky"))


def draw_answer(item: CatItem, theta: float, rng: np.random.Generator) -> int:
    """A category for a person of ability `theta`; the item's parameters are taken as true."""
    prob, _ = category_curves(item, np.array([theta]), np.array([item.slope]), np.zeros(1))
    return int((rng.random() >= np.cumsum(prob[:-1, 0])).sum())


def _draw_guessing(item: CatItem, rng: np.random.Generator) -> float:
    """Beta distribution with the item's mean and standard deviation (which is cut where a Beta can't be wider)."""
    g = item.guessing
    if g <= 0.0 or item.guessing_sd <= 0.0:
        return g
    size = max(g * (1.0 - g) / item.guessing_sd**2 - 1.0, 0.1)
    return float(rng.beta(g * size, (1.0 - g) * size))
