"""Means of the five forces with their intervals, as points with bars."""

from __future__ import annotations

from collections.abc import Sequence

from shuyang.web.charts.theme import COLOURS, INK, Option, base, category_axis, value_axis


def interval_chart(names: Sequence[str], points: Sequence[tuple[float, float, float]]) -> Option:
    """`points`: (value, low, high) per name, on the reporting scale. The bar is drawn as a thin stacked column."""
    lows = [round(low) for _, low, _ in points]
    spans = [round(high) - round(low) for _, low, high in points]
    low = max(0, min(lows) - 40) // 50 * 50
    high = min(1000, -(-(max(a + b for a, b in zip(lows, spans, strict=True)) + 40) // 50) * 50)
    return base(
        tooltip={"show": False},
        grid={"left": 8, "right": 16, "top": 24, "bottom": 8, "containLabel": True},
        xAxis=category_axis(list(names)),
        yAxis=value_axis(min=low, max=high),
        series=[
            {
                "type": "bar",
                "stack": "interval",
                "data": lows,
                "itemStyle": {"color": "transparent"},
                "silent": True,
                "barWidth": 8,
            },
            {
                "type": "bar",
                "stack": "interval",
                "data": spans,
                "itemStyle": {"color": "#a9c4e6", "borderRadius": 4},
                "silent": True,
            },
            {
                "type": "scatter",
                "data": [round(v) for v, _, _ in points],
                "symbolSize": 12,
                "itemStyle": {"color": COLOURS[0]},
                "label": {"show": True, "position": "right", "color": INK, "fontWeight": "bold"},
                "silent": True,
            },
        ],
    )
