"""Fit statistics: naive twins, invariance, refusals."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from shuyang.measurement.errors import BadCategory, BadShape, NeedsCompleteData, NotIdentified, NotOneDimensional
from shuyang.measurement.fit import (
    cronbach_alpha,
    empirical_reliability,
    item_fit,
    ld_x2,
    marginal_reliability,
    model_fit,
    person_fit,
    q3,
    s_x2,
)
from shuyang.measurement.fit.inputs import quadrature
from shuyang.measurement.fit.marginals import change, covariance, design, expected
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import probabilities


def bank() -> ItemParameters:
    return ItemParameters.build(
        ["2pl", "graded", "gpcm", "2pl"], [1.2, 0.9, 1.1, 0.7], [[0.2], [1.0, -0.8], [0.5, 0.1, -0.9], [-0.4]]
    )


def answers(n: int = 400, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    p = probabilities(bank(), rng.normal(size=n))
    return (rng.random((n, 4, 1)) > np.cumsum(p, axis=1).transpose(2, 0, 1)[:, :, :-1]).sum(axis=2)


@pytest.mark.parametrize("statistic", ["M2", "M2*", "C2"])
def test_moments_equal_the_enumeration_of_all_patterns(statistic: str) -> None:
    items, grid = bank(), quadrature(Latent.standard())
    p = probabilities(items, grid.nodes)
    plan = design(statistic, items.categories)
    patterns = list(itertools.product(*(range(k) for k in items.categories)))
    chance = np.array([np.prod([p[j, k] for j, k in enumerate(x)], axis=0) @ grid.weights for x in patterns])
    first, second = plan.pairs
    features = np.array(
        [
            np.concatenate([*(plan.single[j][:, k] for j, k in enumerate(x)), pair[first] * pair[second]])
            for x in patterns
            for pair in [np.concatenate([plan.paired[j][:, k] for j, k in enumerate(x)])]
        ]
    )
    mean = chance @ features
    assert expected(plan, p, grid.weights) == pytest.approx(mean, abs=1e-12)
    spread = (features * chance[:, None]).T @ features - np.outer(mean, mean)
    assert covariance(plan, p, grid.weights) == pytest.approx(spread, abs=1e-12)
    slope = np.zeros((4, 61))
    slope[0], slope[1] = -1e-3, 1e-3
    moved = p.copy()
    moved[2] += slope
    assert change(plan, p, grid.weights, 2, slope) == pytest.approx(
        expected(plan, moved, grid.weights) - mean, abs=1e-12
    )


def test_infit_and_outfit_equal_their_definitions() -> None:
    x, theta = answers(), np.random.default_rng(2).normal(size=400)
    found = item_fit(x, bank(), theta=theta)
    p = probabilities(bank(), theta)[2].T
    score = np.arange(4)
    gap = x[:, 2] - p @ score
    variance = p @ score**2 - (p @ score) ** 2
    assert found.outfit[2] == pytest.approx(np.mean(gap**2 / variance))
    assert found.infit[2] == pytest.approx(np.sum(gap**2) / np.sum(variance))
    lz = person_fit(x, bank(), theta=theta).zh
    logs = [np.log(probabilities(bank().select([j]), theta)[0].T) for j in range(4)]
    took = sum(log[np.arange(400), x[:, j]] for j, log in enumerate(logs))
    mean = sum((np.exp(log) * log).sum(axis=1) for log in logs)
    spread = sum((np.exp(log) * log**2).sum(axis=1) - (np.exp(log) * log).sum(axis=1) ** 2 for log in logs)
    assert lz == pytest.approx((took - mean) / np.sqrt(spread))


def test_the_order_of_items_and_persons_does_not_matter() -> None:
    x, items = answers(), bank()
    turn, rows = [2, 0, 3, 1], np.random.default_rng(3).permutation(400)
    other = x[rows][:, turn]
    assert s_x2(other, items.select(turn)).x2 == pytest.approx(s_x2(x, items).x2[turn], rel=1e-9)
    assert item_fit(other, items.select(turn)).infit == pytest.approx(item_fit(x, items).infit[turn], rel=1e-9)
    one = np.tile(answers(seed=4)[:, [0, 3]], (1, 3))
    many = ItemParameters.build("2pl", np.linspace(0.8, 1.4, 6), np.linspace(-1, 1, 6))
    swap = [5, 3, 1, 0, 2, 4]
    assert model_fit(one[:, swap], many.select(swap)).value == pytest.approx(model_fit(one, many).value, rel=1e-6)


def test_sparse_data_are_refused_only_where_the_statistic_needs_them_complete() -> None:
    x = answers().astype(float)
    x[::3, 1] = np.nan
    for statistic in (s_x2, model_fit):
        with pytest.raises(NeedsCompleteData):
            statistic(x, bank())
    assert np.isfinite(item_fit(x, bank()).infit).all()
    assert np.isfinite(q3(x, bank()).value[np.triu_indices(4, 1)]).all()
    assert ld_x2(x, bank()).persons[0, 1] == np.isfinite(x[:, 1]).sum()
    x[0] = np.nan
    assert np.isnan(person_fit(x, bank()).zh[0])


def test_nonsense_is_refused() -> None:
    with pytest.raises(BadCategory):
        s_x2(np.full((5, 4), 3), bank())
    with pytest.raises(BadShape):
        item_fit(answers()[:, :3], bank())
    with pytest.raises(NotIdentified):
        model_fit(answers()[:, :2], bank().select([0, 1]))
    two = ItemParameters.build("2pl", np.ones((4, 2)), np.zeros(4))
    with pytest.raises(NotOneDimensional):
        s_x2(answers()[:, [0, 3, 0, 3]], two)
    with pytest.raises(NotOneDimensional):
        marginal_reliability(two)
    with pytest.raises(BadShape):
        cronbach_alpha([[1.0, 2.0]])


def test_degenerate_answers_get_figures_or_a_typed_error() -> None:
    x = answers()
    x[:, 0] = 1
    found = model_fit(x[:, [0, 3, 0, 3, 3]], ItemParameters.build("2pl", np.full(5, 1.1), np.linspace(-1, 1, 5)))
    assert np.isfinite(found.value)
    assert np.isnan(found.tli)
    assert np.isfinite(item_fit(x, bank()).infit).all()
    sure = ItemParameters.build("2pl", np.ones(4), [0.0, 0.3, 45.0, -0.2])
    with pytest.raises(NotIdentified):
        model_fit(answers()[:, [0, 3, 0, 3]], sure)
    assert np.isfinite(item_fit(answers()[:, [0, 3, 0, 3]], sure).infit).all()


def test_reliability_of_estimates() -> None:
    rng = np.random.default_rng(7)
    true = rng.normal(size=5000)
    assert empirical_reliability(0.8 * true, np.full(5000, 0.4))[0] == pytest.approx(0.8, abs=0.01)
    x = true[:, None] + rng.normal(size=(5000, 4))
    assert cronbach_alpha(x).alpha == pytest.approx(0.8, abs=0.015)
    assert "alpha 0.8" in cronbach_alpha(x).summary() or "alpha 0.7" in cronbach_alpha(x).summary()
    assert cronbach_alpha(x).without == pytest.approx(np.full(4, 0.75), abs=0.02)
