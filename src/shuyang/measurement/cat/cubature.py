"""Product Gauss–Hermite points for the standard normal in several dimensions."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .contracts import FloatArray

MOST_POINTS = 20_000
MOST_NODES = 41


@lru_cache(maxsize=16)
def normal_product(dims: int) -> tuple[FloatArray, FloatArray]:
    """Points [M, D] and weights [M] (summing to one), with as many nodes a dimension as M ≤ 20,000 allows.

    One dimension gets 41 nodes, five get 7; from ten dimensions on there are only 2, which reproduce mean and
    covariance of a normal but correct nothing.
    """
    nodes = min(MOST_NODES, max(2, int(MOST_POINTS ** (1.0 / dims) + 1e-9)))
    z, w = np.polynomial.hermite_e.hermegauss(nodes)
    points = np.stack(np.meshgrid(*[z] * dims, indexing="ij"), axis=-1).reshape(-1, dims)
    weights = np.stack(np.meshgrid(*[w / w.sum()] * dims, indexing="ij"), axis=-1).reshape(-1, dims).prod(axis=1)
    points.flags.writeable = weights.flags.writeable = False
    return points, weights
