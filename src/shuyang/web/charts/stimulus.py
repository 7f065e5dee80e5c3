"""A chart in an item: from the small language of item files to an ECharts option."""

from __future__ import annotations

from typing import Any

from shuyang.itembank.api import Chart, ChartSpec
from shuyang.web.charts.theme import DASHES, SYMBOLS, Option, base, category_axis, value_axis

# Points of a scatter keep so far off the axes (a share of their range) that each can be seen and hit whole.
_ROOM = 0.04


def stimulus_chart(block: Chart) -> Option:
    """The option of an item's chart."""
    return {"pie": _pie, "scatter": _scatter}.get(block.chart.type, _cartesian)(block)


def _cartesian(block: Chart) -> Option:
    spec = block.chart
    series = [
        {
            "type": spec.type,
            "name": s.name,
            "data": list(s.data),
            "symbolSize": 9,
            "barMaxWidth": 42,
            "lineStyle": {"type": DASHES[i % len(DASHES)], "width": 2},
            "symbol": SYMBOLS[i % len(SYMBOLS)],
            "itemStyle": {"borderColor": "#fff", "borderWidth": 1},
            "emphasis": {"focus": "none"},
            "label": {"show": spec.type == "bar" and len(spec.series) == 1, "position": "top", "color": "#1c2430"},
        }
        for i, s in enumerate(spec.series)
    ]
    named = len(spec.series) > 1
    return base(
        grid={"left": 8, "right": 16, "top": 64 if named else 40, "bottom": 8, "containLabel": True},
        legend={"show": named, "top": 0, "textStyle": {"color": "#1c2430"}},
        xAxis=category_axis([str(x) for x in spec.x], name=spec.x_name),
        yAxis=value_axis(block.unit or spec.y_name),
        series=series,
    )


def _pie(block: Chart) -> Option:
    spec = block.chart
    data = [{"name": str(name), "value": value} for name, value in zip(spec.x, spec.series[0].data, strict=False)]
    label = {"formatter": "{b}\n{c}" + (f" {block.unit}" if block.unit else ""), "color": "#1c2430"}
    slice_look = {"borderColor": "#fff", "borderWidth": 2}
    return base(series=[{"type": "pie", "radius": "62%", "data": data, "label": label, "itemStyle": slice_look}])


def _scatter(block: Chart) -> Option:
    spec = block.chart
    series = [
        {
            "type": "scatter",
            "name": s.name,
            "data": [list(p) if isinstance(p, tuple) else p for p in s.data],
            "symbolSize": 12,
            "symbol": SYMBOLS[i % len(SYMBOLS)],
        }
        for i, s in enumerate(spec.series)
    ]
    named = len(spec.series) > 1
    return base(
        grid={"left": 8, "right": 24, "top": 64 if named else 40, "bottom": 28, "containLabel": True},
        legend={"show": named, "top": 0},
        xAxis=value_axis(spec.x_name, nameLocation="middle", nameGap=28, **_room(spec, 0)),
        yAxis=value_axis(spec.y_name or block.unit, **_room(spec, 1)),
        series=series,
    )


def _room(spec: ChartSpec, side: int) -> Option:
    """The scale of one axis of a scatter: room beyond the points, but nothing below zero where no value is."""
    values = [p[side] for s in spec.series for p in s.data if isinstance(p, tuple)]
    room = _ROOM * (max(values) - min(values))
    gap = f"{_ROOM:.0%}"
    touches_zero = 0 <= min(values) < room
    return {"scale": True, "boundaryGap": [gap, gap]} | ({"min": 0} if touches_zero else {})


def points(block: Chart) -> list[dict[str, str]]:
    """Every point that can be chosen: its place ("series,point"), a label that tells it from all others, its series'
    name where there are several, and its own name within the series.
    """
    several = len(block.chart.series) > 1
    grouped = several and max(len(series.data) for series in block.chart.series) > 1
    found = []
    for s, series in enumerate(block.chart.series):
        for i, value in enumerate(series.data):
            if value is None:
                continue
            name = f"({value[0]:g}, {value[1]:g})" if isinstance(value, tuple) else str(block.chart.x[i])
            label = f"{series.name} · {name}" if several else name
            found.append(
                {
                    "place": f"{s},{i}",
                    "label": label,
                    "series": series.name if grouped else "",
                    "name": name if grouped else label,
                }
            )
    return found


def data_table(block: Chart) -> dict[str, Any]:
    """The numbers behind a chart, for those who read rather than look."""
    spec = block.chart
    if spec.type == "scatter":
        return {
            "columns": ["", spec.x_name or "x", spec.y_name or block.unit or "y"],
            "rows": [[s.name, *(f"{v:g}" for v in p)] for s in spec.series for p in s.data if isinstance(p, tuple)],
        }
    rows = []
    for i, x in enumerate(spec.x):
        values = [s.data[i] if i < len(s.data) else None for s in spec.series]
        rows.append([str(x), *("" if v is None or isinstance(v, tuple) else f"{v:g}" for v in values)])
    return {"columns": ["", *(s.name or block.unit for s in spec.series)], "rows": rows}
