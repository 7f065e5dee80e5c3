"""Random columns that depend on the seed and on their own name, and on nothing else.

Each column has a stream of its own (PCG64, keyed by a hash of seed and name), so that a new column never moves the others,
and only `Generator.random` is used: 53-bit uniforms whose stream numpy has kept since 1.17. Everything else is computed
from them here, so a city stays the same when numpy changes its other methods.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
# Resolution of the normal quantile table; its ends are the quantiles 1/2N and 1 − 1/2N (|z| ≤ 3.7).
STEPS = 4096


@cache
def _normal_quantiles() -> tuple[Floats, Floats]:
    at = (np.arange(STEPS) + 0.5) / STEPS
    normal = NormalDist()
    return at, np.array([normal.inv_cdf(float(p)) for p in at])


class Draws:
    """All randomness of one city. `name` is the name of a column; the same name gives the same numbers."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def uniform(self, name: str, n: int) -> Floats:
        """n numbers in [0, 1)."""
        key = hashlib.blake2b(f"{self.seed}/{name}".encode(), digest_size=16).digest()
        stream = np.random.Generator(np.random.PCG64(int.from_bytes(key, "big")))
        return stream.random(n)

    def below(self, name: str, n: int, limit: int | Ints) -> Ints:
        """n whole numbers in 0 … limit − 1; `limit` may differ by row and is at least 1."""
        return (self.uniform(name, n) * limit).astype(np.int64)

    def chance(self, name: str, n: int, share: float | Floats) -> Flags:
        """n flags, true with probability `share` (one for all, or one a row)."""
        return self.uniform(name, n) < share

    def choice(self, name: str, n: int, weights: Sequence[float] | Floats) -> Ints:
        """n indices, each drawn in proportion to its weight (weights need not sum to one)."""
        ends = np.cumsum(np.asarray(weights, dtype=np.float64))
        return np.minimum(np.searchsorted(ends / ends[-1], self.uniform(name, n), side="right"), len(ends) - 1)

    def normal(self, name: str, n: int) -> Floats:
        """n standard normal numbers by inversion, cut at about ±3.7."""
        at, quantiles = _normal_quantiles()
        return np.interp(self.uniform(name, n), at, quantiles)

    def lognormal(self, name: str, n: int, median: float | Floats, spread: float) -> Floats:
        """n positive numbers with this median; `spread` is the standard deviation of their logarithm."""
        return median * np.exp(spread * self.normal(name, n))

    def exponential(self, name: str, n: int, mean: float | Floats) -> Floats:
        """n waiting times with this mean."""
        return -mean * np.log1p(-self.uniform(name, n))

    def counts(self, name: str, n: int, mean: float | Floats, most: int) -> Ints:
        """n counts, Poisson with this mean, cut at `most`; by inversion of the distribution function."""
        u, mean = self.uniform(name, n), np.broadcast_to(np.asarray(mean, dtype=np.float64), n)
        term = np.exp(-mean)
        below, found = term.copy(), np.zeros(n, dtype=np.int64)
        for k in range(1, most + 1):
            found += u >= below
            term = term * mean / k
            below += term
        return found

    def order(self, name: str, n: int) -> Ints:
        """The numbers 0 … n − 1 in random order."""
        return np.argsort(self.uniform(name, n), kind="stable")

    def one(self, name: str, limit: int) -> int:
        """One whole number in 0 … limit − 1."""
        return int(self.below(name, 1, limit)[0])

    def pick(self, name: str, among: Sequence[int] | Ints) -> int:
        """One of the given numbers."""
        return int(among[self.one(name, len(among))])
