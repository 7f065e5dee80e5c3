"""Pure rules of paper: what is written in a cell, as an answer of the item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from shuyang.itembank.api import Choice, ItemType, Presentation
from shuyang.kernel.errors import Problem

SHEET_HEADINGS, NUMBER_HEADINGS = ("卷号", "答题卡号", "sheet"), ("人员编号", "工号", "person number")
_IGNORED = re.compile(r"[\s,，、;；.。→>-]+")
_PAIR = re.compile(r"(\d{1,2})([A-Z])")


def letter(place: int) -> str:
    """The letter printed before an option: A for 0."""
    return chr(65 + place)


def paper_seed(plan_hash: str, form: int) -> str:
    """The seed of the order of options: the same on every copy of a form."""
    return f"paper/{plan_hash}/{form}"


def read_cell(value: Any, item: Presentation) -> dict[str, Any] | str:
    """The answer in a cell, in the shape that `itembank.normalise` takes; a code of what is wrong with it otherwise.

    Letters as printed: B; ABD; CADB for an order; 1B2A for pairs. A number as it is. Empty: not answered.
    """
    if item.type == ItemType.NUMBER:
        text = f"{value:.12g}" if isinstance(value, float | int) and not isinstance(value, bool) else str(value).strip()
        return {"value": text} if text else {"omitted": True}
    if not isinstance(value, str):
        return "paper_not_letters"
    text = _IGNORED.sub("", value).upper()
    if not text:
        return {"omitted": True}
    if item.type == ItemType.MATCH:
        return _pairs(text, item)
    return _letters(text, item)


def _letters(text: str, item: Presentation) -> dict[str, Any] | str:
    chosen = [_at(item.options, one) for one in text]
    if None in chosen or len(set(chosen)) < len(chosen):
        return "paper_unknown_letter"
    match item.type:
        case ItemType.SINGLE:
            return {"choice": chosen[0]} if len(chosen) == 1 else "paper_one_letter"
        case ItemType.MULTIPLE:
            return {"choices": chosen}
        case _:
            return {"order": chosen} if len(chosen) == len(item.options) else "paper_all_letters"


def _pairs(text: str, item: Presentation) -> dict[str, Any] | str:
    found = _PAIR.findall(text)
    if "".join(a + b for a, b in found) != text:
        return "paper_pairs"
    pairs: dict[str, str] = {}
    for number, one in found:
        place, right = int(number) - 1, _at(item.right, one)
        if not 0 <= place < len(item.left) or right is None or item.left[place].id in pairs:
            return "paper_pairs"
        pairs[item.left[place].id] = right
    return {"pairs": pairs}


def _at(options: Sequence[Choice], one: str) -> str | None:
    place = ord(one) - 65
    return options[place].id if 0 <= place < len(options) else None


def cell_problem(where: str, code: str, **data: str) -> Problem:
    """A problem at a cell."""
    return Problem(where, code, tuple(data.items()))
