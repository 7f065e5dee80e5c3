"""The written scoring rules, case by case (docs/reference/scoring-rules.md)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuyang.itembank.api import Grade, grade, max_category, normalise
from tests.itembank.make import RIGHT, SHAPES, item

HIGHEST = {"single": 1, "multiple": 2, "order": 2, "match": 2, "number": 1, "mark": 2, "chart": 1}


@pytest.mark.parametrize("kind", SHAPES)
def test_it_gives_full_credit_to_the_key(kind: str) -> None:
    content = item(kind)
    found = grade(content, normalise(content, RIGHT[kind]))
    assert found == Grade(HIGHEST[kind], HIGHEST[kind])
    assert found.full


@pytest.mark.parametrize("kind", SHAPES)
def test_it_counts_an_omission_as_category_zero_and_says_so(kind: str) -> None:
    content = item(kind)
    assert grade(content, normalise(content, {"omitted": True})) == Grade(0, max_category(content), omitted=True)


@pytest.mark.parametrize(
    ("kind", "response", "category"),
    [
        ("single", {"choice": "a"}, 0),
        ("multiple", {"choices": ["a"]}, 1),  # one missed
        ("multiple", {"choices": ["a", "b", "c"]}, 1),  # one extra
        ("multiple", {"choices": ["a", "b"]}, 0),  # one missed and one extra
        ("multiple", {"choices": ["b", "d"]}, 0),
        ("multiple", {"choices": list("abcde")}, 0),
        ("order", {"order": ["a", "c", "d", "b"]}, 1),  # neighbours swapped
        ("order", {"order": ["d", "a", "c", "b"]}, 0),  # first and third swapped
        ("order", {"order": ["a", "c", "b", "d"]}, 0),  # two swaps
        ("match", {"pairs": {"l1": "r2", "l2": "r1", "l3": "r3"}}, 1),  # one wrong
        ("match", {"pairs": {"l1": "r2", "l2": "r1"}}, 1),  # one missing
        ("match", {"pairs": {"l1": "r1", "l2": "r2", "l3": "r4"}}, 1),  # two swapped
        ("match", {"pairs": {"l1": "r1", "l2": "r3", "l3": "r4"}}, 0),
        ("match", {"pairs": {"l1": "r1", "l2": "r4", "l3": "r2"}}, 0),
        ("number", {"value": "12.55"}, 1),  # on the edge of the tolerance
        ("number", {"value": "12.56"}, 0),
        ("number", {"value": "-12.5"}, 0),
        ("mark", {"cells": [[0, 2]]}, 1),  # half of the key
        ("mark", {"cells": [[0, 2], [2, 2], [1, 1]]}, 1),  # all, and one false alarm
        ("mark", {"cells": [[0, 2], [1, 1]]}, 0),
        ("mark", {"cells": [[r, c] for r in range(3) for c in range(3)]}, 0),  # marking everything earns nothing
        ("chart", {"points": [[0, 1], [0, 2]]}, 0),  # a single point is right or wrong
        ("chart", {"points": [[1, 1]]}, 0),
    ],
)
def test_it_grades_by_the_written_rule(kind: str, response: dict[str, Any], category: int) -> None:
    content = item(kind)
    assert grade(content, normalise(content, response)).category == category


def test_it_gives_half_credit_to_exactly_the_neighbour_swaps_of_an_order() -> None:
    content = item("order")
    categories = [grade(content, {"order": list(order)}).category for order in permutations("abcd")]
    assert (categories.count(2), categories.count(1)) == (1, 3)


def test_it_reuses_a_right_where_the_item_allows() -> None:
    content = item("match", reuse=True, key={"l1": "r1", "l2": "r1", "l3": "r2"})
    response = normalise(content, {"pairs": {"l1": "r1", "l2": "r1", "l3": "r2"}})
    assert grade(content, response).full


@given(st.sets(st.sampled_from("abcde"), min_size=1))
def test_it_scores_multiple_choice_by_the_number_of_errors(chosen: set[str]) -> None:
    content = item("multiple")
    errors = len(chosen ^ {"a", "c"})
    assert grade(content, normalise(content, {"choices": sorted(chosen)})).category == max(0, 2 - errors)
