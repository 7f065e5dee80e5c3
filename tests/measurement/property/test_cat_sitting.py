"""The stateless door: rules hold by construction, the draw is reproducible, stops and forecasts make sense."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import (
    Answer,
    Blueprint,
    CatItem,
    CompiledBank,
    FacetQuota,
    KindLimit,
    LevelCuts,
    Prior,
    StopReason,
)
from shuyang.measurement.cat.errors import BadBlueprint
from shuyang.measurement.cat.information import exact_reduction, variance_gain
from shuyang.measurement.cat.posterior import posterior
from shuyang.measurement.cat.selection import choose_next
from shuyang.measurement.cat.session import next_step
from shuyang.measurement.simulate.violations import violations

from .cat_cases import mixed_items, random_answers

PRIOR = Prior.equicorrelated(5, 0.6)
FACETS = tuple(FacetQuota(f"f{k:02d}", 2, 5) for k in range(12))
BLUEPRINT = Blueprint((0.45,) * 5, 24, 50, facets=FACETS, kinds=(KindLimit("k0", 9), KindLimit("k1", None, 0.3)))


def sit(bank: CompiledBank, blueprint: Blueprint, seed: int, excluded: tuple[int, ...] = ()) -> tuple[list[int], str]:
    """One sitting whose answers are random."""
    rng = np.random.default_rng(seed)
    answers: list[Answer] = []
    seconds = 0.0
    while True:
        step = next_step(bank, answers, PRIOR, blueprint, seed=seed, seconds=seconds, excluded=excluded)
        if step.choice is None:
            return [i for i, _ in answers], str(step.stop)
        seconds += bank.items[step.choice.index].seconds
        answers.append((step.choice.index, int(rng.integers(bank.n_categories[step.choice.index]))))


@pytest.mark.parametrize("seed", range(6))
def test_rules_hold_in_random_sittings(seed: int) -> None:
    items = mixed_items(180, seed=seed)
    items = [replace(item, enemies=(items[(j + 1) % 180].id,)) if j % 5 == 0 else item for j, item in enumerate(items)]
    bank = compile_bank(items)
    given, _ = sit(bank, BLUEPRINT, seed, excluded=(3, 4, 5))
    assert violations(items, given, BLUEPRINT) == set()
    assert not {3, 4, 5} & set(given)


def test_minimums_are_met_when_they_fill_the_whole_test() -> None:
    quotas = tuple(FacetQuota(f"f{k:02d}", 2, 2) for k in range(12))
    blueprint = replace(BLUEPRINT, min_items=24, max_items=24, facets=quotas, kinds=(KindLimit("k0", 4),))
    items = mixed_items(180)
    given, stop = sit(compile_bank(items), blueprint, 1)
    assert (len(given), stop) == (24, StopReason.MAX_ITEMS)
    assert violations(items, given, blueprint) == set()


def test_a_limited_kind_is_kept_for_the_facet_that_needs_it() -> None:
    items = [replace(item, kind="only" if item.facet == "f05" else item.kind) for item in mixed_items(120)]
    items = [replace(item, kind="only") if item.facet == "f02" and j % 2 else item for j, item in enumerate(items)]
    blueprint = replace(BLUEPRINT, kinds=(KindLimit("only", 2),))
    for seed in range(4):
        given, _ = sit(compile_bank(items), blueprint, seed)
        assert violations(items, given, blueprint) == set()


def test_unreachable_minimum_is_named() -> None:
    items = [item for item in mixed_items(120) if item.facet != "f03"]
    step = next_step(compile_bank(items), [], PRIOR, BLUEPRINT, seed=1)
    assert step.choice is not None
    assert step.unmet_facets == step.choice.unreachable == ("f03",)


def test_time_is_kept() -> None:
    items = mixed_items(120)
    blueprint = replace(BLUEPRINT, max_seconds=20 * 60.0 + 30, kinds=())
    given, stop = sit(compile_bank(items), blueprint, 2)
    assert (len(given), stop) == (20, StopReason.TIME)
    step = next_step(compile_bank(items), [], PRIOR, blueprint, seed=1, seconds=5000)
    assert step.stop is StopReason.TIME


def test_forecast_knows_the_time_left() -> None:
    bank = compile_bank(mixed_items(120))
    blueprint = replace(BLUEPRINT, max_seconds=20 * 60.0, kinds=())
    assert next_step(bank, [], PRIOR, blueprint, seed=1).remaining == 20
    assert next_step(bank, [], PRIOR, blueprint, seed=1, seconds=1130.0).remaining == 1


def test_small_bank_runs_out() -> None:
    given, stop = sit(compile_bank(mixed_items(12)), replace(BLUEPRINT, kinds=()), 1)
    assert (len(given), stop) == (12, StopReason.BANK)


def test_same_seed_same_sitting_other_seed_other_sitting() -> None:
    bank = compile_bank(mixed_items(180))
    assert sit(bank, BLUEPRINT, 5) == sit(bank, BLUEPRINT, 5)
    assert sit(bank, BLUEPRINT, 5) != sit(bank, BLUEPRINT, 6)


def test_choice_ignores_the_order_of_answers_and_of_items() -> None:
    items = mixed_items(120)
    bank, turned = compile_bank(items), compile_bank(items[::-1])
    answers = random_answers(bank, 10, 3)
    mirrored = [(119 - item, category) for item, category in answers]
    plain = replace(BLUEPRINT, randomesque=1)
    one = next_step(bank, answers, PRIOR, plain, seed=1).choice
    two = next_step(bank, answers[::-1], PRIOR, plain, seed=1).choice
    three = next_step(turned, mirrored, PRIOR, plain, seed=1).choice
    assert one is not None
    assert three is not None
    assert one == two
    assert items[one.index] == items[::-1][three.index]


def test_criterion_is_the_expected_fall_of_the_summed_variance() -> None:
    """Naive twin: answer the item each way, recompute the posterior, average over the predictive distribution."""
    bank = compile_bank(mixed_items(60))
    answers = random_answers(bank, 15, 4)
    before = posterior(bank, answers, PRIOR)
    items = np.array([j for j in range(60) if j not in {i for i, _ in answers}][:8])
    claimed = exact_reduction(bank, before, variance_gain(before, np.ones(5, dtype=np.bool_)), items)
    for item, value in zip(items.tolist(), claimed.tolist(), strict=True):
        predictive = bank.prob[item] @ before.marginals[bank.dim[item]]
        after = [posterior(bank, [*answers, (item, k)], PRIOR) for k in range(int(bank.n_categories[item]))]
        fall = before.cov.trace() - sum(p * a.cov.trace() for p, a in zip(predictive, after, strict=False))
        assert value == pytest.approx(fall, rel=0.06, abs=2e-4)


def test_the_compiled_criterion_is_the_variance_of_the_conditional_means() -> None:
    """Plain twin by arrays, to the last digits."""
    bank = compile_bank(mixed_items(60))
    belief = posterior(bank, random_answers(bank, 12, 3), PRIOR)
    gain, items = variance_gain(belief, np.ones(5, dtype=np.bool_)), np.arange(60)
    weights = belief.marginals[bank.dim]
    predicted, first = ((bank.prob * (weights * x)[:, None]).sum(axis=2) for x in (1.0, bank.nodes))
    of_means = np.divide(first * first, predicted, out=np.zeros_like(first), where=predicted > 0).sum(axis=1)
    plain = (of_means - np.square(weights @ bank.nodes)) * gain[bank.dim]
    assert exact_reduction(bank, belief, gain, items) == pytest.approx(plain, rel=1e-9, abs=1e-12)


def test_shortlist_holds_the_best_of_all() -> None:
    bank = compile_bank(mixed_items(240))
    free = Blueprint((0.1,) * 5, 1, 60, randomesque=1)
    for seed in range(5):
        answers = random_answers(bank, 3 * seed, seed)
        belief = posterior(bank, answers, PRIOR)
        used = {i for i, _ in answers}
        choice = choose_next(bank, belief, used, free, seed=0)
        rest = np.array([j for j in range(240) if j not in used])
        value = exact_reduction(bank, belief, variance_gain(belief, np.ones(5, dtype=np.bool_)), rest)
        assert choice is not None
        assert choice.criterion >= 0.995 * value.max()


def test_forecast_falls_to_zero_and_starts_near_the_truth() -> None:
    bank = compile_bank(mixed_items(240))
    answers: list[Answer] = []
    forecasts = []
    rng = np.random.default_rng(2)
    roomy = replace(BLUEPRINT, max_items=75, facets=tuple(replace(q, maximum=9) for q in FACETS))
    while (step := next_step(bank, answers, PRIOR, roomy, seed=3)).choice is not None:
        forecasts.append(step.remaining + len(answers))
        item = step.choice.index
        p = bank.prob[item, :, 30]
        answers.append((item, int(rng.choice(len(p), p=p / p.sum()))))
    assert step.remaining == 0
    assert step.stop is StopReason.PRECISION
    assert all(abs(f - len(answers)) <= 10 for f in forecasts)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"target_se": (0.4,)}, "target_se"),
        ({"min_items": 60}, "length"),
        ({"max_seconds": 0.0}, "time"),
        ({"facets": (FacetQuota("a", 1), FacetQuota("a", 2))}, "facet_twice"),
        ({"facets": (FacetQuota("a", 3, 2),)}, "facet_range"),
        ({"facets": (FacetQuota("a", 30), FacetQuota("b", 30))}, "facet_minimums"),
        ({"kinds": (KindLimit("k", 1), KindLimit("k", 2))}, "kind_twice"),
        ({"kinds": (KindLimit("k", None, 1.4),)}, "kind_range"),
        ({"randomesque": 0}, "randomesque"),
        ({"classify": (LevelCuts((0.0,)),)}, "classify"),
    ],
)
def test_impossible_blueprints_are_refused_by_name(change: dict[str, Any], wrong: str) -> None:
    with pytest.raises(BadBlueprint) as caught:
        next_step(compile_bank(mixed_items(12)), [], PRIOR, replace(BLUEPRINT, **change), seed=1)
    assert caught.value.data["wrong"] == [wrong]


def test_skipped_items_count_as_given_and_do_not_return() -> None:
    bank = compile_bank(mixed_items(60))
    step = next_step(bank, [], PRIOR, BLUEPRINT, seed=1)
    assert step.choice is not None
    again = next_step(bank, [], PRIOR, BLUEPRINT, seed=1, skipped=[step.choice.index])
    assert again.choice is not None
    assert again.choice.index != step.choice.index
    assert np.array_equal(again.posterior.mean, step.posterior.mean)


def test_item_without_facet_or_kind_is_fine() -> None:
    items = [CatItem(str(j), 0, "3pl", 1.0, (0.1 * j,)) for j in range(5)]
    given, _ = sit_one_dimension(items)
    assert len(given) == 5


def sit_one_dimension(items: list[CatItem]) -> tuple[list[int], str]:
    bank = compile_bank(items, dims=1)
    answers: list[Answer] = []
    while (step := next_step(bank, answers, Prior((0.0,), ((1.0,),)), Blueprint((0.1,), 1, 9), seed=0)).choice:
        answers.append((step.choice.index, 1))
    return [i for i, _ in answers], str(step.stop)


def test_the_door_loads_neither_compiler_nor_solver() -> None:
    """Who verifies a score imports it: he must not pay for what only sittings and assemblies need."""
    heavy = "{'numba', 'highspy', 'scipy.stats'}"
    code = f"import sys, shuyang.measurement.cat.session; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=child_env())
    assert found.stdout.strip() == "[]"


def child_env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
