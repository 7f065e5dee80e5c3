"""Statistics of many groups: intervals hold what they promise, noise stays noise, joining groups is adding sums."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from shuyang.measurement.cat.contracts import Prior
from shuyang.measurement.group_findings import (
    LEVEL,
    decide,
    difference_p,
    power,
    simes,
    smallest_detectable,
    step_up,
    welch_dof,
)
from shuyang.measurement.group_means import GroupSums, between_variance, means, sums
from shuyang.measurement.group_shrinkage import shrink
from shuyang.measurement.group_sites import Sites, item_sites, sites

FORCES = 3


def organisation(rng: np.random.Generator, sizes: list[int], spread: float) -> tuple[Sites, np.ndarray, np.ndarray]:
    """Sites of people, their group, and the true means of the groups; groups differ in how much their people differ."""
    group = np.repeat(np.arange(len(sizes)), sizes)
    mix = np.linalg.cholesky(0.6 + 0.4 * np.eye(FORCES))
    truth = spread * rng.standard_normal((len(sizes), FORCES)) @ mix.T
    sd = 0.9 * np.exp(0.2 * rng.standard_normal(len(sizes)))
    theta = truth[group] + sd[group][:, None] * (rng.standard_normal((len(group), FORCES)) @ mix.T)
    error = (0.4 * np.exp(0.2 * rng.standard_normal(theta.shape))) ** 2
    return Sites(theta + np.sqrt(error) * rng.standard_normal(theta.shape), error), group, truth


@pytest.mark.parametrize("spread", [0.15, 0.4])
def test_intervals_of_means_cover_the_truth_alone_and_with_their_sisters(spread: float) -> None:
    rng, own, together = np.random.default_rng(11), [], []
    for _ in range(150):
        found, group, truth = organisation(rng, [5, 6, 8, 10, 12, 20, 30, 60], spread)
        mean = means(sums(found, between_variance(found, group, 8), group, 8))
        bar = stats.t.ppf(0.975, mean.dof)
        own.append(np.abs(mean.mean - truth) <= bar * np.sqrt(mean.variance))
        for k in range(FORCES):
            drawn = shrink(mean.mean[:, k], mean.variance[:, k], np.zeros(8, int))
            together.append(np.abs(drawn.mean - truth[:, k]) <= bar[:, k] * np.sqrt(drawn.variance))
    assert 0.93 <= np.mean(own) <= 0.97, np.mean(own)
    assert 0.93 <= np.mean(together) <= 0.985, np.mean(together)


def test_small_groups_come_nearer_to_the_truth_with_their_sisters() -> None:
    rng, alone, together = np.random.default_rng(12), [], []
    for _ in range(60):
        found, group, truth = organisation(rng, [5] * 10, 0.2)
        mean = means(sums(found, between_variance(found, group, 10), group, 10))
        drawn = shrink(mean.mean[:, 0], mean.variance[:, 0], np.zeros(10, int))
        alone.append((mean.mean[:, 0] - truth[:, 0]) ** 2)
        together.append((drawn.mean - truth[:, 0]) ** 2)
    assert np.mean(together) < 0.5 * np.mean(alone)


def test_a_group_without_sisters_stays_as_it_is() -> None:
    drawn = shrink(np.array([0.3, 1.0, 2.0]), np.array([0.1, 0.1, 0.2]), np.array([0, 1, 1]))
    assert (drawn.mean[0], drawn.variance[0]) == (0.3, 0.1)
    assert 1.0 < drawn.mean[1] < drawn.mean[2] < 2.0
    assert shrink(np.zeros(0), np.zeros(0), np.zeros(0, int)).mean.shape == (0,)


def test_the_variance_between_people_is_freed_of_errors_of_measurement() -> None:
    rng = np.random.default_rng(13)
    group = np.repeat(np.arange(400), 10)
    theta = rng.standard_normal(400)[group] + 0.7 * rng.standard_normal(4000)
    found = Sites((theta + 0.9 * rng.standard_normal(4000))[:, None], np.full((4000, 1), 0.81))
    assert between_variance(found, group, 400)[0] == pytest.approx(0.49, abs=0.06)


def test_joining_groups_is_adding_their_sums() -> None:
    found, group, _ = organisation(np.random.default_rng(14), [7, 9], 0.3)
    between = between_variance(found, group, 2)
    apart, joined = sums(found, between, group, 2), sums(found, between, np.zeros(16, int), 1)
    assert apart.stacked().sum(axis=1) == pytest.approx(joined.stacked()[:, 0])
    rest = GroupSums.of(joined.stacked()).less(GroupSums.of(apart.stacked()[:, :1]))
    assert means(rest).mean[0] == pytest.approx(means(GroupSums.of(apart.stacked()[:, 1:])).mean[0])


def test_who_was_not_measured_does_not_count() -> None:
    known = Sites(np.array([[1.0], [0.0], [3.0]]), np.array([[0.2], [np.inf], [0.2]]))
    mean = means(sums(known, np.array([0.5]), np.zeros(3, int), 1))
    assert (mean.n[0, 0], mean.mean[0, 0]) == (2, 2.0)


def test_everyone_the_same_and_one_person_alone_give_finite_intervals() -> None:
    same = Sites(np.full((6, 1), 0.5), np.full((6, 1), 0.16))
    group = np.zeros(6, int)
    mean = means(sums(same, between_variance(same, group, 1), group, 1))
    assert mean.mean[0, 0] == pytest.approx(0.5)
    assert 0.0 < mean.variance[0, 0] < 0.16
    alone = means(sums(Sites(same.value[:1], same.variance[:1]), np.array([0.5]), np.zeros(1, int), 1))
    assert alone.variance[0, 0] == pytest.approx(0.66)


def test_the_prior_comes_out_of_a_posterior_as_it_went_in() -> None:
    prior = Prior.equicorrelated(2, 0.6)
    error = np.diag([0.2, 0.5])
    cov = np.linalg.inv(np.linalg.inv(np.asarray(prior.cov)) + np.linalg.inv(error))
    seen = np.array([[1.0, -0.5], [0.3, 2.0]])
    found = sites(seen @ np.linalg.inv(error) @ cov, np.stack([cov, cov]), prior)
    assert found.value == pytest.approx(seen)
    assert found.variance == pytest.approx(np.array([[0.2, 0.5]] * 2))
    assert not sites([[0.0, 0.0]], [prior.cov], prior).measured.any()


def test_a_table_of_likelihood_gives_the_site_it_was_made_from() -> None:
    nodes = np.linspace(-6, 6, 121)
    found = item_sites(-0.5 * (nodes[None] - 0.8) ** 2 / 0.6, nodes)
    assert found.value[0, 0] == pytest.approx(0.8, abs=1e-3)
    assert found.variance[0, 0] == pytest.approx(0.6, abs=1e-3)
    assert not item_sites(np.zeros((1, 121)), nodes).measured.any()


def test_pure_noise_gives_a_finding_as_rarely_as_it_says() -> None:
    """2,000 draws of 12 groups with 6 correlated measures: the chance of any finding is below 5 %."""
    rng = np.random.default_rng(15)
    mix = np.linalg.cholesky(0.6 + 0.4 * np.eye(6))
    any_found = [
        decide(2 * stats.norm.sf(np.abs(rng.standard_normal((12, 6)) @ mix.T))).found.any() for _ in range(2000)
    ]
    assert np.mean(any_found) < 0.05


def test_simes_and_step_up_are_what_they_are_called() -> None:
    assert simes(np.array([[0.01, 0.04, np.nan], [0.5, 0.9, 0.2]])) == pytest.approx([0.02, 0.6])
    assert step_up(np.array([0.01, np.nan, 0.04, 0.03])) == pytest.approx([0.03, np.nan, 0.04, 0.04], nan_ok=True)
    assert stats.false_discovery_control([0.01, 0.04, 0.03]) == pytest.approx(step_up(np.array([0.01, 0.04, 0.03])))
    assert decide(np.zeros((0, 6))).found.shape == (0, 6)
    sure = decide(np.array([[1e-9, 1e-9], [0.6, 0.7]]))
    assert sure.found.tolist() == [[True, True], [False, False]]
    assert sure.level == LEVEL


def test_power_is_what_simulation_finds() -> None:
    rng = np.random.default_rng(16)
    drawn = stats.t.rvs(40, size=20_000, random_state=rng)
    assert power(0.0, 0.1, 40, level=0.05) == pytest.approx(0.05)
    bar = stats.t.isf(0.005, 40)
    hits = np.abs((rng.standard_normal(20_000) + 3.0) / np.sqrt(rng.chisquare(40, 20_000) / 40)) > bar
    assert power(0.3, 0.1, 40, level=0.01) == pytest.approx(hits.mean(), abs=0.02)
    detectable = smallest_detectable(0.1, 40, level=0.05)
    assert power(detectable, 0.1, 40, level=0.05) == pytest.approx(0.8, abs=0.01)
    assert np.mean(np.abs(drawn) > stats.t.isf(0.025, 40)) == pytest.approx(0.05, abs=0.01)


def test_a_difference_has_the_p_value_of_welch() -> None:
    rng = np.random.default_rng(17)
    a, b = rng.normal(0, 1, 12), rng.normal(0.4, 2, 30)
    va, vb = np.array([a.var(ddof=1) / 12]), np.array([b.var(ddof=1) / 30])
    dof = welch_dof(va, np.array([11.0]), vb, np.array([29.0]))
    expected = stats.ttest_ind(a, b, equal_var=False).pvalue
    assert difference_p(np.array([a.mean() - b.mean()]), va + vb, dof)[0] == pytest.approx(expected)
