"""From what a browser sent to a response of the item's shape, or `Invalid` that says what is wrong.

Shapes: single {"choice": id}; multiple {"choices": [id]}; order {"order": [id]}; match {"pairs": {left: right}};
number {"value": "12.5"}; mark {"cells": [[row, column]]}; chart {"points": [[series, point]]}; any {"omitted": true}.
Option ids may be those of the presentation or the author's; the author's are stored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn

from shuyang.itembank.content import (
    Chart,
    ChartItem,
    ItemContent,
    MarkItem,
    MatchItem,
    MultipleItem,
    NumberItem,
    Option,
    OrderItem,
    SingleItem,
    Table,
)
from shuyang.itembank.rules import OMITTED, public_id
from shuyang.kernel.errors import Invalid, Problem

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|[+-]?\.\d+", re.ASCII)
# Longer is no number of an item, and would be rounded by Decimal.
_LONGEST_NUMBER = 24


def normalise(content: ItemContent, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The response of `raw` in its stored form. Raises `Invalid` for unknown ids, wrong shapes, nothing chosen."""
    if raw.get("omitted") is True:
        return dict(OMITTED)
    match content:
        case SingleItem():
            return {"choice": _known(content, content.options, raw.get("choice"), "choice")}
        case MultipleItem():
            return {"choices": _choices(content, raw.get("choices"))}
        case OrderItem():
            return {"order": _order(content, raw.get("order"))}
        case MatchItem():
            return {"pairs": _pairs(content, raw.get("pairs"))}
        case NumberItem():
            return {"value": read_number(raw.get("value"), unit=content.unit)}
        case MarkItem():
            return {"cells": _places(raw.get("cells"), _table_size(content), "cells")}
        case ChartItem():
            return {"points": _places(raw.get("points"), _chart_size(content), "points")}


def _refuse(where: str, code: str, **data: str) -> NoReturn:
    raise Invalid([Problem(where, code, tuple(data.items()))])


def _known(content: ItemContent, options: Iterable[Option], given: object, where: str) -> str:
    if given is None or given == "":
        _refuse(where, "nothing_chosen")
    for option in options:
        if given in (option.id, public_id(content, option.id)):
            return option.id
    _refuse(where, "unknown_option")


def _list(given: object, where: str) -> Sequence[Any]:
    if given is None or given in ([], ()):
        _refuse(where, "nothing_chosen")
    if not isinstance(given, list | tuple):
        _refuse(where, "wrong_shape")
    return given


def _choices(content: MultipleItem, given: object) -> list[str]:
    return sorted({_known(content, content.options, one, "choices") for one in _list(given, "choices")})


def _order(content: OrderItem, given: object) -> list[str]:
    order = [_known(content, content.options, one, "order") for one in _list(given, "order")]
    if sorted(order) != sorted(option.id for option in content.options):
        _refuse("order", "order_incomplete")
    return order


def _pairs(content: MatchItem, given: object) -> dict[str, str]:
    """A left without a right stays out (it counts as wrong); a right used twice is refused unless it may be reused."""
    if not isinstance(given, Mapping):
        _refuse("pairs", "nothing_chosen" if given is None else "wrong_shape")
    pairs = {
        _known(content, content.left, left, "pairs"): _known(content, content.right, right, "pairs")
        for left, right in given.items()
        if right not in (None, "")
    }
    if not pairs:
        _refuse("pairs", "nothing_chosen")
    if not content.reuse and len(set(pairs.values())) < len(pairs):
        _refuse("pairs", "right_used_twice")
    return dict(sorted(pairs.items()))


def _table_size(content: MarkItem) -> list[int]:
    block = content.stimulus[content.target]
    return [len(block.columns)] * len(block.rows) if isinstance(block, Table) else []


def _chart_size(content: ChartItem) -> list[int]:
    block = content.stimulus[content.target]
    return [len(series.data) for series in block.chart.series] if isinstance(block, Chart) else []


def _places(given: object, sizes: Sequence[int], where: str) -> list[list[int]]:
    places = set()
    for place in _list(given, where):
        if not isinstance(place, list | tuple) or len(place) != 2 or not all(type(n) is int for n in place):
            _refuse(where, "wrong_shape")
        first, second = place
        if not (0 <= first < len(sizes) and 0 <= second < sizes[first]):
            _refuse(where, "unknown_option")
        places.add((first, second))
    return [list(place) for place in sorted(places)]


def read_number(given: object, *, unit: str = "") -> str:
    """A number as people type it, as plain decimal text.

    Full-width digits, thousands separators (Western or Chinese comma), spaces, 。 as the point, and the item's own unit
    (or %, where that is the unit) after the number are accepted. Everything else is refused with `not_a_number`.
    """
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        _refuse("value", "nothing_chosen" if given is None else "wrong_shape")
    text = unicodedata.normalize("NFKC", str(given)[:1000])
    text = re.sub(r"\s", "", text).replace("−", "-").replace("。", ".").replace("、", ",")
    plain_unit = re.sub(r"\s", "", unicodedata.normalize("NFKC", unit))
    if plain_unit and text != plain_unit:
        text = text.removesuffix(plain_unit)
    if not text:
        _refuse("value", "nothing_chosen")
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1]):
        _refuse("value", "percent_not_expected", unit=unit)
    if not _NUMBER.fullmatch(text) or len(text) > _LONGEST_NUMBER:
        _refuse("value", "not_a_number", value=str(given)[:_LONGEST_NUMBER])
    value = Decimal(text.replace(",", ""))
    return format(value.normalize(), "f") if value else "0"
