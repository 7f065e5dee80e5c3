"""What a cut risks: accuracy, consistency, wrong passes and wrong failures, each with an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from shuyang.measurement.errors import BadShape
from shuyang.measurement.standards.agreement import Classification, Floats
from shuyang.measurement.standards.levels import checked_cuts, classify_scores


@dataclass(frozen=True, slots=True)
class Figure:
    """A share in [0, 1] with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CutRisk:
    """The decision at one cut. `false_positive`: placed above, truly below; `false_negative`: the other way."""

    cut: float
    accuracy: Figure
    consistency: Figure
    false_positive: Figure
    false_negative: Figure


NAMES = ("accuracy", "consistency", "false_positive", "false_negative")


def cut_risks(
    mean: ArrayLike, sd: ArrayLike, cuts: ArrayLike, *, cut_se: ArrayLike = 0.0, draws: int = 200, seed: int = 0
) -> tuple[CutRisk, ...]:
    """Misclassification at each cut (Rudner 2001, 2005), with what persons and cuts add in uncertainty.

    mean, sd: [N] ability estimates and their standard errors, N >= 2; cuts: increasing, with standard errors `cut_se`
    (scalar or one a cut). Intervals: percentiles of `draws` repetitions in which persons are drawn with replacement and
    each cut from a normal distribution about its value (sorted, so that cuts stay in order). Raises BadShape.
    """
    centre, spread, points = np.asarray(mean, float), np.asarray(sd, float), checked_cuts(cuts)
    if centre.ndim != 1 or len(centre) < 2 or draws < 2:
        raise BadShape("two persons and two draws or more are needed", persons=centre.shape, draws=draws)
    rng = np.random.default_rng(seed)
    error = np.broadcast_to(np.asarray(cut_se, float), points.shape)
    whole = _table(classify_scores(centre, spread, points))
    again = np.empty((draws, *whole.shape))
    for draw in range(draws):
        chosen = rng.integers(len(centre), size=len(centre))
        moved = np.sort(points + error * rng.standard_normal(len(points))) + 1e-9 * np.arange(len(points))
        again[draw] = _table(classify_scores(centre[chosen], spread[chosen], moved))
    low, high = np.percentile(again, [2.5, 97.5], axis=0)
    return tuple(
        CutRisk(
            float(cut), *(Figure(float(whole[k, f]), float(low[k, f]), float(high[k, f])) for f in range(len(NAMES)))
        )
        for k, cut in enumerate(points)
    )


def _table(found: Classification) -> Floats:
    """[cuts, 4] in the order of `NAMES`."""
    return np.array([[getattr(decision, name) for name in NAMES] for decision in found.decisions])
