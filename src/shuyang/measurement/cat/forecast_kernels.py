"""Compiled greedy forecast: how many items the covariance still needs (see `forecast`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled

Float = NDArray[np.float64]
Int = NDArray[np.int64]


@compiled()
def shrink(cov: Float, d: int, info: float, column: Float) -> None:
    """Covariance, in place, after an item of information `info` on dimension d (Sherman–Morrison)."""
    dims = len(cov)
    scale = info / (1.0 + info * cov[d, d])
    for e in range(dims):
        column[e] = cov[e, d]
    for e in range(dims):
        for f in range(dims):
            cov[e, f] -= scale * column[e] * column[f]


@compiled()
def greedy(cov: Float, supply: Float, left: Int, target: Float, limit: int, column: Float) -> int:
    """Count items until every variance is at its target [D]; `supply` [D, L] ascending, `left` [D] how many of each."""
    dims = len(target)
    for count in range(limit):
        open_ = False
        for e in range(dims):
            open_ = open_ or cov[e, e] > target[e]
        if not open_:
            return count
        best, best_value = -1, 0.0
        for d in range(dims):
            if left[d] > 0 and supply[d, left[d] - 1] > 0.0:
                total = 0.0
                for e in range(dims):
                    if cov[e, e] > target[e]:
                        total += cov[e, d] ** 2
                value = total / (1.0 / supply[d, left[d] - 1] + cov[d, d])
                if value > best_value:
                    best, best_value = d, value
        if best < 0:
            return limit
        left[best] -= 1
        shrink(cov, best, supply[best, left[best]], column)
    return limit
