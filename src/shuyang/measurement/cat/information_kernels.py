"""Compiled sums over the bank's tables against the marginals of a belief, without copying them."""

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


@compiled(fastmath=True)
def reduction(prob: Float, dim: Int, items: Int, marginals: Float, nodes: Float, gain: Float, out: Float) -> None:
    """out[n] = gain[d] · Var E(θ_d | X) for item j = items[n] of dimension d, with X its category under the belief."""
    for n in range(len(items)):
        j = items[n]
        d = dim[j]
        weights = marginals[d]
        mean = 0.0
        for q in range(len(nodes)):
            mean += weights[q] * nodes[q]
        between = 0.0
        for k in range(prob.shape[1]):
            predicted, first = 0.0, 0.0
            for q in range(len(nodes)):
                mass = prob[j, k, q] * weights[q]
                predicted += mass
                first += mass * nodes[q]
            if predicted > 0.0:
                between += first * first / predicted
        out[n] = max(between - mean * mean, 0.0) * gain[d]
