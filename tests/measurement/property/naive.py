"""Plain, slow twins of compiled computations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import log_probabilities


def marginal(
    matrix: np.ndarray, items: ItemParameters, means: np.ndarray, spreads: Sequence[np.ndarray], *,
    group: np.ndarray | None = None, weights: np.ndarray | None = None, nodes: int = 31,
) -> float:  # fmt: skip
    """Marginal log-likelihood by a product Gauss-Hermite rule, NaN not seen; means [N, D] are each person's own."""
    which = np.zeros(len(matrix), int) if group is None else group
    x, w = np.polynomial.hermite_e.hermegauss(nodes)
    dims = items.dimensions
    mesh = np.stack([g.ravel() for g in np.meshgrid(*[x] * dims, indexing="ij")], axis=1)
    mass = np.prod(np.meshgrid(*[w / w.sum()] * dims, indexing="ij"), axis=0).ravel()
    keep = mass > 1e-12
    mesh, mass = mesh[keep], mass[keep] / mass[keep].sum()
    rows, starts, place = np.unique(np.c_[means, which], axis=0, return_index=True, return_inverse=True)
    logs = np.empty(len(matrix))
    for k, start in enumerate(starts):
        theta = rows[k, :dims] + mesh @ np.linalg.cholesky(spreads[int(which[start])]).T
        mine = place.ravel() == k
        logs[mine] = _log_mixture(matrix[mine], log_probabilities(items, theta), mass)
    return float(logs.sum() if weights is None else logs @ weights)


def _log_mixture(matrix: np.ndarray, logs: np.ndarray, mass: np.ndarray) -> np.ndarray:
    sums = np.zeros((len(matrix), len(mass)))
    for j in range(matrix.shape[1]):
        seen = ~np.isnan(matrix[:, j])
        sums[seen] += logs[j, matrix[seen, j].astype(int)]
    top = sums.max(axis=1, keepdims=True)
    return np.asarray(top[:, 0] + np.log(np.exp(sums - top) @ mass))
