"""The briefing as it is read: one content for page, PDF and Word, fixed when it is signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from shuyang.insight.content import Content, Option, Paragraph, ParagraphKind
from shuyang.insight.contracts import Binding, ChartData
from shuyang.insight.source import Language
from shuyang.insight.text import Mark, plain, split
from shuyang.kernel.canonical import canonical_json
from shuyang.kernel.errors import Tampered


class BlockKind(StrEnum):
    """What a block is, for its look."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CHART = "chart"
    OPTION = "option"  # the name of an option and what it is
    DETAIL = "detail"  # its cost, its effect


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, and the number of the note that stands behind them (0: none). `strong`: set off."""

    text: str
    note: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, or a chart; `key` says which paragraph it comes from."""

    kind: BlockKind
    pieces: tuple[Piece, ...] = ()
    chart: ChartData | None = None
    key: str = ""

    @property
    def plain(self) -> str:
        """Its words with the numbers of notes in brackets."""
        return "".join(p.text + (f"[{p.note}]" if p.note else "") for p in self.pieces)


@dataclass(frozen=True, slots=True)
class Imprint:
    """Whose document it is. What is not known before signing is empty."""

    issue: str
    day: str
    drafter: str
    signer: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that is printed, in order. Texts of the head and the foot are complete lines.

    `date` is the day of signing as 2026-11-22, for the properties of files; empty for a draft.
    """

    language: Language
    marks: tuple[str, ...]
    name: str
    issue: str
    issuer: str
    day: str
    addressee: str
    title: str
    blocks: tuple[Block, ...]
    box_title: str
    box: tuple[tuple[str, str], ...]
    notes_title: str
    notes: tuple[str, ...]
    foot: tuple[str, ...]
    synthetic: bool
    date: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """All its text in order: what page, PDF and Word must each contain."""
        body = [b.plain for b in self.blocks if b.chart is None]
        charts = [b.chart.title for b in self.blocks if b.chart is not None]
        box = [f"{label}{text}" for label, text in self.box]
        notes = [f"[{n}]{text}" for n, text in enumerate(self.notes, start=1)]
        head = [*self.marks, self.name, self.issue, self.issuer, self.day, self.addressee, self.title]
        return tuple(line for line in (*head, *body, *charts, self.box_title, *box, *notes, *self.foot) if line)


class _Notes:
    """Numbers notes in the order in which their figures are first read."""

    def __init__(self, bindings: tuple[Binding, ...]) -> None:
        self.bound = {b.mark: b for b in bindings}
        self.numbers: dict[str, int] = {}

    def pieces(self, text: str) -> Iterator[Piece]:
        for part in split(text):
            if not isinstance(part, Mark):
                yield Piece(part)
            elif self.bound[part.name].note:
                yield Piece(part.text, self.numbers.setdefault(part.name, len(self.numbers) + 1))
            else:
                yield Piece(part.text)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self.bound[mark].note for mark in self.numbers)


def document(content: Content, imprint: Imprint, *, synthetic: bool) -> Document:
    """Lay out a content; words of headings are in its language."""
    with translation.override(content.language.code):
        notes = _Notes(content.bindings)
        blocks = tuple(_blocks(content, notes))
        return Document(
            language=content.language,
            marks=_marks(synthetic),
            name=_("Briefing for decisions"),
            issue=imprint.issue or _("Draft, not numbered"),
            issuer=content.issuer,
            day=imprint.day or _("Not signed yet"),
            addressee=_("To: %(whom)s") % {"whom": content.addressee},
            title=plain(content.title),
            blocks=blocks,
            box_title=_("Sources and method"),
            box=tuple((fact.label, plain(fact.text)) for fact in content.method),
            notes_title=_("Notes"),
            notes=notes.texts,
            foot=tuple(_foot(imprint)),
            synthetic=synthetic,
            date=imprint.date,
        )


def _marks(synthetic: bool) -> tuple[str, ...]:
    first = (_("Internal"), _("For leaders"))
    return (*first, _("Synthetic data")) if synthetic else first


def _foot(imprint: Imprint) -> Iterator[str]:
    if imprint.drafter:
        yield _("Drafted by: %(name)s") % {"name": imprint.drafter}
    yield _("Signed by: %(name)s") % {"name": imprint.signer or _("not signed yet")}


def _blocks(content: Content, notes: _Notes) -> Iterator[Block]:
    of = {kind: [p for p in content.paragraphs if p.kind is kind and p.text.strip()] for kind in ParagraphKind}
    for one in of[ParagraphKind.SUMMARY]:
        yield from _paragraph(one, notes, with_chart=not any(p.chart for p in of[ParagraphKind.FINDING]))
    found = [*of[ParagraphKind.FINDING], *of[ParagraphKind.MORE]]
    if found:
        yield _heading(_("1. What was found"))
    for one in found:
        yield from _paragraph(one, notes)
    yield _heading(_("2. What is certain, and what is not"))
    for kind, lead in ((ParagraphKind.CERTAIN, _("Certain: ")), (ParagraphKind.UNCERTAIN, _("Not certain: "))):
        for one in of[kind]:
            yield from _paragraph(one, notes, lead=lead)
    yield _heading(_("3. Options"))
    for label, option in zip((_("Option A: "), _("Option B: "), _("Option C: ")), content.options, strict=True):
        yield from _option(content, option, label, notes)


def _heading(words: str) -> Block:
    return Block(BlockKind.HEADING, (Piece(words),))


def _paragraph(one: Paragraph, notes: _Notes, *, lead: str = "", with_chart: bool = True) -> Iterator[Block]:
    opening = (Piece(lead, strong=True),) if lead else ()
    yield Block(BlockKind.PARAGRAPH, (*opening, *notes.pieces(one.text.strip())), key=one.key)
    if one.chart is not None and with_chart:
        yield Block(BlockKind.CHART, chart=one.chart, key=one.key)


def _option(content: Content, option: Option, label: str, notes: _Notes) -> Iterator[Block]:
    yield Block(BlockKind.OPTION, (Piece(label, strong=True), *notes.pieces(option.text)))
    cost = option.cost or _("not calculated")
    if option.cost:
        cost = _("%(cost)s (entered by %(name)s)") % {"cost": option.cost, "name": option.cost_by}
    yield Block(BlockKind.DETAIL, (Piece(_("Cost: ")), Piece(cost)))
    yield Block(BlockKind.DETAIL, (Piece(_("Expected effect: ")), *notes.pieces(content.effect(option))))


def issue_line(language: Language, *, year: int, number: int, running: int) -> str:
    """ "2026年第3期（总第12期）"."""
    with translation.override(language.code):
        values = {"year": year, "number": number, "running": running}
        return _("%(year)s, No. %(number)s (No. %(running)s in all)") % values


def day_line(language: Language, day: date) -> str:
    """The date as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日" if language is Language.CHINESE else day.isoformat()


def written_document(made: Document) -> str:
    """The document as canonical JSON."""
    return canonical_json(msgspec.to_builtins(made)).decode()


def read_document(text: str) -> Document:
    """The document that `written_document` wrote. Raises `Tampered` for anything else."""
    try:
        return msgspec.json.decode(text.encode(), type=Document)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Tampered("an archived briefing can't be read") from error
