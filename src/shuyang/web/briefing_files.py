"""A briefing as a Word document: the archived document, filled into a template that an organisation may replace.

The built-in templates (`paper/templates/briefing-zh.docx`, made by `script/briefing-template`) have the typefaces that
Chinese offices have. All looks are styles of the template; here is only what fills it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, RichText
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from shuyang.insight.api import Block, BlockKind, Document, Language, Piece
from shuyang.kernel.errors import Conflict
from shuyang.web.charts.contract import Chart
from shuyang.web.paper.briefing import WIDTH, briefing_charts, key_line, withdrawn_line
from shuyang.web.paper.picture import as_png
from shuyang.web.paper.svg import drawn_chart

_BUILT_IN = Path(__file__).parent / "paper" / "templates"
_STRONG = "BriefingStrong"
"""The id of the character style for words that are set off."""


class UnfitTemplate(Conflict):
    """The organisation's own template can't be filled."""

    code = "briefing_template"


def briefing_document(made: Document, *, withdrawn: str = "") -> bytes:
    """The document as Word; `withdrawn`: the reason, where it was taken back. Raises `UnfitTemplate`."""
    path = template_path(made.language)
    with translation.override(made.language.code):
        try:
            word = DocxTemplate(path)
            charts = briefing_charts(made)
            # The template may be the organisation's own: it gets words, not the program.
            word.render(_words(word, made, charts, withdrawn), SandboxedEnvironment(autoescape=True), autoescape=True)
        except (TemplateError, OSError, KeyError, ValueError) as error:
            if path.parent == _BUILT_IN:
                raise
            raise UnfitTemplate(str(error)) from error
        _describe(word, [chart.summary() for _, chart in sorted(charts.items())])
        word.docx.core_properties.title, word.docx.core_properties.author = made.title, made.issuer
        out = BytesIO()
        word.save(out)
        return out.getvalue()


def template_path(language: Language) -> Path:
    """The organisation's own template where there is one, else the built-in one."""
    name = "briefing-zh.docx" if language is Language.CHINESE else "briefing-en.docx"
    own = Path(settings.SHUYANG_HOME) / "templates" / name
    return own if own.is_file() else _BUILT_IN / name


def _words(word: Any, made: Document, charts: Mapping[int, Chart], withdrawn: str) -> dict[str, Any]:
    """What the places in braces are filled with."""
    lines = ("name", "issue", "issuer", "day", "title", "addressee", "box_title", "notes_title")
    return {name: getattr(made, name) for name in lines} | {
        "marks": "　　".join(made.marks),
        "withdrawn": withdrawn_line(withdrawn),
        "blocks": list(_blocks(word, made, charts)),
        "box": [{"label": label, "text": text} for label, text in made.box],
        "notes": [f"[{number}]{note}" for number, note in enumerate(made.notes, start=1)],
        "foot": "\t".join(made.foot),
    }


def _blocks(word: Any, made: Document, charts: Mapping[int, Chart]) -> Iterator[dict[str, Any]]:
    for number, block in enumerate(made.blocks):
        chart = charts.get(number)
        yield _text(block) if chart is None else _chart(word, chart)


def _text(block: Block) -> dict[str, Any]:
    return {"heading": block.kind is BlockKind.HEADING, "text": _rich(block.pieces)}


def _rich(pieces: tuple[Piece, ...]) -> Any:
    made = RichText()
    for piece in pieces:
        made.add(piece.text, style=_STRONG if piece.strong else None)
        if piece.note:
            made.add(f"[{piece.note}]", superscript=True)
    return made


def _chart(word: Any, chart: Chart) -> dict[str, Any]:
    drawn = BytesIO(as_png(drawn_chart(chart, width=WIDTH)))
    return {"caption": chart.title(), "picture": InlineImage(word, drawn, width=Mm(125)), "key": key_line(chart)}


def _describe(word: Any, summaries: list[str]) -> None:
    """The words of each picture for those who don't see it, in order."""
    for shape, words in zip(word.docx.inline_shapes, summaries, strict=False):
        shape._inline.docPr.set("descr", words)
