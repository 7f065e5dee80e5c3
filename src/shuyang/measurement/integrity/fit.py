"""Do the answers of one person hang together as the model lets expect?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import BadShape

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PersonFit:
    """`lz`: standardised log-likelihood at the estimate, low where answers contradict each other. `p`: posterior
    predictive probability of answers at least as odd, small where they are odd. `items`: how many answers."""

    lz: float
    p: float
    items: int


def person_fit(
    curves: Sequence[Floats], categories: Sequence[int], drawn: Sequence[Floats], *, seed: int = 0
) -> PersonFit:
    """lz for items of any number of categories (Drasgow, Levine & Williams 1985), with a posterior predictive p value.

    curves: for each answer [K] category probabilities at the ability estimate; categories: the answer given;
    drawn: for each answer [D, K] the probabilities at D draws from the posterior, the same draws for all answers. The
    estimate shrinks lz, so its normal table is not used: at each draw answers are simulated, and p is the share of
    draws in which they are at most as likely as the given ones (Meng 1994). Raises BadShape.
    """
    if not len(curves) == len(categories) == len(drawn) or not categories:
        raise BadShape("one curve and one set of draws an answer are needed", answers=len(categories))
    rng = np.random.default_rng(seed)
    given = expected = variance = 0.0
    observed, repeated = np.zeros(len(drawn[0])), np.zeros(len(drawn[0]))
    for probability, category, at in zip(curves, categories, drawn, strict=True):
        logs = np.log(np.clip(probability, 1e-12, 1.0))
        mean = float(probability @ logs)
        given, expected = given + float(logs[category]), expected + mean
        variance += float(probability @ logs**2) - mean**2
        table = np.log(np.clip(at, 1e-12, 1.0))
        again = (rng.random(len(at))[:, None] > np.cumsum(at, axis=1)[:, :-1]).sum(axis=1)
        observed += table[:, category]
        repeated += table[np.arange(len(at)), again]
    lz = (given - expected) / np.sqrt(variance) if variance > 0 else 0.0
    return PersonFit(float(lz), float(np.mean(repeated <= observed)), len(categories))
