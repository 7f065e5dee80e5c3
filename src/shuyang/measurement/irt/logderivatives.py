"""Derivatives of log P in an item's own parameters, for every category and node."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt import models
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.mstep import TINY
from shuyang.measurement.irt.working import Working

Float = NDArray[np.float64]


def log_derivatives(layout: Working, items: ItemParameters, nodes: Float) -> Float:
    """d log P_k(node q) / d psi_m as [J, K, M, Q], nodes [Q, D]; 0 where a category or a column does not exist."""
    size, width = layout.free.shape
    out = np.zeros((size, layout.width, width, len(nodes)))
    for family, rows in layout.family_rows:
        _FILL[family](layout, items, rows, nodes, out)
    return out


def _slopes(layout: Working, out: Float, rows: NDArray[np.int64], by_t: Float, nodes: Float) -> None:
    """d / d a_v = theta_v d / dt."""
    for v in range(layout.dimensions):
        out[rows, : by_t.shape[1], v] = by_t * nodes[:, v]


def _binary(layout: Working, items: ItemParameters, rows: NDArray[np.int64], nodes: Float, out: Float) -> None:
    z = items.slopes[rows] @ nodes.T + items.intercepts[rows, :1]
    s, rest = models.sigmoid(z), models.sigmoid(-z)
    g, u = items.g[rows, None], items.u[rows, None]
    p, q = np.maximum(g + (u - g) * s, TINY), np.maximum((1 - u) + (u - g) * rest, TINY)

    def log_change(slope: Float) -> Float:
        return np.stack([-slope / q, slope / p], axis=1)

    by_t = log_change((u - g) * s * rest)
    _slopes(layout, out, rows, by_t, nodes)
    out[rows, :2, layout.d.start] = by_t
    if layout.guessing:
        out[rows, :2, layout.asymptotes.start] = log_change(rest * g * (1 - g))
        out[rows, :2, layout.asymptotes.start + 1] = log_change(s * u * (1 - u))


def _graded(layout: Working, items: ItemParameters, rows: NDArray[np.int64], nodes: Float, out: Float) -> None:
    width = int(items.categories[rows].max())
    t = items.slopes[rows] @ nodes.T
    d = np.nan_to_num(items.intercepts[rows, : width - 1], nan=-np.inf)
    z = t[:, None, :] + d[:, :, None]
    w = models.sigmoid(z) * models.sigmoid(-z)
    p = np.exp(models.log_of_family("graded", items, rows, t, width))
    inverse = np.where(p > TINY, 1.0 / np.maximum(p, TINY), 0.0)
    by_t = np.zeros_like(p)
    for k in range(1, width):
        up, down = w[:, k - 1] * inverse[:, k], -w[:, k - 1] * inverse[:, k - 1]
        out[rows, k, layout.d.start + k - 1] = up
        out[rows, k - 1, layout.d.start + k - 1] = down
        by_t[:, k] += up
        by_t[:, k - 1] += down
    _slopes(layout, out, rows, by_t, nodes)


def _total(layout: Working, items: ItemParameters, rows: NDArray[np.int64], nodes: Float, out: Float) -> None:
    width = int(items.categories[rows].max())
    t = items.slopes[rows] @ nodes.T
    p = np.exp(models.log_of_family("total", items, rows, t, width))
    score = np.nan_to_num(items.scores[rows, :width, None])
    by_t = score - (score * p).sum(axis=1, keepdims=True)
    _slopes(layout, out, rows, np.where(p > 0, by_t, 0.0), nodes)
    for h in range(1, width):
        by_z = -np.repeat(p[:, h : h + 1], width, axis=1)
        by_z[:, h] += 1.0
        out[rows, :width, layout.d.start + h - 1] = by_z
        if layout.s.start + h - 1 < layout.s.stop and h < width - 1:
            out[rows, :width, layout.s.start + h - 1] = by_z * t[:, None, :]


_FILL = {"binary": _binary, "graded": _graded, "total": _total}
