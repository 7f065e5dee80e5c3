"""A unit's report as a Word document, from the tables of `unit_view`."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from shuyang.feedback.api import UnitPicture
from shuyang.web.unit_files import source_lines
from shuyang.web.unit_view import Table


def unit_document(picture: UnitPicture, tables: Sequence[Table], organisation: str, power: str) -> bytes:
    """A Word document: source, then each table with its note."""
    made = docx.Document()
    _chinese(made)
    made.add_heading(_("Unit results: %(name)s") % {"name": picture.whole.name}, level=1)
    for text in source_lines(picture, organisation):
        made.add_paragraph(text)
    for table in tables:
        made.add_heading(table.title, level=2)
        _word_table(made, table)
        if table.note:
            made.add_paragraph(table.note)
    if power:
        made.add_paragraph(power)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _chinese(made: Document) -> None:
    """Typefaces that every Chinese office suite has."""
    for name, face, size in (("Normal", "仿宋", 10.5), ("Heading 1", "黑体", 18), ("Heading 2", "黑体", 13)):
        style: Any = made.styles[name]
        style.font.name, style.font.size = face, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _word_table(made: Document, table: Table) -> None:
    grid = made.add_table(rows=1, cols=len(table.head), style="Table Grid")
    for place, words in zip(grid.rows[0].cells, table.head, strict=True):
        place.text = words
    for row in table.rows:
        places = grid.add_row().cells
        places[0].text = row.label
        if row.note:
            places[1].merge(places[-1]).text = row.note
            continue
        for place, cell in zip(places[1:], row.cells, strict=False):
            place.text = f"{cell.text} ({cell.detail})" if cell.detail else cell.text
