"""Answers for simulated people: a raw answer that earns a wanted category."""

from __future__ import annotations

import random
from typing import Any

from shuyang.itembank.content import (
    ChartItem,
    ItemContent,
    MarkItem,
    MatchItem,
    MultipleItem,
    NumberItem,
    OrderItem,
    SingleItem,
)
from shuyang.itembank.contracts import Grade
from shuyang.itembank.normalising import normalise
from shuyang.itembank.rules import grade

_TRIES = 200


def answer_earning(content: ItemContent, category: int, rng: random.Random) -> dict[str, Any]:
    """An answer of the item's shape that is graded `category`; an omission where no wrong answer was found for 0.

    Raises `ValueError` for a category the item does not have.
    """
    for _ in range(_TRIES):
        raw = _right(content) if category == _top(content) else _disturbed(content, rng)
        if _graded(content, raw).category == category:
            return raw
    if category == 0:
        return {"omitted": True}
    raise ValueError(f"{content.id} has no answer of category {category}")


def _graded(content: ItemContent, raw: dict[str, Any]) -> Grade:
    return grade(content, normalise(content, raw))


def _top(content: ItemContent) -> int:
    return _graded(content, _right(content)).max_category


def _right(content: ItemContent) -> dict[str, Any]:
    match content:
        case SingleItem():
            return {"choice": content.key}
        case MultipleItem():
            return {"choices": list(content.key)}
        case OrderItem():
            return {"order": list(content.key)}
        case MatchItem():
            return {"pairs": dict(content.key)}
        case NumberItem():
            return {"value": repr(content.key.value)}
        case MarkItem():
            return {"cells": [list(p) for p in content.key]}
        case ChartItem():
            return {"points": [list(p) for p in content.key]}


def _disturbed(content: ItemContent, rng: random.Random) -> dict[str, Any]:
    match content:
        case SingleItem():
            return {"choice": rng.choice(content.options).id}
        case MultipleItem():
            flipped = {o.id for o in rng.sample(content.options, rng.choice((1, 1, 2)))}
            return {"choices": sorted(flipped ^ set(content.key)) or [content.key[0]]}
        case OrderItem():
            return {"order": _swapped(list(content.key), rng)}
        case MatchItem():
            return {"pairs": _mismatched(content, rng)}
        case NumberItem():
            return {"value": f"{content.key.value + (content.key.tolerance + 1) * rng.choice((-2, -1, 1, 2, 10)):.4f}"}
        case MarkItem():
            return {"cells": _moved(content.key, _cells(content), rng)}
        case ChartItem():
            return {"points": _moved(content.key, _points(content), rng)}


def _swapped(order: list[str], rng: random.Random) -> list[str]:
    if rng.random() < 0.5:
        i = rng.randrange(len(order) - 1)
        order[i], order[i + 1] = order[i + 1], order[i]
        return order
    rng.shuffle(order)
    return order


def _mismatched(content: MatchItem, rng: random.Random) -> dict[str, str]:
    """Leave one pair out, or two: never a right used twice where that is refused."""
    kept = list(content.key.items())
    rng.shuffle(kept)
    return dict(kept[rng.choice((1, 2)) :]) or dict(kept[:1])


def _cells(content: MarkItem) -> list[tuple[int, int]]:
    block: Any = content.stimulus[content.target]
    return [(r, c) for r in range(len(block.rows)) for c in range(len(block.columns))]


def _points(content: ChartItem) -> list[tuple[int, int]]:
    block: Any = content.stimulus[content.target]
    return [(s, i) for s, series in enumerate(block.chart.series) for i in range(len(series.data))]


def _moved(key: tuple[tuple[int, int], ...], places: list[tuple[int, int]], rng: random.Random) -> list[list[int]]:
    """Keep some of the right places and add wrong ones."""
    kept = rng.sample(key, rng.randrange(len(key) + 1))
    wrong = rng.sample([p for p in places if p not in key], min(rng.choice((0, 1, 1, 2)), len(places) - len(key)))
    chosen = [*kept, *wrong] or [key[0]]
    return [list(p) for p in chosen]
