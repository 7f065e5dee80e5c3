"""A briefing as a Word document: the archived document with the typefaces that Chinese offices have."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
from django.utils import translation
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from shuyang.insight.api import BlockKind, Document, Language, Piece
from shuyang.web.paper.briefing import WIDTH, briefing_charts, key_line, withdrawn_line
from shuyang.web.paper.picture import as_png
from shuyang.web.paper.svg import drawn_chart

RED = RGBColor(0xC3, 0x14, 0x1C)
SONG, HEI, FANG = "宋体", "黑体", "仿宋"
BODY = 16  # size 3, in points
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
"""What follows borders in a paragraph's properties: Word insists on the order."""


def briefing_document(made: Document, *, withdrawn: str = "") -> bytes:
    """The document as Word; `withdrawn`: the reason, where it was taken back."""
    with translation.override(made.language.code):
        word = docx.Document()
        _page(word, made)
        _masthead(word, made, withdrawn_line(withdrawn))
        _body(word, made)
        _box(word, made)
        _notes(word, made)
        _foot(word, made)
        out = BytesIO()
        word.save(out)
        return out.getvalue()


def _page(word: Word, made: Document) -> None:
    """A4 with the margins of official documents, page numbers outside, the body's typeface."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    word.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    for name, face, size in (("Normal", FANG, BODY), ("Heading 1", SONG, 22), ("Heading 2", HEI, BODY)):
        style: Any = word.styles[name]
        style.font.name, style.font.size = face, Pt(size)
        style.font.color.rgb, style.font.bold = RGBColor(0, 0, 0), False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), face)
    language = "zh-CN" if made.language is Language.CHINESE else "en-GB"
    word.core_properties.title, word.core_properties.author = made.title, made.issuer
    word.core_properties.language = language


def _number(place: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """ "— 1 —", counted by Word."""
    place.alignment = side
    place.add_run("— ")
    run = place.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)
    place.add_run(" —")


def _line(
    word: Word, text: str, *, size: float = BODY, face: str = FANG, centred: bool = False, after: float = 0
) -> Any:
    """A paragraph of one look, without the first-line indent."""
    place = word.add_paragraph()
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    place.paragraph_format.space_after = Pt(after)
    _run(place, text, size=size, face=face)
    return place


def _run(place: Paragraph, text: str, *, size: float | None = None, face: str = "") -> Any:
    run = place.add_run(text)
    if size is not None:
        run.font.size = Pt(size)
    if face:
        run.font.name = face
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    return run


def _masthead(word: Word, made: Document, withdrawn: str) -> None:
    _line(word, "　　".join(made.marks), face=HEI, size=14)
    name = _line(word, made.name, face=SONG, size=52 if made.language is Language.CHINESE else 30, centred=True)
    name.runs[0].font.color.rgb = RED
    _line(word, made.issue, size=14, centred=True)
    line = _line(word, f"{made.issuer}\t{made.day}", size=14, after=12)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156), alignment=2)  # 2: right
    _rule(line, "C3141C", 18)
    if withdrawn:
        _line(word, withdrawn, face=HEI, size=14, after=12).runs[0].font.color.rgb = RED
    title = word.add_heading(made.title, level=1)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(12)
    _line(word, made.addressee)


def _rule(place: Any, colour: str, eighths: int, side: str = "bottom") -> None:
    """A rule at a paragraph; its width in eighths of a point."""
    borders = place._p.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        place._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)
    one = OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", colour)):
        one.set(qn(f"w:{key}"), value)
    borders.append(one)


def _body(word: Word, made: Document) -> None:
    charts = briefing_charts(made)
    for number, block in enumerate(made.blocks):
        if block.kind is BlockKind.HEADING:
            _pieces(word.add_heading("", level=2), block.pieces)
        elif number in charts:
            caption = _line(word, charts[number].title(), face=HEI, size=10.5, centred=True)
            caption.paragraph_format.keep_with_next = True
            picture = word.add_paragraph()
            picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
            drawn = picture.add_run().add_picture(
                BytesIO(as_png(drawn_chart(charts[number], width=WIDTH))), width=Mm(125)
            )
            _describe(drawn, charts[number].summary())
            _line(word, key_line(charts[number]), size=9, centred=True)
        else:
            place = word.add_paragraph()
            place.paragraph_format.space_after = Pt(0)
            place.paragraph_format.line_spacing = Pt(28)
            if made.language is Language.CHINESE:
                place.paragraph_format.first_line_indent = Pt(2 * BODY)
            _pieces(place, block.pieces)


def _describe(drawn: Any, words: str) -> None:
    """The words of a picture for those who don't see it."""
    drawn._inline.docPr.set("descr", words)


def _pieces(place: Paragraph, pieces: tuple[Piece, ...]) -> None:
    for piece in pieces:
        _run(place, piece.text, face=HEI if piece.strong else "")
        if piece.note:
            _run(place, f"[{piece.note}]").font.superscript = True


def _box(word: Word, made: Document) -> None:
    grid = word.add_table(rows=1, cols=2, style="Table Grid")
    head = grid.rows[0].cells[0].merge(grid.rows[0].cells[1])
    _run(head.paragraphs[0], made.box_title, face=HEI, size=12)
    for label, text in made.box:
        cells = grid.add_row().cells
        cells[0].width, cells[1].width = Mm(36), Mm(120)
        _run(cells[0].paragraphs[0], label, face=HEI, size=10.5)
        _run(cells[1].paragraphs[0], text, size=10.5)
    for row in grid.rows:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)


def _notes(word: Word, made: Document) -> None:
    if made.notes:
        _line(word, made.notes_title, face=HEI, size=12).paragraph_format.space_before = Pt(10)
    for number, note in enumerate(made.notes, start=1):
        _line(word, f"[{number}]{note}", size=10.5)


def _foot(word: Word, made: Document) -> None:
    line = _line(word, "\t".join(made.foot), size=14)
    line.paragraph_format.space_before = Pt(10)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156), alignment=2)
    _rule(line, "000000", 6, "top")
    _rule(line, "000000", 6)
