"""What makes a lesson sound by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shuyang.itembank.api import Chart, chart_problems
from shuyang.kernel.errors import Problem
from shuyang.learning.contracts import Lesson, LessonFilter, LessonHead

ID = re.compile(r"L-(F\d\d)-([1-4])")
LEVELS = {1: (1, 2), 2: (3,), 3: (4,), 4: (5,)}
LEAST_MINUTES, MOST_MINUTES = 5, 30
LEAST_PRACTICE = 3
LONGEST_NOTE = 4000


def problems_of(lesson: Lesson) -> list[Problem]:
    """Everything unsound in a lesson, each with its place; empty when it may be loaded."""
    found = [*_head_problems(lesson.head), *_body_problems(lesson)]
    return [Problem(f"{lesson.head.id}/{where}", code, data) for where, code, data in found]


Found = Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]


def _head_problems(head: LessonHead) -> Found:
    match = ID.fullmatch(head.id)
    if match is None:
        yield "id", "lesson_id_shape", ()
    elif match[1] != head.facet or LEVELS[int(match[2])] != head.levels:
        yield "id", "id_differs", ()
    for name in ("title", "summary"):
        if not getattr(head, name).strip():
            yield name, "text_empty", ()
    if not LEAST_MINUTES <= head.minutes <= MOST_MINUTES:
        yield "minutes", "out_of_range", ()
    if not head.rank_layers or _double(head.rank_layers):
        yield "rank_layers", "rank_layers_empty", ()
    if len(head.practice) < LEAST_PRACTICE:
        yield "practice", "lesson_too_little_practice", (("least", str(LEAST_PRACTICE)),)
    for name in ("teaches", "practice", "citations"):
        if _double(getattr(head, name)):
            yield name, "double_id", ()


def _body_problems(lesson: Lesson) -> Found:
    if not any(section.title for section in lesson.sections):
        yield "body", "lesson_no_sections", ()
    for number, section in enumerate(lesson.sections):
        if not section.parts:
            yield f"section {number}", "text_empty", ()
        for part in section.parts:
            if isinstance(part, Chart):
                yield from ((f"section {number}", code, ()) for code in chart_problems(part))


def _double(values: Sequence[object]) -> bool:
    return len(set(values)) < len(values)


def fits(lesson: Lesson, where: LessonFilter) -> bool:
    """Does the lesson meet the conditions?"""
    head = lesson.head
    return (not where.facets or head.facet in where.facets) and (where.level is None or where.level in head.levels)
