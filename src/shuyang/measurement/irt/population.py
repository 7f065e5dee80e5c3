"""The distribution of ability in several dimensions: its unknowns as a vector, and the maximisation over them.

`factors` says what is free. "correlated": variances of the first group 1, correlations free; "orthogonal": identity;
"exploratory": identity, slopes free up to rotation; "free": all variances and covariances; "anchored": fixed items
carry the scale, and means and covariances of all groups are free. In all but the last, further groups have free means
and covariances. With covariates there is one group, and everyone's mean is shifted by their regression.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.factors import FactorStep, factor_step, pack_correlations, unpack_correlations
from shuyang.measurement.irt.latent import Latent

Float = NDArray[np.float64]


class Moments(NamedTuple):
    """Posterior moments of ability summed over persons: first [G, D], second [G, D, D], persons [G]; cross [1 + C, D]
    the sums of (1, covariates) times the posterior mean (empty without covariates)."""

    first: Float
    second: Float
    persons: Float
    cross: Float

    def scaled(self) -> Moments:
        """The same a person."""
        share = self.persons[:, None]
        total = self.persons.sum()
        return Moments(
            self.first / share, self.second / share[:, :, None], np.ones_like(self.persons), self.cross / total
        )

    def towards(self, other: Moments, gain: float) -> Moments:
        """A step of size gain to other moments."""
        return Moments(*(old + gain * (new - old) for old, new in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Covariates of a latent regression with a column of ones in front: rows [N, 1 + C], gram their mean square."""

    rows: Float
    gram: Float

    @classmethod
    def of(cls, covariates: Float, weight: Float) -> Design:
        """From covariates [N, C] and the persons' weights (empty: 1 each)."""
        rows = np.concatenate([np.ones((len(covariates), 1)), covariates], axis=1)
        weights = weight if len(weight) else np.ones(len(rows))
        return cls(rows, (rows.T * weights) @ rows / weights.sum())


def pack(latent: Latent, factors: str) -> Float:
    """The free parts of a distribution as a vector (some fixed zeros may be among them)."""
    parts = []
    anchored = factors == "anchored"
    if not anchored:
        parts.append(pack_correlations(latent.covariance[0], scaled=factors == "free"))
    for g in range(0 if anchored else 1, len(latent.names)):
        parts += [latent.mean[g], pack_correlations(latent.covariance[g], scaled=True)]
    if latent.coefficients is not None:
        parts.append(latent.coefficients.ravel())
    return np.concatenate(parts)


def unpack(like: Latent, vector: Float, factors: str) -> Latent:
    """The inverse of `pack`."""
    dims, at = like.mean.shape[1], 0
    half = dims * (dims + 1) // 2

    def take(count: int) -> Float:
        nonlocal at
        at += count
        return vector[at - count : at]

    mean, covariance = [], []
    if factors != "anchored":
        mean.append(np.zeros(dims))
        scaled = factors == "free"
        covariance.append(unpack_correlations(take(half if scaled else half - dims), dims, scaled=scaled))
    for _ in range(len(like.names) - len(mean)):
        mean.append(take(dims).copy())
        covariance.append(unpack_correlations(take(half), dims, scaled=True))
    coefficients = None if like.coefficients is None else take(like.coefficients.size).reshape(-1, dims).copy()
    return Latent(like.names, np.array(mean), np.array(covariance), coefficients)


def latent_step(
    latent: Latent, moments: Moments, factors: str, *, expand: bool, design: Design | None
) -> tuple[Latent, FactorStep]:
    """New distribution from moments a person, and the change of scale that the items have to absorb.

    With expand, working means and scales of the first group go into the items (parameter-expanded EM).
    """
    if design is not None:
        return _regression_step(latent, moments, factors, expand, design)
    dims, mean, second = latent.mean.shape[1], moments.first, moments.second
    if factors == "anchored":
        spreads = second - mean[:, :, None] * mean[:, None, :]
        still = FactorStep(spreads[0], np.zeros(dims), np.eye(dims))
        return replace(latent, mean=mean, covariance=spreads), still
    step = factor_step(mean[0], second[0], factors, expand=expand)
    back = np.linalg.inv(step.transform)
    means, covariances = [np.zeros(dims)], [step.covariance]
    for g in range(1, len(latent.names)):
        spread = second[g] - np.outer(mean[g], mean[g])
        means.append(back @ (mean[g] - step.shift))
        covariances.append(back @ spread @ back.T)
    return replace(latent, mean=np.array(means), covariance=np.array(covariances)), step


def _regression_step(
    latent: Latent, moments: Moments, factors: str, expand: bool, design: Design
) -> tuple[Latent, FactorStep]:
    """Regress posterior means on the covariates; the residual moments take the place of the moments."""
    dims = latent.mean.shape[1]
    beta = np.zeros((len(design.gram), dims))
    first = 0 if factors == "anchored" or expand else 1  # whether there is an intercept to estimate
    beta[first:] = np.linalg.solve(design.gram[first:, first:], moments.cross[first:])
    spread = moments.second[0] - beta.T @ moments.cross - moments.cross.T @ beta + beta.T @ design.gram @ beta
    if factors == "anchored":
        after = Latent(latent.names, beta[:1], spread[None], beta[1:])
        return after, FactorStep(spread, np.zeros(dims), np.eye(dims))
    step = factor_step(beta[0], spread + np.outer(beta[0], beta[0]), factors, expand=expand)
    back = np.linalg.inv(step.transform)
    return Latent(latent.names, np.zeros((1, dims)), step.covariance[None], beta[1:] @ back.T), step
