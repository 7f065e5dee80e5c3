"""Quasi-random standard normal points, symmetric and exactly standardised, the same on every machine."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from .contracts import FloatArray


@lru_cache(maxsize=16)
def normal_points(dims: int, count: int) -> FloatArray:
    """`count` (even) points in `dims` dimensions, [count, dims]: mean 0 and covariance I to rounding.

    Half of them come from the additive recurrence with the generalised golden ratio (Roberts 2018, the R_d
    sequence), the other half are their mirror images, so that every odd moment vanishes.
    """
    phi = _golden(dims)
    alpha = phi ** -np.arange(1.0, dims + 1.0)
    u = (0.5 + np.outer(np.arange(1.0, count // 2 + 1.0), alpha)) % 1.0
    half = np.asarray(ndtri(u))
    z = np.concatenate([half, -half])
    root = np.linalg.cholesky(z.T @ z / len(z))
    z = np.ascontiguousarray(np.linalg.solve(root, z.T).T)
    z.flags.writeable = False
    return z


def _golden(dims: int) -> float:
    """The positive root of x^(dims+1) = x + 1."""
    x = 1.5
    for _ in range(60):
        x = float((1.0 + x) ** (1.0 / (dims + 1.0)))
    return x
