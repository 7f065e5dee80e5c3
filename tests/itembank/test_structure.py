"""Sound by itself, or said what is not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from shuyang.itembank.api import from_text, problems_of, to_text
from tests.itembank.make import CHART, SHAPES, TABLE, item, options


@pytest.mark.parametrize("kind", SHAPES)
def test_it_finds_nothing_in_a_sound_item(kind: str) -> None:
    assert problems_of(item(kind)) == []


@pytest.mark.parametrize("kind", SHAPES)
def test_it_survives_storing(kind: str) -> None:
    content = item(kind)
    assert from_text(to_text(content)) == content


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("single", {"id": "S-F01-3-1", "facet": "F01", "level": 3}, "id_shape"),
        ("single", {"level": 4}, "id_differs"),
        ("single", {"key": "x"}, "key_unknown"),
        ("single", {"options": options(*"abc")}, "options_count"),
        ("single", {"options": options(*"abca")}, "double_id"),
        ("single", {"options": [*options(*"abc"), {"id": "d", "text": "做法 a"}]}, "option_twice"),
        ("single", {"stem": "  "}, "text_empty"),
        ("single", {"enemies": ["S-F01-3-001"]}, "enemies_wrong"),
        ("single", {"expected_seconds": 5}, "out_of_range"),
        ("single", {"prior": {"difficulty": 9.0, "slope": 1.0, "guessing": 0.0, "reason": ""}}, "out_of_range"),
        ("single", {"rank_layers": []}, "rank_layers_empty"),
        ("single", {"stimulus": [TABLE | {"rows": [["一", 1]]}]}, "table_ragged"),
        ("multiple", {"key": ["a"]}, "key_count"),
        ("multiple", {"key": list("abcde")}, "key_count"),
        ("multiple", {"key": ["a", "a"]}, "key_unknown"),
        ("order", {"key": ["a", "b", "c"]}, "key_not_all"),
        ("match", {"key": {"l1": "r1", "l2": "r2"}}, "key_not_all"),
        ("match", {"key": {"l1": "r1", "l2": "r1", "l3": "r2"}}, "reuse_needed"),
        ("match", {"key": {"l1": "r1", "l2": "r9", "l3": "r2"}}, "key_unknown"),
        ("number", {"key": {"value": 1.0, "tolerance": -0.1}}, "tolerance_negative"),
        ("number", {"common_errors": [{"value": 12.54, "tolerance": 0.0, "rationale": "舍入"}]}, "error_is_key"),
        ("mark", {"target": 1}, "target_wrong"),
        ("mark", {"target": -1}, "target_wrong"),
        ("mark", {"stimulus": [CHART]}, "target_wrong"),
        ("mark", {"key": [[3, 0]], "rationale": ""}, "key_unknown"),
        ("mark", {"key": [[0, 0], [0, 0]], "rationale": ""}, "key_count"),
        ("mark", {"rationale": {"0,2": "甲"}}, "rationale_places"),
        ("chart", {"key": [[0, 9]]}, "key_unknown"),
        ("chart", {"key": []}, "key_count"),
        ("single", {"stimulus": [CHART | {"chart": CHART["chart"] | {"x": ["1月"]}}]}, "chart_ragged"),  # type: ignore[operator]
        ("single", {"stimulus": [CHART | {"chart": CHART["chart"] | {"type": "pie"}}]}, "chart_pie"),  # type: ignore[operator]
        ("single", {"stimulus": [CHART | {"chart": CHART["chart"] | {"type": "scatter"}}]}, "chart_points"),  # type: ignore[operator]
    ],
)
def test_it_says_what_is_unsound(kind: str, changes: dict[str, Any], code: str) -> None:
    assert code in {problem.code for problem in problems_of(item(kind, **changes))}


@pytest.mark.parametrize("changes", [{"hint": "x"}, {"level": "3"}, {"layer": "knowledge"}, {"options": "abc"}])
def test_it_refuses_what_the_schema_does_not_know(changes: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        item("single", **changes)
