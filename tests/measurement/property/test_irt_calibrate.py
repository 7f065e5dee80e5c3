"""What calibration promises whatever the data: invariances, equivalences, typed errors, documented estimates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shuyang.measurement.errors import (
    BadCategory,
    BadModel,
    BadParameter,
    BadShape,
    NoResponses,
    NotConnected,
    NotConverged,
    NoVariation,
    UnusedCategory,
    WeaklyIdentified,
)
from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.irt.plausible import plausible_values
from shuyang.measurement.irt.priors import Beta, LogNormal, Normal, Priors
from shuyang.measurement.irt.scores import score


def simulate(items: ItemParameters, theta: np.ndarray, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    above = np.cumsum(probabilities(items, theta), axis=1)
    return (rng.random((len(items), 1, len(theta))) > above).sum(axis=1).T.astype(float)


def bank(seed: int = 3, size: int = 10) -> ItemParameters:
    rng = np.random.default_rng(seed)
    return ItemParameters.build("2pl", rng.uniform(0.7, 1.8, size), rng.normal(0, 1, size))


def sample(persons: int = 400, seed: int = 5, size: int = 10) -> np.ndarray:
    return simulate(bank(size=size), np.random.default_rng(seed).standard_normal(persons), seed)


def test_order_of_persons_and_items_does_not_matter() -> None:
    matrix = sample()
    rng = np.random.default_rng(1)
    rows, columns = rng.permutation(len(matrix)), rng.permutation(matrix.shape[1])
    one, two = calibrate(matrix), calibrate(matrix[rows][:, columns])
    assert two.log_likelihood == pytest.approx(one.log_likelihood, abs=1e-6)
    np.testing.assert_allclose(two.items.slopes, one.items.slopes[columns], atol=1e-6)


def test_both_codings_and_any_number_of_threads_agree() -> None:
    matrix = sample()
    matrix[np.random.default_rng(2).random(matrix.shape) < 0.45] = np.nan
    dense = calibrate(matrix, threads=1)
    assert calibrate(matrix, threads=2).log_likelihood == dense.log_likelihood
    padded = np.concatenate([matrix, np.full((600, 10), np.nan)])  # empty persons push it below the dense limit
    sparse = calibrate(padded, threads=2)
    assert sparse.log_likelihood == pytest.approx(dense.log_likelihood, abs=1e-7)
    np.testing.assert_allclose(sparse.items.intercepts, dense.items.intercepts, atol=1e-4)
    assert any("without a response" in note for note in sparse.notes)


def test_weights_stand_for_repeated_persons() -> None:
    matrix = sample(200)
    twice = calibrate(np.concatenate([matrix, matrix]), standard_errors=True)
    weighted = calibrate(Responses.from_matrix(matrix, weights=np.full(200, 2.0)), standard_errors=True)
    assert weighted.log_likelihood == pytest.approx(twice.log_likelihood, abs=1e-6)
    assert weighted.items.covariance is not None
    assert twice.items.covariance is not None
    np.testing.assert_allclose(weighted.items.covariance, twice.items.covariance, rtol=1e-4, atol=1e-8)


def test_mixed_formats_in_one_calibration() -> None:
    truth = ItemParameters.build(
        ["2pl", "2pl", "graded", "gpcm", "3pl", "pcm", "nominal"], [1.2, 0.8, 1.5, 1.0, 1.3, 1.0, 1.1],
        [[0.0], [1.0], [1.0, -1.0], [0.5, -0.2], [0.3], [0.4, 0.1, -0.5], [0.3, 0.2]], g=[0, 0, 0, 0, 0.2, 0, 0],
        scores=[[0, 1], [0, 1], [0, 1, 2], [0, 1, 2], [0, 1], [0, 1, 2, 3], [0, 1.3, 2]],
    )  # fmt: skip
    matrix = simulate(truth, np.random.default_rng(0).standard_normal(4000), 9)
    result = calibrate(matrix, truth.models, priors=Priors(guessing=Normal(-1.4, 0.5)))
    assert result.converged
    assert result.items.slopes[5, 0] == 1.0
    nodes = np.linspace(-2, 2, 9)
    np.testing.assert_allclose(probabilities(result.items, nodes), probabilities(truth, nodes), atol=0.07)


def test_rating_scale_shares_its_thresholds() -> None:
    location, steps = np.array([0.6, 0.0, -0.7, 0.3]), np.array([0.5, 0.4, 0.0])
    d = location[:, None] * np.arange(1, 4) + steps
    truth = ItemParameters.build("rsm", np.ones(4), d)
    result = calibrate(simulate(truth, np.random.default_rng(0).standard_normal(3000), 2), "rsm", standard_errors=True)
    assert result.free_parameters == 4 + 2 + 1
    k = np.arange(1, 4)
    c = result.items.intercepts[:, -1] / 3
    shared = result.items.intercepts - c[:, None] * k
    np.testing.assert_allclose(shared, np.tile(shared[0], (4, 1)), atol=1e-10)
    np.testing.assert_allclose(result.items.intercepts, d, atol=0.2)
    assert len(result.items.standard_errors()) == 12


def test_fixed_items_carry_the_scale() -> None:
    known = bank(8, 12)
    theta = 0.8 + 1.3 * np.random.default_rng(3).standard_normal(6000)
    matrix = simulate(known, theta, 4)
    result = calibrate(Responses.from_matrix(matrix, item_ids=known.ids), anchors=known.select(range(8)))
    np.testing.assert_array_equal(result.items.slopes[:8], known.slopes[:8])
    assert result.latent.mean[0, 0] == pytest.approx(0.8, abs=0.08)
    assert result.latent.sd[0, 0] == pytest.approx(1.3, abs=0.08)
    np.testing.assert_allclose(result.items.difficulties()[8:], known.difficulties()[8:], atol=0.2)


def test_fixed_3pl_items_stay_3pl_in_an_incomplete_design() -> None:
    rng = np.random.default_rng(8)
    known = ItemParameters.build("3pl", rng.uniform(0.9, 1.6, 12), rng.normal(0, 1, 12), g=0.2)
    matrix = simulate(known, rng.standard_normal(5000), 4)
    matrix[:2500, 8:] = np.nan
    matrix[2500:, :4] = np.nan
    data = Responses.from_matrix(matrix, item_ids=known.ids)
    result = calibrate(data, dict.fromkeys(known.ids, "2pl"), anchors=known.select(range(8)))
    assert result.items.models[:8] == ("3pl",) * 8
    np.testing.assert_allclose(result.items.g[:8], 0.2, atol=1e-12)
    assert result.latent.mean[0, 0] == pytest.approx(0.0, abs=0.08)


def test_latent_regression_recovers_coefficients_and_their_errors() -> None:
    rng = np.random.default_rng(3)
    x = np.stack([rng.integers(0, 2, 3000), rng.standard_normal(3000)], axis=1)
    theta = x @ [0.5, -0.4] + rng.standard_normal(3000)
    result = calibrate(simulate(bank(), theta, 1), covariates=x, standard_errors=True)
    assert result.latent.coefficients is not None
    np.testing.assert_allclose(result.latent.coefficients[:, 0], [0.5, -0.4], atol=0.12)
    assert 0.03 < result.latent_errors["coefficient:0"] < 0.07
    assert result.second_order


def test_regression_on_a_dummy_equals_groups_of_one_variance() -> None:
    rng = np.random.default_rng(3)
    group = np.arange(2000) % 2
    matrix = simulate(bank(), 0.6 * group + rng.standard_normal(2000), 1)
    regressed = calibrate(matrix, "rasch", covariates=group)
    grouped = calibrate(matrix, "rasch", groups=group.tolist())
    assert regressed.latent.coefficients is not None
    assert regressed.latent.coefficients[0, 0] == pytest.approx(grouped.latent.mean[1, 0], abs=0.02)
    assert 0 < grouped.log_likelihood - regressed.log_likelihood < 3


def test_easy_item_gets_its_difficulty_even_beyond_six() -> None:
    matrix = sample(3000)
    matrix[:, 0] = 1.0
    matrix[:4, 0] = 0.0
    assert calibrate(matrix).converged


def test_beta_prior_reaches_its_mode() -> None:
    """At the mode no nearby point is better (a known trap of accelerated EM with Beta priors)."""
    truth = ItemParameters.build("3pl", np.full(8, 1.4), np.linspace(-1.5, 1.5, 8), g=0.2)
    matrix = simulate(truth, np.random.default_rng(0).standard_normal(1500), 2)
    priors = Priors(guessing=Beta(5, 17), slope=LogNormal(0.2, 0.5))
    loose, tight = (calibrate(matrix, "3pl", priors=priors, tolerance=t) for t in (1e-3, 1e-7))
    assert tight.log_posterior == pytest.approx(loose.log_posterior, abs=1e-3)
    np.testing.assert_allclose(tight.items.g, loose.items.g, atol=3e-3)


def test_unfinished_work_says_so() -> None:
    with pytest.warns(NotConverged):
        result = calibrate(sample(), limit=2, tolerance=1e-12)
    assert not result.converged
    assert "NOT CONVERGED" in result.summary()


def test_collapse_documents_what_it_did() -> None:
    matrix = sample(300)
    matrix[:, 2] = np.where(matrix[:, 2] == 1, 3.0, 0.0)
    with pytest.raises(UnusedCategory) as caught:
        calibrate(matrix, ["2pl"] * 2 + ["graded"] + ["2pl"] * 7)
    assert caught.value.data["items"] == ["I3"]
    result = calibrate(matrix, ["2pl"] * 2 + ["graded"] + ["2pl"] * 7, collapse=True)
    assert result.collapsed == {"I3": (0, 3)}


def test_an_item_nobody_missed_needs_a_prior() -> None:
    matrix = sample(300)
    matrix[:, 4] = 1.0
    with pytest.raises(NoVariation) as caught:
        calibrate(matrix)
    assert caught.value.data["items"] == ["I5"]
    result = calibrate(matrix, priors=Priors(slope=LogNormal(0, 0.5), intercept=Normal(0, 2)))
    assert result.converged
    assert result.items.intercepts[4, 0] > 3


def unconnected() -> np.ndarray:
    matrix = sample(300)
    matrix[:150, :5] = np.nan
    matrix[150:, 5:] = np.nan
    return matrix


@pytest.mark.parametrize(
    ("error", "matrix", "more"),
    [
        (NoResponses, np.full((5, 3), np.nan), {}),
        (NoResponses, np.where(np.arange(10) == 3, np.nan, sample(50)), {}),
        (BadCategory, np.array([[0.5, 1.0], [0.0, 1.0]]), {}),
        (BadShape, np.zeros(7), {}),
        (BadShape, sample(50), {"groups": ["a"]}),
        (BadShape, sample(50), {"covariates": np.full(50, np.nan)}),
        (BadModel, sample(50) * 2, {"collapse": False, "model": "2pl"}),
        (NotConnected, unconnected(), {}),
        (BadShape, np.zeros((2, 2, 2)), {}),
        (BadCategory, np.array([["a", "b"]]), {}),
        (BadCategory, np.array([[np.inf, 1.0]]), {}),
        (NoResponses, np.zeros((0, 5)), {}),
        (BadModel, sample(50), {"method": "guess"}),
        (BadParameter, sample(50), {"nodes": 3}),
        (BadParameter, sample(50), {"bound": -1.0}),
        (BadParameter, sample(50), {"points": 1}),
        (BadShape, sample(50), {"covariates": np.ones(50)}),
        (BadShape, sample(50), {"anchors": ItemParameters.build("2pl", [1.0], [0.0], ids=["elsewhere"])}),
    ],
)
def test_bad_input_is_refused(error: type[Exception], matrix: np.ndarray, more: dict[str, Any]) -> None:
    with pytest.raises((error, UnusedCategory) if error is BadModel else error):
        calibrate(matrix, **more)


def test_a_group_of_one_person_has_no_variance_to_estimate() -> None:
    with pytest.warns(WeaklyIdentified, match="hardly varies in b"):
        result = calibrate(sample(300), groups=["a"] * 299 + ["b"])
    assert result.converged
    assert np.isfinite(result.latent.mean).all()


def test_what_data_can_not_identify_is_not_called_a_maximum() -> None:
    empty = Priors(intercept=Normal(0, 1e9))  # a prior that says nothing
    with pytest.warns(WeaklyIdentified):
        assert calibrate(sample(300)[:, :1], priors=empty, standard_errors=True).second_order is False


def test_scores_refuse_a_matrix_that_is_not_the_banks() -> None:
    with pytest.raises(BadShape):
        score(np.zeros((2, 5)), bank())
    with pytest.raises(BadShape):
        plausible_values(np.zeros((2, 5)), bank(), seed=1)


def test_a_part_of_a_bank_is_as_narrow_as_its_items() -> None:
    wide = ItemParameters.build(["graded", "2pl"], [1.0, 1.2], [[2.0, 1.0, 0.0, -1.0], [0.5]])
    part = wide.select([1])
    assert part.intercepts.shape == (1, 1)
    assert part.scores.shape == (1, 2)
    assert probabilities(part, [0.3]).shape == (1, 2, 1)


def test_equivalent_groups_may_be_unconnected() -> None:
    assert calibrate(unconnected(), check_connection=False).converged


def test_all_right_patterns_and_empty_persons_are_scored() -> None:
    items = bank()
    matrix = np.array([np.ones(10), np.zeros(10), np.full(10, np.nan)])
    ml = score(matrix, items, method="ml").theta[:, 0]
    assert ml[0] == np.inf
    assert ml[1] == -np.inf
    assert np.isnan(ml[2])
    eap, wle = score(matrix, items), score(matrix[:2], items, method="wle")
    assert np.isfinite(wle.theta).all()
    assert eap.theta[2, 0] == pytest.approx(0, abs=1e-12)
    assert eap.se[2, 0] == pytest.approx(1, abs=1e-6)


def test_parameter_variance_widens_scores() -> None:
    matrix = sample(150)
    items = calibrate(matrix, standard_errors=True).items
    plain, wide = score(matrix, items), score(matrix, items, parameter_variance=True)
    assert (wide.se > plain.se * 0.999).mean() > 0.95
    np.testing.assert_allclose(wide.theta, plain.theta, atol=0.2)


def test_plausible_values_carry_the_posterior() -> None:
    matrix = sample(300)
    items = bank()
    eap = score(matrix, items)
    drawn = plausible_values(matrix, items, draws=400, seed=1)[:, :, 0]
    np.testing.assert_allclose(drawn.mean(axis=1), eap.theta[:, 0], atol=0.15)
    np.testing.assert_allclose(drawn.std(axis=1), eap.se[:, 0], atol=0.1)
    again = plausible_values(matrix, items, draws=400, seed=1)[:, :, 0]
    np.testing.assert_array_equal(again, drawn)
