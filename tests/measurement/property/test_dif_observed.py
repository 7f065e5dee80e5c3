"""Mantel-Haenszel and logistic-regression DIF: naive twins, planted DIF, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from shuyang.measurement.dif import logistic_dif, mantel_haenszel
from shuyang.measurement.dif.cumulative import fit_cumulative
from shuyang.measurement.dif.matching import false_discovery
from shuyang.measurement.errors import BadCategory, BadShape, NeedsCompleteData, NoVariation


def simulate(n: int, seed: int, *, shift: float = 0.0, twist: float = 0.0, items: int = 20, impact: float = 0.5):
    """2PL answers of two groups; item 3 is `shift` harder and `twist` flatter for the focal group."""
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(0.8, 1.6, items), rng.normal(size=items)
    group = np.repeat(["ref", "foc"], n // 2)
    focal = (group == "foc").astype(float)
    theta = rng.normal(size=n) - impact * focal
    slope, place = np.tile(a, (n, 1)), np.tile(b, (n, 1))
    place[:, 3] += shift * focal
    slope[:, 3] -= twist * focal
    answers = (rng.random((n, items)) < expit(slope * (theta[:, None] - place))).astype(int)
    return answers, group, theta


def naive_mantel_haenszel(item: np.ndarray, group: np.ndarray, score: np.ndarray) -> tuple[float, float]:
    top = bottom = a_sum = expected = variance = 0.0
    for s in np.unique(score):
        cell = [[np.sum((score == s) & (group == g) & (item == x)) for x in (1, 0)] for g in ("ref", "foc")]
        (a, b), (c, d) = cell
        n = a + b + c + d
        if (a + b) == 0 or (c + d) == 0 or n < 2:
            continue
        top, bottom = top + a * d / n, bottom + b * c / n
        a_sum, expected = a_sum + a, expected + (a + b) * (a + c) / n
        variance += (a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))
    return top / bottom, max(abs(a_sum - expected) - 0.5, 0) ** 2 / variance


def test_mantel_haenszel_equals_the_loop_over_two_by_two_tables():
    answers, group, _ = simulate(600, 1, shift=0.6)
    result = mantel_haenszel(answers, group, purify=False)
    for j in range(answers.shape[1]):
        odds, chi2 = naive_mantel_haenszel(answers[:, j], group, answers.sum(axis=1))
        assert result.odds[j] == pytest.approx(odds)
        assert result.chi2[j] == pytest.approx(chi2)
    assert result.delta == pytest.approx(-2.35 * np.log(result.odds))


def test_the_standard_error_of_delta_is_that_of_repeated_samples():
    draws = [mantel_haenszel(*simulate(500, seed)[:2], purify=False) for seed in range(80)]
    deltas, errors = np.array([d.delta for d in draws])[:, :8], np.array([d.se for d in draws])[:, :8]
    assert deltas.std(axis=0).mean() == pytest.approx(errors.mean(), rel=0.15)


def test_planted_dif_is_found_and_purification_cleans_the_score():
    answers, group, _ = simulate(3000, 2, shift=1.0)
    result = mantel_haenszel(answers, group)
    assert result.grade[3] == "C"
    assert result.delta[3] < -1.5
    assert result.grade.count("A") >= 17
    assert "I4" not in result.anchors
    assert result.rounds >= 1
    assert result.to_table()["grade"][3] == "C"


def test_adaptive_data_match_on_ability_and_sum_scores_refuse_them():
    answers, group, theta = simulate(4000, 3, shift=1.0)
    sparse = np.where(np.random.default_rng(0).random(answers.shape) < 0.5, np.nan, answers)
    with pytest.raises(NeedsCompleteData):
        mantel_haenszel(sparse, group)
    with pytest.raises(NeedsCompleteData):
        logistic_dif(sparse, group)
    assert mantel_haenszel(sparse, group, ability=theta).grade[3] == "C"
    logistic = logistic_dif(sparse, group, ability=theta)
    assert logistic.p.argmin() == 3
    assert logistic.delta[3] < -1


def test_without_dif_p_values_are_about_uniform():
    p = np.concatenate([mantel_haenszel(*simulate(600, s)[:2], purify=False).p for s in range(40, 60)])
    assert 0.02 < (p < 0.05).mean() < 0.075  # the continuity correction is a little conservative
    q = np.concatenate([logistic_dif(*simulate(600, s)[:2], purify=False).p for s in range(40, 60)])
    assert 0.03 < (q < 0.05).mean() < 0.085


def test_several_categories_use_mantels_test():
    rng = np.random.default_rng(4)
    group = np.repeat(["a", "b"], 800)
    theta = rng.normal(size=1600)
    steps = np.array([-1.0, 0.0, 1.0])
    noise = rng.logistic(size=(1600, 10))
    latent = theta[:, None] * 1.5 + noise
    latent[group == "b", 0] -= 1.0
    answers = (latent[:, :, None] > steps).sum(axis=2)
    result = mantel_haenszel(answers, group)
    assert result.grade[0] == "C"
    assert result.smd[0] < -0.25
    assert np.isnan(result.odds).all()
    assert result.grade[1:].count("A") == 9
    ordered = logistic_dif(answers, group)
    assert ordered.p[0] < 1e-6
    assert ordered.p.argmin() == 0


def test_cumulative_fit_equals_a_general_optimiser():
    rng = np.random.default_rng(6)
    x = rng.normal(size=(300, 2))
    answer = ((x @ [1.0, -0.5] + rng.logistic(size=300))[:, None] > [-1, 0.5]).sum(axis=1)
    fit = fit_cumulative(answer, x)

    def loss(v: np.ndarray) -> float:
        up = np.column_stack([np.ones(300), expit(v[:2] + (x @ v[2:])[:, None]), np.zeros(300)])
        return -np.log(up[np.arange(300), answer] - up[np.arange(300), answer + 1]).sum()

    best = minimize(loss, [1, -1, 0, 0], method="BFGS", options={"gtol": 1e-7})
    assert fit.log_likelihood == pytest.approx(-best.fun, abs=1e-6)
    assert np.concatenate([fit.thresholds, fit.slopes]) == pytest.approx(best.x, abs=1e-4)
    assert fit.converged


def test_non_uniform_dif_shows_in_its_own_step():
    answers, group, theta = simulate(6000, 7, twist=0.9, impact=0.0)
    result = logistic_dif(answers, group, ability=theta)
    assert result.nonuniform_p[3] < 1e-6
    assert result.nonuniform_chi2[3] > 5 * result.uniform_chi2[3]


def test_separation_and_constant_items_are_said_not_hidden():
    answers, group, theta = simulate(200, 8)
    answers[:, 0] = 1
    answers[:, 1] = theta > 0
    result = logistic_dif(answers, group, ability=theta)
    assert np.isnan(result.p[0])
    assert result.grade[0] == ""
    assert not result.converged[1]
    assert np.isnan(mantel_haenszel(answers, group).odds[0])


def test_three_groups_go_to_logistic_regression_or_by_pairs():
    answers, _, _ = simulate(900, 9)
    group = np.array(["x", "y", "z"] * 300)
    assert logistic_dif(answers, group).df.tolist() == [4.0] * 20
    with pytest.raises(BadShape):
        mantel_haenszel(answers, group)
    pair = mantel_haenszel(answers, group, reference="y", focal="z")
    assert (pair.reference, pair.focal) == ("y", "z")


def test_nonsense_is_refused():
    answers, group, theta = simulate(100, 10)
    with pytest.raises(NoVariation):
        mantel_haenszel(answers, ["one"] * 100)
    with pytest.raises(BadShape):
        mantel_haenszel(answers, group[:50])
    with pytest.raises(BadCategory):
        mantel_haenszel(answers + 0.5, group)
    with pytest.raises(BadShape):
        logistic_dif(answers, group, ability=theta[:5])


def test_order_of_persons_does_not_matter():
    answers, group, _ = simulate(500, 11)
    turn = np.random.default_rng(1).permutation(500)
    one = logistic_dif(answers, group, reference="ref")
    two = logistic_dif(answers[turn], group[turn], reference="ref")
    assert two.chi2 == pytest.approx(one.chi2, abs=1e-8)
    assert two.delta == pytest.approx(one.delta, abs=1e-6)


def test_false_discovery_adjusts_as_benjamini_and_hochberg():
    adjusted = false_discovery(np.array([0.01, 0.04, np.nan, 0.03]))
    assert adjusted[[0, 1, 3]] == pytest.approx([0.03, 0.04, 0.04])
    assert np.isnan(adjusted[2])
