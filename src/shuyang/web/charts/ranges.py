"""Horizontal ranges by force: a change with its interval, a group's distribution with one's own interval on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shuyang.feedback.api import ForceChange, ForceResult, ForceSpread
from shuyang.web.charts.theme import COLOURS, INK, Option, base, category_axis, value_axis

BAND, BOX = "#d5e0ef", "#9dbbe0"


def change_chart(names: Sequence[str], changes: Sequence[ForceChange]) -> Option:
    """Change per force in points, its 95 % interval as a bar; the line at zero means no change."""
    reach = max(50, *(abs(v) for c in changes for v in (c.change.low, c.change.high)))
    limit = -(-int(reach + 1) // 50) * 50
    rows = list(zip(names, changes, strict=True))
    return _frame(
        names,
        value_axis(min=-limit, max=limit, axisLabel={"color": "#566173", "hideOverlap": True}),
        [
            *(_bar(name, round(c.change.low), round(c.change.high), 6, BOX) for name, c in rows),
            _points([(round(c.change.score), name) for name, c in rows], COLOURS[0], "circle", 11)
            | {"markLine": _zero()},
        ],
    )


def others_chart(names: Sequence[str], spreads: Sequence[ForceSpread], own: Sequence[ForceResult]) -> Option:
    """The middle 80 % and 50 % of a group, its median, and on it the own score with its interval."""
    rows = list(zip(names, spreads, own, strict=True))
    ends = [v for _, s, f in rows for v in (s.p10, s.p90, round(f.score.low), round(f.score.high))]
    low, high = max(0, min(ends) - 30) // 50 * 50, min(1000, -(-(max(ends) + 30) // 50) * 50)
    return _frame(
        names,
        value_axis(min=low, max=high),
        [
            *(_bar(name, s.p10, s.p90, 22, BAND) for name, s, _ in rows),
            *(_bar(name, s.p25, s.p75, 22, BOX) for name, s, _ in rows),
            _points([(s.p50, name) for name, s, _ in rows], "#ffffff", "rect", [3, 22]),
            *(_bar(name, round(f.score.low), round(f.score.high), 3, INK) for name, _, f in rows),
            _points([(round(f.score.score), name) for name, _, f in rows], COLOURS[1], "diamond", 15),
        ],
    )


def _frame(names: Sequence[str], axis: dict[str, Any], series: list[dict[str, Any]]) -> Option:
    return base(
        tooltip={"show": False},
        grid={"left": 8, "right": 24, "top": 12, "bottom": 8, "containLabel": True},
        xAxis=axis,
        yAxis=category_axis(list(names), inverse=True),
        series=series,
    )


def _bar(name: str, low: int, high: int, width: int, colour: str) -> dict[str, Any]:
    return {
        "type": "line",
        "data": [[low, name], [high, name]],
        "lineStyle": {"width": width, "color": colour, "cap": "butt"},
        "symbol": "none",
        "silent": True,
    }


def _points(data: Sequence[tuple[int, str]], colour: str, symbol: str, size: int | list[int]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "data": [list(one) for one in data],
        "symbol": symbol,
        "symbolSize": size,
        "itemStyle": {"color": colour, "borderColor": "#ffffff", "borderWidth": 1},
        "silent": True,
        "z": 5,
    }


def _zero() -> dict[str, Any]:
    return {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": {"color": INK, "type": "solid", "width": 1, "opacity": 0.6},
        "data": [{"xAxis": 0}],
    }
