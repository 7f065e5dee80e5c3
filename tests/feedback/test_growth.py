"""Growth of units: people measured twice count once, in the sum and in its error; who came or went does not show through."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from benchmarks.feedback.coverage import coverage_of_growth, coverage_of_units, two_campaigns
from benchmarks.feedback.organisations import FORCES, organisation

from shuyang.feedback.disclosure import Cells, cells, cells_of_some
from shuyang.feedback.rules import SMALLEST_GROUP
from shuyang.measurement.group_change import PairSums, change_of_means, pair_covariance, pair_summands
from shuyang.measurement.group_means import MODEL_DOF, sums
from shuyang.measurement.group_sites import Sites
from tests.feedback.test_disclosure import isolated, views
from tests.feedback.test_disclosure import organisation as random_people


def pairs(now: np.ndarray, before: np.ndarray, group: np.ndarray, both: np.ndarray) -> PairSums:
    """Sums of pairs with weight 1, for values [N] and `both` [N]: who is a pair."""
    groups = int(group.max()) + 1
    summands = pair_summands(now, before, both.astype(float), both.astype(float))
    return PairSums(*(np.bincount(group, s, groups)[:, None] for s in summands))


def plain(value: np.ndarray, group: np.ndarray, inside: np.ndarray) -> tuple[Sites, np.ndarray]:
    """Sites whose weights are 1 (variance between persons 1, no error), of those inside."""
    return Sites(value[:, None], np.where(inside, 1e-12, np.inf)[:, None]), np.ones(1)


def change(now: np.ndarray, before: np.ndarray, late: np.ndarray, early: np.ndarray, covariance: float):  # type: ignore[no-untyped-def]
    group = np.zeros(len(now), int)
    a, b = (sums(*plain(v, group, inside), group, 1) for v, inside in ((now, late), (before, early)))
    return change_of_means(a, b, pairs(now, before, group, late & early), np.array([covariance]))


def test_with_everyone_measured_twice_it_is_the_paired_comparison() -> None:
    rng = np.random.default_rng(1)
    before = rng.standard_normal(400)
    now = 0.3 + 0.8 * before + 0.3 * rng.standard_normal(400)
    everyone = np.ones(400, bool)
    found = change(now, before, everyone, everyone, covariance=0.8)
    expected = (now - before).var(ddof=1) / 400
    model = (1.0 + 1.0 - 1.6) / 400
    free = 399.0
    assert found.mean[0, 0] == pytest.approx((now - before).mean())
    assert found.variance[0, 0] == pytest.approx((free * expected + MODEL_DOF * model) / (free + MODEL_DOF), rel=1e-6)
    assert found.dof[0, 0] == pytest.approx(free + MODEL_DOF)


def test_with_nobody_measured_twice_it_is_the_comparison_of_two_samples() -> None:
    rng = np.random.default_rng(2)
    value, late = rng.standard_normal(300), np.arange(300) < 100
    found = change(value, value, late, ~late, covariance=0.8)
    expected = value[late].var(ddof=1) / 100 + value[~late].var(ddof=1) / 200
    assert found.variance[0, 0] == pytest.approx(expected, rel=0.03)
    assert 180 < found.dof[0, 0] < 300


def test_the_covariance_of_two_measurements_is_found_in_small_groups() -> None:
    """Means of groups of eight are estimated: what that takes from a product of deviations is given back."""
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(2000), 8)
    shared = rng.standard_normal(len(group))
    now, before = (shared + 0.5 * rng.standard_normal(len(group)) for _ in range(2))
    late, early = (rng.random(len(group)) < 0.8 for _ in range(2))
    a, b = (sums(*plain(v, group, inside), group, 2000) for v, inside in ((now, late), (before, early)))
    found = pair_covariance(a, b, pairs(now, before, group, late & early))
    assert found[0] == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("turnover", [0.0, 0.3, 1.0])
def test_intervals_of_growth_cover_the_truth(turnover: float) -> None:
    """The small version of `python -m benchmarks.feedback coverage`; bounds that chance does not reach."""
    shares = coverage_of_growth(np.random.default_rng(int(10 * turnover)), 12, turnover).shares
    grown = np.concatenate([v for name, v in shares.items() if name.startswith("growth")])
    assert 0.90 < grown.mean() < 0.99, grown.mean()
    same = [v for name, v in shares.items() if name.startswith("change of those who stayed")]
    assert bool(same) == (turnover < 1.0)
    if same:
        assert 0.88 < np.concatenate(same).mean() <= 1.0


def test_intervals_of_means_gaps_differences_and_shares_cover_the_truth() -> None:
    shares = coverage_of_units(np.random.default_rng(5), 20, 0.2).shares
    for name, found in shares.items():
        low, high = (0.90, 0.999) if name.startswith("shares") else (0.90, 0.985)
        assert low < np.mean(found) < high, (name, np.mean(found))


def test_growth_sees_people_measured_twice_as_such() -> None:
    """The same unit with the same people has a much narrower interval than with all others."""
    width = {}
    for turnover in (0.0, 1.0):
        rng = np.random.default_rng(6)
        made = organisation(rng, np.array([-1]), np.zeros(120, np.int64), spread=0.0)
        table = two_campaigns(rng, made, np.full((1, FORCES), 0.2), turnover)[0].table
        width[turnover] = table["growth_se"][(table["dimension"] == "") & (table["measure"] == "perception")][0]
    assert width[0.0] < 0.75 * width[1.0]


# --- what it must not tell -------------------------------------------------------------------------------------------


def test_who_came_or_went_alone_hides_the_change_of_those_who_stayed() -> None:
    """Twenty of whom nineteen stayed: their mean beside that of all would be the one who came."""
    rng = np.random.default_rng(7)
    alike = np.zeros((20, 3), np.int64)
    made = organisation(rng, np.array([-1]), np.zeros(20, np.int64), spread=0.0, codes=alike)
    for new, shown in ((0, True), (1, False), (4, False), (5, True)):
        turnover = two_campaigns_with(rng, made, new)
        assert np.isfinite(turnover["stayed"][0]) == shown, new
        assert np.isfinite(turnover["growth"][0])


def two_campaigns_with(rng: np.random.Generator, made, new: int):  # type: ignore[no-untyped-def]
    """The table of the second of two campaigns in which the first `new` people are others."""
    from benchmarks.feedback.organisations import scale

    from shuyang.feedback.publishing.compute import first_structure, publish
    from shuyang.feedback.publishing.growth import Before

    structure = first_structure(made.parent, made.rows)
    before = publish(made.parent, made.rows, scale(), structure)
    rows = made.rows.only(np.arange(len(made.rows)))
    rows.person[:new] += 1000
    rows = rows.only(np.argsort(rows.person))
    earlier = Before.of(made.rows, structure, before.between)
    return publish(made.parent, rows, scale(), first_structure(made.parent, rows), earlier).table


@pytest.mark.parametrize("seed", range(20))
def test_sums_over_some_beside_sums_over_all_isolate_nobody(seed: int) -> None:
    """The attack of `test_disclosure` on the cells of all and those of some of them together."""
    rng = np.random.default_rng(200 + seed)
    people = random_people(rng, int(rng.integers(20, 90)), int(rng.integers(1, 6)))
    chosen = rng.random(len(people.unit)) < rng.choice([0.5, 0.9, 0.97])
    whole = cells(people)
    some = cells_of_some(people, chosen, whole)
    own = views(people, some)
    published = np.vstack([views(people, whole), own * chosen])
    assert isolated(published[(published > 0).any(axis=1)]) is None
    for one, other in combinations(published, 2):
        if ((one - other) >= 0).all():
            assert (one - other).sum() == 0 or (one - other).sum() >= SMALLEST_GROUP


def test_some_alone_are_not_enough() -> None:
    """Nine of ten with a target: by themselves they are enough, beside the mean of all they give away the tenth."""
    from shuyang.feedback.disclosure import People

    people = People(np.array([-1]), np.zeros(10, np.int64), np.zeros((10, 1), np.int64), (1,))
    whole = Cells(np.array([True]), np.array([[False]]))
    assert not cells_of_some(people, np.arange(10) < 9, whole).shown[0]
    assert cells_of_some(people, np.arange(10) < 5, whole).shown[0]
    assert cells_of_some(people, np.ones(10, bool), whole).shown[0]
