"""Standard setting: hand-worked examples, brute-force twins and invariances."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import norm

from shuyang.measurement.errors import BadCategory, BadShape
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.standards import (
    angoff,
    assign_levels,
    bookmark,
    classify_levels,
    classify_scores,
    classify_sums,
    level_probabilities,
    ordered_booklet,
    response_location,
)


def test_angoff_is_the_mean_of_the_judges_sums_with_its_standard_error():
    ratings = np.array([[0.6, 0.4, 0.8], [0.5, 0.5, 0.7], [0.9, 0.6, 0.9]])
    result = angoff(ratings)
    sums = ratings.sum(axis=1)
    assert result.cut == pytest.approx(sums.mean())
    assert result.se == pytest.approx(sums.std(ddof=1) / np.sqrt(3))
    assert result.theta is None
    assert result.severity[2] == pytest.approx(2.4 - (1.8 + 1.7) / 2)
    assert "3 judges" in result.summary()


def test_angoff_moves_to_the_ability_scale_by_the_expected_score_curve():
    def true_score(theta: float) -> float:
        return 3 / (1 + np.exp(-theta))

    result = angoff([[0.5, 0.5, 0.6], [0.5, 0.5, 0.4]], true_score=true_score)
    assert result.theta == pytest.approx(0.0, abs=1e-8)
    assert result.theta_se == pytest.approx(result.se / 0.75, rel=1e-6)
    assert angoff([[1, 1, 1], [1, 1, 1]], true_score=true_score).theta is None


def test_angoff_fills_an_additive_gap_exactly_and_refuses_nonsense():
    item, judge = np.array([0.3, 0.5, 0.7]), np.array([-0.1, 0.0, 0.1])
    full = item[None, :] + judge[:, None]
    rated = full.copy()
    rated[0, 2] = np.nan
    assert angoff(rated).judges[1:] == pytest.approx(angoff(full).judges[1:])
    assert np.isfinite(angoff(rated).cut)
    with pytest.raises(BadCategory):
        angoff([[0.5, 1.2], [0.5, 0.5]])
    with pytest.raises(BadShape):
        angoff([[0.5, 0.5]])
    assert angoff([[0.5, 3.2], [0.5, 2.5]], maxima=[1, 4]).cut == pytest.approx(3.35)


def test_bookmark_takes_the_median_and_tables_for_the_error():
    ladder = [-1.0, -0.5, 0.0, 0.4, 1.1]
    result = bookmark([2, 3, 3, 4], ladder)
    assert result.cut == 0.0
    assert result.judges.tolist() == [-0.5, 0.0, 0.0, 0.4]
    assert bookmark([2, 3], ladder, rule="between").judges.tolist() == pytest.approx([-0.75, -0.25])
    assert bookmark([1, 6], ladder, rule="previous").judges.tolist() == [-1.0, 1.1]
    by_table = bookmark([2, 2, 4, 4], ladder, tables=["a", "a", "b", "b"])
    assert by_table.tables == 2
    assert by_table.se == pytest.approx(np.std([-0.5, 0.4], ddof=1) / np.sqrt(2))
    with pytest.raises(BadCategory):
        bookmark([0, 3], ladder)
    with pytest.raises(BadShape):
        bookmark([1, 3], ladder[::-1])


def test_response_location_solves_the_curve_and_orders_the_booklet():
    a, b, g = np.array([1.2, 0.7]), np.array([0.3, -0.4]), np.array([0.2, 0.0])
    at = response_location(a, b, g, probability=0.67)
    assert g + (1 - g) / (1 + np.exp(-a * (at - b))) == pytest.approx([0.67, 0.67])
    assert response_location(1.0, 0.0, 0.7, probability=0.67) == -np.inf
    assert response_location(1.0, 0.0, 0.0, 0.6, probability=0.67) == np.inf
    assert response_location(1.0, 0.0, 0.7, probability=0.5, adjust_guessing=True) == pytest.approx(0.0)
    assert ordered_booklet(["x", "y"], [0.5, -1])[0] == ("y", "x")


def test_level_probabilities_are_normal_areas_and_sum_to_one():
    p = level_probabilities([0.2, -1.0], [0.5, 0.3], [-0.5, 0.5])
    assert p.sum(axis=1) == pytest.approx([1, 1])
    assert p[0, 2] == pytest.approx(norm.sf(0.5, 0.2, 0.5))
    wide = level_probabilities([0.2], [0.5], [-0.5, 0.5], cut_se=0.4)
    assert wide[0, 2] == pytest.approx(norm.sf(0.5, 0.2, np.hypot(0.5, 0.4)))
    assert level_probabilities([0.5], [0.0], [0.5]).tolist() == [[0.0, 1.0]]
    crossed = level_probabilities([-2.0], [0.1], [-0.2, 0.0], cut_se=[0.0, 3.0])
    assert (crossed >= 0).all()
    assert crossed.sum() == pytest.approx(1)


@pytest.mark.parametrize("cuts", [[0.5, 0.5], [1, 0], [np.nan]])
def test_cuts_must_increase(cuts: list[float]):
    with pytest.raises(BadShape):
        level_probabilities([0.0], [1.0], cuts)


def test_rudner_accuracy_by_hand():
    mean, sd, cut = np.array([1.0, -0.2]), np.array([0.5, 0.4]), 0.0
    up = norm.cdf(mean / sd)
    result = classify_scores(mean, sd, [cut])
    assert result.accuracy == pytest.approx((up[0] + 1 - up[1]) / 2)
    assert result.consistency == pytest.approx((up**2 + (1 - up) ** 2).mean())
    assert result.decisions[0].false_positive == pytest.approx((1 - up[0]) / 2)
    assert result.decisions[0].false_negative == pytest.approx(up[1] / 2)
    assert result.decisions[0].accuracy == pytest.approx(result.accuracy)
    assert assign_levels([0.0, -0.1], [0.0]).tolist() == [1, 0]


def test_levels_of_any_posterior_give_the_mean_probability_of_the_level_given():
    p = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
    result = classify_levels(p, [0, 2], [0.0, 1.0], weights=[3, 1])
    assert result.accuracy == pytest.approx(0.75 * 0.7 + 0.25 * 0.6)
    with pytest.raises(BadShape):
        classify_levels(p, [0, 3], [0.0, 1.0])


def test_lee_by_enumeration_of_a_short_test() -> None:
    items = ItemParameters.build(["2pl", "graded"], [1.0, 1.3], [[0.2], [0.7, -0.5]])
    p = probabilities(items, [0.4])[:, :, 0]
    chance = np.zeros(4)
    for one, two in itertools.product(range(2), range(3)):
        chance[one + two] += p[0, one] * p[1, two]
    result = classify_sums(items, [2], theta=[0.4])
    above = chance[2:].sum()
    true = chance @ np.arange(4) >= 2
    assert result.accuracy == pytest.approx(above if true else 1 - above)
    assert result.consistency == pytest.approx(above**2 + (1 - above) ** 2)


def test_lee_agrees_with_simulated_parallel_tests() -> None:
    rng = np.random.default_rng(8)
    a, b = rng.uniform(0.8, 1.8, 20), rng.normal(size=20)
    items = ItemParameters.from_difficulty("2pl", a, b)
    result = classify_sums(items, [8, 14])
    theta = rng.normal(size=40_000)
    right = 1 / (1 + np.exp(-a * (theta[:, None] - b)))
    first, second = ((rng.random(right.shape) < right).sum(axis=1) for _ in range(2))
    levels = [np.searchsorted([8, 14], s, side="right") for s in (first, second, right.sum(axis=1))]
    assert result.accuracy == pytest.approx((levels[0] == levels[2]).mean(), abs=0.006)
    assert result.consistency == pytest.approx((levels[0] == levels[1]).mean(), abs=0.006)
    assert 0 < result.kappa < result.consistency < result.accuracy < 1
    assert result.joint.sum() == pytest.approx(1)
    assert classify_sums(items, [8, 14], theta=theta[:5000]).accuracy == pytest.approx(result.accuracy, abs=0.01)


def test_a_longer_test_sorts_better() -> None:
    b = np.linspace(-1.5, 1.5, 10)
    short = classify_sums(ItemParameters.from_difficulty("2pl", np.ones(10), b), [5])
    long = classify_sums(ItemParameters.from_difficulty("2pl", np.ones(30), np.tile(b, 3)), [15])
    assert long.accuracy > short.accuracy
    assert set(long.to_dict()) >= {"accuracy", "kappa", "joint"}


@pytest.mark.parametrize("cuts", [[0], [31], [5, 4]])
def test_impossible_sum_cuts_are_refused(cuts: list[float]) -> None:
    with pytest.raises(BadShape):
        classify_sums(ItemParameters.from_difficulty("2pl", np.ones(30), np.zeros(30)), cuts)
