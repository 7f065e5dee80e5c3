"""From what a browser sends to the stored response."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuyang.itembank.api import grade, normalise, public_id, read_number
from shuyang.kernel.errors import Invalid
from tests.itembank.make import RIGHT, SHAPES, item


def refused(call: Any) -> str:
    with pytest.raises(Invalid) as caught:
        call()
    return caught.value.problems[0].code


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("12.5", "", "12.5"),
        (" １２．５ ", "", "12.5"),
        ("12。5", "", "12.5"),
        ("1,234.50", "", "1234.5"),
        ("1，234", "", "1234"),
        ("１２．５％", "%", "12.5"),
        ("12.5 %", "%", "12.5"),
        ("360 万元", "万元", "360"),
        ("−3", "", "-3"),
        ("+3", "", "3"),
        ("－０．５０", "", "-0.5"),
        (".5", "", "0.5"),
        ("5.", "", "5"),
        ("-0", "", "0"),
        ("007", "", "7"),
        (1200, "", "1200"),
        (0.1, "", "0.1"),
    ],
)
def test_it_reads_numbers_as_people_type_them(typed: object, unit: str, value: str) -> None:
    assert read_number(typed, unit=unit) == value


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (None, "nothing_chosen"),
        ("", "nothing_chosen"),
        ("  ", "nothing_chosen"),
        ("%", "not_a_number"),
        ("大约 5", "not_a_number"),
        ("5%", "percent_not_expected"),
        ("12,5", "not_a_number"),
        ("1,23,456", "not_a_number"),
        ("1e5", "not_a_number"),
        ("nan", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("--1", "not_a_number"),
        ("٣", "not_a_number"),
        ("9" * 25, "not_a_number"),
        ("9" * 5000, "not_a_number"),
        (True, "wrong_shape"),
        ([1], "wrong_shape"),
    ],
)
def test_it_refuses_what_is_no_number(typed: object, code: str) -> None:
    assert refused(lambda: read_number(typed)) == code


@given(st.text(max_size=60))
def test_it_never_fails_otherwise_than_by_refusing(typed: str) -> None:
    try:
        value = read_number(typed, unit="万元")
    except Invalid:
        return
    float(value)


@pytest.mark.parametrize("kind", ["single", "multiple", "order", "match"])
def test_it_takes_the_ids_of_the_presentation_and_stores_the_authors(kind: str) -> None:
    content = item(kind)

    def shown(value: Any) -> Any:
        if isinstance(value, dict):
            return {public_id(content, left): public_id(content, right) for left, right in value.items()}
        return [public_id(content, one) for one in value] if isinstance(value, list) else public_id(content, value)

    raw = {name: shown(value) for name, value in RIGHT[kind].items()}
    assert normalise(content, raw) == RIGHT[kind]


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("single", {}, "nothing_chosen"),
        ("single", {"choice": "x"}, "unknown_option"),
        ("single", {"choice": ["a"]}, "unknown_option"),
        ("multiple", {"choices": []}, "nothing_chosen"),
        ("multiple", {"choices": "abc"}, "wrong_shape"),
        ("multiple", {"choices": ["a", "x"]}, "unknown_option"),
        ("order", {"order": ["a", "b"]}, "order_incomplete"),
        ("order", {"order": ["a", "a", "b", "c"]}, "order_incomplete"),
        ("match", {"pairs": {}}, "nothing_chosen"),
        ("match", {"pairs": {"l1": "", "l2": None}}, "nothing_chosen"),
        ("match", {"pairs": [["l1", "r1"]]}, "wrong_shape"),
        ("match", {"pairs": {"l1": "r1", "l2": "r1"}}, "right_used_twice"),
        ("match", {"pairs": {"r1": "l1"}}, "unknown_option"),
        ("mark", {"cells": [[0, 3]]}, "unknown_option"),
        ("mark", {"cells": [[-1, 0]]}, "unknown_option"),
        ("mark", {"cells": [["0", "1"]]}, "wrong_shape"),
        ("mark", {"cells": [[0]]}, "wrong_shape"),
        ("mark", {"cells": [[True, False]]}, "wrong_shape"),
        ("mark", {"cells": []}, "nothing_chosen"),
        ("chart", {"points": [[2, 0]]}, "unknown_option"),
        ("chart", {"points": None}, "nothing_chosen"),
        ("chart", {"omitted": "yes"}, "nothing_chosen"),
    ],
)
def test_it_refuses_malformed_answers(kind: str, raw: dict[str, Any], code: str) -> None:
    assert refused(lambda: normalise(item(kind), raw)) == code


@pytest.mark.parametrize("kind", SHAPES)
def test_it_is_stable_when_normalised_twice(kind: str) -> None:
    content = item(kind)
    once = normalise(content, RIGHT[kind])
    assert normalise(content, once) == once
    assert grade(content, once).full


def test_it_stores_one_form_whatever_the_order_of_choosing() -> None:
    content = item("mark")
    assert normalise(content, {"cells": [[2, 2], [0, 2], [2, 2]]}) == {"cells": [[0, 2], [2, 2]]}
    assert normalise(item("multiple"), {"choices": ["c", "a", "c"]}) == {"choices": ["a", "c"]}
