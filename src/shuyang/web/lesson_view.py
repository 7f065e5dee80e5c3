"""Lessons on pages: rows of the catalogue, sections, practice items with their solutions, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from shuyang.feedback.api import result as report_of
from shuyang.feedback.api import results as results_of
from shuyang.frameworks.api import CitationStatus, Framework
from shuyang.itembank.api import (
    Chart,
    ChartItem,
    ItemContent,
    MarkItem,
    MatchItem,
    MultipleItem,
    NumberItem,
    OrderItem,
    SingleItem,
    presentation,
    public_id,
)
from shuyang.learning import api as learning
from shuyang.trust.api import Actor
from shuyang.web.item_view import block_context, item_context, solution
from shuyang.web.markdown import markdown

GROUPS = {
    learning.Group.GOVERNANCE: _("Theory of digital governance"),
    learning.Group.TECHNOLOGY: _("How emerging technology works"),
    learning.Group.DATA_METHODS: _("Methods of using data"),
    learning.Group.SECURITY_ETHICS: _("Security and ethics"),
    learning.Group.OFFICE_AFFAIRS: _("Digital office affairs"),
}
# The same order of options for everyone: a lesson is read together, too.
SEED = "lesson"


def lesson_rows(
    lessons: Sequence[learning.Lesson], readings: Mapping[str, learning.ReadingView], framework: Framework
) -> list[dict[str, Any]]:
    """What the catalogue says of each lesson."""
    facets = {facet.id: facet for facet in framework.facets}
    found = []
    for lesson in lessons:
        reading = readings.get(lesson.head.id)
        found.append(
            {
                "head": lesson.head,
                "facet": facets.get(lesson.head.facet),
                "sections": len(lesson.sections),
                "reading": reading,
                "begun": reading is not None and reading.finished_at is None,
            }
        )
    return found


def catalogue_groups(rows: Sequence[dict[str, Any]]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The rows in their groups; a group without rows is left out."""
    groups = [(name, [row for row in rows if row["head"].group is group]) for group, name in GROUPS.items()]
    return [(name, members) for name, members in groups if members]


def suggested(actor: Actor, framework: Framework) -> list[dict[str, Any]]:
    """The lessons to which the suggestions of the actor's newest result lead."""
    newest = results_of(actor=actor)[:1]
    if not newest:
        return []
    report = report_of(actor=actor, estimate_id=newest[0].id)
    found = [one for s in report.suggestions for one in lessons_towards(s.facet, s.towards_level)]
    return lesson_rows(found, learning.readings(actor=actor), framework)


def lessons_towards(facet: str, level: int) -> tuple[learning.Lesson, ...]:
    """Lessons of a facet that teach this level."""
    return learning.lessons(where=learning.LessonFilter(facets=(facet,), level=level))


def lesson_context(
    actor: Actor, lesson: learning.Lesson, framework: Framework, *, instead: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Everything the reading view needs; `instead` is a practice item as it is to stand on the page."""
    reading = learning.readings(actor=actor).get(lesson.head.id)
    done = learning.tried(actor=actor, lesson_id=lesson.head.id)
    items = [practice_context(lesson, one) | {"tried": one.key in done} for one in learning.practice_of(lesson=lesson)]
    if instead is not None:
        items = [{**instead} if one["key"] == instead["key"] else one for one in items]
    return {
        "lesson": lesson,
        "group": GROUPS[lesson.head.group],
        "facet": next((one for one in framework.facets if one.id == lesson.head.facet), None),
        "sections": _sections(lesson, reading.sections if reading else 0),
        "reading": reading,
        "practice": items,
        "note": learning.note(actor=actor, lesson_id=lesson.head.id),
        "sources": _sources(lesson.head.citations, framework),
        "next": _next(lesson),
    }


def _sections(lesson: learning.Lesson, reached: int) -> list[dict[str, Any]]:
    charts = 0
    found = []
    for number, section in enumerate(lesson.sections):
        parts: list[dict[str, Any]] = []
        for part in section.parts:
            if isinstance(part, Chart):
                parts.append({"block": block_context(charts, part)})
                charts += 1
            else:
                parts.append({"html": markdown(part.markdown)})
        found.append({"id": f"s{number}", "title": section.title, "parts": parts, "read": number < reached})
    return found


def _sources(references: Sequence[str], framework: Framework) -> list[dict[str, Any]]:
    """Citations with the articles that are cited, in the order of the lesson."""
    known = {one.id: one for one in framework.citations}
    found: dict[str, list[str]] = {}
    for reference in references:
        key, _sep, article = reference.partition("#")
        found.setdefault(key, []).extend([article] if article else [])
    return [
        {
            "citation": known[key],
            "articles": "、".join(articles),
            "stale": known[key].status is not CitationStatus.IN_FORCE,
        }
        for key, articles in found.items()
        if key in known
    ]


def _next(lesson: learning.Lesson) -> learning.LessonHead | None:
    """The next level of the same facet, then the next facet."""
    heads = [one.head for one in learning.lessons()]
    return next((head for head in heads if head.id > lesson.head.id), None)


# --- practice --------------------------------------------------------------------------------------------------------


def practice_context(
    lesson: learning.Lesson,
    one: learning.PracticeItem,
    *,
    raw: Mapping[str, Any] | None = None,
    problem: str = "",
    result: learning.PracticeResult | None = None,
) -> dict[str, Any]:
    """A practice item to be answered or, with its `result`, explained."""
    number = lesson.head.practice.index(one.key) + 1
    context = {"key": one.key, "number": number, "prefix": f"p{number}-", "problem": problem, "result": result}
    context |= item_context(presentation(one.content, SEED), raw)
    if result is not None:
        context["blocks"] = [block_context(n, block) for n, block in enumerate(one.content.stimulus)]
        context |= {"explained": _options(result), "solution": solution(one.content), "mistake": _mistake(result)}
        context["given"] = [] if result.grade.full else _given(result)
        context["feedback"] = one.content.feedback
    return context


def _options(result: learning.PracticeResult) -> list[dict[str, Any]]:
    """Every option of a choice with its reason, in the order in which it was shown; of other types none."""
    content = result.content
    if not isinstance(content, SingleItem | MultipleItem):
        return []
    right = {content.key} if isinstance(content, SingleItem) else set(content.key)
    given = {result.response.get("choice"), *result.response.get("choices", ())}
    by_id = {public_id(content, option.id): option for option in content.options}
    shown = [by_id[choice.id] for choice in presentation(content, SEED).options]
    return [{"option": one, "right": one.id in right, "given": one.id in given} for one in shown]


def _given(result: learning.PracticeResult) -> list[str]:
    """What was answered, in the words of the solution; choices show it at their options."""
    content, response = result.content, result.response
    as_if: ItemContent
    match content:
        case NumberItem() if "value" in response:
            return [f"{response['value']} {content.unit}".strip()]
        case OrderItem() if "order" in response:
            as_if = msgspec.structs.replace(content, key=tuple(response["order"]))
        case MatchItem() if "pairs" in response:
            left = tuple(one for one in content.left if one.id in response["pairs"])
            as_if = msgspec.structs.replace(content, left=left, key=response["pairs"])
        case MarkItem() if "cells" in response:
            as_if = msgspec.structs.replace(content, key=tuple(map(tuple, response["cells"])))
        case ChartItem() if "points" in response:
            as_if = msgspec.structs.replace(content, key=tuple(map(tuple, response["points"])))
        case _:
            return []
    return [what for what, _why in solution(as_if)]


def _mistake(result: learning.PracticeResult) -> str:
    """What a common wrong number was misunderstood about."""
    content = result.content
    if not isinstance(content, NumberItem) or result.grade.full or "value" not in result.response:
        return ""
    value = float(result.response["value"])
    near = (one for one in content.common_errors if abs(value - one.value) <= one.tolerance + 1e-9)
    return next((one.rationale for one in near), "")
