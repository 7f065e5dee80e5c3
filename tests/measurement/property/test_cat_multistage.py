"""Multistage tests: assembly, routing without state, simulation."""

from __future__ import annotations

import numpy as np
import pytest

from shuyang.measurement.cat.assembly import FormWish, InformationTarget
from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import Answer, Blueprint, CatItem, Prior
from shuyang.measurement.cat.errors import BadAnswer, BadBlueprint
from shuyang.measurement.cat.multistage import Module, Panel, assemble_panel, next_module
from shuyang.measurement.simulate.panels import simulate_panel

PRIOR = Prior((0.0,), ((1.0,),))
RNG = np.random.default_rng(3)
ITEMS = [CatItem(f"i{j}", 0, "3pl", 1.3, (float(b),)) for j, b in enumerate(RNG.uniform(-2.2, 2.2, 150))]
BANK = compile_bank(ITEMS, dims=1)
FREE = Blueprint((0.4,), 1, 99)


def wish(centre: float, length: int = 8) -> FormWish:
    return FormWish(FREE, length, (InformationTarget(0, (centre - 0.5, centre + 0.5), (2.6, 2.6)),))


@pytest.fixture(scope="module")
def panel() -> Panel:
    stages = [[("start", wish(0.0))], [("low", wish(-1.2)), ("middle", wish(0.0)), ("high", wish(1.2))]]
    made, assembly = assemble_panel(BANK, stages, time_limit=10.0, tolerance=0.1)
    assert assembly.deviation < 0.5
    return made


def answer_all(module: Module, category: int) -> list[Answer]:
    return [(item, category) for item in module.items]


def test_routing_follows_ability(panel: Panel) -> None:
    start = next_module(BANK, panel, [], PRIOR)
    assert start.module is not None
    assert (start.module.name, start.items) == ("start", start.module.items)
    for category, name in ((0, "low"), (1, "high")):
        step = next_module(BANK, panel, answer_all(start.module, category), PRIOR)
        assert step.module is not None
        assert step.module.name == name
    mixed = [(item, k % 2) for k, item in enumerate(start.module.items)]
    step = next_module(BANK, panel, mixed[::-1], PRIOR)
    assert step.module is not None
    assert step.module.name == "middle"
    end = next_module(BANK, panel, mixed + answer_all(step.module, 1), PRIOR)
    assert (end.module, end.items) == (None, ())
    assert end.posterior.sd[0] < step.posterior.sd[0]


def test_a_module_begun_is_finished_whatever_routing_says(panel: Panel) -> None:
    start, low = panel.stages[0][0], panel.stages[1][0]
    answers = [*answer_all(start, 1), (low.items[0], 0)]
    step = next_module(BANK, panel, answers, PRIOR)
    assert step.module == low
    assert step.items == low.items[1:]


def test_faulty_items_route_nobody_and_are_not_given(panel: Panel) -> None:
    start, stage = panel.stages[0][0], panel.stages[1]
    faulty, rest = start.items[:5], start.items[5:]
    right = [*((i, 1) for i in faulty), *((i, 0) for i in rest)]
    wrong = [(i, 0) for i in start.items]
    steps = [next_module(BANK, panel, answers, PRIOR, void=faulty) for answers in (right, wrong)]
    assert np.array_equal(steps[0].posterior.mean, steps[1].posterior.mean)
    assert steps[0].module == steps[1].module == stage[0]
    assert next_module(BANK, panel, right, PRIOR).posterior.mean[0] > steps[0].posterior.mean[0]
    # of a module, what is not faulty is given; one of nothing but faulty items is passed through or not chosen at all
    assert next_module(BANK, panel, [], PRIOR, void=faulty).items == rest
    assert next_module(BANK, panel, [], PRIOR, void=start.items).module in stage
    low = next_module(BANK, panel, wrong, PRIOR, void=stage[0].items)
    assert low.module == stage[1]
    everything = [i for one in panel.stages for module in one for i in module.items]
    assert next_module(BANK, panel, [], PRIOR, void=everything).module is None


def test_routes_restrict_the_choice(panel: Panel) -> None:
    narrow = Panel(panel.stages, (("start", "low"), ("start", "middle")))
    step = next_module(BANK, narrow, answer_all(panel.stages[0][0], 1), PRIOR)
    assert step.module is not None
    assert step.module.name == "middle"


def test_answers_off_the_path_are_refused(panel: Panel) -> None:
    start, (low, middle, _) = panel.stages[0][0], panel.stages[1]
    outside = next(j for j in range(150) if all(j not in m.items for stage in panel.stages for m in stage))
    for answers in (
        [(outside, 1)],
        [(low.items[0], 1)],
        [*answer_all(start, 1), (low.items[0], 1), (middle.items[0], 1)],
    ):
        with pytest.raises(BadAnswer):
            next_module(BANK, panel, answers, PRIOR)


def test_broken_panels_are_refused() -> None:
    a, b = Module("a", (1, 2)), Module("b", (3, 4))
    for stages, routes in (
        (((a,), ()), ()),
        (((a,), (Module("a", (5,)),)), ()),
        (((a,), (Module("c", (2,)),)), ()),
        (((a,), (b,)), (("b", "a"),)),
    ):
        with pytest.raises(BadBlueprint):
            Panel(stages, routes)
    assert Panel(((a,), (b,))).to_dict()["stages"][1][0]["items"] == [3, 4]


def test_simulation_routes_by_ability_and_covers(panel: Panel) -> None:
    result = simulate_panel(ITEMS, panel, PRIOR, n=600, seed=1, target_se=(0.5,))
    assert sum(result.stops.values()) == 600
    assert set(result.length.tolist()) == {16}
    assert 0.92 < float(result.coverage[0]) < 0.98
    low = np.isin(result.given, panel.stages[1][0].items).any(axis=1)
    high = np.isin(result.given, panel.stages[1][2].items).any(axis=1)
    assert result.theta[high].mean() - result.theta[low].mean() > 1.0
