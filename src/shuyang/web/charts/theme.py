"""What all charts share: colours that colour-blind eyes tell apart, Chinese fonts, no HTML tooltips (strict CSP).

Each colour here has a part to play and a system colour that takes its place in forced colours (`static/js/charts.js`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Option = dict[str, Any]

INK, MUTED, LINE, AXIS, WHITE = "#1c2430", "#566173", "#dfe4ec", "#9aa5b5", "#ffffff"
COLOURS = ("#1f5fae", "#c25400", "#0a3d2e", "#94637a", "#431555", "#839060")
"""Of series: 3:1 against white, and told apart with each kind of colour blindness (tests/web/test_chart_colours.py)."""
SHADES = ("#dbe6f4", "#a9c4e6", "#6d9bd1", "#2f69b1", "#123c73")
"""Of an order, from light to dark, so that it is seen without colour."""
ON_DARK = "#fdfdfd"
"""Text on the dark shades; another value than `WHITE`, since forced colours make text of it and ground of the other."""
BAND = "#6f8fbc"
FONT = "Noto Sans SC Variable, Noto Sans SC, sans-serif"
SIZE = 13
# A second sign beside colour: dash, symbol and pattern differ by series
DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [2, 2], [12, 4], "solid"]
SYMBOLS = ["circle", "rect", "triangle", "diamond", "roundRect", "pin", "arrow"]
_PATTERN = {"color": "rgba(255,255,255,0.55)", "dashArrayX": [1, 0]}
PATTERNS: tuple[Mapping[str, Any], ...] = (
    {"symbol": "none"},
    _PATTERN | {"symbol": "rect", "dashArrayY": [3, 5], "rotation": 0.785},
    _PATTERN | {"symbol": "rect", "dashArrayX": [[2, 4], [0, 3, 3, 0]], "dashArrayY": [3, 3]},
    _PATTERN | {"symbol": "rect", "dashArrayY": [2, 5], "rotation": -0.785},
    _PATTERN | {"symbol": "rect", "dashArrayY": [3, 6]},
    _PATTERN | {"symbol": "rect", "dashArrayY": [3, 6], "rotation": 1.571},
)
"""Of filled bars that stand beside each other, as ECharts decals; the first stays plain."""
LABEL_WIDTH, LABEL_LINES = 118, 3
_A_LINE = LABEL_WIDTH // SIZE


def base(**parts: Any) -> Option:
    """An option with the common look; `parts` override."""
    return {
        "color": list(COLOURS),
        "animation": False,
        "textStyle": {"fontFamily": FONT, "color": INK, "fontSize": SIZE},
        "tooltip": {
            "renderMode": "richText",
            "confine": True,
            "backgroundColor": WHITE,
            "borderColor": AXIS,
            "textStyle": {"color": INK, "fontSize": SIZE},
        },
        **parts,
    }


def category_axis(names: list[str], **more: Any) -> Option:
    return {
        "type": "category",
        "data": names,
        "axisLine": {"lineStyle": {"color": AXIS}},
        "axisTick": {"show": False},
        "axisLabel": {"color": INK, "fontSize": SIZE, "hideOverlap": True},
        **more,
    }


def value_axis(name: str = "", **more: Any) -> Option:
    """An axis of numbers; an `axisLabel` in `more` adds to the common one."""
    label = {"color": MUTED, "fontSize": SIZE, "hideOverlap": True, **more.pop("axisLabel", {})}
    return {
        "type": "value",
        "name": name,
        "nameTextStyle": {"color": MUTED, "align": "left", "fontSize": SIZE},
        "axisLine": {"lineStyle": {"color": AXIS}},
        "splitLine": {"lineStyle": {"color": LINE}},
        "axisLabel": label,
        **more,
    }


def name_axis(names: Sequence[str]) -> Option:
    """Rows from top to bottom, every one with its name: long ones in several lines, very long ones cut (the table has all)."""
    label = {"color": INK, "fontSize": SIZE, "lineHeight": 18, "interval": 0, "width": LABEL_WIDTH, "overflow": "break"}
    return category_axis([row_name(n) for n in names], inverse=True, axisLabel=label)


def row_name(name: str) -> str:
    """A name that fits beside its row."""
    room = _A_LINE * LABEL_LINES
    return name if _width(name) <= room else name[: room - 1] + "…"


def rows_height(names: Sequence[str], *, row: float = 2.6, rest: float = 3.0) -> int:
    """Height in rem of a chart with a row for each name."""
    lines = max((-(-int(2 * _width(n)) // (2 * _A_LINE)) for n in names), default=1)
    return round(len(names) * max(row, 1.2 * min(lines, LABEL_LINES) + 0.4) + rest)


def _width(text: str) -> float:
    """In Chinese characters: Latin letters and digits are about half as wide."""
    return sum(1.0 if ord(c) > 0x2E7F else 0.55 for c in text)
