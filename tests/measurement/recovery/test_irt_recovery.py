"""Recovery by simulation: bias of the estimates and coverage of their 95 % intervals."""

from __future__ import annotations

import numpy as np
import pytest

from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.irt.plausible import plausible_values
from shuyang.measurement.irt.scores import score

REPLICATIONS = 60


def draw(items: ItemParameters, theta: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    above = np.cumsum(probabilities(items, theta), axis=1)
    return (rng.random((len(items), 1, len(theta))) > above).sum(axis=1).T.astype(float)


def truth_of(model: str) -> ItemParameters:
    rng = np.random.default_rng(10)
    a = rng.uniform(0.8, 1.8, 12)
    if model == "2pl":
        return ItemParameters.build("2pl", a, rng.normal(0, 0.8, 12))
    if model == "rasch":
        return ItemParameters.build("rasch", np.ones(12), rng.normal(0, 0.8, 12))
    return ItemParameters.build(model, a, rng.normal(0, 0.5, (12, 1)) + np.array([0.9, -0.9]))


@pytest.mark.parametrize("model", ["rasch", "2pl", "graded", "gpcm"])
def test_intervals_cover_and_estimates_are_unbiased(model: str) -> None:
    truth = truth_of(model)
    rng = np.random.default_rng(77)
    inside, errors = [], []
    for _ in range(REPLICATIONS):
        matrix = draw(truth, rng.standard_normal(800), rng)
        matrix[rng.random(matrix.shape) < 0.15] = np.nan
        result = calibrate(matrix, model, standard_errors=True)
        for (j, name), se in result.items.standard_errors().items():
            at = (j, int(name[1:]) - 1)
            array = "slopes" if name[0] == "a" else "intercepts"
            error = getattr(result.items, array)[at] - getattr(truth, array)[at]
            inside.append(abs(error) < 1.959964 * se)
            errors.append(error / se)
    assert 0.93 < np.mean(inside) < 0.97
    assert abs(np.mean(errors)) < 0.12
    assert np.std(errors) == pytest.approx(1.0, abs=0.1)


def test_score_intervals_cover() -> None:
    truth = truth_of("graded")
    rng = np.random.default_rng(3)
    theta = rng.standard_normal(4000)
    scores = score(draw(truth, theta, rng), truth)
    inside = np.abs(scores.theta[:, 0] - theta) < 1.959964 * scores.se[:, 0]
    assert 0.94 < inside.mean() < 0.96


def test_group_statistics_come_from_plausible_values() -> None:
    """Their variance is that of ability; that of EAP scores is too small."""
    truth = truth_of("2pl")
    rng = np.random.default_rng(5)
    theta = rng.standard_normal(4000)
    matrix = draw(truth, theta, rng)
    drawn = plausible_values(matrix, truth, draws=5, seed=2)[:, :, 0]
    assert drawn.var(axis=0).mean() == pytest.approx(1.0, abs=0.05)
    assert score(matrix, truth).theta.var() < 0.85
