"""Charts on pages: one tag draws figure, caption, summary and table, so that none can be shown without them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from shuyang.web.charts.contract import Chart

register = template.Library()


@register.simple_tag
def joined(*parts: object) -> str:
    """The parts as one text: an id made of several variables."""
    return "".join(str(part) for part in parts)


@register.inclusion_tag("charts/figure.html")
def chart(
    one: Chart,
    id: str,
    *,
    caption: Any = True,
    drawn: str = "",
    note: str = "",
    points: Sequence[Any] = (),
    block: bool = False,
) -> dict[str, Any]:
    """A chart. `id` is unique on the page. A heading above may stand for the caption.

    `drawn`: SVG to show as it is, where no script will run. `points`: places that can be chosen on it (items). `block`: the
    look of blocks of items and lessons.
    """
    return {
        "chart": one, "id": id, "caption": caption, "drawn": drawn, "note": note, "points": points,
        "block": block, "tall": min(60, -(-one.height() // 4) * 4),
    }  # fmt: skip
