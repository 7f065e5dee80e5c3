"""Derivatives of marginal moments in the free parameters of a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.fit.inputs import Floats, quadrature
from shuyang.measurement.fit.marginals import Design, change, expected
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.irt.working import Working, working_layout

_STEP = 1e-3


def jacobian(plan: Design, items: ItemParameters, latent: Latent, fixed: Sequence[int], points: int | None) -> Floats:
    """Derivatives [M, P] of the expected moments in the free parameters of items and latent distribution.

    Free are the parameters of each item's model (slopes that are 0 in several dimensions count as fixed), common
    slopes and thresholds of tied models once, the variance where no slope is free, mean and variance where items are
    fixed, and latent covariances that are not 0. A bank whose specific slopes all equal the general ones is a testlet
    model: one slope an item, free variances of the specific factors.
    """
    loads = free_loads(items)
    layout = working_layout(items, loads=loads, fixed=fixed)
    grid = quadrature(latent, points)
    p = probabilities(items, grid.nodes)
    entries = _entries(plan, layout, items, p, grid.nodes, grid.weights)
    if is_testlet(items):
        _join_slopes(entries, items)
    columns = (
        _untied(layout, entries) + _tied(layout, entries) + _latent_columns(plan, items, latent, layout, fixed, points)
    )
    return np.array(columns).T if columns else np.zeros((len(expected(plan, p, grid.weights)), 0))


def free_loads(items: ItemParameters) -> NDArray[np.bool_]:
    """Which slopes are free, [J, D]: in several dimensions those that are not 0."""
    return np.ones(items.slopes.shape, bool) if items.dimensions == 1 else items.slopes != 0


def is_testlet(items: ItemParameters) -> bool:
    """Whether every item has its general slope again on at most one specific factor, and some item does."""
    general, specific = items.slopes[:, :1], items.slopes[:, 1:]
    if not specific.size:
        return False
    same = (specific == 0) | (np.abs(specific - general) < 1e-12)
    return bool(same.all() and ((specific != 0).sum(axis=1) <= 1).all() and specific.any(axis=0).all())


def _join_slopes(entries: dict[tuple[int, int], Floats], items: ItemParameters) -> None:
    for j in range(len(items)):
        for k in np.flatnonzero(items.slopes[j, 1:]) + 1:
            entries[j, 0] = entries[j, 0] + entries.pop((j, int(k)))


def redundant(items: ItemParameters, latent: Latent) -> int:
    """How many directions of the free parameters leave the model as it is: rotations of its factors.

    A change of axes M moves slopes by a M and the latent covariance S by -(M S + S M'). It is open to the model where
    it moves neither a fixed slope nor a fixed element of the covariance; the dimension of such M is returned.
    """
    dims = items.dimensions
    if dims == 1 or is_testlet(items):
        return 0
    spread, held = latent.covariance[0], ~free_loads(items)
    rows = [np.kron(items.slopes[j], np.eye(dims)[k]) for j, k in np.argwhere(held)]
    for i in range(dims):
        for j in range(i + 1):
            if i == j or not _covary(latent, i, j):
                rows.append(_covariance_change(spread, i, j))
    return int(dims**2 - np.linalg.matrix_rank(np.array(rows), tol=1e-9))


def _covariance_change(spread: Floats, i: int, j: int) -> Floats:
    """Coefficients of vec(M) in element (i, j) of M' S + S M."""
    part = np.zeros(spread.shape)
    part[:, i] += spread[:, j]
    part[:, j] += spread[:, i]
    return part.ravel()


def _entries(
    plan: Design, layout: Working, items: ItemParameters, p: Floats, nodes: Floats, weights: Floats
) -> dict[tuple[int, int], Floats]:
    """Derivative of the moments in every free entry (item, column) of the working matrix."""
    psi = layout.pack(items)
    found: dict[tuple[int, int], Floats] = {}
    for column in range(psi.shape[1]):
        rows = np.flatnonzero(layout.free[:, column])
        if not len(rows):
            continue

        def moved(h: float, column: int = column) -> Floats:
            shifted = psi.copy()
            shifted[:, column] += h
            return probabilities(layout.unpack(shifted), nodes)

        slope = _slope(moved)
        found |= {(int(j), column): change(plan, p, weights, int(j), slope[j]) for j in rows}
    return found


def _slope(at: Callable[[float], Floats]) -> Floats:
    """Derivative at 0 by central differences of fourth order."""
    near, far = at(_STEP) - at(-_STEP), at(2 * _STEP) - at(-2 * _STEP)
    return (8 * near - far) / (12 * _STEP)


def _slope_from(at: Callable[[float], Floats]) -> Floats:
    """Derivative at 0 from values at 0 and above, of fourth order: for a variance so near to 0 that below it there is none."""
    values = [at(n * _STEP) for n in range(5)]
    weights = (-25.0, 48.0, -36.0, 16.0, -3.0)
    return np.asarray(sum(w * v for w, v in zip(weights, values, strict=True)) / (12 * _STEP))


def _untied(layout: Working, entries: dict[tuple[int, int], Floats]) -> list[Floats]:
    tied = {int(j) for tie in layout.ties for j in tie.rows}
    return [column for (j, _), column in entries.items() if j not in tied]


def _tied(layout: Working, entries: dict[tuple[int, int], Floats]) -> list[Floats]:
    columns = []
    for tie in layout.ties:
        common: list[Floats | None] = [None] * tie.shared.shape[2]
        for t, j in enumerate(tie.rows):
            for o in range(tie.own.shape[2]):
                columns.append(_along(tie.own[t, :, o], int(j), entries))
            for s in range(tie.shared.shape[2]):
                part = _along(tie.shared[t, :, s], int(j), entries)
                before = common[s]
                common[s] = part if before is None else before + part
        columns += [c for c in common if c is not None]
    return columns


def _along(direction: Floats, item: int, entries: dict[tuple[int, int], Floats]) -> Floats:
    parts = [direction[m] * column for (j, m), column in entries.items() if j == item and direction[m] != 0]
    return np.asarray(np.sum(parts, axis=0)) if parts else np.zeros_like(next(iter(entries.values())))


def _latent_columns(
    plan: Design, items: ItemParameters, latent: Latent, layout: Working, fixed: Sequence[int], points: int | None
) -> list[Floats]:
    dims = items.dimensions
    slopes_free = layout.free[:, layout.a].any()
    moves: list[tuple[str, int, int]] = [
        ("covariance", i, j) for i in range(dims) for j in range(i) if _covary(latent, i, j)
    ]
    if is_testlet(items):
        moves += [("covariance", k, k) for k in range(1, dims)]
    elif fixed or not slopes_free:
        moves += [("covariance", k, k) for k in range(dims)]
    if fixed:
        moves += [("mean", k, k) for k in range(dims)]
    return [_latent_slope(partial(_moments_at, plan, items, latent, points, move), latent, move) for move in moves]


def _latent_slope(at: Callable[[float], Floats], latent: Latent, move: tuple[str, int, int]) -> Floats:
    what, i, j = move
    at_the_edge = what == "covariance" and i == j and latent.covariance[0, i, i] <= 4 * _STEP
    return _slope_from(at) if at_the_edge else _slope(at)


def _covary(latent: Latent, i: int, j: int) -> bool:
    return bool(latent.covariance[0, i, j] != 0)


def _moments_at(
    plan: Design, items: ItemParameters, latent: Latent, points: int | None, move: tuple[str, int, int], step: float
) -> Floats:
    mean, spread = latent.mean.copy(), latent.covariance.copy()
    what, i, j = move
    if what == "mean":
        mean[0, i] += step
    else:
        spread[0, i, j] += step
        spread[0, j, i] = spread[0, i, j]
    grid = quadrature(replace(latent, mean=mean, covariance=spread), points)
    return expected(plan, probabilities(items, grid.nodes), grid.weights)
