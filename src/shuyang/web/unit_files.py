"""A unit's report as an Excel workbook, from the tables of `unit_view`."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from shuyang.feedback.api import UnitPicture
from shuyang.kernel.clock import BEIJING
from shuyang.web.unit_view import GROUNDS, Cell, Row, Table

SHEET_NAME_LENGTH = 31


def source_lines(picture: UnitPicture, organisation: str) -> list[str]:
    """Where the figures come from: the same lines on every export."""
    found = picture.publication
    assert found is not None
    lines = [
        f"{organisation} · {picture.whole.name}",
        _("Campaign: %(name)s") % {"name": found.campaign_name},
        _("Published on %(day)s, publication %(number)d, %(people)d people")
        % {"day": found.at.astimezone(BEIJING).date().isoformat(), "number": found.number, "people": found.people},
        _("Fingerprint: %(hash)s") % {"hash": found.hash[:16]},
    ]
    if found.synthetic:
        lines.append(_("Synthetic data"))
    if found.provisional:
        lines.append(
            _(
                "Item parameters and cut scores are still provisional; "
                "use these figures to plan training, not to judge units."
            )
        )
    return lines


def unit_workbook(picture: UnitPicture, tables: Sequence[Table], organisation: str) -> bytes:
    """A sheet for each table: every figure as a number, with its interval in the two columns beside it."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    look = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "percent": book.add_format({"num_format": "0%"}),
        **{ground: book.add_format({"bg_color": ground}) for ground in GROUNDS.values()},
        "muted": book.add_format({"font_color": "#566173"}),
    }
    cover = book.add_worksheet(_("About"))
    cover.set_column(0, 0, 80)
    for line, text in enumerate(source_lines(picture, organisation)):
        cover.write_string(line, 0, text, look["title"] if line == 0 else None)
    for table in tables:
        _sheet(book, look, table)
    book.close()
    return out.getvalue()


def _sheet(book: Any, look: dict[str, Any], table: Table) -> None:
    sheet = book.add_worksheet(table.title.replace("：", " ").replace(":", " ").replace("/", " ")[:SHEET_NAME_LENGTH])
    sheet.write_string(0, 0, table.title, look["title"])
    sheet.set_column(0, 0, 28)
    wide = _with_interval(table)
    column = 0
    for index, words in enumerate(table.head):
        sheet.write_string(2, column, words, look["head"])
        column += 1
        if index and wide[index - 1]:
            sheet.write_string(2, column, _("low"), look["head"])
            sheet.write_string(2, column + 1, _("high"), look["head"])
            column += 2
    for number, row in enumerate(table.rows, start=3):
        _line(sheet, look, number, row, wide)
    sheet.write_string(len(table.rows) + 4, 0, table.note, look["muted"])
    sheet.freeze_panes(3, 1)


def _with_interval(table: Table) -> list[bool]:
    """Which columns of figures carry an interval in some row."""
    count = len(table.head) - 1
    return [any(len(r.cells) > i and r.cells[i].low is not None for r in table.rows) for i in range(count)]


def _line(sheet: Any, look: dict[str, Any], number: int, row: Row, wide: Sequence[bool]) -> None:
    sheet.write_string(number, 0, row.label)
    if row.note:
        sheet.write_string(number, 1, row.note, look["muted"])
        return
    column = 1
    for cell, interval in zip(row.cells, wide, strict=False):
        for value in (cell.value, cell.low, cell.high) if interval else (cell.value,):
            _value(sheet, look, number, column, cell, value)
            column += 1


def _value(sheet: Any, look: dict[str, Any], row: int, column: int, cell: Cell, value: float | None) -> None:
    if value is not None:
        sheet.write_number(row, column, value, look["percent"] if cell.percent else look.get(cell.ground))
    elif cell.value is None:
        sheet.write_string(row, column, cell.text)
