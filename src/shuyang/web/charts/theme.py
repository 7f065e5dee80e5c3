"""What all charts share: colours that colour-blind eyes tell apart, Chinese fonts, no HTML tooltips (strict CSP)."""

from __future__ import annotations

from typing import Any

Option = dict[str, Any]

INK, MUTED, LINE = "#1c2430", "#566173", "#dfe4ec"
# Okabe–Ito order, darkened for 3:1 against white
COLOURS = ["#1f5fae", "#c25400", "#00795c", "#9c3d7d", "#8a6d00", "#3a87b7", "#5b5f66"]
FONT = "Noto Sans SC Variable, Noto Sans SC, sans-serif"
# A second sign beside colour: dash and symbol differ by series
DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [2, 2], [12, 4], "solid"]
SYMBOLS = ["circle", "rect", "triangle", "diamond", "roundRect", "pin", "arrow"]


def base(**parts: Any) -> Option:
    """An option with the common look; `parts` override."""
    return {
        "color": COLOURS,
        "animation": False,
        "textStyle": {"fontFamily": FONT, "color": INK, "fontSize": 13},
        "tooltip": {"renderMode": "richText", "confine": True, "textStyle": {"color": INK, "fontSize": 13}},
        **parts,
    }


def category_axis(names: list[str], **more: Any) -> Option:
    return {
        "type": "category",
        "data": names,
        "axisLine": {"lineStyle": {"color": "#9aa5b5"}},
        "axisTick": {"show": False},
        "axisLabel": {"color": INK, "hideOverlap": True},
        **more,
    }


def value_axis(name: str = "", **more: Any) -> Option:
    return {
        "type": "value",
        "name": name,
        "nameTextStyle": {"color": MUTED, "align": "left"},
        "splitLine": {"lineStyle": {"color": LINE}},
        "axisLabel": {"color": MUTED},
        **more,
    }
