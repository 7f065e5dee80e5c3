"""Maximisation over item parameters: one guarded Fisher scoring step for all items at once.

Given expected counts r [J, K, Q] at nodes [Q, D], item j's part of the expected complete-data log-likelihood is
sum over k, q of r log P_k(node q). All formulas below give its gradient and the expected information (Fisher scoring;
Kendall & Stuart; Baker & Kim, 2004) in the item's own columns of psi.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt import models
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.priors import LogNormal, Prior, Priors
from shuyang.measurement.irt.working import Tie, Working

Float = NDArray[np.float64]
LONGEST_STEP = 1.0
TINY = 1e-280


class Slopes(NamedTuple):
    """Gradient [J, M] and information [J, M, M] over all columns of psi."""

    gradient: Float
    information: Float


def derivatives(layout: Working, items: ItemParameters, counts: Float, nodes: Float) -> Slopes:
    """Gradient and expected information of the complete-data log-likelihood of each item."""
    size, width = layout.free.shape
    gradient, information = np.zeros((size, width)), np.zeros((size, width, width))
    for family, rows in layout.family_rows:
        names, g, h = _FAMILY[family](layout, items, rows, counts[rows], nodes)
        columns = np.array(names, np.int64)
        gradient[np.ix_(rows, columns)] = g
        information[np.ix_(rows, columns, columns)] = h
    return Slopes(gradient, information)


def _binary(
    layout: Working, items: ItemParameters, rows: NDArray[np.int64], r: Float, nodes: Float
) -> tuple[list[int], Float, Float]:
    z = items.slopes[rows] @ nodes.T + items.intercepts[rows, :1]
    s, rest = models.sigmoid(z), models.sigmoid(-z)
    total = r[:, 0] + r[:, 1]
    design = np.concatenate([nodes, np.ones((len(nodes), 1))], axis=1)
    columns = [*range(layout.dimensions), layout.d.start]
    if not layout.guessing:
        gradient = (r[:, 1] * rest - r[:, 0] * s) @ design
        return columns, gradient, _weighted_squares(total * s * rest, design)
    g, u = items.g[rows, None], items.u[rows, None]
    p, q = g + (u - g) * s, (1 - u) + (u - g) * rest
    slopes = np.stack([(u - g) * s * rest, rest * g * (1 - g), s * u * (1 - u)])
    residual = r[:, 1] / np.maximum(p, TINY) - r[:, 0] / np.maximum(q, TINY)
    weight = total / np.maximum(p * q, TINY)
    gradient = np.concatenate([(residual * slopes[0]) @ design, (residual * slopes[1:]).sum(axis=2).T], axis=1)
    information = np.zeros((len(rows), gradient.shape[1], gradient.shape[1]))
    m = design.shape[1]
    information[:, :m, :m] = _weighted_squares(weight * slopes[0] ** 2, design)
    for i in (1, 2):
        information[:, m + i - 1, :m] = information[:, :m, m + i - 1] = (weight * slopes[0] * slopes[i]) @ design
        for j in (1, 2):
            information[:, m + i - 1, m + j - 1] = (weight * slopes[i] * slopes[j]).sum(axis=1)
    return [*columns, layout.asymptotes.start, layout.asymptotes.start + 1], gradient, information


def _graded(
    layout: Working, items: ItemParameters, rows: NDArray[np.int64], r: Float, nodes: Float
) -> tuple[list[int], Float, Float]:
    """In the boundaries z_k the information is tridiagonal: P_k depends on z_k and z_{k+1} only."""
    width = int(items.categories[rows].max())
    r = r[:, :width]
    t = items.slopes[rows] @ nodes.T
    z = t[:, None, :] + np.nan_to_num(items.intercepts[rows, : width - 1], nan=-np.inf)[:, :, None]
    w = models.sigmoid(z) * models.sigmoid(-z)
    p = np.exp(models.log_of_family("graded", items, rows, t, width))
    inverse = np.where(p > TINY, 1.0 / np.maximum(p, TINY), 0.0)
    ratio = r * inverse
    by_boundary = w * (ratio[:, 1:] - ratio[:, :-1])
    total = r.sum(axis=1)[:, None]
    main = total * w**2 * (inverse[:, 1:] + inverse[:, :-1])
    beside = -total * w[:, :-1] * w[:, 1:] * inverse[:, 1:-1]
    row = main.copy()
    row[:, :-1] += beside
    row[:, 1:] += beside
    dims, last = layout.dimensions, layout.dimensions + width - 1
    gradient = np.concatenate([by_boundary.sum(axis=1) @ nodes, by_boundary.sum(axis=2)], axis=1)
    information = np.zeros((len(rows), last, last))
    information[:, :dims, :dims] = _weighted_squares(row.sum(axis=1), nodes)
    information[:, dims:, :dims] = row @ nodes
    information[:, :dims, dims:] = np.swapaxes(information[:, dims:, :dims], 1, 2)
    at = np.arange(dims, last)
    information[:, at, at] = main.sum(axis=2)
    information[:, at[:-1], at[1:]] = information[:, at[1:], at[:-1]] = beside.sum(axis=2)
    return [*range(dims), *range(layout.d.start, layout.d.start + width - 1)], gradient, information


def _total(
    layout: Working, items: ItemParameters, rows: NDArray[np.int64], r: Float, nodes: Float
) -> tuple[list[int], Float, Float]:
    """In the category logits z_k the information is n (diag P - P P')."""
    width = int(items.categories[rows].max())
    r = r[:, :width]
    t = items.slopes[rows] @ nodes.T
    p = np.exp(models.log_of_family("total", items, rows, t, width))
    score = np.nan_to_num(items.scores[rows, :width])
    total = r.sum(axis=1)
    inner = layout.s.stop - layout.s.start
    inner = min(inner, width - 2)
    dims = layout.dimensions
    parts = [nodes.T[None, :, None, :] * score[:, None, :, None]]
    parts.append(np.broadcast_to(np.eye(width)[None, 1:, :, None], (len(rows), width - 1, width, len(nodes))))
    columns = [*range(dims), *range(layout.d.start, layout.d.start + width - 1)]
    if inner > 0:
        parts.append(t[:, None, None, :] * np.eye(width)[None, 1 : 1 + inner, :, None])
        columns += range(layout.s.start, layout.s.start + inner)
    jacobian = np.concatenate(parts, axis=1)
    residual = r - total[:, None] * p
    gradient = np.einsum("jmkq,jkq->jm", jacobian, residual)
    mean = np.einsum("jmkq,jkq->jmq", jacobian, p)
    root = np.sqrt(total[:, None] * p)
    flat = (jacobian * root[:, None]).reshape(len(rows), len(columns), -1)
    centred = mean * np.sqrt(total)[:, None]
    information = flat @ np.swapaxes(flat, 1, 2) - centred @ np.swapaxes(centred, 1, 2)
    return columns, gradient, information


_FAMILY = {"binary": _binary, "graded": _graded, "total": _total}


def _weighted_squares(weight: Float, design: Float) -> Float:
    """sum_q weight[j, q] design[q] design[q]' as [J, m, m]."""
    m = design.shape[1]
    outer = (design[:, :, None] * design[:, None, :]).reshape(len(design), m * m)
    return np.asarray((weight @ outer).reshape(len(weight), m, m))


def prior_terms(layout: Working, psi: Float, priors: Priors) -> tuple[Float, Slopes]:
    """Log prior density of each item [J], with its derivatives (information only roughly for the difficulty)."""
    size, width = layout.free.shape
    density, gradient, information = np.zeros(size), np.zeros((size, width)), np.zeros((size, width, width))
    at = layout.asymptotes.start
    single: list[tuple[int, Prior | None]] = []
    if layout.guessing:
        single += [(at, priors.guessing), (at + 1, priors.upper)]
    single += [(k, priors.slope) for k in range(layout.dimensions)]
    single += [(k, priors.intercept) for k in range(layout.d.start, layout.d.stop)]
    for column, prior in single:
        on = layout.free[:, column] if prior is not None else np.zeros(size, bool)
        if prior is not None and on.any():
            value, slope, curvature = prior.terms(psi[on, column])
            density[on] += value
            gradient[on, column] += slope
            information[on, column, column] += curvature
    if priors.difficulty is not None:
        _difficulty_terms(layout, psi, priors, density, gradient, information)
    return density, Slopes(gradient, information)


def _difficulty_terms(
    layout: Working, psi: Float, priors: Priors, density: Float, gradient: Float, information: Float
) -> None:
    assert priors.difficulty is not None
    d = layout.d.start
    binary = np.concatenate([rows for family, rows in layout.family_rows if family == "binary"] or [np.zeros(0, int)])
    rows = binary[layout.free[binary, d] & (psi[binary, 0] != 0)]
    b = -psi[rows, d] / psi[rows, 0]
    value, slope, curvature = priors.difficulty.terms(b)
    density[rows] += value
    chain = np.zeros((len(rows), psi.shape[1]))
    chain[:, d] = -1.0 / psi[rows, 0]
    chain[:, 0] = np.where(layout.free[rows, 0], -b / psi[rows, 0], 0.0)
    gradient[rows] += slope[:, None] * chain
    information[rows] += curvature[:, None, None] * chain[:, :, None] * chain[:, None, :]


def scoring_step(
    layout: Working, psi: Float, items: ItemParameters, counts: Float, nodes: Float, priors: Priors
) -> Float:
    """Fisher scoring direction [J, M] for all items; 0 for what is fixed, tied entries move together."""
    gradient, information = derivatives(layout, items, counts, nodes)
    if not priors.flat:
        _, (prior_gradient, prior_information) = prior_terms(layout, psi, priors)
        gradient, information = gradient + prior_gradient, information + prior_information
    return solve(layout, gradient, information)


def solve(layout: Working, gradient: Float, information: Float) -> Float:
    """information^-1 gradient under the layout's fixed entries and ties."""
    free = layout.free.copy()
    for tie in layout.ties:
        free[tie.rows] = False
    wanted = np.where(free, gradient, 0.0)
    masked = np.where(free[:, :, None] & free[:, None, :], information, 0.0)
    at = np.arange(free.shape[1])
    diagonal = masked[:, at, at]
    masked[:, at, at] = np.where(free, diagonal + 1e-9 * np.maximum(diagonal, 1e-3), 1.0)
    step = np.linalg.solve(masked, wanted[:, :, None])[:, :, 0]
    for tie in layout.ties:
        step[tie.rows] = _tied(tie, gradient[tie.rows], information[tie.rows])
    return shorten(step, layout, LONGEST_STEP)


def _tied(tie: Tie, gradient: Float, information: Float) -> Float:
    """Solve the bordered system of own and shared unknowns by eliminating the own ones."""
    own_t = np.swapaxes(tie.own, 1, 2)
    shared_t = np.swapaxes(tie.shared, 1, 2)
    h_own = own_t @ information @ tie.own
    idle = ~np.any(tie.own != 0, axis=1)
    at = np.arange(h_own.shape[1])
    h_own[:, at, at] += np.where(idle, 1.0, 1e-12)
    g_own = (own_t @ gradient[:, :, None])[:, :, 0]
    cross = own_t @ information @ tie.shared
    solved = np.linalg.solve(h_own, np.concatenate([cross, g_own[:, :, None]], axis=2))
    h_shared = (shared_t @ information @ tie.shared - np.swapaxes(cross, 1, 2) @ solved[:, :, :-1]).sum(axis=0)
    g_shared = ((shared_t @ gradient[:, :, None])[:, :, 0] - np.einsum("jos,jo->js", cross, solved[:, :, -1])).sum(
        axis=0
    )
    common = np.linalg.lstsq(h_shared, g_shared, rcond=1e-12)[0]
    own = solved[:, :, -1] - solved[:, :, :-1] @ common
    return np.asarray((tie.own @ own[:, :, None])[:, :, 0] + tie.shared @ common)


def project(layout: Working, psi: Float) -> Float:
    """psi with tied items moved to the nearest values (least squares) that satisfy their ties."""
    out = psi.copy()
    for tie in layout.ties:
        spanned = np.any(tie.own != 0, axis=2) | np.any(tie.shared != 0, axis=2)
        unit = np.tile(np.eye(psi.shape[1]), (len(tie.rows), 1, 1))
        out[tie.rows] = np.where(spanned, _tied(tie, psi[tie.rows] * spanned, unit), psi[tie.rows])
    return out


def shorten(step: Float, layout: Working, most: float) -> Float:
    """Bound the longest component of an item's step by `most` (of a tie's steps: by one common factor)."""
    longest = np.abs(step).max(axis=1)
    for tie in layout.ties:
        longest[tie.rows] = longest[tie.rows].max()
    return np.asarray(step / np.maximum(longest / most, 1.0)[:, None])


def admissible(layout: Working, psi: Float, priors: Priors) -> NDArray[np.bool_]:
    """[J] whether an item's parameters are finite, in order (graded) and inside their prior's support."""
    ok = np.asarray(np.isfinite(psi).all(axis=1))
    for family, rows in layout.family_rows:
        if family == "graded":
            d = np.where(np.isnan(layout.template.intercepts[rows]), -np.inf, psi[rows, layout.d])
            with np.errstate(invalid="ignore"):
                ok[rows] &= ~(np.diff(d, axis=1) > -1e-6).any(axis=1)
    if isinstance(priors.slope, LogNormal):
        ok &= ~((psi[:, layout.a] <= 0) & layout.free[:, layout.a]).any(axis=1)
    if layout.guessing:
        ok &= psi[:, layout.asymptotes.start] < psi[:, layout.asymptotes.start + 1]
    return ok
