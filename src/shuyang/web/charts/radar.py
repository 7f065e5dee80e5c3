"""The five forces of a person: estimate, interval and target on a radar. Its key stands in text beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuyang.feedback.api import PersonReport
from shuyang.web.charts.theme import COLOURS, INK, LINE, Option, base


def force_radar(report: PersonReport, names: Mapping[str, str], words: Mapping[str, str]) -> Option:
    """`names`: force -> name; `words`: what the series are called (score, interval, target)."""
    forces = report.forces
    end = {"type": "dotted", "color": COLOURS[0], "width": 1.5}
    series = [
        _ring(words["interval"], [f.score.high for f in forces], end),
        _ring(words["interval"], [f.score.low for f in forces], end),
    ]
    if all(f.target is not None for f in forces):
        series.append(
            _ring(words["target"], [f.target or 0 for f in forces], {"type": "dashed", "color": COLOURS[1], "width": 2})
        )
    series.append(
        _ring(
            words["score"],
            [f.score.score for f in forces],
            {"type": "solid", "color": COLOURS[0], "width": 3},
            symbol=7,
        )
    )
    return base(
        tooltip={"show": False},
        radar={
            "indicator": [{"name": names[f.force], "min": 0, "max": 1000} for f in forces],
            "radius": "76%",
            "center": ["50%", "54%"],
            "splitNumber": 5,
            "axisName": {"color": INK, "fontSize": 14, "fontWeight": "bold"},
            "splitArea": {"show": False},
            "splitLine": {"lineStyle": {"color": LINE}},
            "axisLine": {"lineStyle": {"color": LINE}},
        },
        series=[{"type": "radar", "data": series, "silent": True}],
    )


def _ring(name: str, values: list[float], line: dict[str, Any], symbol: int = 0) -> dict[str, Any]:
    return {
        "name": name,
        "value": [round(v) for v in values],
        "lineStyle": line,
        "itemStyle": {"color": line["color"]},
        "symbol": "circle" if symbol else "none",
        "symbolSize": symbol,
    }
