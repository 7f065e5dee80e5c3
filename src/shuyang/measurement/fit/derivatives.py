"""Derivatives of marginal moments in the free parameters of a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

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
    fixed, and latent covariances that are not 0.
    """
    loads = np.ones(items.slopes.shape, bool) if items.dimensions == 1 else items.slopes != 0
    layout = working_layout(items, loads=loads, fixed=fixed)
    grid = quadrature(latent, points)
    p = probabilities(items, grid.nodes)
    entries = _entries(plan, layout, items, p, grid.nodes, grid.weights)
    columns = (
        _untied(layout, entries) + _tied(layout, entries) + _latent_columns(plan, items, latent, layout, fixed, points)
    )
    return np.array(columns).T if columns else np.zeros((len(expected(plan, p, grid.weights)), 0))


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
    if fixed or not slopes_free:
        moves += [("covariance", k, k) for k in range(dims)]
    if fixed:
        moves += [("mean", k, k) for k in range(dims)]
    return [_slope(partial(_moments_at, plan, items, latent, points, move)) for move in moves]


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
