"""Shadow tests and the solver behind them."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import inf

import numpy as np
import pytest

from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import Answer, Blueprint, CatItem, FacetQuota, KindLimit, Prior
from shuyang.measurement.cat.milp import Program, Row, solve
from shuyang.measurement.cat.posterior import posterior
from shuyang.measurement.cat.shadow import choose_by_shadow, shadow_test
from shuyang.measurement.simulate.violations import violations

from .cat_cases import mixed_items

PRIOR = Prior.equicorrelated(5, 0.6)
QUOTAS = tuple(FacetQuota(f"f{k:02d}", 2, 3) for k in range(12))
BLUEPRINT = Blueprint(
    (0.3,) * 5, 30, 30, max_seconds=30 * 58.0, facets=QUOTAS, kinds=(KindLimit("k0", 6), KindLimit("k1", None, 0.3))
)


def items_with_enemies() -> list[CatItem]:
    items = mixed_items(400)
    rng = np.random.default_rng(1)
    return [
        replace(item, seconds=float(rng.integers(30, 90)), enemies=(items[(j + 24) % 400].id,) if j % 4 == 0 else ())
        for j, item in enumerate(items)
    ]


def test_every_step_obeys_the_whole_blueprint() -> None:
    items = items_with_enemies()
    bank = compile_bank(items)
    rng = np.random.default_rng(3)
    answers: list[Answer] = []
    seconds, previous = 0.0, None
    while len(answers) < BLUEPRINT.max_items:
        used = [i for i, _ in answers]
        belief = posterior(bank, answers, PRIOR)
        choice, previous = choose_by_shadow(
            bank, belief, used, BLUEPRINT, seed=1, seconds=seconds, previous=previous, time_limit=5.0
        )
        assert choice is not None
        assert previous is not None
        assert {choice.index, *used} <= set(previous.items)
        assert violations(items, previous.items, BLUEPRINT) == set()
        seconds += items[choice.index].seconds
        answers.append((choice.index, int(rng.integers(bank.n_categories[choice.index]))))
    assert violations(items, [i for i, _ in answers], BLUEPRINT) == set()


def test_small_program_is_the_best_of_all_subsets() -> None:
    items = [replace(item, kind="") for item in mixed_items(12)]
    bank = compile_bank(items)
    blueprint = Blueprint((0.3,) * 5, 4, 4, max_seconds=230.0, facets=(FacetQuota("f03", 1, 1),))
    values = np.random.default_rng(2).random(12)
    assert shadow_test(bank, values, [], blueprint, time_limit=5.0) is None
    roomy = replace(blueprint, max_seconds=240.0)
    found = shadow_test(bank, values, [7], roomy, time_limit=5.0)
    best = max((s for s in combinations(range(12), 4) if {3, 7} <= set(s)), key=lambda s: sum(values[list(s)]))
    assert found is not None
    assert found.items == best


def test_previous_test_is_the_fallback_only_while_it_holds() -> None:
    bank = compile_bank(mixed_items(60))
    blueprint = replace(BLUEPRINT, max_seconds=None, kinds=())
    values = np.random.default_rng(2).random(60)
    first = shadow_test(bank, values, [], blueprint, time_limit=5.0)
    assert first is not None
    impossible = replace(blueprint, max_seconds=10.0)
    again = shadow_test(bank, values, first.items[:3], impossible, previous=first)
    assert again is not None
    assert (again.status, again.items) == ("fallback", first.items)
    outside = next(j for j in range(60) if j not in first.items)
    assert shadow_test(bank, values, [outside], impossible, previous=first) is None
    assert shadow_test(bank, values, [], impossible, previous=first, excluded=[first.items[0]]) is None


def test_choice_falls_back_to_the_plain_rule() -> None:
    bank = compile_bank(mixed_items(60))
    blueprint = replace(BLUEPRINT, facets=(FacetQuota("f00", 0, 0), FacetQuota("f01", 0, 0)), max_items=58)
    choice, test = choose_by_shadow(bank, posterior(bank, [], PRIOR), [], blueprint, seed=1)
    assert test is None
    assert choice is not None


def test_pruning_costs_next_to_nothing() -> None:
    bank = compile_bank(items_with_enemies())
    values = np.random.default_rng(5).random(400)
    whole = shadow_test(bank, values, [], BLUEPRINT, prune=400, time_limit=20.0)
    pruned = shadow_test(bank, values, [], BLUEPRINT, prune=150, time_limit=20.0)
    assert whole is not None
    assert pruned is not None
    assert whole.status == pruned.status == "optimal"
    assert pruned.value >= 0.99 * whole.value


@pytest.mark.parametrize("seed", range(5))
def test_solver_agrees_with_enumeration(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cost, weight = rng.random(10), rng.random(10)
    everything = np.arange(10)
    rows = [Row.count(everything, 4, 4), Row(everything, weight, -inf, 1.6), Row.count(everything[:5], 1, 2)]
    found = solve(Program(cost, np.ones(10), np.ones(10, dtype=np.bool_), rows), time_limit=5.0, gap=1e-9, core=6)
    fits = [s for s in combinations(range(10), 4) if weight[list(s)].sum() <= 1.6 and 1 <= sum(i < 5 for i in s) <= 2]
    if not fits:
        assert found is None
    else:
        assert found is not None
        assert found.value == pytest.approx(max(cost[list(s)].sum() for s in fits))
