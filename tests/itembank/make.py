"""Small items of every type, for tests."""

from __future__ import annotations

from typing import Any

import msgspec

from shuyang.itembank.api import ItemContent

PRIOR = {"difficulty": 0.2, "slope": 1.2, "guessing": 0.2, "reason": "按经验"}
TABLE = {
    "kind": "table",
    "title": "办件",
    "columns": ["窗口", "件数", "超期"],
    "rows": [["一", 10, 1], ["二", 20, 2], ["三", 30, 9]],
}
CHART = {
    "kind": "chart",
    "title": "走势",
    "chart": {
        "type": "line",
        "x": ["1月", "2月", "3月"],
        "series": [{"name": "甲", "data": [1, 5, 2]}, {"name": "乙", "data": [1, 1, 1]}],
    },
}


def options(*ids: str) -> list[dict[str, str]]:
    return [{"id": one, "text": f"做法{one}", "rationale": f"理由{one}"} for one in ids]


SHAPES: dict[str, dict[str, Any]] = {
    "single": {"options": options(*"abcd"), "key": "b"},
    "multiple": {"options": options(*"abcde"), "key": ["a", "c"]},
    "order": {"options": options(*"abcd"), "key": ["c", "a", "d", "b"]},
    "match": {
        "left": options("l1", "l2", "l3"),
        "right": options("r1", "r2", "r3", "r4"),
        "key": {"l1": "r2", "l2": "r1", "l3": "r4"},
    },
    "number": {"key": {"value": 12.5, "tolerance": 0.05}, "unit": "%", "rationale": "12.5"},
    "mark": {"stimulus": [TABLE], "target": 0, "key": [[0, 2], [2, 2]], "rationale": {"0,2": "甲", "2,2": "乙"}},
    "chart": {"stimulus": [CHART], "target": 0, "key": [[0, 1]], "rationale": "峰值"},
}


def item(kind: str, *, id: str = "S-F01-3-001", **changes: Any) -> ItemContent:
    """An item of a type; facet and level follow from the id."""
    row = {
        "id": id,
        "facet": id[2:5],
        "level": int(id[6]),
        "level_reason": "独立运用",
        "layer": "practice",
        "rank_layers": ["general"],
        "type": kind,
        "stem": f"请作答（{id}）",
        "feedback": "反馈",
        "expected_seconds": 60,
        "prior": PRIOR,
        "state": "reviewed",
        **SHAPES[kind],
        **changes,
    }
    return msgspec.convert(row, ItemContent)


RIGHT: dict[str, dict[str, Any]] = {
    "single": {"choice": "b"},
    "multiple": {"choices": ["a", "c"]},
    "order": {"order": ["c", "a", "d", "b"]},
    "match": {"pairs": {"l1": "r2", "l2": "r1", "l3": "r4"}},
    "number": {"value": "12.5"},
    "mark": {"cells": [[0, 2], [2, 2]]},
    "chart": {"points": [[0, 1]]},
}
