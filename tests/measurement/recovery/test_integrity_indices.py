"""Integrity indices leave honest people alone about as rarely as they say, and see what they are made to see."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from benchmarks.measurement.integrity import bank, curve, posterior, rates

from shuyang.measurement.errors import BadShape
from shuyang.measurement.integrity import (
    person_fit,
    poisson_binomial_tail,
    preknowledge,
    rapid_threshold,
    response_effort,
    similarity,
)


def test_honest_people_are_flagged_no_more_often_than_said() -> None:
    for name, (five, one, tenth) in rates(600, seed=3).items():
        # four standard errors above the level: chance does not reach it; conservative tests may lie far below
        assert five < 0.05 + 4 * (0.05 * 0.95 / 600) ** 0.5, name
        assert one < 0.01 + 4 * (0.01 * 0.99 / 600) ** 0.5, name
        assert tenth < 0.001 + 4 * (0.001 / 600) ** 0.5, name


def _fit(answers: list[int], seed: int = 4) -> float:
    rng = np.random.default_rng(seed)
    slope, difficulty = np.full(40, 1.5), np.linspace(-2, 2, 40)
    mean, drawn = posterior(slope, difficulty, np.array(answers, float), rng)
    draws = curve(slope, difficulty, drawn).transpose(1, 0, 2)
    return person_fit(list(curve(slope, difficulty, np.array([mean]))[0]), answers, list(draws), seed=1).p


def test_answers_the_wrong_way_round_do_not_fit() -> None:
    assert _fit([1] * 20 + [0] * 20) > 0.5, "easy ones right, hard ones wrong"
    assert _fit([0] * 20 + [1] * 20) < 0.001, "hard ones right, easy ones wrong"


def test_lz_is_the_textbook_formula() -> None:
    p = np.array([0.8, 0.4])
    curves = [np.array([1 - q, q]) for q in p]
    found = person_fit(curves, [1, 0], [c[None, :] for c in curves])
    logit = np.log(p / (1 - p))
    l0 = np.log(0.8) + np.log(0.6)
    mean, variance = (p * np.log(p) + (1 - p) * np.log(1 - p)).sum(), (p * (1 - p) * logit**2).sum()
    assert found.lz == pytest.approx((l0 - mean) / np.sqrt(variance))


def test_copied_answers_are_seen() -> None:
    rng = np.random.default_rng(6)
    slope, difficulty = bank(rng, 20)
    at = list(curve(slope, difficulty, np.array([0.0]))[0])
    assert similarity(at, at, [True] * 20).p < 1e-4
    assert similarity(at, at, [True, False] * 10).p > 0.5


def test_the_tail_is_that_of_all_outcomes_counted() -> None:
    chances = [0.1, 0.5, 0.7, 0.9]
    for least in range(6):
        direct = sum(
            np.prod([c if hit else 1 - c for c, hit in zip(chances, hits, strict=True)])
            for hits in itertools.product((0, 1), repeat=4)
            if sum(hits) >= least
        )
        assert poisson_binomial_tail(chances, least) == pytest.approx(direct)


def test_fast_and_right_on_leaked_items_is_seen_only_together() -> None:
    low = [np.tile([0.7, 0.3], (50, 1))] * 8
    others = [0.8, 1.0, 1.3, 0.9, 1.1, 1.2, 0.7, 1.0]
    quick, slow = [0.2, 0.25, 0.15, 0.3, 0.2, 0.22, 0.18, 0.2], others
    both = preknowledge(low, [1] * 8, quick, others)
    assert max(both.p_score, both.p_time) < 0.01
    assert both.ratio < 0.3
    assert preknowledge(low, [1] * 8, slow, others).p_time > 0.1
    assert preknowledge(low, [0, 0, 1, 0, 0, 1, 0, 0], quick, others).p_score > 0.1


def test_rapid_is_a_tenth_of_the_typical_time_and_never_above_ten_seconds() -> None:
    assert (rapid_threshold(60), rapid_threshold(300)) == (6.0, 10.0)
    found = response_effort([2, 30, 9, 11], [60, 60, 200, 200])
    assert (found.rapid, found.effort) == (2, 0.5)


def test_they_refuse_what_makes_no_sense() -> None:
    one = np.array([0.5, 0.5])
    for call in (
        lambda: person_fit([], [], []),
        lambda: similarity([one], [], [True]),
        lambda: preknowledge([one[None, :]] * 2, [1, 1], [1, 1], [1, 1, 1]),
        lambda: response_effort([], []),
        lambda: rapid_threshold(0),
    ):
        with pytest.raises(BadShape):
            call()
