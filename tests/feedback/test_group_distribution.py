"""A group's mean and spread from its members' posteriors: unbiased, with intervals that hold what they promise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from shuyang.measurement.cat.contracts import Prior
from shuyang.measurement.group_distribution import GroupDistribution, group_distribution

FloatArray = npt.NDArray[np.float64]
DIMS = 3
PRIOR = Prior.equicorrelated(DIMS, 0.6)


def _posteriors(theta: FloatArray, noise: float, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Posteriors under `PRIOR` of people at `theta` [N, D] who were measured with an error of SD `noise`."""
    seen = theta + noise * rng.standard_normal(theta.shape)
    precision = np.eye(DIMS) / noise**2
    cov = np.linalg.inv(np.linalg.inv(np.asarray(PRIOR.cov)) + precision)
    return seen @ (cov @ precision).T, np.repeat(cov[None], len(theta), axis=0)


def _group(mean: FloatArray, sd: float, n: int, noise: float, rng: np.random.Generator) -> GroupDistribution:
    theta = rng.multivariate_normal(mean, sd**2 * (0.5 + 0.5 * np.eye(DIMS)), n)
    return group_distribution(*_posteriors(theta, noise, rng), PRIOR)


@pytest.mark.parametrize("n", [10, 30])
def test_its_interval_covers_the_mean_as_often_as_it_says(n: int) -> None:
    rng = np.random.default_rng(20261122)
    hits, spreads, errors = [], [], []
    for _ in range(400):
        mean = rng.normal(0.3, 0.6, DIMS)
        found = _group(mean, 0.7, n, 0.4, rng)
        error = found.mean - mean
        hits.append(np.abs(error) <= 1.96 * np.sqrt(np.diag(found.mean_cov)))
        errors.append(error)
        spreads.append(np.sqrt(np.diag(found.cov)))
        assert found.converged
    assert 0.93 <= np.mean(hits) <= 0.97, np.mean(hits)
    assert np.abs(np.mean(errors, axis=0)).max() < 0.03
    assert np.mean(spreads) == pytest.approx(0.7, abs=0.08 if n == 10 else 0.04)


def test_averaging_point_estimates_would_be_wrong_where_this_is_right() -> None:
    """A strong group far from the prior, measured roughly: means are drawn towards it and spread comes out too small."""
    rng = np.random.default_rng(7)
    theta = rng.multivariate_normal(np.full(DIMS, 1.5), 0.36 * (0.5 + 0.5 * np.eye(DIMS)), 3000)
    means, covariances = _posteriors(theta, 1.0, rng)
    found = group_distribution(means, covariances, PRIOR)
    assert np.abs(found.mean - 1.5).max() < 0.15
    assert np.abs(np.sqrt(np.diag(found.cov)) - 0.6).max() < 0.1
    assert means.mean(axis=0).max() < 1.3


def test_members_are_seen_in_the_light_of_their_group() -> None:
    rng = np.random.default_rng(3)
    theta = rng.multivariate_normal(np.full(DIMS, 1.0), 0.25 * np.eye(DIMS), 200)
    means, covariances = _posteriors(theta, 0.8, rng)
    found = group_distribution(means, covariances, PRIOR)
    assert found.posterior_mean.shape == found.posterior_sd.shape == (200, DIMS)
    inside = np.abs(found.posterior_mean - theta) <= 1.96 * found.posterior_sd
    assert 0.92 <= inside.mean() <= 0.98
    better = ((found.posterior_mean - theta) ** 2).mean()
    assert better < 0.9 * ((means - theta) ** 2).mean()


def test_one_person_keeps_wide_intervals() -> None:
    rng = np.random.default_rng(5)
    found = _group(np.zeros(DIMS), 0.7, 1, 0.4, rng)
    assert (np.sqrt(np.diag(found.mean_cov)) > 0.6).all()


def test_a_force_nobody_was_asked_about_stays_unknown() -> None:
    """Where no item said anything the posterior is the prior; the mean there must not look certain."""
    prior = Prior.equicorrelated(2, 0.0)
    covariances = [[[0.1, 0.0], [0.0, 1.0]]] * 10
    found = group_distribution([[0.9, 0.0]] * 10, covariances, prior)
    assert found.mean[0] == pytest.approx(1.0, abs=0.01)
    assert found.mean_cov[1, 1] > 100 * found.mean_cov[0, 0]


def test_an_empty_group_has_no_mean() -> None:
    with pytest.raises(ValueError, match="at least one"):
        group_distribution([], [], PRIOR)
