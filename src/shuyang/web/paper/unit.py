"""A unit's report as PDF: the tables of the page, its charts, and where the figures come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuyang.feedback.api import UnitPicture
from shuyang.kernel.clock import BEIJING
from shuyang.web.charts.contract import Chart
from shuyang.web.paper.pdf import pdf
from shuyang.web.paper.svg import drawn_chart
from shuyang.web.unit_files import source_lines
from shuyang.web.unit_view import Row, Table


def unit_pdf(
    picture: UnitPicture, tables: Sequence[Table], charts: Mapping[str, Chart], organisation: str, power: str
) -> bytes:
    """The report on A4, landscape for the wide tables."""
    found = picture.publication
    assert found is not None
    data = {
        "lang": "en" if (get_language() or "").startswith("en") else "zh",
        "organisation": organisation,
        "name": picture.whole.name,
        "date": found.at.astimezone(BEIJING).date().isoformat(),
        "source": source_lines(picture, organisation)[1:],
        "power": power,
        "tables": [
            {"title": t.title, "head": t.head, "note": t.note, "rows": [_row(r) for r in t.rows]} for t in tables
        ],
        "charts": [
            {"name": name, "title": chart.title(), "alt": chart.summary(), "key": [k.words for k in chart.key()]}
            for name, chart in charts.items()
        ],
        "text": {"title": _("Unit results: %(name)s") % {"name": picture.whole.name}},
    }
    drawn = {name: drawn_chart(chart) for name, chart in charts.items()}
    return pdf("unit", data, drawn)


def _row(row: Row) -> dict[str, Any]:
    cells = [{"text": c.mark + c.text, "detail": c.detail, "ground": c.ground} for c in row.cells]
    return {"label": row.label, "note": row.note, "cells": cells}
