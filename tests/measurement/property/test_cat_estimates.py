"""Estimates and rankings for items of any model, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from shuyang.measurement.cat.criteria import CRITERIA, eap, most_informative_at, rank_items
from shuyang.measurement.cat.criteria_md import CRITERIA_MD, map_estimate, rank_items_md
from shuyang.measurement.cat.errors import BadAnswer, BadCriterion, BadPrior
from shuyang.measurement.cat.estimates import METHODS, estimate_ability
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import information, log_probabilities

MIXED = ItemParameters.build(
    ["3pl", "graded", "gpcm", "nominal", "4pl", "2pl"],
    [1.2, 0.9, 1.1, 0.8, 1.4, 1.0],
    [[0.3], [1.2, -0.4], [0.5, -0.2], [0.2, 0.4], [-0.3], [0.0]],
    g=[0.2, 0, 0, 0, 0.1, 0],
    u=[1, 1, 1, 1, 0.95, 1],
    scores=[[0, 1], [0, 1, 2], [0, 1, 2], [0, 0.7, 2], [0, 1], [0, 1]],
)
ANSWERS = [(0, 1), (1, 1), (2, 2), (4, 0)]


def test_maxima_are_maxima() -> None:
    grid = np.linspace(-4, 4, 4001)
    table = log_probabilities(MIXED, grid)
    likelihood = sum(table[item, category] for item, category in ANSWERS)
    assert estimate_ability(MIXED, ANSWERS, "ml").theta == pytest.approx(grid[np.argmax(likelihood)], abs=2e-3)
    posterior = likelihood - 0.5 * ((grid - 0.4) / 0.8) ** 2
    found = estimate_ability(MIXED, ANSWERS, "map", mean=0.4, sd=0.8)
    assert found.theta == pytest.approx(grid[np.argmax(posterior)], abs=2e-3)


def test_extreme_patterns_end_at_the_bound_and_warm_stays_inside() -> None:
    right = [(5, 1), (1, 2), (2, 2)]
    assert estimate_ability(MIXED, right, "ml").at_bound
    assert estimate_ability(MIXED, right, "ml").theta == 4.0
    assert not estimate_ability(MIXED, right, "wle").at_bound
    assert estimate_ability(MIXED, [], "map").theta == pytest.approx(0.0, abs=1e-9)
    assert estimate_ability(MIXED, [], "eap").se == pytest.approx(1.0, abs=1e-3)


def test_peaks_of_information() -> None:
    grid = np.linspace(-6, 6, 24_001)
    info = information(MIXED, grid)
    for j in range(len(MIXED)):
        at = most_informative_at(MIXED, j)
        assert np.interp(at, grid, info[j]) == pytest.approx(info[j].max(), rel=1e-6)


@pytest.mark.parametrize("criterion", sorted(set(CRITERIA) - {"difficulty_match"}))
def test_every_criterion_ranks_every_model(criterion: str) -> None:
    ranking = rank_items(MIXED, ANSWERS, criterion)
    assert set(ranking.order.tolist()) == {3, 5}
    assert np.isnan(ranking.values[[0, 1, 2, 4]]).all()
    assert rank_items(MIXED, ANSWERS, criterion, excluded=[ranking.best]).best == ranking.order[1]


@pytest.mark.parametrize("criterion", sorted(CRITERIA_MD))
def test_item_order_does_not_matter_in_several_dimensions(criterion: str) -> None:
    rng = np.random.default_rng(1)
    items = ItemParameters.build("2pl", rng.lognormal(0, 0.3, (12, 2)), rng.normal(size=12))
    answers = [(0, 1), (3, 0), (5, 1)]
    turned = items.select(list(range(11, -1, -1)))
    cov = [[1.0, 0.4], [0.4, 1.0]]
    one = rank_items_md(items, answers, criterion, covariance=cov)
    two = rank_items_md(turned, [(11 - i, k) for i, k in answers], criterion, covariance=cov)
    assert one.best == 11 - two.best


def test_mode_in_one_dimension_is_the_map() -> None:
    theta, se = map_estimate(MIXED, ANSWERS[1:3], [[1.0]])
    found = estimate_ability(MIXED, ANSWERS[1:3], "map")
    assert theta[0] == pytest.approx(found.theta, abs=1e-8)
    assert se[0] == pytest.approx(found.se, abs=1e-8)


def test_impossible_wishes_are_refused() -> None:
    two = ItemParameters.build("2pl", [[1.0, 0.5]], [0.0])
    for call in (
        lambda: rank_items(MIXED, [], "best"),
        lambda: rank_items(two, [], "fisher"),
        lambda: rank_items(MIXED, [], "difficulty_match"),
        lambda: rank_items(MIXED, [(i, 0) for i in range(6)], "fisher").best,
        lambda: rank_items_md(two, [], "best", covariance=np.eye(2)),
        lambda: estimate_ability(two, [], "eap"),
        lambda: estimate_ability(MIXED, [], "mode"),
    ):
        with pytest.raises(BadCriterion):
            call()
    with pytest.raises(BadPrior):
        rank_items_md(two, [], "d", covariance=[[1, 1], [1, 1]])
    for method in METHODS:
        with pytest.raises(BadAnswer):
            estimate_ability(MIXED, [(9, 0)], method)
    with pytest.raises(BadAnswer):
        estimate_ability(MIXED, [], "ml")
    with pytest.raises(BadAnswer):
        eap(MIXED, [(0, 2)])
    with pytest.raises(BadAnswer):
        rank_items(MIXED, [(0, 1), (0, 1)])
