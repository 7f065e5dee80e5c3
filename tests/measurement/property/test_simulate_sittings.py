"""The compiled sittings against the product's door, and the pieces of the compiled loop against plain numpy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shuyang.measurement.cat.bank import compile_bank, marginal_curves
from shuyang.measurement.cat.contracts import Blueprint, CatItem, FacetQuota, KindLimit, LevelCuts, Prior
from shuyang.measurement.cat.errors import BadBlueprint
from shuyang.measurement.cat.propagation_kernels import invert
from shuyang.measurement.simulate.sitting_kernels import draw_category
from shuyang.measurement.simulate.sittings import Engine, simulate_sittings
from shuyang.measurement.simulate.truth import draw_answer, draw_item

from .cat_cases import mixed_items

ENGINES: tuple[Engine, ...] = ("compiled", "door")
PRIOR = Prior.equicorrelated(5, 0.6)
BLUEPRINT = Blueprint(
    (0.45,) * 5,
    20,
    45,
    max_seconds=2400.0,
    facets=tuple(FacetQuota(f"f{k:02d}", 1, 6) for k in range(12)),
    kinds=(KindLimit("k0", 8), KindLimit("k1", None, 0.4)),
)


def rich_items(n: int) -> list[CatItem]:
    items = mixed_items(n)
    return [
        replace(item, seconds=40.0 + j % 37, enemies=(items[(j + 24) % n].id,) if j % 5 == 0 else ())
        for j, item in enumerate(items)
    ]


FREE = replace(BLUEPRINT, max_seconds=None, facets=(), kinds=(), randomesque=1)
LEVELS = (LevelCuts((-0.8, 0.8), (0.1, 0.1)),) * 5
CLASSIFIED = replace(BLUEPRINT, target_se=(0.1,) * 5, classify=LEVELS, confidence=0.8)
GAINLESS = replace(FREE, target_se=(0.1,) * 5, min_gain=0.02)
HURRIED = replace(BLUEPRINT, target_se=(0.1,) * 5, time_weight=0.7)


@pytest.mark.parametrize("blueprint", [BLUEPRINT, FREE, CLASSIFIED, GAINLESS, HURRIED])
@pytest.mark.parametrize("draw_parameters", [True, False])
def test_compiled_sittings_are_those_of_the_door(blueprint: Blueprint, draw_parameters: bool) -> None:
    items = rich_items(180)
    runs = [
        simulate_sittings(items, blueprint, PRIOR, n=6, seed=4, draw_parameters=draw_parameters, engine=engine)
        for engine in ENGINES
    ]
    assert np.array_equal(runs[0].given, runs[1].given)
    assert np.array_equal(runs[0].answers, runs[1].answers)
    assert np.allclose(runs[0].mean, runs[1].mean, atol=1e-5)
    assert np.allclose(runs[0].sd, runs[1].sd, atol=1e-5)
    assert runs[0].stops == runs[1].stops


def test_classification_and_gain_end_sittings() -> None:
    items = rich_items(180)
    classified = simulate_sittings(items, CLASSIFIED, PRIOR, n=60, seed=4)
    assert 0 < classified.stops["classified"] < 60
    gainless = simulate_sittings(items, GAINLESS, PRIOR, n=20, seed=4)
    assert gainless.stops == {"min_gain": 20}


@pytest.mark.parametrize("seed", range(6))
def test_random_blueprints_are_followed_alike(seed: int) -> None:
    rng = np.random.default_rng(seed)
    items = [replace(item, kind=f"k{rng.integers(4)}") for item in rich_items(96)]
    blueprint = Blueprint(
        (0.3,) * 5,
        int(rng.integers(0, 20)),
        int(rng.integers(25, 40)),
        max_seconds=float(rng.integers(900, 2400)),
        facets=tuple(FacetQuota(f"f{k:02d}", int(rng.integers(0, 3)), int(rng.integers(3, 6))) for k in range(12)),
        kinds=tuple(KindLimit(f"k{k}", int(rng.integers(2, 9))) for k in rng.permutation(4)[:3]),
        randomesque=int(rng.integers(1, 7)),
        time_weight=float(rng.random()),
    )
    runs = [simulate_sittings(items, blueprint, PRIOR, n=3, seed=seed, engine=engine) for engine in ENGINES]
    assert np.array_equal(runs[0].given, runs[1].given)
    assert runs[0].stops == runs[1].stops
    assert set(runs[0].violations) <= {"length", "facet_minimum"}


def test_weighing_time_saves_time() -> None:
    items = rich_items(240)
    blueprint = replace(BLUEPRINT, max_seconds=None, randomesque=1)
    plain, hurried = (
        simulate_sittings(items, replace(blueprint, time_weight=w), PRIOR, n=60, seed=4) for w in (0.0, 1.0)
    )
    assert hurried.seconds.mean() < plain.seconds.mean()
    assert hurried.length.mean() > plain.length.mean()
    limited = simulate_sittings(items, replace(HURRIED, max_seconds=1500.0), PRIOR, n=10, seed=4)
    assert limited.stops == {"time": 10}


def test_scarce_bank_runs_out_alike() -> None:
    items = rich_items(36)
    runs = [simulate_sittings(items, BLUEPRINT, PRIOR, n=4, seed=4, engine=engine) for engine in ENGINES]
    assert np.array_equal(runs[0].given, runs[1].given)
    assert runs[0].stops == runs[1].stops


def test_rules_hold_and_exposure_stays_below_its_maximum() -> None:
    items = rich_items(360)
    free = simulate_sittings(items, replace(BLUEPRINT, max_seconds=None), PRIOR, n=300, seed=5)
    held = simulate_sittings(items, replace(BLUEPRINT, max_seconds=None), PRIOR, n=300, seed=5, maximum_exposure=0.3)
    assert free.violations == held.violations == {}
    assert free.exposure.max() > 0.4
    assert held.exposure.max() <= 0.31
    assert held.overlap < free.overlap


def test_exposure_control_is_the_same_in_the_door() -> None:
    items = rich_items(120)
    blueprint = replace(BLUEPRINT, max_seconds=None, target_se=(0.6,) * 5)
    runs = [
        simulate_sittings(items, blueprint, PRIOR, n=25, seed=5, maximum_exposure=0.4, engine=engine)
        for engine in ENGINES
    ]
    assert np.array_equal(runs[0].given, runs[1].given)


def test_shadow_tests_keep_every_rule() -> None:
    blueprint = replace(BLUEPRINT, min_items=30, max_items=30, max_seconds=1700.0)
    result = simulate_sittings(rich_items(240), blueprint, PRIOR, n=3, seed=5, engine="shadow")
    assert result.violations == {}
    assert result.stops == {"max_items": 3}


def test_inverse_matches_numpy() -> None:
    rng = np.random.default_rng(1)
    for n in (1, 3, 5):
        root = rng.normal(size=(n, n + 2))
        matrix, out = root @ root.T, np.zeros((n, n))
        invert(matrix, out, np.zeros((n, n)))
        assert np.allclose(out, np.linalg.inv(matrix))


def test_drawn_parameters_average_to_the_integrated_curve() -> None:
    item = CatItem("x", 0, "3pl", 1.4, (0.2,), slope_log_sd=0.3, threshold_sd=0.6, guessing=0.2, guessing_sd=0.08)
    rng = np.random.default_rng(2)
    right = np.mean([draw_answer(draw_item(item, rng), 0.5, rng) for _ in range(20_000)])
    assert right == pytest.approx(marginal_curves(item, np.array([0.5]))[0][1, 0], abs=0.01)


def test_category_draw_follows_the_curve_between_nodes() -> None:
    bank = compile_bank(mixed_items(12))
    numbers = (np.arange(5000) + 0.5) / 5000
    drawn = [draw_category(bank.prob[0], 4, bank.nodes, 0.21, float(u)) for u in numbers]
    exact = marginal_curves(bank.items[0], np.array([0.21]))[0][:, 0]
    assert np.allclose(np.bincount(drawn, minlength=4) / 5000, exact, atol=1e-3)


def test_report_describes_itself() -> None:
    result = simulate_sittings(rich_items(120), BLUEPRINT, PRIOR, n=20, seed=1)
    assert result.to_dict()["n"] == 20
    assert len(result.to_table()["bias"]) == 5
    assert result.summary().startswith("20 sittings")


def test_contradictory_wishes_are_refused() -> None:
    items = rich_items(24)
    with pytest.raises(BadBlueprint):
        simulate_sittings(items, BLUEPRINT, PRIOR, n=1, seed=1, maximum_exposure=0.0)
    with pytest.raises(BadBlueprint):
        simulate_sittings(items, replace(BLUEPRINT, target_se=(0.4,)), PRIOR, n=1, seed=1)
