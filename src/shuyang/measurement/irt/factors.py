"""Maximisation over the factor covariance, and how a change of factor scales is absorbed into the items."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.working import Working

Float = NDArray[np.float64]


class FactorStep(NamedTuple):
    """New covariance [D, D]; old factors = shift + transform @ new factors."""

    covariance: Float
    shift: Float
    transform: Float


def factor_step(mean: Float, second: Float, factors: str, *, expand: bool) -> FactorStep:
    """The step for posterior mean [D] and second moment [D, D] of ability, averaged over persons.

    With expand, working means and scales are moved into the items (parameter-expanded EM); without, variances that
    are fixed at 1 stay so and the correlations maximise the expected log density.
    """
    dims = len(mean)
    if factors == "free":
        return FactorStep(second, np.zeros(dims), np.eye(dims))
    if not expand:
        covariance = np.eye(dims) if factors != "correlated" else unit_variance_fit(second)
        return FactorStep(covariance, np.zeros(dims), np.eye(dims))
    spread = second - np.outer(mean, mean)
    if factors == "exploratory":
        return FactorStep(np.eye(dims), mean, np.asarray(np.linalg.cholesky(spread), float))
    sd = np.sqrt(np.diag(spread))
    covariance = spread / np.outer(sd, sd) if factors == "correlated" else np.eye(dims)
    return FactorStep(covariance, mean, np.diag(sd))


def absorb(layout: Working, psi: Float, step: FactorStep) -> Float:
    """psi after old factors are replaced by shift + transform @ new ones."""
    after = psi.copy()
    moved = psi[:, layout.a] @ step.shift
    weight = layout.free[:, layout.d].astype(float)
    for family, rows in layout.family_rows:
        if family == "total":
            weight[rows] *= np.nan_to_num(layout.unpack(psi).scores[rows, 1:])
    after[:, layout.d] += weight * moved[:, None]
    after[:, layout.a] = psi[:, layout.a] @ step.transform
    return after


def unit_variance_fit(second: Float) -> Float:
    """Correlation matrix R that maximises -log|R| - tr(R^-1 S), by Newton steps on its lower triangle."""
    dims = len(second)
    lower = np.tril_indices(dims, -1)
    sd = np.sqrt(np.diag(second))
    r = second / np.outer(sd, sd)
    for _ in range(50):
        inverse = np.linalg.inv(r)
        slope = (inverse @ second @ inverse - inverse)[lower]
        curvature = _curvature(inverse, lower)
        step = np.linalg.solve(curvature, slope)
        scale = 1.0
        while scale > 1e-6:
            trial = r.copy()
            trial[lower] += scale * step
            trial = np.tril(trial) + np.tril(trial, -1).T
            if np.linalg.eigvalsh(trial).min() > 1e-8:
                break
            scale *= 0.5
        r = trial
        if np.abs(scale * step).max(initial=0.0) < 1e-12:
            break
    return np.asarray(r)


def _curvature(inverse: Float, lower: tuple[NDArray[np.int64], ...]) -> Float:
    """Expected information of the correlations, up to the factor of `unit_variance_fit`'s gradient."""
    i, j = lower
    return np.asarray(inverse[np.ix_(i, i)] * inverse[np.ix_(j, j)] + inverse[np.ix_(i, j)] * inverse[np.ix_(j, i)])


def pack_correlations(covariance: Float, *, scaled: bool) -> Float:
    """A covariance as real numbers: the log-Cholesky form if scaled, else inverse hyperbolic tangents of correlations.

    Extrapolated vectors of correlations may leave the positive definite cone; `unpack_correlations` then shrinks them.
    """
    if scaled:
        lower = np.linalg.cholesky(covariance)
        lower[np.diag_indices(len(lower))] = np.log(np.diag(lower))
        return np.asarray(lower[np.tril_indices(len(lower))])
    return np.arctanh(np.clip(covariance[np.tril_indices(len(covariance), -1)], -0.999999, 0.999999))


def unpack_correlations(vector: Float, dims: int, *, scaled: bool) -> Float:
    """The inverse of `pack_correlations`, always positive definite."""
    if scaled:
        lower = np.zeros((dims, dims))
        lower[np.tril_indices(dims)] = vector
        lower[np.diag_indices(dims)] = np.exp(np.diag(lower))
        return lower @ lower.T
    r = np.eye(dims)
    r[np.tril_indices(dims, -1)] = np.tanh(vector)
    r = np.tril(r) + np.tril(r, -1).T
    while np.linalg.eigvalsh(r).min() < 1e-6:
        r = 0.98 * r + 0.02 * np.eye(dims)
    return r
