"""Compiled expectation propagation for the posterior of a sitting: what `posterior` computes with arrays, ten times faster.

A final score does not come this way: `posterior._expectation_propagation` stays the plain twin, and tests compare them.
"""

from __future__ import annotations

import numpy as np

from .contracts import FloatArray
from .propagation_kernels import propagate


def propagated(
    precision: FloatArray, shift: FloatArray, floor: float, table: FloatArray, nodes: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean [D], covariance [D, D] and tilted marginals [D, Q] from a prior's parts and a log-likelihood table [D, Q]."""
    dims, size = table.shape
    site_precision, site_shift, mean = np.zeros(dims), np.zeros(dims), np.zeros(dims)
    cov, work, matrix = np.empty((dims, dims)), np.zeros((dims, dims)), np.empty((dims, dims))
    marginals, scale = np.empty((dims, size)), np.empty(size)
    propagate(
        table, nodes, precision, shift, floor, site_precision, site_shift, mean, cov, marginals, work, matrix,
        scale.view(np.int64), scale,
    )  # fmt: skip
    return mean, cov, marginals
