"""Compute a briefing again from its archived data and compare: needs no database."""

from __future__ import annotations

from collections.abc import Iterator

from shuyang.insight.content import Content, read_content
from shuyang.insight.contracts import Binding, ChartRow
from shuyang.insight.document import Document, read_document
from shuyang.insight.figures.binding import recomputed
from shuyang.insight.source import Source, read_archived
from shuyang.insight.text import faults, plain
from shuyang.insight.view_contracts import Check
from shuyang.insight.wording import comparison_chart, means_chart
from shuyang.kernel.canonical import digest
from shuyang.kernel.errors import Tampered

Found = Iterator[tuple[str, str]]


def check(*, source: str, source_hash: str, content: str, document: str, document_hash: str) -> Check:
    """Every figure from the data anew, every text against its figures, every hash. `document` is empty for a draft."""
    try:
        data, body = read_archived(source), read_content(content)
        printed = read_document(document) if document else None
    except Tampered as error:
        return Check(0, (("unreadable", error.message),))
    problems = [*_hash("data_changed", source, source_hash), *_figures(data, body), *_texts(body), *_charts(data, body)]
    if printed is not None:
        problems += [*_hash("document_changed", document, document_hash), *_printed(body, printed)]
    return Check(len(body.bindings), tuple(problems))


def _hash(code: str, text: str, wanted: str) -> Found:
    if digest(text.encode()) != wanted:
        yield code, wanted[:16]


def _figures(data: Source, body: Content) -> Found:
    for binding in body.bindings:
        if _anew(data, binding) != binding:
            yield "figure_differs", binding.text


def _anew(data: Source, binding: Binding) -> Binding | None:
    """The figure from the data, or None where they don't give it."""
    try:
        return recomputed(data, binding)
    except (KeyError, TypeError, ValueError):
        return None


def _texts(body: Content) -> Found:
    texts = [body.title, *(p.text for p in body.paragraphs), *(o.text for o in body.options)]
    texts += [text for _, text in body.effects] + [fact.text for fact in body.method]
    for text in texts:
        yield from ((fault.code, fault.piece) for fault in faults(text, body.known))


def _charts(data: Source, body: Content) -> Found:
    """A chart shows the numbers of the data."""
    known: set[tuple[ChartRow, ...]] = {comparison_chart(data, c).rows for c in data.comparisons}
    means = means_chart(data)
    known |= {means.rows} if means else set()
    for paragraph in body.paragraphs:
        if paragraph.chart is not None and paragraph.chart.rows not in known:
            yield "chart_differs", paragraph.key


def _printed(body: Content, printed: Document) -> Found:
    """Each text of the content stands in the document as it is."""
    said = {"".join(p.text for p in block.pieces if not p.strong) for block in printed.blocks}
    texts = [p.text.strip() for p in body.paragraphs if p.text.strip()] + [o.text for o in body.options]
    for text in texts:
        if plain(text) not in said:
            yield "text_differs", plain(text)[:40]
    if plain(body.title) != printed.title:
        yield "text_differs", printed.title
