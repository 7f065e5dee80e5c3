"""Shares of people at each level, force by force, as bars of equal length."""

from __future__ import annotations

from collections.abc import Sequence

from shuyang.web.charts.theme import INK, Option, base, category_axis, value_axis

SHADES = ("#dbe6f4", "#a9c4e6", "#6d9bd1", "#1f5fae", "#123c73")
"""From light to dark, so that the order is seen without colour."""


def level_chart(names: Sequence[str], levels: Sequence[str], shares: Sequence[Sequence[float]]) -> Option:
    """`shares[i][l]`: share of force i at level l, 0 to 1."""
    series = [
        {
            "type": "bar",
            "name": level,
            "stack": "levels",
            "barWidth": 22,
            "data": [round(100 * row[place]) for row in shares],
            "itemStyle": {"color": SHADES[place], "borderColor": "#fff", "borderWidth": 1},
            "label": {"show": True, "color": "#fff" if place >= 3 else INK, "formatter": "{c}%", "fontSize": 12},
            "labelLayout": {"hideOverlap": True},
            "emphasis": {"disabled": True},
            "silent": True,
        }
        for place, level in enumerate(levels)
    ]
    return base(
        tooltip={"show": False},
        legend={"top": 0, "textStyle": {"color": INK}, "itemWidth": 18},
        grid={"left": 8, "right": 16, "top": 56, "bottom": 8, "containLabel": True},
        xAxis=value_axis(min=0, max=100, axisLabel={"formatter": "{value}%"}),
        yAxis=category_axis(list(names), inverse=True),
        series=series,
    )
