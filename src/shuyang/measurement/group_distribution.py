"""The distribution of ability in a group, from the posteriors of its members.

Averaging point estimates is wrong twice: each is drawn towards the prior, and their spread leaves out what is not known
about each person. Here each posterior is taken apart into prior and likelihood, and the group's mean and covariance are
estimated by marginal maximum likelihood from the likelihoods (the normal-normal model of Mislevy, 1984, Psychometrika
49, 359-381, without covariates).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shuyang.measurement.cat.contracts import Prior

FloatArray = npt.NDArray[np.float64]

_MAX_ITERATIONS = 500
_TOLERANCE = 1e-7
# An item set that says nothing about a dimension leaves no precision there; this keeps the algebra finite.
_LEAST_PRECISION = 1e-6
# A weak inverse-Wishart prior worth this many persons, at the release's covariance, keeps small groups from collapsing.
_PRIOR_PERSONS = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class GroupDistribution:
    """A group's ability: `mean` [D] with `mean_cov` [D, D], spread `cov` [D, D], in logits; members' posteriors under it.

    `posterior_mean` [N, D] and `posterior_sd` [N, D] use the group as prior. `converged`: the estimate settled.
    """

    mean: FloatArray
    mean_cov: FloatArray
    cov: FloatArray
    posterior_mean: FloatArray
    posterior_sd: FloatArray
    converged: bool


def group_distribution(
    means: Sequence[Sequence[float]], covariances: Sequence[Sequence[Sequence[float]]], prior: Prior
) -> GroupDistribution:
    """Mean and covariance of ability in a group of N persons.

    `means` [N, D] and `covariances` [N, D, D] are posteriors that were all computed under `prior`. Raises `ValueError`
    for an empty group.
    """
    precision, shift = likelihoods(np.asarray(means, float), np.asarray(covariances, float), prior)
    mean, cov = np.asarray(prior.mean, float), np.asarray(prior.cov, float)
    scale, converged = cov, False
    for _ in range(_MAX_ITERATIONS):
        post_mean, post_cov = _posteriors(precision, shift, mean, cov)
        new_mean = post_mean.mean(axis=0)
        spread = post_mean - new_mean
        total = spread.T @ spread + post_cov.sum(axis=0)
        new_cov = (total + _PRIOR_PERSONS * scale) / (len(spread) + _PRIOR_PERSONS)
        moved = max(float(np.abs(new_mean - mean).max()), float(np.abs(new_cov - cov).max()))
        mean, cov = new_mean, new_cov
        if moved < _TOLERANCE:
            converged = True
            break
    post_mean, post_cov = _posteriors(precision, shift, mean, cov)
    post_sd = np.sqrt(np.einsum("nii->ni", post_cov))
    return GroupDistribution(mean, _mean_cov(precision, cov), cov, post_mean, post_sd, converged)


def likelihoods(means: FloatArray, covariances: FloatArray, prior: Prior) -> tuple[FloatArray, FloatArray]:
    """Precision [N, D, D] and precision-weighted mean [N, D] of each person's likelihood, the prior taken out.

    `means` [N, D] and `covariances` [N, D, D] are posteriors computed under `prior`. Raises `ValueError` for no persons.
    """
    if len(means) == 0:
        raise ValueError("a group needs at least one person")
    prior_precision = np.linalg.inv(np.asarray(prior.cov, float))
    posterior_precision = np.linalg.inv(covariances)
    shift = np.einsum("nij,nj->ni", posterior_precision, means) - prior_precision @ np.asarray(prior.mean, float)
    values, vectors = np.linalg.eigh(posterior_precision - prior_precision)
    precision = np.einsum("nij,nj,nkj->nik", vectors, np.maximum(values, _LEAST_PRECISION), vectors)
    return precision, shift


def _posteriors(
    precision: FloatArray, shift: FloatArray, mean: FloatArray, cov: FloatArray
) -> tuple[FloatArray, FloatArray]:
    inverse = np.linalg.inv(cov)
    post_cov = np.linalg.inv(precision + inverse)
    return np.einsum("nij,nj->ni", post_cov, shift + inverse @ mean), post_cov


def _mean_cov(precision: FloatArray, cov: FloatArray) -> FloatArray:
    """Covariance of the mean: each person tells of it with variance cov + the noise of his own measurement."""
    information = np.linalg.inv(cov + np.linalg.inv(precision)).sum(axis=0)
    return np.asarray(np.linalg.inv(information), dtype=np.float64)
