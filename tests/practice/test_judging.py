"""Matchings and rules are judged by their outcome, as their definitions say."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuyang.practice.judging.matching import matching_quality
from shuyang.practice.judging.rules import rule_quality

labels = st.lists(st.tuples(st.sampled_from([None, 1, 2, 3]), st.sampled_from("abc")), max_size=14)


@given(labels)
def test_pairs_are_counted_as_one_would_by_hand(rows: list[tuple[int | None, str]]) -> None:
    found, truth = [f for f, _ in rows], [t for _, t in rows]
    pairs = list(combinations(range(len(rows)), 2))
    put = {(i, j) for i, j in pairs if found[i] is not None and found[i] == found[j]}
    belong = {(i, j) for i, j in pairs if truth[i] == truth[j]}
    quality = matching_quality(found, truth)
    assert quality.precision == pytest.approx(len(put & belong) / len(put) if put else 1)
    assert quality.recall == pytest.approx(len(put & belong) / len(belong) if belong else 1)
    groups = {g: {t for f, t in rows if f == g} for g in found if g is not None}
    assert quality.wrongly_merged == sum(len(people) > 1 for people in groups.values())


def test_perfect_and_lazy_matchings() -> None:
    truth = ["a", "a", "b", "b", "c"]
    perfect = matching_quality([1, 1, 2, 2, 3], truth)
    assert (perfect.precision, perfect.recall, perfect.wrongly_merged, perfect.split) == (1, 1, 0, 0)
    lazy = matching_quality([None] * 5, truth)
    assert (lazy.recall, lazy.split) == (0.0, 2)
    greedy = matching_quality([1] * 5, truth)
    assert (greedy.precision, greedy.recall, greedy.wrongly_merged) == (0.2, 1.0, 1)


def test_it_counts_what_was_put_together_without_a_reason() -> None:
    assert matching_quality([1, 1, 2], list("aab"), ["身份号码相同", " ", None]).unexplained == 0.5
    with pytest.raises(ValueError, match="one length"):
        matching_quality([1], ["a"], [])


def test_a_rule_is_told_by_its_wrong_grants_and_by_whom_it_misses() -> None:
    outcome = [True, True, False, None, None, False, *[True] * 5, *[False] * 5]
    eligible = [True, False, True, True, False, False, *[True] * 10]
    groups = ["x"] * 6 + ["young"] * 5 + ["old"] * 5
    found = rule_quality(outcome, eligible, groups)
    assert (found.granted, found.eligible, found.wrong_grants, found.wrong_refusals) == (7, 13, 1, 6)
    assert (found.undecided, found.needlessly_undecided) == (1, 1)
    assert dict(found.missed) == {"x": None, "young": 0.0, "old": 1.0}
    assert found.gap == 1.0
    assert found.precision == pytest.approx(6 / 7)
    assert found.recall == pytest.approx(6 / 13)


def test_nobody_granted_and_nobody_eligible() -> None:
    none = rule_quality([False, None], [False, False])
    assert (none.precision, none.recall, none.gap) == (1.0, 1.0, 0.0)
    with pytest.raises(ValueError, match="one length"):
        rule_quality([True], [])
