"""Bifactor and testlet models with groups, fixed items and covariates: recovery, and a plain twin of the likelihood."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from shuyang.measurement.errors import BadShape
from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import log_probabilities, probabilities
from shuyang.measurement.irt.result import Calibration
from shuyang.measurement.irt.scores import score

LABELS = np.repeat([0, 1, 2], 5)
LINE = np.linspace(-5, 5, 21)
SHAPE: dict[str, Any] = {"specific": LABELS.tolist(), "nodes": 21, "bound": 5.0}


def bank(testlet: bool = False) -> ItemParameters:
    rng = np.random.default_rng(3)
    slopes = np.zeros((15, 4))
    slopes[:, 0] = rng.uniform(1.0, 1.8, 15)
    slopes[np.arange(15), 1 + LABELS] = slopes[:, 0] if testlet else rng.uniform(0.8, 1.4, 15)
    return ItemParameters.build("2pl", slopes, rng.normal(0, 0.7, 15), ids=[f"Q{j}" for j in range(15)])


def draw(items: ItemParameters, theta: np.ndarray, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    x = (rng.random((len(theta), len(items))) < probabilities(items, theta)[:, 1].T).astype(float)
    x[rng.random(x.shape) < 0.1] = np.nan
    return x


def two_groups(n: int, testlet: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Group b: general factor N(0.6, 1.3^2), second specific factor with sd 1.4 times that of group a."""
    rng = np.random.default_rng(17)
    group = np.arange(2 * n) % 2
    theta = rng.standard_normal((2 * n, 4)) * ([1, 0.8, 0.7, 0.9] if testlet else [1, 1, 1, 1])
    theta[group == 1] *= [1.3, 1, 1.4, 1]
    theta[group == 1, 0] += 0.6
    return draw(bank(testlet), theta, 18), group


def twin(x: np.ndarray, group: np.ndarray, items: ItemParameters, latent: Latent, shift: np.ndarray) -> float:
    """Log-likelihood summed over the product of all four factors' nodes, one person at a time."""
    mesh = np.stack([g.ravel() for g in np.meshgrid(*[LINE] * 4, indexing="ij")], axis=1)
    keep = (mesh**2).sum(axis=1) < 36
    mesh = mesh[keep]
    logs = log_probabilities(items, mesh)
    total = 0.0
    for row, g, moved in zip(x, group, shift, strict=True):
        mean, sd = latent.mean[g].copy(), latent.sd[g]
        mean[0] += moved
        z = (LINE[None, :] - mean[:, None]) / sd[:, None]
        sums = np.exp(-0.5 * z**2).sum(axis=1)
        prior = -0.5 * (((mesh - mean) / sd) ** 2).sum(axis=1) - np.log(sums).sum()
        seen = np.flatnonzero(~np.isnan(row))
        total += np.log(np.exp(prior + logs[seen, row[seen].astype(int)].sum(axis=0)).sum())
    return float(total)


@pytest.fixture(scope="module")
def grouped() -> tuple[np.ndarray, np.ndarray, Calibration]:
    x, group = two_groups(1500)
    return x, group, calibrate(x, groups=group.tolist(), standard_errors=True, **SHAPE)


def test_groups_differ_in_mean_and_variances(grouped: tuple[np.ndarray, np.ndarray, Calibration]) -> None:
    _, _, found = grouped
    assert found.converged
    assert found.second_order
    assert found.free_parameters == 15 * 3 + 2 + 3
    truth = {"mean:1:1": 0.6, "covariance:1:1,1": 1.69, "covariance:1:3,3": 1.96, "covariance:1:2,2": 1.0}
    assert set(found.latent_errors) == {*truth, "covariance:1:4,4"}
    for name, value in truth.items():
        k = int(name[-1]) - 1
        got = found.latent.mean[1, 0] if name.startswith("mean") else found.latent.covariance[1, k, k]
        assert abs(got - value) < 4 * found.latent_errors[name]
    np.testing.assert_array_equal(found.latent.mean[:, 1:], 0)
    np.testing.assert_array_equal(found.latent.covariance[0], np.eye(4))
    z = [found.items.slopes[j, int(n[1:]) - 1] - bank().slopes[j, int(n[1:]) - 1]
         for (j, n) in found.items.standard_errors() if n[0] == "a"]  # fmt: skip
    errors = [se for (_, n), se in found.items.standard_errors().items() if n[0] == "a"]
    assert np.abs(np.array(z) / errors).max() < 4.5


def test_the_likelihood_of_groups_is_that_of_a_plain_sum(grouped: tuple[np.ndarray, np.ndarray, Calibration]) -> None:
    x, group, found = grouped
    rows = np.arange(6)
    eap = score(x[rows], found.items, latent=found.latent, groups=group[rows].tolist())
    assert eap.log_likelihood is not None
    plain = twin(x[rows], group[rows], found.items, found.latent, np.zeros(6))
    assert eap.log_likelihood.sum() == pytest.approx(plain, abs=0.02)


def test_testlets_in_two_groups() -> None:
    x, group = two_groups(1200, testlet=True)
    found = calibrate(x, groups=group.tolist(), testlet=True, standard_errors=True, **SHAPE)
    assert found.second_order
    truth = {"mean:1:1": 0.6, "covariance:1:1,1": 1.69, "covariance:0:3,3": 0.49, "covariance:1:3,3": 0.49 * 1.96}
    for name, value in truth.items():
        g, k = int(name.split(":")[1]), int(name[-1]) - 1
        got = found.latent.mean[1, 0] if name.startswith("mean") else found.latent.covariance[g, k, k]
        assert abs(got - value) < 4 * found.latent_errors[name]


def test_fixed_items_carry_the_scale() -> None:
    rng = np.random.default_rng(5)
    items = bank()
    theta = rng.standard_normal((2000, 4)) * [1.2, 1.0, 1.3, 1.0] + [0.5, 0, 0, 0]
    x = draw(items, theta, 6)
    known = np.r_[0:3, 5:8]
    anchors = items.select(known)
    found = calibrate(x, anchors=replace(anchors, ids=tuple(f"I{j + 1}" for j in known)), standard_errors=True, **SHAPE)
    np.testing.assert_array_equal(found.items.slopes[known], items.slopes[known])
    assert found.second_order
    # the third block has no fixed item, so its factor keeps variance 1
    assert set(found.latent_errors) == {"mean:1", "covariance:1,1", "covariance:2,2", "covariance:3,3"}
    for name, value in {"mean:1": 0.5, "covariance:1,1": 1.44, "covariance:3,3": 1.69}.items():
        k = int(name[-1]) - 1
        got = found.latent.mean[0, 0] if name.startswith("mean") else found.latent.covariance[0, k, k]
        assert abs(got - value) < 4 * found.latent_errors[name]
    new = np.setdiff1d(np.arange(15), known)
    np.testing.assert_allclose(found.items.intercepts[new], items.intercepts[new], atol=0.4)


def test_covariates_shift_the_general_factor() -> None:
    rng = np.random.default_rng(8)
    years = rng.standard_normal(2500)
    theta = rng.standard_normal((2500, 4))
    theta[:, 0] += 0.5 * years
    x = draw(bank(), theta, 9)
    found = calibrate(x, covariates=years, standard_errors=True, **SHAPE)
    assert found.second_order
    assert found.latent.coefficients is not None
    np.testing.assert_array_equal(found.latent.coefficients[:, 1:], 0)
    assert abs(found.latent.coefficients[0, 0] - 0.5) < 4 * found.latent_errors["coefficient:0,1"]
    assert found.latent_errors["coefficient:0,1"] == pytest.approx(1 / 2500**0.5, rel=0.6)
    plain = twin(x[:4], np.zeros(4, int), found.items, found.latent, years[:4] * found.latent.coefficients[0, 0])
    told = score(x[:4], found.items, latent=found.latent, covariates=years[:4])
    assert told.log_likelihood is not None
    assert told.log_likelihood.sum() == pytest.approx(plain, abs=0.02)


def test_anchors_of_another_structure_are_refused() -> None:
    x = two_groups(50)[0]
    anchors = replace(bank().select([0, 5]), ids=("I1", "I6"))
    with pytest.raises(BadShape, match=r"another specific factor|different ones"):
        calibrate(x, anchors=anchors, specific=[0] * 10 + [1] * 5)
    with pytest.raises(BadShape):
        calibrate(x, anchors=replace(bank().select([0]), ids=("I1",)), specific=[None] * 5 + [1] * 10)
