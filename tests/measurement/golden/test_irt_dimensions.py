"""Several dimensions against the stored results of mirt 1.47, and estimators against each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tests.measurement.conftest import Reference

from shuyang.measurement.errors import BadModel, BadShape, NotIdentified
from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.irt.plausible import plausible_values
from shuyang.measurement.irt.priors import Normal, Priors
from shuyang.measurement.irt.rotate import rotate
from shuyang.measurement.irt.scores import score

HALVES = np.repeat(np.eye(2, dtype=bool), 8, axis=0)


def stored(reference: Reference, model: str) -> tuple[np.ndarray, np.ndarray, dict[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for row in reference.results["models"][model]["parameters"]:
        table.setdefault(row["item"], {})[row["name"]] = row["value"]
    group = table.pop("GROUP")
    rows = list(table.values())
    wide = max(int(k[1:]) for r in rows for k in r if k[0] == "a" and k[1:].isdigit())
    slopes = np.array([[r.get(f"a{k + 1}", 0.0) for k in range(wide)] for r in rows])
    return slopes, np.array([r["d"] for r in rows]), group


def test_two_correlated_factors(reference: Callable[[str], Reference]) -> None:
    known = reference("sim2d")
    slopes, d, group = stored(known, "two_factor_cfa")
    result = calibrate(known.matrix, loads=HALVES, standard_errors=True, tolerance=1e-5)
    expected = known.results["models"]["two_factor_cfa"]
    assert result.log_likelihood == pytest.approx(expected["logLik"], abs=0.05)
    assert result.free_parameters == expected["npar"]
    assert result.second_order
    np.testing.assert_allclose(result.items.slopes, slopes, atol=1e-2)
    np.testing.assert_allclose(result.items.intercepts[:, 0], d, atol=1e-2)
    assert result.latent.covariance[0, 0, 1] == pytest.approx(group["COV_21"], abs=1e-2)
    errors = expected["parameters_with_se"]
    for (j, name), se in result.items.standard_errors().items():
        block = errors[f"Item_{j + 1}"]
        column = block["columns"].index({"d1": "d"}.get(name, name))
        assert se == pytest.approx(block["values"][1][column], rel=0.01)


def test_adaptive_em_agrees_with_the_grid(reference: Callable[[str], Reference]) -> None:
    known = reference("sim2d")
    grid = calibrate(known.matrix, loads=HALVES)
    adaptive = calibrate(known.matrix, loads=HALVES, method="adaptive", points=512)
    assert adaptive.converged
    assert adaptive.log_likelihood == pytest.approx(grid.log_likelihood, abs=0.01)
    np.testing.assert_allclose(adaptive.items.slopes, grid.items.slopes, atol=0.005)
    assert adaptive.latent.covariance[0, 0, 1] == pytest.approx(grid.latent.covariance[0, 0, 1], abs=0.002)


def test_adaptive_errors_agree_with_the_grid(reference: Callable[[str], Reference]) -> None:
    known = reference("sim2d")
    grid = calibrate(known.matrix, loads=HALVES, standard_errors=True)
    adaptive = calibrate(known.matrix, loads=HALVES, method="adaptive", points=512, standard_errors=True)
    assert adaptive.second_order
    one, two = grid.items.standard_errors(), adaptive.items.standard_errors()
    assert one.keys() == two.keys()
    np.testing.assert_allclose(list(two.values()), list(one.values()), rtol=0.02)
    assert adaptive.latent_errors["covariance:2,1"] == pytest.approx(grid.latent_errors["covariance:2,1"], rel=0.02)


def test_adaptive_errors_of_mixed_formats() -> None:
    bank, matrix, _, _ = five(1500)
    loads = np.asarray(bank.slopes) != 0
    models = list(bank.models)
    result = calibrate(
        matrix, models, loads=loads, standard_errors=True, priors=Priors(guessing=Normal(-1.4, 0.4)), points=128
    )
    assert result.converged
    assert result.second_order
    errors = result.items.standard_errors()
    z = [(result.items.slopes[j, int(n[1:]) - 1] - 1.4) / se for (j, n), se in errors.items() if n[0] == "a"]
    assert np.abs(z).max() < 4
    assert len(result.latent_errors) == 10


def test_stochastic_estimates_agree_with_the_grid(reference: Callable[[str], Reference]) -> None:
    known = reference("sim2d")
    grid = calibrate(known.matrix, loads=HALVES)
    drawn = calibrate(known.matrix, loads=HALVES, method="stochastic", tolerance=1.5e-4)
    assert drawn.converged
    assert drawn.log_likelihood == pytest.approx(grid.log_likelihood, abs=3.0)
    np.testing.assert_allclose(drawn.items.slopes, grid.items.slopes, atol=0.12)
    assert drawn.latent.covariance[0, 0, 1] == pytest.approx(grid.latent.covariance[0, 0, 1], abs=0.04)


def test_bifactor(reference: Callable[[str], Reference]) -> None:
    known = reference("simbifactor")
    slopes, d, _ = stored(known, "bifactor")
    result = calibrate(known.matrix, specific=np.repeat([1, 2, 3], 5).tolist())
    expected = known.results["models"]["bifactor"]
    assert result.converged
    assert result.log_likelihood == pytest.approx(expected["logLik"], abs=0.05)
    assert result.free_parameters == expected["npar"]
    sign = np.sign((result.items.slopes * slopes).sum(axis=0))
    np.testing.assert_allclose(result.items.slopes * sign, slopes, atol=1e-2)
    np.testing.assert_allclose(result.items.intercepts[:, 0], d, atol=1e-2)


def test_bifactor_errors_match_the_spread_over_replications() -> None:
    rng = np.random.default_rng(12)
    labels = np.repeat([0, 1, 2], 4)
    slopes = np.zeros((12, 4))
    slopes[:, 0] = rng.uniform(1.0, 1.8, 12)
    slopes[np.arange(12), 1 + labels] = rng.uniform(0.7, 1.5, 12)
    bank = ItemParameters.build("2pl", slopes, np.zeros(12))
    z = []
    for _ in range(10):
        theta = rng.standard_normal((1500, 4))
        matrix = (rng.random((1500, 12)) < probabilities(bank, theta)[:, 1].T).astype(float)
        result = calibrate(matrix, specific=labels.tolist(), standard_errors=True, nodes=15, bound=5.0)
        errors = result.items.standard_errors()
        z += [result.items.intercepts[j, 0] / se for (j, name), se in errors.items() if name == "d1"]
        z += [(result.items.slopes[j, 0] - slopes[j, 0]) / se for (j, name), se in errors.items() if name == "a1"]
    assert np.std(z) == pytest.approx(1.0, abs=0.2)


def test_bifactor_of_sat12(reference: Callable[[str], Reference]) -> None:
    known = reference("sat12")
    labels = [2, 3, 2, 3, 3, 2, 1, 2, 1, 1, 1, 3, 1, 3, 1, 2, 1, 1, 3, 3, 1, 1, 3, 1, 3, 3, 1, 3, 2, 3, 1, 2]
    result = calibrate(known.matrix, specific=labels)
    assert result.log_likelihood > known.results["models"]["bifactor"]["logLik"] - 0.05


def test_testlet_is_a_constrained_bifactor(reference: Callable[[str], Reference]) -> None:
    known = reference("simbifactor")
    labels = np.repeat([1, 2, 3], 5).tolist()
    testlet, free = calibrate(known.matrix, specific=labels, testlet=True), calibrate(known.matrix, specific=labels)
    assert testlet.free_parameters == 15 + 15 + 3
    assert testlet.log_likelihood < free.log_likelihood
    used = testlet.items.slopes[:, 1:].sum(axis=1)
    np.testing.assert_allclose(used, testlet.items.slopes[:, 0], atol=1e-12)


def test_exploratory_factors(reference: Callable[[str], Reference]) -> None:
    known = reference("sat12")
    slopes, _, _ = stored(known, "two_factor_efa")
    result = calibrate(known.matrix, factors=2)
    expected = known.results["models"]["two_factor_efa"]
    assert result.free_parameters == expected["npar"]
    assert expected["logLik"] - 0.05 < result.log_likelihood < expected["logLik"] + 0.3
    common = result.items.slopes @ result.items.slopes.T
    np.testing.assert_allclose(common[:20, :20], (slopes @ slopes.T)[:20, :20], atol=0.15)


@pytest.mark.parametrize("method", ["varimax", "oblimin"])
def test_rotation_finds_simple_structure_and_keeps_probabilities(method: str) -> None:
    rng = np.random.default_rng(1)
    simple = np.where(HALVES, rng.uniform(0.8, 1.6, (16, 2)), 0.0)
    turn = np.array([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
    rotated, correlation = rotate(ItemParameters.build("2pl", simple @ turn, np.zeros(16)), method)
    np.testing.assert_allclose(np.sort(np.abs(rotated.slopes), axis=1), np.sort(np.abs(simple), axis=1), atol=1e-4)
    composite = rotated.slopes @ correlation @ rotated.slopes.T
    np.testing.assert_allclose(composite, simple @ simple.T, atol=1e-6)


def five(persons: int, seed: int = 2) -> tuple[ItemParameters, np.ndarray, np.ndarray, Latent]:
    rng = np.random.default_rng(seed)
    loads = np.repeat(np.eye(5, dtype=bool), 5, axis=0)
    models = ["2pl", "2pl", "graded", "gpcm", "3pl"] * 5
    d = [[0.3], [-0.4], [1.0, -1.0], [0.5, -0.3], [0.2]] * 5
    bank = ItemParameters.build(models, np.where(loads, 1.4, 0.0), d, g=[0, 0, 0, 0, 0.2] * 5)
    latent = Latent(("all",), np.zeros((1, 5)), (0.5 + 0.5 * np.eye(5))[None])
    theta = rng.standard_normal((persons, 5)) @ np.linalg.cholesky(latent.covariance[0]).T
    above = np.cumsum(probabilities(bank, theta), axis=1)
    return bank, (rng.random((25, 1, persons)) > above).sum(axis=1).T.astype(float), theta, latent


def test_scores_of_five_dimensions() -> None:
    bank, matrix, theta, latent = five(400)
    eap, mode = score(matrix, bank, latent=latent), score(matrix, bank, latent=latent, method="map")
    assert np.abs(eap.theta - mode.theta).mean() < 0.1
    inside = np.abs(eap.theta - theta) < 1.96 * eap.se
    assert 0.93 < inside.mean() < 0.97
    drawn = plausible_values(matrix[:50], bank, latent=latent, draws=200, seed=3)
    np.testing.assert_allclose(drawn.mean(axis=1), eap.theta[:50], atol=0.25)


def test_adaptive_scores_agree_with_the_grid() -> None:
    from shuyang.measurement.irt.adaptive import adaptive_moments

    rng = np.random.default_rng(0)
    bank = ItemParameters.build("3pl", np.where(HALVES, 1.2, 0.3), rng.normal(0, 1, 16), g=0.15)
    latent = Latent(("all",), np.zeros((1, 2)), np.array([[[1.0, 0.5], [0.5, 1.0]]]))
    data = Responses.from_matrix(rng.integers(0, 2, (60, 16)), item_ids=bank.ids)
    grid = score(data, bank, latent=latent)
    mean, covariance, loglik = adaptive_moments(data, bank, latent, np.zeros(0, np.int32), points=2048)
    np.testing.assert_allclose(mean, grid.theta, atol=0.01)
    np.testing.assert_allclose(covariance, grid.covariance, atol=0.01)
    np.testing.assert_allclose(loglik, grid.log_likelihood, atol=0.01)


def test_unidentified_structures_are_refused() -> None:
    matrix = np.random.default_rng(0).integers(0, 2, (50, 4))
    with pytest.raises(NotIdentified):
        calibrate(matrix, loads=np.ones((4, 2)))
    with pytest.raises(NotIdentified):
        calibrate(matrix, loads=[[1, 0], [1, 0], [0, 0], [0, 1]])


@pytest.mark.parametrize("method", ["MAP", "EAP"])
def test_scores_in_three_dimensions(reference: Callable[[str], Reference], method: str) -> None:
    known = reference("mcat-3d-bank45").results
    bank = ItemParameters.build("2pl", known["slopes"], np.array(known["intercepts"]))
    latent = Latent(("all",), np.zeros((1, 3)), np.array([known["latent_covariance"]]))
    for state in known["states"]:
        row = np.full((1, len(bank)), np.nan)
        row[0, np.array(state["items"]) - 1] = state["responses"]
        mine = score(row, bank, method=method.lower(), latent=latent)
        np.testing.assert_allclose(mine.theta[0], state[method]["theta"], atol=1e-4)
        np.testing.assert_allclose(mine.se[0], state[method]["se"], atol=1e-3)


def test_scoring_survives_a_correlation_of_one(reference: Callable[[str], Reference]) -> None:
    """A two-factor model of SAT12 degenerates to one factor; a singular covariance must not stop the scores."""
    known = reference("sat12")
    result = calibrate(known.matrix, loads=np.repeat(np.eye(2, dtype=bool), 16, axis=0))
    assert result.latent.covariance[0, 0, 1] > 0.95
    for method in ("eap", "map", "wle"):
        scores = score(known.matrix, result.items, latent=result.latent, method=method)
        assert np.isfinite(scores.theta).mean() > 0.98


def test_groups_and_anchors_in_three_dimensions() -> None:
    rng = np.random.default_rng(4)
    loads = np.repeat(np.eye(3, dtype=bool), 8, axis=0)
    bank = ItemParameters.build("2pl", np.where(loads, rng.uniform(1.0, 1.8, (24, 1)), 0.0), rng.normal(0, 0.8, 24))
    root = np.linalg.cholesky(0.5 + 0.5 * np.eye(3))
    shift = np.array([0.5, -0.3, 0.0])
    theta = rng.standard_normal((3000, 3)) @ root.T
    theta[1500:] += shift
    matrix = (rng.random((3000, 24)) < probabilities(bank, theta)[:, 1].T).astype(float)
    group = np.repeat(["a", "b"], 1500).tolist()
    data = Responses.from_matrix(matrix, item_ids=bank.ids)
    free = calibrate(data, loads=loads, groups=group, points=128)
    assert free.converged
    np.testing.assert_allclose(free.latent.mean[1], shift, atol=0.15)
    np.testing.assert_allclose(free.latent.covariance[1], root @ root.T, atol=0.2)
    fixed = np.r_[0:4, 8:12, 16:20]
    anchored = calibrate(
        data.select_persons(np.arange(1500, 3000)), loads=loads, anchors=bank.select(fixed), points=128
    )
    np.testing.assert_array_equal(anchored.items.slopes[fixed], bank.slopes[fixed])
    np.testing.assert_allclose(anchored.latent.mean[0], shift, atol=0.15)
    np.testing.assert_allclose(anchored.items.intercepts, bank.intercepts, atol=0.35)


def test_what_a_structure_can_not_have_is_said() -> None:
    matrix = np.random.default_rng(0).integers(0, 2, (60, 6))
    with pytest.raises(BadModel):
        calibrate(matrix, loads=np.repeat(np.eye(2), 3, axis=0), covariates=np.arange(60.0), method="grid")
    with pytest.raises(BadShape):
        calibrate(matrix, loads=np.repeat(np.eye(2), 3, axis=0), covariates=np.ones(60))
    with pytest.raises(NotIdentified):
        calibrate(matrix, specific=[1, 1, 1, 2, 2, 2], testlet=True)


def nominal_answers(persons: int) -> tuple[ItemParameters, np.ndarray]:
    rng = np.random.default_rng(21)
    loads = np.repeat(np.eye(2, dtype=bool), 6, axis=0)
    scores = [[0.0, s, 2.0] for s in rng.uniform(0.3, 1.7, 12)]
    bank = ItemParameters.build(
        "nominal", np.where(loads, 1.1, 0.0), rng.normal(0, 0.6, (12, 2)).tolist(), scores=scores
    )
    theta = rng.standard_normal((persons, 2)) @ np.linalg.cholesky([[1, 0.5], [0.5, 1]]).T
    above = np.cumsum(probabilities(bank, theta), axis=1)
    return bank, (rng.random((12, 1, persons)) > above).sum(axis=1).T.astype(float)


@pytest.mark.parametrize("method", ["adaptive", "stochastic"])
def test_nominal_items_in_several_dimensions(method: str) -> None:
    bank, matrix = nominal_answers(2000)
    loads = bank.slopes != 0
    grid = calibrate(matrix, "nominal", loads=loads, method="grid", standard_errors=True)
    found = calibrate(matrix, "nominal", loads=loads, method=method, standard_errors=True)
    assert found.converged
    assert found.free_parameters == grid.free_parameters == 12 * 4 + 1
    assert found.log_likelihood == pytest.approx(grid.log_likelihood, abs=0.5 if method == "stochastic" else 0.05)
    np.testing.assert_allclose(found.items.scores, grid.items.scores, atol=0.1 if method == "stochastic" else 0.01)
    one, two = grid.items.standard_errors(), found.items.standard_errors()
    assert one.keys() == two.keys()
    assert sum(name == "s1" for _, name in two) == 12
    np.testing.assert_allclose(list(two.values()), list(one.values()), rtol=0.08)


def test_stochastic_groups_and_regression_agree_with_adaptive() -> None:
    bank, _, _, _ = five(10)
    rng = np.random.default_rng(9)
    items = bank.select([0, 1, 2, 5, 6, 7])
    items = ItemParameters.build(items.models, items.slopes[:, :2], items.intercepts)
    group = np.arange(1500) % 2
    theta = rng.standard_normal((1500, 2)) + np.outer(group, [0.5, -0.5])
    above = np.cumsum(probabilities(items, theta), axis=1)
    matrix = (rng.random((6, 1, 1500)) > above).sum(axis=1).T.astype(float)
    loads, models = items.slopes != 0, list(items.models)
    for more in ({"groups": group.tolist()}, {"covariates": group}):
        exact = calibrate(matrix, models, loads=loads, **more)
        drawn = calibrate(matrix, models, loads=loads, method="stochastic", **more)
        assert drawn.log_likelihood == pytest.approx(exact.log_likelihood, abs=2.0)
        one, two = exact.latent, drawn.latent
        np.testing.assert_allclose(two.mean, one.mean, atol=0.06)
        if one.coefficients is not None:
            np.testing.assert_allclose(two.coefficients, one.coefficients, atol=0.06)


def test_rasch_items_in_several_dimensions_keep_slopes_of_one() -> None:
    rng = np.random.default_rng(2)
    loads = np.ones((12, 2), bool)
    loads[:4, 1] = loads[4:8, 0] = False
    d = rng.normal(0, 0.7, 12)
    theta = rng.standard_normal((2500, 2)) @ np.linalg.cholesky([[1.4, 0.5], [0.5, 0.8]]).T
    matrix = (rng.random((2500, 12)) < 1 / (1 + np.exp(-(theta @ loads.T + d)))).astype(float)
    result = calibrate(matrix, "rasch", loads=loads, standard_errors=True)
    assert result.second_order
    np.testing.assert_array_equal(result.items.slopes, loads)
    np.testing.assert_allclose(result.latent.covariance[0], [[1.4, 0.5], [0.5, 0.8]], atol=0.2)
    testlets = calibrate(matrix[:, :9], "rasch", specific=[0] * 3 + [1] * 3 + [2] * 3, standard_errors=True)
    assert testlets.free_parameters == 9 + 4
    assert set(testlets.latent_errors) == {f"covariance:{k},{k}" for k in (1, 2, 3, 4)}


def test_scores_with_a_regression_in_several_dimensions() -> None:
    """An empty answer sheet scores at the regression's mean, with its variance."""
    bank, matrix, _, latent = five(300)
    latent = replace(latent, coefficients=np.array([[0.5, 0.0, -0.5, 0.0, 0.0]]))
    x = np.arange(300) % 2
    matrix[:2] = np.nan
    for method in ("eap", "map"):
        scores = score(matrix, bank, latent=latent, covariates=x, method=method)
        np.testing.assert_allclose(scores.theta[0], 0, atol=1e-2)
        np.testing.assert_allclose(scores.theta[1], [0.5, 0, -0.5, 0, 0], atol=1e-2)
        np.testing.assert_allclose(scores.se[1], 1, atol=3e-2)
    drawn = plausible_values(matrix, bank, latent=latent, covariates=x, draws=300, seed=4)
    np.testing.assert_allclose(drawn[1].mean(axis=0), [0.5, 0, -0.5, 0, 0], atol=0.25)


@pytest.mark.parametrize("shape", ["confirmatory", "bifactor"])
def test_anchors_keep_their_model_and_categories_in_several_dimensions(shape: str) -> None:
    """Fixed 3PL items stay 3PL, and a category that nobody used now is no reason to forget it."""
    rng = np.random.default_rng(4)
    slopes = np.where(np.repeat(np.eye(2, dtype=bool), 4, axis=0), 1.2, 0.0)
    options: dict[str, object] = {"loads": slopes != 0, "points": 64}
    if shape == "bifactor":
        slopes[:, 0] = 1.2
        options = {"specific": [None] * 4 + [1] * 4, "nodes": 15}
    d = [[0.0], [1.0, -4.0], [0.3], [0.2], [0.0], [0.5], [-0.5], [0.1]]
    bank = ItemParameters.build(["3pl", "graded", *["2pl"] * 6], slopes, d, g=[0.25] + [0.0] * 7)
    above = np.cumsum(probabilities(bank, rng.standard_normal((1500, 2))), axis=1)
    x = (rng.random((8, 1, 1500)) > above).sum(axis=1).T.astype(float)
    x[x[:, 1] == 2, 1] = np.nan  # the few who reached the top category
    found = calibrate(x, "2pl", anchors=bank.select([0, 1, 4]), **options)  # type: ignore[arg-type]
    assert found.converged
    assert found.items.models[:3] == ("3pl", "graded", "2pl")
    assert found.items.g[0] == 0.25
    assert found.items.categories[1] == 3
    np.testing.assert_allclose(found.items.slopes[5:], bank.slopes[5:], atol=0.6)


def test_every_dimension_needs_an_anchor() -> None:
    x = np.random.default_rng(0).integers(0, 2, (60, 6))
    loads = np.repeat(np.eye(2, dtype=bool), 3, axis=0)
    anchors = ItemParameters.build("2pl", loads[:2] * 1.0, [0.0, 0.1], ids=["I1", "I2"])
    with pytest.raises(NotIdentified, match="anchor"):
        calibrate(x, loads=loads, anchors=anchors)
