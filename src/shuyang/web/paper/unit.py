"""A unit's report as PDF: the tables of the page, its charts, and where the figures come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuyang.feedback.api import UnitPicture
from shuyang.kernel.clock import BEIJING
from shuyang.web.charts.theme import Option
from shuyang.web.paper.pdf import pdf
from shuyang.web.paper.svg import svg
from shuyang.web.unit_files import source_lines
from shuyang.web.unit_view import Row, Table


def unit_pdf(
    picture: UnitPicture, tables: Sequence[Table], charts: Mapping[str, Option], organisation: str, power: str
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
        "text": {
            "title": _("Unit results: %(name)s") % {"name": picture.whole.name},
            "means": _("Means with 95 % intervals; the numbers stand in the table below."),
            "levels": _("Shares of people at each level; the numbers stand in a table below."),
        },
    }
    drawn = {name: svg(option, width=620, height=300) for name, option in charts.items()}
    return pdf("unit", data, drawn)


def _row(row: Row) -> dict[str, Any]:
    cells = [{"text": c.text, "detail": c.detail} for c in row.cells]
    return {"label": row.label, "note": row.note, "cells": cells}
