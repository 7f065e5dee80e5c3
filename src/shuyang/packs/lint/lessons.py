"""Lessons must not quote secure items, and what they point to must be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shuyang.frameworks.api import Citation, Framework, citation_problem
from shuyang.itembank.api import ItemContent, Purpose
from shuyang.kernel.errors import Problem
from shuyang.learning.api import Lesson, LessonHead, Prose, problems_of
from shuyang.packs.contracts import Finding, Severity
from shuyang.packs.lint.text import bare, block_text, options_of

# So many characters in a row are no coincidence.
QUOTE = 24
# An official reads about 300 characters a minute and needs about a minute and a half for a practice item; below half of
# that, or above twice, the minutes promised are wrong.
PACE, ITEM_MINUTES, ROOM = 300.0, 1.5, 2.0


def quoted(items: Sequence[ItemContent], lessons: Mapping[str, str]) -> Iterator[Finding]:
    """A finding for every secure item of which a lesson holds a run of 24 characters, or names the id."""
    runs = {name: _runs(bare(text)) for name, text in lessons.items()}
    for item in items:
        if item.purpose is not Purpose.SECURE:
            continue
        own = set().union(*(_runs(bare(part)) for part in _parts(item)))
        for name, found in runs.items():
            if item.id in lessons[name] or not own.isdisjoint(found):
                yield Finding(Problem(name, "secure_in_lesson", (("item", item.id),)))


def _parts(item: ItemContent) -> list[str]:
    blocks = [block_text(block) for block in item.stimulus]
    return [item.stem, *blocks, *(option.text for option in options_of(item))]


def _runs(text: str) -> set[str]:
    return {text[i : i + QUOTE] for i in range(len(text) - QUOTE + 1)}


def lesson_findings(
    lessons: Mapping[str, Lesson], items: Sequence[ItemContent], framework: Framework, citations: Mapping[str, Citation]
) -> Iterator[Finding]:
    """Findings about lessons (by file) that could be read: their parts, what they point to, their length."""
    purposes = {item.id: item.purpose for item in items}
    files: dict[str, str] = {}
    for name, lesson in lessons.items():
        yield from map(Finding, problems_of(lesson))
        head = lesson.head
        if files.setdefault(head.id, name) != name:
            yield Finding(Problem(name, "double_id"))
        if head.facet not in {facet.id for facet in framework.facets}:
            yield Finding(Problem(f"{head.id}/facet", "unknown_facet", (("facet", head.facet),)))
        elif name != f"lessons/{head.facet}/{head.id}.md":
            wanted = f"lessons/{head.facet}/{head.id}.md"
            yield Finding(Problem(name, "wrong_file", (("file", name), ("wanted", wanted))))
        yield from _points_to(head, purposes, citations)
        yield from _length(lesson)


def _points_to(
    head: LessonHead, purposes: Mapping[str, Purpose], citations: Mapping[str, Citation]
) -> Iterator[Finding]:
    for key in head.practice:
        if purposes.get(key) is not Purpose.PRACTICE:
            yield Finding(Problem(f"{head.id}/practice", "lesson_practice_unknown", (("item", key),)))
    for key in head.teaches:
        if purposes.get(key) is not Purpose.SECURE:
            yield Finding(Problem(f"{head.id}/teaches", "lesson_teaches_unknown", (("item", key),)))
    for reference in head.citations:
        code = citation_problem(reference, citations)
        if code is not None:
            yield Finding(Problem(f"{head.id}/citations", code, (("reference", reference),)))


def _length(lesson: Lesson) -> Iterator[Finding]:
    prose = [part.markdown for section in lesson.sections for part in section.parts if isinstance(part, Prose)]
    needed = sum(len(bare(text)) for text in prose) / PACE + ITEM_MINUTES * len(lesson.head.practice)
    if not needed / ROOM <= lesson.head.minutes <= needed * ROOM:
        data = (("minutes", str(lesson.head.minutes)), ("needed", str(round(needed))))
        yield Finding(Problem(f"{lesson.head.id}/minutes", "lesson_minutes", data), Severity.WARNING)
