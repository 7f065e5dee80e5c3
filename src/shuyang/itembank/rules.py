"""Grading and presentation: pure functions of an item's content. docs/reference/scoring-rules.md says them in words."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from shuyang.itembank.content import (
    ChartItem,
    ItemContent,
    MarkItem,
    MatchItem,
    MultipleItem,
    NumberItem,
    Option,
    OrderItem,
    SingleItem,
)
from shuyang.itembank.contracts import Choice, Grade, Presentation

T = TypeVar("T")
OMITTED: dict[str, Any] = {"omitted": True}
# Binary floating point must not decide about a value that lies exactly on the tolerance.
_SLACK = 1e-9


def max_category(content: ItemContent) -> int:
    """The highest category: 2 where a nearly right answer earns half, else 1."""
    match content:
        case MultipleItem() | OrderItem() | MatchItem():
            return 2
        case MarkItem() | ChartItem():
            return 2 if len(content.key) > 1 else 1
        case _:
            return 1


def grade(content: ItemContent, response: Mapping[str, Any]) -> Grade:
    """Grade a normalised response (see `shuyang.itembank.normalising`). An omission earns category 0 and says so."""
    top = max_category(content)
    if response.get("omitted"):
        return Grade(0, top, omitted=True)
    return Grade(_category(content, response), top)


def _category(content: ItemContent, response: Mapping[str, Any]) -> int:
    match content:
        case SingleItem():
            return int(response["choice"] == content.key)
        case MultipleItem():
            return _by_errors(len(set(response["choices"]) ^ set(content.key)))
        case OrderItem():
            return _order(content.key, response["order"])
        case MatchItem():
            return _match(content.key, response["pairs"])
        case NumberItem():
            return int(abs(float(response["value"]) - content.key.value) <= content.key.tolerance + _SLACK)
        case MarkItem():
            return _marks(content.key, response["cells"])
        case ChartItem():
            return _marks(content.key, response["points"])


def _by_errors(errors: int) -> int:
    return max(0, 2 - errors)


def _order(key: Sequence[str], given: Sequence[str]) -> int:
    """2 when exact, 1 when one swap of neighbours away, else 0."""
    wrong = [i for i, (a, b) in enumerate(zip(key, given, strict=True)) if a != b]
    if not wrong:
        return 2
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
    return int(swapped)


def _match(key: Mapping[str, str], given: Mapping[str, str]) -> int:
    """2 when all pairs are right; 1 when one is wrong or missing, or two are right but for a swap; else 0."""
    wrong = [left for left, right in key.items() if given.get(left) != right]
    if len(wrong) < 2:
        return 2 - len(wrong)
    swapped = len(wrong) == 2 and given.get(wrong[0]) == key[wrong[1]] and given.get(wrong[1]) == key[wrong[0]]
    return int(swapped)


def _marks(key: Iterable[Sequence[int]], given: Iterable[Sequence[int]]) -> int:
    """2 when exact; 1 when hits less false alarms make at least half of the key; a single mark is right or wrong."""
    right, marked = {tuple(place) for place in key}, {tuple(place) for place in given}
    if len(right) == 1:
        return int(marked == right)
    if marked == right:
        return 2
    return int(2 * (len(marked & right) - len(marked - right)) >= len(right))


# --- presentation ----------------------------------------------------------------------------------------------------


def public_id(content: ItemContent, option_id: str) -> str:
    """The id of an option in the browser: the author's letters often follow the right order, so they stay here."""
    return _public_id(content.id, option_id)


@lru_cache(maxsize=100_000)
def _public_id(item_id: str, option_id: str) -> str:
    return "o" + hashlib.sha256(f"{item_id}/{option_id}".encode()).hexdigest()[:8]


def presentation(content: ItemContent, seed: str) -> Presentation:
    """What a person with this seed sees: the same seed gives the same order, on every machine.

    `fixed_order` keeps the options, or the left side of a matching: its right side is always mixed.
    """
    kept = content.fixed_order
    return Presentation(
        type=content.type,
        stem=content.stem,
        stimulus=content.stimulus,
        options=_choices(content, getattr(content, "options", ()), seed, "options", kept=kept),
        left=_choices(content, getattr(content, "left", ()), seed, "left", kept=kept),
        right=_choices(content, getattr(content, "right", ()), seed, "right", kept=False),
        reuse=getattr(content, "reuse", False),
        unit=getattr(content, "unit", ""),
        hint_format=getattr(content, "hint_format", ""),
        target=getattr(content, "target", None),
    )


def _choices(
    content: ItemContent, options: Sequence[Option], seed: str, part: str, *, kept: bool
) -> tuple[Choice, ...]:
    shown = [Choice(public_id(content, option.id), option.text) for option in options]
    if kept or not shown:
        return tuple(shown)
    shown = _shuffled(shown, f"{seed}/{content.id}/{part}")
    key = getattr(content, "key", None)
    if isinstance(content, OrderItem) and [c.id for c in shown] == [public_id(content, k) for k in key or ()]:
        shown = shown[1:] + shown[:1]  # an ordering that starts solved would measure nothing
    return tuple(shown)


def _shuffled(values: Sequence[T], seed: str) -> list[T]:
    mixed = list(values)
    random.Random(seed).shuffle(mixed)  # noqa: S311  (an order of display, not a secret)
    return mixed
