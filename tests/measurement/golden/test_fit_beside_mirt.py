"""Where a figure of ours differs from mirt 1.47: with mirt's own rule we get its figure, so the rule is the reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.measurement.golden.stored import bank, responses

from shuyang.measurement.fit import item_fit, marginal_reliability, model_fit, person_fit
from shuyang.measurement.fit.inputs import Case, Grid, case_of
from shuyang.measurement.fit.limited import quadratic
from shuyang.measurement.fit.marginals import Design, change, covariance, design, expected, observed
from shuyang.measurement.irt.models import log_probabilities, probabilities, test_information

WIDEST = 1.4142  # of a mean square's deviation, in both programs


def statistic(case: Case, plan: Design, grid: Grid, p: np.ndarray, columns: list[np.ndarray]) -> tuple[float, int]:
    model = expected(plan, p, grid.weights), covariance(plan, p, grid.weights)
    value, df = quadratic(observed(plan, case.table()), *model, np.array(columns).T)
    return case.data.total_weight() * value, df


@pytest.mark.parametrize("model", ["3PL", "4PL"])
def test_m2_with_asymptotes(reference: Any, model: str) -> None:
    """mirt takes P(1 - P), 1 - P and P for the derivatives of P, which is right only without asymptotes."""
    known = reference("sat12")
    items, latent = bank(known, model)
    case = case_of(responses(known), items, latent)
    grid, plan = case.grid(), design("M2", items.categories)
    p = probabilities(items, grid.nodes)
    columns = []
    for j, right in enumerate(p[:, 1]):
        slopes = [right * (1 - right) * grid.nodes[:, 0], right * (1 - right), 1 - right, right]
        for slope in slopes[: int(model[0])]:
            columns.append(change(plan, p, grid.weights, j, np.stack([-slope, slope])))
    value, df = statistic(case, plan, grid, p, columns)
    stored = known.results["models"][model]["M2"]
    assert df == stored["df"]
    assert value == pytest.approx(stored["M2"], rel=1e-6)
    assert model_fit(responses(known), items, latent=latent).value == pytest.approx(stored["M2"], rel=0.015)


def test_c2_of_generalised_partial_credit(reference: Any) -> None:
    """In the slope's derivative of an expected score mirt subtracts the sum of k exp(z_k - max z) over the categories,
    which is the expected score only after division by the sum of exp(z_k - max z)."""
    known = reference("science")
    items, latent = bank(known, "gpcm")
    case = case_of(responses(known), items, latent)
    grid, plan = case.grid(), design("C2", items.categories)
    p, k = probabilities(items, grid.nodes), np.arange(4.0)[:, None]
    singles = sum(len(a) for a in plan.single)

    def slope_column(j: int, subtracted: np.ndarray) -> np.ndarray:
        return change(plan, p, grid.weights, j, p[j] * (k - subtracted) * grid.nodes[:, 0])

    def columns(divide: bool) -> list[np.ndarray]:
        out = []
        for j, pj in enumerate(p):
            for m in (1, 2, 3):
                unit = (np.arange(4) == m)[:, None]
                out.append(change(plan, p, grid.weights, j, pj[m] * (unit - pj)))
            mean = (k * pj).sum(axis=0)
            column = slope_column(j, mean if divide else mean / pj.max(axis=0))
            column[:singles] = slope_column(j, mean)[:singles]  # mirt's derivatives of the categories are numerical
            out.append(column)
        return out

    stored = known.results["models"]["gpcm"]["C2"]
    value, df = statistic(case, plan, grid, p, columns(divide=False))
    assert df == stored["df"]
    assert value == pytest.approx(stored["M2"], rel=1e-9)
    ours = model_fit(responses(known), items, latent=latent, statistic="C2")
    assert ours.value == pytest.approx(statistic(case, plan, grid, p, columns(divide=True))[0], rel=1e-6)


@pytest.mark.parametrize(
    ("name", "model"),
    [("lsat7", "Rasch"), ("slf", "Rasch"), ("deayala", "Rasch"), ("sat12", "Rasch"), ("science", "PCM")],
)
def test_reliability_with_a_free_variance(reference: Any, name: str, model: str) -> None:
    """mirt integrates I / (I + variance) over N(0, 1), where the model has abilities N(0, variance)."""
    known = reference(name)
    items, latent = bank(known, model)
    variance = latent.covariance[0, 0, 0]
    x = np.linspace(-9, 9, 4001)
    weights = np.exp(-0.5 * x**2)
    information = test_information(items, x)
    theirs = weights @ (information / (information + variance)) / weights.sum()
    assert theirs == pytest.approx(known.results["models"][model]["marginal_rxx"], abs=1e-8)
    y = x * np.sqrt(variance)
    information = test_information(items, y)
    right = weights @ (information / (information + 1 / variance)) / weights.sum()
    assert marginal_reliability(items, latent=latent) == pytest.approx(right, abs=1e-6)


def residuals(case: Case) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Squared standardised residual and standardised fourth moment of every answer, [N, J], and which were given."""
    at = case.abilities(None, None)
    p = np.exp(log_probabilities(case.items, at))  # [J, K, N]
    k = np.arange(p.shape[1])[None, :, None]
    centred = k - (k * p).sum(axis=1, keepdims=True)
    variance = np.maximum((p * centred**2).sum(axis=1), 1e-5**0.5)
    answers = case.table().answers.astype(int)
    apart = answers.T - (k * p).sum(axis=1)
    return (apart**2 / variance).T, ((p * centred**4).sum(axis=1) / variance**2).T, answers >= 0


def cube_root_z(mean_square: np.ndarray, variance: np.ndarray) -> np.ndarray:
    q = np.minimum(np.sqrt(variance), WIDEST)
    return (np.cbrt(mean_square) - 1) * 3 / q + q / 3


@pytest.mark.parametrize("model", ["graded", "gpcm"])
def test_z_of_outfit_with_missing_answers(reference: Any, model: str) -> None:
    """The sum of N_j terms has to be divided by N_j squared. mirt divides a person's terms by the square of the number
    of all items, and an item's terms by squares of the counts of all items in turn (a vector of the wrong length,
    recycled down the persons)."""
    known = reference("simgrm-missing")
    items, latent = bank(known, model)
    case = case_of(responses(known), items, latent)
    square, fourth, given = residuals(case)
    persons, size = given.shape
    count = given.sum(axis=0)
    recycled = count[np.arange(persons * size) % size].reshape(size, persons).T
    outfit = np.where(given, square, 0).sum(axis=0) / count
    mine = item_fit(responses(known), items, latent=latent)
    stored = known.results["models"][model]
    theirs = [row["z.outfit"] for row in stored["infit_outfit_EAP"].values()]
    spread = np.where(given, fourth / recycled**2, 0).sum(axis=0) - 1 / count
    assert cube_root_z(outfit, spread) == pytest.approx(np.array(theirs), abs=1e-6)
    right = np.where(given, fourth, 0).sum(axis=0) / count**2 - 1 / count
    assert mine.z_outfit == pytest.approx(cube_root_z(outfit, right), abs=1e-8)

    answered = given.sum(axis=1)
    outfit = np.where(given, square, 0).sum(axis=1) / answered
    fourths = np.where(given, fourth, 0).sum(axis=1)
    theirs = np.array(stored["personfit_first20"]["values"], float)[:, 1]
    spread = np.abs(fourths / size**2 - 1 / answered)
    assert cube_root_z(outfit, spread)[:20] == pytest.approx(theirs, abs=1e-6)
    right = fourths / answered**2 - 1 / answered
    assert person_fit(responses(known), items, latent=latent).z_outfit == pytest.approx(
        cube_root_z(outfit, right), abs=1e-8
    )
