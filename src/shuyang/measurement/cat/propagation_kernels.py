"""Compiled expectation propagation: the posterior of `cat.posterior`, warm-started from the answer before."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled, exp_in_place

Float = NDArray[np.float64]
Int = NDArray[np.int64]

MAX_SWEEPS = 60
CONVERGED = 1e-7


@compiled()
def invert(matrix: Float, out: Float, work: Float) -> None:
    """Inverse of a small symmetric positive definite matrix by Cholesky factors."""
    n = len(matrix)
    for i in range(n):
        for j in range(i + 1):
            total = matrix[i, j]
            for k in range(j):
                total -= work[i, k] * work[j, k]
            work[i, j] = np.sqrt(total) if i == j else total / work[j, j]
    for column in range(n):
        for i in range(column, n):
            total = 1.0 if i == column else 0.0
            for k in range(column, i):
                total -= work[i, k] * out[k, column]
            out[i, column] = total / work[i, i]
        for back in range(n - column):
            i = n - 1 - back
            total = out[i, column]
            for k in range(i + 1, n):
                total -= work[k, i] * out[k, column]
            out[i, column] = total / work[i, i]
        for i in range(column):
            out[i, column] = out[column, i]


@compiled(fastmath=True)
def tilted_moments(row: Float, nodes: Float, shift: float, precision: float, w: Float, power: Int, scale: Float) -> Any:
    """Fill w with the normalised likelihood row times a Gaussian; return its mean and variance."""
    n = len(nodes)
    top = -1e300
    for q in range(n):
        w[q] = row[q] + (shift - 0.5 * precision * nodes[q]) * nodes[q]
        top = max(top, w[q])
    exp_in_place(w, power, scale, n, top)
    s0, s1, s2 = 0.0, 0.0, 0.0
    for q in range(n):
        s0 += w[q]
        s1 += w[q] * nodes[q]
        s2 += w[q] * nodes[q] * nodes[q]
    for q in range(n):
        w[q] /= s0
    mean = s1 / s0
    return mean, max(s2 / s0 - mean * mean, 1e-6)


@compiled()
def propagate(
    table: Float,
    nodes: Float,
    prior_precision: Float,
    prior_shift: Float,
    floor: float,
    site_precision: Float,
    site_shift: Float,
    mean: Float,
    cov: Float,
    marginals: Float,
    work: Float,
    matrix: Float,
    power: Int,
    scale: Float,
) -> None:
    """Expectation propagation from the sites at hand; all sites are updated together (see `cat.posterior`)."""
    dims = len(mean)
    for _ in range(MAX_SWEEPS):
        for d in range(dims):
            for e in range(dims):
                matrix[d, e] = prior_precision[d, e]
            matrix[d, d] += site_precision[d]
        invert(matrix, cov, work)
        for d in range(dims):
            mean[d] = 0.0
            for e in range(dims):
                mean[d] += cov[d, e] * (prior_shift[e] + site_shift[e])
        change = 0.0
        for d in range(dims):
            cavity_precision = 1.0 / cov[d, d] - site_precision[d]
            cavity_shift = mean[d] / cov[d, d] - site_shift[d]
            first, second = tilted_moments(table[d], nodes, cavity_shift, cavity_precision, marginals[d], power, scale)
            change = max(change, abs(first - mean[d]), abs(second - cov[d, d]))
            site_precision[d] = max(1.0 / second - cavity_precision, floor)
            site_shift[d] = (cavity_precision + site_precision[d]) * first - cavity_shift
        if change < CONVERGED:
            break
