"""The change between two measurements: the contrast of a joint posterior, with the prior counted once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from shuyang.measurement.cat.contracts import Prior
from shuyang.measurement.change import Measured, change

FloatArray = npt.NDArray[np.float64]
PRIOR = Prior.equicorrelated(5, 0.6)
SIGMA = np.asarray(PRIOR.cov)


def _measure(theta: FloatArray, noise: float, rng: np.random.Generator) -> Measured:
    """The posterior under `PRIOR` of someone at `theta` who was measured with an error of SD `noise`."""
    seen = theta + noise * rng.standard_normal(theta.shape)
    precision = np.eye(len(theta)) / noise**2
    cov = np.linalg.inv(np.linalg.inv(SIGMA) + precision)
    return Measured((cov @ precision @ seen).tolist(), cov.tolist(), PRIOR)


def test_in_one_dimension_it_is_the_regression_of_the_true_change_on_the_seen_one() -> None:
    """With prior variance 2(1−r) of the change and noise 2s², the posterior is a textbook formula."""
    prior = Prior((0.0,), ((1.0,),))
    s2, r, seen = 0.25, 0.5, (0.2, 1.1)
    shrink = 1.0 / (1.0 + s2)
    a, b = (Measured([x * shrink], [[s2 * shrink]], prior) for x in seen)
    found = change(a, b, stability=r)
    prior_var, noise = 2 * (1 - r), 2 * s2
    assert found.mean[0] == pytest.approx((seen[1] - seen[0]) * prior_var / (prior_var + noise))
    assert found.cov[0, 0] == pytest.approx(prior_var * noise / (prior_var + noise))


def test_two_results_the_other_way_round_give_the_opposite() -> None:
    rng = np.random.default_rng(5)
    a, b = (_measure(rng.normal(size=5), 0.5, rng) for _ in range(2))
    there, back = change(a, b), change(b, a)
    assert there.mean == pytest.approx(-back.mean)
    assert there.cov == pytest.approx(back.cov)


def test_without_answers_nothing_is_known_of_a_change() -> None:
    empty = Measured((0.0,) * 5, PRIOR.cov, PRIOR)
    found = change(empty, empty)
    assert found.mean == pytest.approx(np.zeros(5))
    assert found.sd == pytest.approx(np.ones(5), rel=1e-3), "the prior SD of the change is one population SD"


def test_its_interval_covers_as_often_as_it_says_and_noise_is_seldom_called_a_change() -> None:
    """Covers 95 % when changes are drawn from its own prior; when nobody changed, at most 5 % see any reliable change.

    800 people: three standard errors of the coverage over five correlated forces are about 1.6 points.
    """
    rng = np.random.default_rng(20261122)
    covered, false = [], []
    for _ in range(800):
        theta, moved = rng.multivariate_normal(np.zeros(5), SIGMA, 2)
        first = _measure(theta, 0.45, rng)
        later = change(first, _measure(theta + moved, 0.45, rng), stability=0.5)
        covered.append(np.abs(later.mean - moved) <= 1.96 * later.sd)
        still = change(first, _measure(theta, 0.45, rng))
        false.append(bool((np.abs(still.mean) > 1.96 * still.sd).any()))
    assert 0.90 <= np.mean(covered) <= 0.97, np.mean(covered)
    assert np.mean(false) <= 0.07, np.mean(false)


def test_it_refuses_a_correlation_of_one() -> None:
    empty = Measured((0.0,) * 5, PRIOR.cov, PRIOR)
    with pytest.raises(ValueError, match="correlation"):
        change(empty, empty, stability=1.0)
