"""A briefing as PDF: the archived document, laid out by typst, with its charts."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from shuyang.insight.api import Block, Document
from shuyang.kernel.clock import today
from shuyang.web.charts.contract import Chart
from shuyang.web.paper.pdf import pdf
from shuyang.web.paper.svg import drawn_chart
from shuyang.web.unit_charts import told_chart

WIDTH = 520
"""Of a chart in pixels: on paper its words then have some 9 points."""


def briefing_pdf(made: Document, *, withdrawn: str = "") -> bytes:
    """The document on A4; `withdrawn`: the reason, where it was taken back."""
    with translation.override(made.language.code):
        charts = briefing_charts(made)
        data = {
            "lang": str(made.language),
            "date": made.date or today().isoformat(),
            "withdrawn": withdrawn_line(withdrawn),
            "blocks": [_block(b, charts, number) for number, b in enumerate(made.blocks)],
            **{
                name: getattr(made, name)
                for name in (
                    "marks", "name", "issue", "issuer", "day", "addressee", "title", "box_title", "box", "notes_title",
                    "notes", "foot", "synthetic",
                )
            },
        }  # fmt: skip
        drawn = {f"chart{number}": drawn_chart(chart, width=WIDTH) for number, chart in charts.items()}
        return pdf("briefing", data, drawn)


def briefing_charts(made: Document) -> dict[int, Chart]:
    """The charts of a document by the place of their block."""
    return {n: told_chart(b.chart) for n, b in enumerate(made.blocks) if b.chart is not None}


SIGNS = {"point": "●", "hollow": "○", "whisker": "├─┤"}


def key_line(chart: Chart) -> str:
    """The key of a chart as a line of text: its signs with what they stand for."""
    return "　".join(f"{SIGNS[one.sign]} {one.words}" for one in chart.key())


def withdrawn_line(reason: str) -> str:
    """What stands on paper over an issue that was taken back; empty for one that holds."""
    return _("This issue was withdrawn: %(reason)s") % {"reason": reason} if reason else ""


def _block(block: Block, charts: dict[int, Chart], number: int) -> dict[str, Any]:
    chart = charts.get(number)
    drawn = (
        {"name": f"chart{number}", "title": chart.title(), "alt": chart.summary(), "key": key_line(chart)}
        if chart
        else None
    )
    pieces = [{"text": p.text, "note": p.note, "strong": p.strong} for p in block.pieces]
    return {"kind": str(block.kind), "pieces": pieces, "chart": drawn}
