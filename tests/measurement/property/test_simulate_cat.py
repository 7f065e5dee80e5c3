"""The compiled simulation against a naive twin, and what its options do."""

from __future__ import annotations

import numpy as np
import pytest

from shuyang.measurement.cat.contracts import FloatArray, IntArray
from shuyang.measurement.errors import BadShape
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import information, log_probabilities, probabilities
from shuyang.measurement.simulate.kernels import category_at, information_at
from shuyang.measurement.simulate.one_dimension import CatRules, simulate_cat


def bank(n: int = 60, seed: int = 3) -> ItemParameters:
    """Three-parameter, graded, partial-credit and nominal items in turn."""
    rng = np.random.default_rng(seed)
    models = [("3pl", "graded", "gpcm", "nominal")[j % 4] for j in range(n)]
    intercepts, scores = [], []
    for model in models:
        d = rng.normal(0, 1.2, 1 if model == "3pl" else 3)
        intercepts.append((np.sort(d)[::-1] if model == "graded" else d).tolist())
        scores.append([0, 0.7, 1.6, 3] if model == "nominal" else list(range(len(d) + 1)))
    g = np.where(np.array(models) == "3pl", 0.2, 0.0)
    return ItemParameters.build(models, rng.lognormal(0, 0.3, n), intercepts, g=g, scores=scores)


def answers(items: ItemParameters, theta: FloatArray, seed: int) -> IntArray:
    cumulative = probabilities(items, theta).cumsum(axis=1)[:, :-1]
    draw = np.random.default_rng(seed).random((len(items), 1, len(theta)))
    return np.asarray(((draw > cumulative) & (cumulative < 1 - 1e-12)).sum(axis=1).T)


def naive_test(items: ItemParameters, x: IntArray, rules: CatRules) -> tuple[list[int], float, float]:
    """One adaptive test, everything recomputed at every step."""
    nodes = np.linspace(-rules.bound, rules.bound, rules.nodes)
    table = log_probabilities(items, nodes)
    log_w = -0.5 * nodes**2
    given: list[int] = []
    mean, se = 0.0, 9.0
    while len(given) < rules.max_items and (len(given) < rules.min_items or se > rules.target_se):
        info = information(items, mean)[:, 0]
        info[given] = -1
        j = int(info.argmax())
        given.append(j)
        log_w = log_w + table[j, x[j]]
        w = np.exp(log_w - log_w.max())
        w /= w.sum()
        mean = float(w @ nodes)
        se = float(np.sqrt(w @ nodes**2 - mean**2))
    return given, mean, se


def test_kernel_takes_the_same_steps_as_a_naive_test() -> None:
    items, rules = bank(), CatRules(target_se=0.25, max_items=25)
    theta = np.random.default_rng(1).normal(size=80)
    x = answers(items, theta, 2)
    result = simulate_cat(items, theta, rules, responses=x)
    for i in range(len(theta)):
        given, mean, se = naive_test(items, x[i], rules)
        assert result.given[i][result.given[i] >= 0].tolist() == given
        assert result.estimate[i] == pytest.approx(mean, abs=1e-9)
        assert result.se[i] == pytest.approx(se, abs=1e-9)


def test_short_lists_fall_back_to_the_whole_bank() -> None:
    items = bank(400)
    theta = np.array([-3.9, 0.0, 3.9])
    x = answers(items, theta, 2)
    rules = CatRules(target_se=0.0, max_items=12)
    result = simulate_cat(items, theta, rules, responses=x)
    assert [row.tolist() for row in result.given] == [naive_test(items, row, rules)[0] for row in x]


def test_formulas_agree_with_the_models() -> None:
    items = bank(12)
    for j, model in enumerate(items.models):
        family = {"3pl": 0, "graded": 1}.get(model, 2)
        args = (items.slopes[j, 0], items.intercepts[j], items.scores[j], items.g[j], items.u[j], family)
        for theta in (-2.0, 0.3, 1.7):
            one = items.select([j])
            assert information_at(*args, items.categories[j], theta) == pytest.approx(information(one, theta)[0, 0])
            p = probabilities(one, theta)[0, :, 0]
            draws = (np.arange(4000) + 0.5) / 4000
            drawn = [category_at(*args, items.categories[j], theta, u) for u in draws]
            assert np.allclose(np.bincount(drawn, minlength=4)[: len(p)] / 4000, p[:4], atol=4e-4)


def test_seed_and_size_do_not_change_a_test() -> None:
    items = bank()
    theta = np.linspace(-2, 2, 50)
    many, few = simulate_cat(items, theta, seed=5), simulate_cat(items, theta[:10], seed=5)
    assert np.array_equal(many.given[:10], few.given)
    assert not np.array_equal(many.answers, simulate_cat(items, theta, seed=6).answers)


def test_stops() -> None:
    items, theta = bank(), np.linspace(-2.5, 2.5, 200)
    exact = simulate_cat(items, theta, CatRules(target_se=0.0, max_items=7))
    assert set(exact.length.tolist()) == {7}
    cut = simulate_cat(items, theta, CatRules(target_se=0.0, max_items=40, cuts=(0.0,), confidence=1.64))
    decided = cut.length < 40
    assert cut.length[np.abs(theta) > 2].mean() < cut.length[np.abs(theta) < 0.3].mean()
    assert np.all(np.abs(cut.estimate[decided]) > 1.64 * cut.se[decided])
    gain = simulate_cat(items, theta, CatRules(target_se=0.0, max_items=60, min_gain=0.01))
    assert gain.length.max() < 60


def test_randomesque_lowers_exposure_and_withheld_items_stay_away() -> None:
    items, theta = bank(), np.random.default_rng(4).normal(size=500)
    plain, spread = (simulate_cat(items, theta, CatRules(randomesque=k, max_items=10)) for k in (1, 6))
    assert spread.exposure.max() < plain.exposure.max()
    closed = np.zeros((500, 60), dtype=bool)
    closed[:, plain.exposure.argmax()] = True
    without = simulate_cat(items, theta, closed=closed)
    assert without.counts[plain.exposure.argmax()] == 0


def test_results_describe_themselves() -> None:
    result = simulate_cat(bank(), np.random.default_rng(4).normal(size=300), CatRules(target_se=0.3))
    figures = result.to_dict()
    assert figures["n"] == 300
    assert "300 tests" in result.summary()
    assert 0 < figures["overlap"] < 1
    assert sum(result.by_ability(np.linspace(-4, 4, 5))["n"]) == 300
    assert len(result.to_table()["theta"]) == 300


def test_wrong_shapes_are_refused() -> None:
    items = bank()
    for more in ({"responses": np.zeros((3, 60))}, {"keep": np.ones(3)}, {"closed": np.zeros((2, 59), dtype=bool)}):
        with pytest.raises(BadShape):
            simulate_cat(items, [0.0, 1.0], **more)
