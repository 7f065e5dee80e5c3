"""An item on the page: what the templates need to draw it, and how its form is read back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from shuyang.itembank.api import (
    Chart,
    ChartItem,
    ItemContent,
    MarkItem,
    MatchItem,
    MultipleItem,
    NumberItem,
    OrderItem,
    Presentation,
    SingleItem,
    Table,
)
from shuyang.web.charts.stimulus import Stimulus, points
from shuyang.web.plain_text import paragraphs

_NUMBER = re.compile(r"[-+−]?[\d,]+(\.\d+)?%?")
# Words longer than this are text also in a column of numbers.
_SHORT = 8


def item_context(shown: Presentation, chosen: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Template context of an item; `chosen` is what the person had entered, as `read_answer` gives it."""
    blocks = [block_context(index, block, target=shown.target == index) for index, block in enumerate(shown.stimulus)]
    given = dict(chosen or {})
    return {
        "item": shown,
        "blocks": blocks,
        "stem": paragraphs(shown.stem),
        "options": _options(shown, given),
        "chosen": given,
    }


def block_context(index: int, block: Any, *, target: bool = False) -> dict[str, Any]:
    """Template context of one block; `index` tells it from others on the page, a `target` can be answered on."""
    common = {"kind": str(type(block).__struct_config__.tag), "title": block.title, "target": target, "index": index}
    if isinstance(block, Chart):
        return common | {
            "chart": Stimulus(block),
            "points": points(block) if target else [],
            "unit": block.unit,
            "note": block.note,
        }
    if isinstance(block, Table):
        columns = _columns(block)
        return common | {"columns": columns, "rows": _rows(block, columns), "unit": block.unit, "note": block.note}
    return common | {"body": paragraphs(block.body)}


def _columns(block: Table) -> list[dict[str, Any]]:
    """Heads; a column of numbers (also of percentages) is aligned like its numbers."""
    columns = [[row[i] for row in block.rows] for i in range(len(block.columns))]
    return [{"text": c, "number": _numeric(cells)} for c, cells in zip(block.columns, columns, strict=True)]


def _numeric(cells: list[Any]) -> bool:
    return any(isinstance(c, int | float) for c in cells) or all(_NUMBER.fullmatch(_cell(c)) for c in cells)


def _rows(block: Table, columns: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Cells; in a column of numbers a sign or a dash stands where the numbers stand."""
    return [
        [
            {"text": _cell(c), "number": columns[i]["number"] and len(_cell(c)) <= _SHORT, "place": f"{r},{i}"}
            for i, c in enumerate(row)
        ]
        for r, row in enumerate(block.rows)
    ]


def _cell(value: object) -> str:
    if value is None:
        return ""
    return (
        f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10000 else str(value)
    )


def _options(shown: Presentation, chosen: Mapping[str, Any]) -> list[Any]:
    """Options in the order shown; an ordering keeps the order in which the person left it."""
    order = chosen.get("order")
    if not order:
        return list(shown.options)
    by_id = {option.id: option for option in shown.options}
    return [by_id[one] for one in order if one in by_id] or list(shown.options)


def read_answer(kind: str, form: QueryDict) -> dict[str, Any]:
    """The form's answer in the shape that `itembank.normalise` takes; it judges what is wrong with it."""
    if form.get("omit") == "yes":
        return {"omitted": True}
    match kind:
        case "single":
            return {"choice": form.get("choice")}
        case "multiple":
            return {"choices": form.getlist("choices")}
        case "order":
            return {"order": form.getlist("order")}
        case "match":
            return {
                "pairs": {name.removeprefix("pair-"): value for name, value in form.items() if name.startswith("pair-")}
            }
        case "number":
            return {"value": form.get("value", "")}
        case "mark":
            return {"cells": _places(form.getlist("cell"))}
        case "chart":
            return {"points": _places(form.getlist("point"))}
        case _:
            return {}


def _places(texts: list[str]) -> list[Any]:
    """["1,3"] -> [[1, 3]]; what is no pair of numbers goes through as it is and is refused further down."""
    return [
        [int(p) for p in text.split(",")] if all(p.isdecimal() for p in text.split(",")) else text for text in texts
    ]


def solution(content: ItemContent) -> list[tuple[str, str]]:
    """The right answer with its reasons, for practice and trial items: (what, why) pairs."""
    match content:
        case SingleItem():
            return [(o.text, o.rationale) for o in content.options if o.id == content.key]
        case MultipleItem():
            return [(o.text, o.rationale) for o in content.options if o.id in content.key]
        case OrderItem():
            by_id = {o.id: o for o in content.options}
            return [(f"{n}. {by_id[one].text}", by_id[one].rationale) for n, one in enumerate(content.key, 1)]
        case MatchItem():
            right = {o.id: o for o in content.right}
            pairs = [(left, right[content.key[left.id]]) for left in content.left]
            return [(f"{left.text} → {answer.text}", answer.rationale) for left, answer in pairs]
        case NumberItem():
            return [(f"{content.key.value:g} {content.unit}".strip(), str(content.rationale or ""))]
        case MarkItem() | ChartItem():
            return _solution_places(content)


def _solution_places(content: MarkItem | ChartItem) -> list[tuple[str, str]]:
    block: Any = content.stimulus[content.target]
    reasons = content.rationale if isinstance(content.rationale, dict) else {}
    found = []
    for first, second in content.key:
        if isinstance(content, MarkItem):
            row = block.rows[first]
            what = f"{row[0]} · {block.columns[second]}: {_cell(row[second])}"
        else:
            what = next(p["label"] for p in points(block) if p["place"] == f"{first},{second}")
        found.append((what, str(reasons.get(f"{first},{second}", "" if reasons else content.rationale))))
    return found
