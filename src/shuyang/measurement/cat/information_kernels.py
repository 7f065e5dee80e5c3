"""Compiled posterior-averaged information: one pass over the bank's table, without copying it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled

Float = NDArray[np.float64]
Int = NDArray[np.int64]


@compiled(fastmath=True)
def average(info: Float, dim: Int, marginals: Float, out: Float) -> None:
    """out[j] = Σ_q info[j, q] · marginals[dim[j], q]."""
    for j in range(len(dim)):
        weights = marginals[dim[j]]
        total = 0.0
        for q in range(len(weights)):
            total += info[j, q] * weights[q]
        out[j] = total
