"""From ability to level: the probability of each level given the posterior and the cut scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr

from .contracts import LevelCuts, LevelProbabilities, Posterior
from .errors import BadBlueprint


def levels(posterior: Posterior, cuts: Sequence[LevelCuts]) -> LevelProbabilities:
    """For each dimension the probabilities of the levels below, between and above its cuts (they sum to one).

    The posterior of each dimension is taken as normal; a cut's own standard error adds to its variance, so an
    uncertain cut gives less certain levels. Raises `BadBlueprint` when cuts don't ascend or don't fit.
    """
    if len(cuts) != len(posterior.mean):
        raise BadBlueprint("cuts need one entry per dimension", expected=len(posterior.mean))
    return tuple(_one(float(m), float(s), c) for m, s, c in zip(posterior.mean, posterior.sd, cuts, strict=True))


def most_likely_level(probabilities: Sequence[float]) -> int:
    """Index of the most probable level; the lower one on a tie."""
    return int(np.argmax(probabilities))


def _one(mean: float, sd: float, cuts: LevelCuts) -> tuple[float, ...]:
    points = np.asarray(cuts.cuts, dtype=np.float64)
    se = np.asarray(cuts.se or (0.0,) * len(points), dtype=np.float64)
    if len(se) != len(points) or np.any(np.diff(points) <= 0):
        raise BadBlueprint("cuts must ascend and have one standard error each", cuts=cuts.cuts)
    below = np.maximum.accumulate(ndtr((points - mean) / np.sqrt(sd * sd + se * se)))
    return tuple(np.diff(np.concatenate([[0.0], below, [1.0]])).tolist())
