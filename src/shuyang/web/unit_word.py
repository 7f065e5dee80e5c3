"""A unit's report as a Word document, from the tables of `unit_view`."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from shuyang.feedback.api import UnitPicture
from shuyang.web.unit_files import source_lines
from shuyang.web.unit_view import Table

MANY = 8
"""Columns beyond which a table is set smaller."""


def unit_document(picture: UnitPicture, tables: Sequence[Table], organisation: str, power: str) -> bytes:
    """A Word document: source, then each table with its note."""
    made = docx.Document()
    _sheet(made)
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


def _sheet(made: Document) -> None:
    """A4 across: the widest table has fourteen columns."""
    page = made.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin = page.right_margin = Mm(18)
    page.top_margin = page.bottom_margin = Mm(16)


def _chinese(made: Document) -> None:
    """Typefaces that every Chinese office suite has."""
    for name, face, size in (("Normal", "仿宋", 10.5), ("Heading 1", "黑体", 18), ("Heading 2", "黑体", 13)):
        style: Any = made.styles[name]
        style.font.name, style.font.size = face, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _word_table(made: Document, table: Table) -> None:
    grid = made.add_table(rows=1, cols=len(table.head), style="Table Grid")
    size = Pt(7.5) if len(table.head) > MANY else Pt(9.5)
    for place, words in zip(grid.rows[0].cells, table.head, strict=True):
        _fill(place, words, size, bold=True)
    _repeated(grid.rows[0])
    for row in table.rows:
        places = grid.add_row().cells
        _fill(places[0], row.label, size)
        if row.note:
            _fill(places[1].merge(places[-1]), row.note, size)
            continue
        for place, cell in zip(places[1:], row.cells, strict=False):
            _fill(place, f"{cell.mark}{cell.text} ({cell.detail})" if cell.detail else cell.text, size, cell.ground)


def _fill(place: Any, words: str, size: Pt, ground: str = "", *, bold: bool = False) -> None:
    run = place.paragraphs[0].add_run(words)
    run.font.size, run.font.bold = size, bold
    if ground:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), ground.removeprefix("#"))
        place._tc.get_or_add_tcPr().append(shade)


def _repeated(row: Any) -> None:
    """The heads stand on every page that the table runs over."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
