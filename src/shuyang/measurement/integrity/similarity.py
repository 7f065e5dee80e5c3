"""Do two people answer the items they share more alike than their abilities explain?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import BadShape

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Similarity:
    """`matches` of `shared` items answered in the same category; `expected` by chance; `p`: chance of as many or more."""

    shared: int
    matches: int
    expected: float
    p: float


def similarity(first: Sequence[Floats], second: Sequence[Floats], alike: Sequence[bool]) -> Similarity:
    """Generalised binomial test on the items two people share (van der Linden & Sotaridona 2006).

    first, second: for each shared item [K] category probabilities at each person's estimate; alike: whether the two
    gave the same category. Given the abilities, matches are independent; p is exact (Poisson binomial). In an adaptive
    test few items are shared and two right answers match by ability alone: that is why expectation comes from the
    model, and why the test has little power there. Raises BadShape.
    """
    if not len(first) == len(second) == len(alike) or not alike:
        raise BadShape("one curve of each person a shared item is needed", shared=len(alike))
    chances = [float(a @ b) for a, b in zip(first, second, strict=True)]
    matches = sum(alike)
    return Similarity(len(alike), matches, float(sum(chances)), poisson_binomial_tail(chances, matches))


def poisson_binomial_tail(chances: Sequence[float], at_least: int) -> float:
    """P(X >= at_least) for the sum of independent events with these chances, by convolution."""
    mass = np.ones(1)
    for chance in chances:
        mass = np.convolve(mass, [1 - chance, chance])
    return float(min(mass[max(at_least, 0) :].sum(), 1.0))
