"""Category probabilities, their derivatives and information of every model, on any nodes.

All models depend on theta only through the composite ``t = slopes @ theta``, so derivatives are taken with respect
to t and multiplied by slopes where a derivative in theta is wanted. Shapes: J items, K categories, Q nodes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.errors import BadShape
from shuyang.measurement.irt.items import BINARY, GRADED, ItemParameters

Float = NDArray[np.float64]


class Curves(NamedTuple):
    """Probabilities and their derivatives in the composite t, each [J, K, Q], 0 beyond an item's categories."""

    p: Float
    first: Float
    second: Float


def as_nodes(items: ItemParameters, theta: ArrayLike) -> Float:
    """Nodes as [Q, D]; a scalar or [Q] is accepted when D = 1, and [D] as one node when D > 1."""
    nodes = np.asarray(theta, float)
    if nodes.ndim < 2:
        nodes = nodes.reshape(-1, 1) if items.dimensions == 1 else nodes.reshape(1, -1)
    if nodes.ndim != 2 or nodes.shape[1] != items.dimensions:
        raise BadShape("nodes must be [Q, D]", shape=np.shape(theta), dimensions=items.dimensions)
    return nodes


def probabilities(items: ItemParameters, theta: ArrayLike) -> Float:
    """P(category k | theta) as [J, K, Q]; 0 beyond an item's own categories."""
    return np.exp(log_probabilities(items, theta))


def log_probabilities(items: ItemParameters, theta: ArrayLike) -> Float:
    """log P(category k | theta) as [J, K, Q]; -inf beyond an item's own categories.

    Computed without cancellation, so that it stays finite and exact far from an item's location.
    """
    t = items.slopes @ as_nodes(items, theta).T
    out = np.full((len(items), int(items.categories.max(initial=2)), t.shape[1]), -np.inf)
    for rows, family in families(items):
        width = int(items.categories[rows].max())
        out[rows, :width] = _LOGS[family](items, rows, t[rows], width)
    return out


def curves(items: ItemParameters, theta: ArrayLike) -> Curves:
    """Probabilities with first and second derivative in the composite t = slopes @ theta, each [J, K, Q]."""
    t = items.slopes @ as_nodes(items, theta).T
    shape = (len(items), int(items.categories.max(initial=2)), t.shape[1])
    out = Curves(np.zeros(shape), np.zeros(shape), np.zeros(shape))
    for rows, family in families(items):
        width = int(items.categories[rows].max())
        part = _CURVES[family](items, rows, t[rows], width)
        for whole, piece in zip(out, part, strict=True):
            whole[rows, :width] = piece
    return out


def composite_information(items: ItemParameters, theta: ArrayLike) -> Float:
    """Expected Fisher information about the composite t, [J, Q]: sum over k of (dP_k/dt)^2 / P_k."""
    c = curves(items, theta)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(c.p > 0, c.first**2 / c.p, 0.0)
    return np.asarray(parts.sum(axis=1))


def information(items: ItemParameters, theta: ArrayLike) -> Float:
    """Expected Fisher information about theta of each item at each node.

    [J, Q] for one dimension; [J, Q, D, D] otherwise: information about t times the outer product of the slopes.
    """
    about_t = composite_information(items, theta)
    if items.dimensions == 1:
        return about_t * items.slopes**2
    outer = items.slopes[:, :, None] * items.slopes[:, None, :]
    return about_t[:, :, None, None] * outer[:, None, :, :]


def test_information(items: ItemParameters, theta: ArrayLike) -> Float:
    """Sum of the items' information: [Q] for one dimension, [Q, D, D] otherwise."""
    return np.asarray(information(items, theta).sum(axis=0))


test_information.__test__ = False  # type: ignore[attr-defined]  # the name is the field's own; it is no test


def expected_scores(items: ItemParameters, theta: ArrayLike) -> Float:
    """Expected item score sum_k k P(k) as [J, Q]; categories count 0, 1, 2, ... for every model."""
    p = probabilities(items, theta)
    return np.asarray(np.einsum("jkq,k->jq", p, np.arange(p.shape[1], dtype=float)))


def expected_total(items: ItemParameters, theta: ArrayLike) -> Float:
    """Expected sum score [Q], the test characteristic curve."""
    return np.asarray(expected_scores(items, theta).sum(axis=0))


def families(items: ItemParameters) -> list[tuple[NDArray[np.int64], str]]:
    """(positions, family) of the items that share formulas; family is "binary", "graded" or "total"."""
    kind = np.array(["binary" if m in BINARY else "graded" if m in GRADED else "total" for m in items.models])
    return [(np.flatnonzero(kind == f), f) for f in ("binary", "graded", "total") if (kind == f).any()]


def log_of_family(family: str, items: ItemParameters, rows: NDArray[np.int64], t: Float, width: int) -> Float:
    """log P [rows, width, Q] of items of one family at composites t [rows, Q]; for loops that hold t already."""
    return _LOGS[family](items, rows, t, width)


def log_sigmoid(z: Float) -> Float:
    """log(1 / (1 + exp(-z))) without overflow."""
    return np.minimum(z, 0.0) - np.log1p(np.exp(-np.abs(z)))


def sigmoid(z: Float) -> Float:
    """1 / (1 + exp(-z)) without overflow."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def _binary_log(items: ItemParameters, rows: NDArray[np.int64], t: Float, width: int) -> Float:
    z = t + items.intercepts[rows, :1]
    g, u = items.g[rows, None], items.u[rows, None]
    yes, no = log_sigmoid(z), log_sigmoid(-z)
    if np.any(g > 0) or np.any(u < 1):
        with np.errstate(divide="ignore"):
            yes, no = np.logaddexp(np.log(g), np.log(u - g) + yes), np.logaddexp(np.log1p(-u), np.log(u - g) + no)
    return np.stack([no, yes], axis=1)


def _graded_log(items: ItemParameters, rows: NDArray[np.int64], t: Float, width: int) -> Float:
    """log P_k = log s(z_k) + log s(-z_{k+1}) + log(1 - exp(d_{k+1} - d_k)), s the logistic function."""
    d = items.intercepts[rows, : width - 1]
    z = t[:, None, :] + d[:, :, None]
    out = np.zeros((len(rows), width, t.shape[1]))
    out[:, 1:] += log_sigmoid(z)
    out[:, :-1] += log_sigmoid(-z)
    out[:, 1:-1] += np.log(-np.expm1(np.diff(d, axis=1)))[:, :, None]
    return _close(items, rows, z, out)


def _close(items: ItemParameters, rows: NDArray[np.int64], z: Float, out: Float) -> Float:
    """Set the last category of items narrower than the widest, whose upper neighbour is padding."""
    last = items.categories[rows] - 1
    narrow = np.flatnonzero(last < out.shape[1] - 1)
    out[narrow, last[narrow]] = log_sigmoid(z[narrow, last[narrow] - 1])
    beyond = np.arange(out.shape[1])[None, :] > last[:, None]
    out[beyond] = -np.inf
    return out


def _total_log(items: ItemParameters, rows: NDArray[np.int64], t: Float, width: int) -> Float:
    d = np.concatenate([np.zeros((len(rows), 1)), items.intercepts[rows, : width - 1]], axis=1)
    z = items.scores[rows, :width, None] * t[:, None, :] + d[:, :, None]
    z = np.where(np.isnan(z), -np.inf, z)
    z -= z.max(axis=1, keepdims=True)
    return np.asarray(z - np.log(np.exp(z).sum(axis=1, keepdims=True)))


def _binary_curves(items: ItemParameters, rows: NDArray[np.int64], t: Float, width: int) -> Curves:
    s = sigmoid(t + items.intercepts[rows, :1])
    rest = sigmoid(-(t + items.intercepts[rows, :1]))
    g, u = items.g[rows, None], items.u[rows, None]
    first = (u - g) * s * rest
    second = first * (rest - s)
    p = np.stack([(1 - u) + (u - g) * rest, g + (u - g) * s], axis=1)
    return Curves(p, np.stack([-first, first], axis=1), np.stack([-second, second], axis=1))


def _graded_curves(items: ItemParameters, rows: NDArray[np.int64], t: Float, width: int) -> Curves:
    z = t[:, None, :] + np.nan_to_num(items.intercepts[rows, : width - 1], nan=-np.inf)[:, :, None]
    s, rest = sigmoid(z), sigmoid(-z)
    w = s * rest
    curve = w * (rest - s)
    p = np.exp(_graded_log(items, rows, t, width))
    return Curves(p, _neighbours(w), _neighbours(curve))


def _neighbours(boundary: Float) -> Float:
    """Value at the lower minus value at the upper boundary of each category; [J, K-1, Q] to [J, K, Q]."""
    edge = np.zeros((boundary.shape[0], 1, boundary.shape[2]))
    return -np.diff(np.concatenate([edge, boundary, edge], axis=1), axis=1)


def _total_curves(items: ItemParameters, rows: NDArray[np.int64], t: Float, width: int) -> Curves:
    p = np.exp(_total_log(items, rows, t, width))
    s = np.nan_to_num(items.scores[rows, :width, None])
    mean = (s * p).sum(axis=1, keepdims=True)
    variance = (s**2 * p).sum(axis=1, keepdims=True) - mean**2
    return Curves(p, p * (s - mean), p * ((s - mean) ** 2 - variance))


_LOGS = {"binary": _binary_log, "graded": _graded_log, "total": _total_log}
_CURVES = {"binary": _binary_curves, "graded": _graded_curves, "total": _total_curves}
