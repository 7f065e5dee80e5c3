"""The decisions behind a result: what is claimed only when it is probable enough, and said to be thin otherwise."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuyang.feedback import rules
from shuyang.feedback.contracts import AgainstTarget, ForceResult, LayerFinding, ScoreView
from shuyang.measurement.cat.contracts import ScaleTransform

CUTS = (-1.2, -0.4, 0.4, 1.2)


def test_a_score_comes_with_its_interval() -> None:
    view = rules.scaled(ScaleTransform(), 0.5, 0.4)
    assert (view.score, view.se) == (550.0, 40.0)
    assert (view.low, view.high) == (pytest.approx(471.6, abs=0.01), pytest.approx(628.4, abs=0.01))


def test_a_score_and_its_interval_stay_on_the_scale() -> None:
    view = rules.scaled(ScaleTransform(), 5.5, 0.5)
    assert (view.score, view.high) == (1000, 1000)
    assert view.low == pytest.approx(952, abs=0.1)


@pytest.mark.parametrize(("mean", "expected"), [(0.4, 0.5), (0.4 + 0.4 * 1.2815515655, 0.9), (-3.0, 0.0)])
def test_the_chance_to_reach_a_target(mean: float, expected: float) -> None:
    assert rules.probability_at_least(0.4, mean, 0.4) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (None, AgainstTarget.NONE),
        (0.0, AgainstTarget.BELOW),
        (0.2, AgainstTarget.BELOW),
        (0.2001, AgainstTarget.OPEN),
        (0.7999, AgainstTarget.OPEN),
        (0.8, AgainstTarget.REACHED),
        (1.0, AgainstTarget.REACHED),
    ],
)
def test_it_says_reached_or_below_only_when_sure(chance: float | None, said: AgainstTarget) -> None:
    assert rules.against_target(chance) is said


@pytest.mark.parametrize(("level", "floor"), [(0, None), (1, None), (2, -1.2), (3, -0.4), (5, 1.2)])
def test_a_level_begins_at_its_lower_cut(level: int, floor: float | None) -> None:
    assert rules.level_floor(level, CUTS) == floor


@pytest.mark.parametrize(
    ("required", "target"),
    [
        ({}, None),
        ({"F01": 1, "F02": 1}, None),
        ({"F01": 3}, -0.4),
        ({"F01": 3, "F02": 5}, 0.4),
        ({"F01": 1, "F02": 4}, 0.4),
        ({"F09": 5}, None),
    ],
)
def test_a_force_is_asked_what_its_facets_are_asked(required: dict[str, int], target: float | None) -> None:
    asked = rules.force_target(required, ["F01", "F02"], CUTS)
    assert asked == (None if target is None else pytest.approx(target))


@pytest.mark.parametrize(
    ("earned", "expected", "variance", "items", "finding"),
    [
        (1.0, 3.0, 1.0, 4, LayerFinding.THIN),
        (1.0, 3.0, 0.0, 9, LayerFinding.THIN),
        (1.0, 3.0, 1.0, 5, LayerFinding.WEAKER),
        (5.0, 3.0, 1.0, 5, LayerFinding.STRONGER),
        (1.4, 3.0, 1.0, 5, LayerFinding.AS_EXPECTED),
        (4.6, 3.0, 1.0, 5, LayerFinding.AS_EXPECTED),
    ],
)
def test_a_layer_is_called_weaker_only_beyond_chance(
    earned: float, expected: float, variance: float, items: int, finding: LayerFinding
) -> None:
    assert rules.layer_finding(earned, expected, variance, items) is finding


def _covariance(variance: float, correlation: float = 0.0) -> list[list[float]]:
    return [[variance * (1.0 if i == j else correlation) for j in range(5)] for i in range(5)]


FORCES = ("A", "B", "C", "D", "E")


def test_strengths_stand_out_from_the_persons_own_others_highest_first() -> None:
    assert rules.strengths((0.9, 0.0, 1.4, 0.0, 0.0), _covariance(0.05), FORCES) == ("C", "A")
    assert rules.strengths((2.0,) * 5, _covariance(0.05), FORCES) == ()
    assert rules.strengths((0.9, 0.0, 0.0, 0.0, 0.0), _covariance(4.0), FORCES) == ()


def test_strengths_know_that_forces_vary_together() -> None:
    """Of two measurements alike but for their correlation, the correlated one tells differences better."""
    mean = (0.35, 0.0, 0.0, 0.0, 0.0)
    assert rules.strengths(mean, _covariance(0.25), FORCES) == ()
    assert rules.strengths(mean, _covariance(0.25, 0.8), FORCES) == ("A",)


@given(st.lists(st.floats(-3, 3), min_size=5, max_size=5), st.floats(0.01, 1.0), st.floats(0.0, 0.9), st.floats(-2, 2))
def test_strengths_do_not_depend_on_the_level_of_all(
    mean: list[float], variance: float, r: float, shift: float
) -> None:
    covariance = _covariance(variance, r)
    moved = [m + shift for m in mean]
    found = {rules.strengths(m, covariance, FORCES) for m in (mean, moved)}
    chances = [_chance(mean, covariance, i) for i in range(5)]
    if min(abs(c - rules.SURE) for c in chances) > 1e-6:
        assert len({frozenset(f) for f in found}) == 1
    assert all(len(f) < 5 for f in found)


def _chance(mean: list[float], covariance: list[list[float]], i: int) -> float:
    weights = [1.0 if j == i else -0.25 for j in range(5)]
    variance = sum(weights[a] * weights[b] * covariance[a][b] for a in range(5) for b in range(5))
    difference = sum(w * m for w, m in zip(weights, mean, strict=True))
    return 0.5 * math.erfc(-difference / math.sqrt(2 * variance))


def _force(name: str, score: float, target: float | None, level: int = 3) -> ForceResult:
    return ForceResult(
        force=name, score=ScoreView(score, score - 80, score + 80, 40), precise=True, level=level, level_probability=0.6,
        level_probabilities=(0.1, 0.1, 0.6, 0.1, 0.1), items=9, target=target, target_probability=None,
        against_target=AgainstTarget.OPEN,
    )  # fmt: skip


FACETS = {"A": ["F01", "F02"], "B": ["F03"], "C": ["F04"], "D": ["F05"]}


def _suggest(*forces: ForceResult, required: dict[str, int] | None = None, counts: dict[str, int] | None = None) -> Any:
    return rules.suggestions(forces, FACETS, required or {}, counts or {})


def test_it_suggests_where_the_gap_is_widest_first() -> None:
    found = _suggest(_force("A", 500, 520), _force("B", 600, 550), _force("C", 400, 600), _force("D", 480, 490))
    assert [(s.force, s.gap, s.reason) for s in found] == [("C", 200, "gap"), ("A", 20, "gap"), ("D", 10, "gap")]


def test_it_suggests_the_weakest_where_there_is_no_target() -> None:
    found = _suggest(_force("A", 500, None), _force("B", 400, None), _force("C", 600, None), _force("D", 450, None))
    assert [(s.force, s.reason, s.gap) for s in found] == [
        ("B", "next_level", 0),
        ("D", "next_level", 0),
        ("A", "next_level", 0),
    ]


def test_it_suggests_the_next_level_and_none_beyond_the_last() -> None:
    found = _suggest(_force("A", 700, 500, level=5), _force("B", 700, 500, level=4), _force("C", 300, 500, level=1))
    assert {s.force: s.towards_level for s in found} == {"A": 5, "B": 5, "C": 2}
    assert {s.force: s.reason for s in found} == {"A": "next_level", "B": "next_level", "C": "gap"}


def test_it_suggests_the_facet_most_asked_for_and_least_seen() -> None:
    (one,) = _suggest(_force("A", 400, 500), required={"F01": 3, "F02": 4})
    assert one.facet == "F02"
    (one,) = _suggest(_force("A", 400, 500), required={"F01": 3, "F02": 3}, counts={"F02": 5, "F01": 2})
    assert one.facet == "F01"
