"""Fit statistics where the model holds: their means and rejection rates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shuyang.measurement.fit import item_fit, ld_x2, lz_star, model_fit, person_fit, q3, s_x2
from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import probabilities

SLOPES = np.array([1.4, 0.9, 1.1, 1.7, 1.2, 0.8])


def draw(items: ItemParameters, n: int, rng: np.random.Generator) -> np.ndarray:
    p = probabilities(items, rng.normal(size=n))
    return (rng.random((n, len(items), 1)) > np.cumsum(p, axis=1).transpose(2, 0, 1)[:, :, :-1]).sum(axis=2)


def several(model: str) -> ItemParameters:
    steps = [[-1.2 + 0.1 * j, 0.0, 1.0 + 0.1 * j] for j in range(6)]
    return ItemParameters.from_difficulty(model, SLOPES, steps)


@pytest.mark.parametrize(("model", "statistic"), [("gpcm", "C2"), ("graded", "C2"), ("gpcm", "M2"), ("rsm", "C2")])
def test_limited_information_statistics_are_chi_square(model: str, statistic: str) -> None:
    rng = np.random.default_rng(11)
    items = several(model)
    if model == "rsm":
        items = ItemParameters.from_difficulty("rsm", np.ones(6), [[j / 4 - 1, j / 4, j / 4 + 1] for j in range(6)])
    found = [
        model_fit(x, calibrate(x, model), statistic=statistic) for x in (draw(items, 1200, rng) for _ in range(40))
    ]
    df = found[0].df
    spread = np.sqrt(2 * df / 40)
    assert np.mean([f.value for f in found]) == pytest.approx(df, abs=3.3 * spread)
    assert np.mean([f.p < 0.05 for f in found]) <= 0.15


def test_statistics_stay_near_their_expectation_for_a_true_2pl() -> None:
    rng = np.random.default_rng(5)
    items = ItemParameters.from_difficulty("2pl", np.tile(SLOPES, 3), np.linspace(-1.5, 1.5, 18))
    samples = [draw(items, 1500, rng) for _ in range(12)]
    tails = np.concatenate([s_x2(x, calibrate(x, "2pl")).p for x in samples])
    assert 0.02 < np.mean(tails < 0.05) < 0.09
    x, fitted = samples[0], calibrate(samples[0], "2pl")
    assert 0.9 < np.mean(item_fit(x, fitted).infit) < 1.05
    assert np.mean(person_fit(x, fitted).zh < -1.645) < 0.06
    pairs = np.triu_indices(18, 1)
    assert np.mean(q3(x, fitted).value[pairs]) == pytest.approx(-1 / 17, abs=0.02)
    assert np.mean(ld_x2(x, fitted).value[pairs]) < 1.3


@pytest.mark.parametrize("model", ["2pl", "graded"])
def test_lz_star_is_standard_normal_where_lz_is_too_narrow(model: str) -> None:
    rng = np.random.default_rng(8)
    slopes = np.tile(SLOPES, 4) * 1.4
    steps = np.linspace(-1.5, 1.5, 24)[:, None] + ([0.0] if model == "2pl" else [-0.8, 0.0, 0.8])
    items = ItemParameters.from_difficulty(model, slopes, steps)
    x = draw(items, 3000, rng).astype(float)
    x[rng.random(x.shape) < 0.1] = np.nan
    star, plain = lz_star(x, items), person_fit(x, items)
    assert plain.zh is not None
    assert abs(star.value.std() - 1) < 0.08
    assert abs(star.value.std() - 1) < abs(plain.zh.std() - 1)
    assert abs(star.value.mean()) < 0.12
    assert np.mean(star.value < -1.645) == pytest.approx(0.05, abs=0.02)
    x[:50] = rng.integers(0, int(items.categories[0]), (50, 24))
    assert np.mean(lz_star(x, items).value[:50] < -1.645) > 0.5
    assert np.isnan(lz_star(np.full((1, 24), np.nan), items).value[0])


def test_a_planted_dependence_and_a_second_factor_are_seen() -> None:
    rng = np.random.default_rng(6)
    items = ItemParameters.from_difficulty("2pl", np.tile(SLOPES, 2), np.linspace(-1, 1, 12))
    x = draw(items, 1500, rng)
    x[:, 1] = np.where(rng.random(1500) < 0.6, x[:, 0], x[:, 1])
    fitted = calibrate(x, "2pl")
    assert q3(x, fitted).pairs()[0][:2] == ("I1", "I2")
    assert ld_x2(x, fitted).pairs()[0][:2] == ("I1", "I2")
    assert model_fit(x, fitted).p < 1e-4


def two_factors(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    theta = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], size=1500)
    slopes = np.zeros((10, 2))
    slopes[:5, 0], slopes[5:, 1] = 1.4, 1.2
    right = 1 / (1 + np.exp(-(theta @ slopes.T + np.linspace(-1, 1, 10))))
    return (rng.random(right.shape) < right).astype(int)


@pytest.mark.parametrize(
    "shape",
    [
        {"factors": 2},
        {"loads": np.repeat(np.eye(2, dtype=bool), 5, axis=0)},
        {"specific": [0] * 5 + [1] * 5},
        {"specific": [0] * 5 + [1] * 3 + [2] * 2, "testlet": True},
    ],
    ids=["exploratory", "confirmatory", "bifactor", "testlet"],
)
def test_degrees_of_freedom_in_several_dimensions(shape: dict[str, Any]) -> None:
    x = two_factors(3)
    fitted = calibrate(x, "2pl", **shape)
    found = model_fit(x, fitted)
    assert found.df == 55 - fitted.free_parameters
    assert found.rmsea < 0.03


def test_an_oblique_rotation_changes_nothing() -> None:
    x = two_factors(4)
    fitted = calibrate(x, "2pl", factors=2)
    before = model_fit(x, fitted)
    turn = np.array([[1.0, 0.3], [0.2, 1.0]])
    spread = np.linalg.inv(turn) @ np.linalg.inv(turn).T  # of turned axes, made to unit variances
    scale = np.sqrt(np.diag(spread))
    slopes = fitted.items.slopes @ turn * scale
    items = ItemParameters.build("2pl", slopes, fitted.items.intercepts)
    latent = Latent(("all",), np.zeros((1, 2)), (spread / np.outer(scale, scale))[None])
    after = model_fit(x, items, latent=latent)
    assert after.df == before.df
    assert after.value == pytest.approx(before.value, rel=1e-3)
