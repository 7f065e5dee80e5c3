"""Reads. A version never changes, so it is decoded once per process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from shuyang.itembank.api import contents, practice_version_ids
from shuyang.kernel.errors import NotFound
from shuyang.learning.contracts import Lesson, LessonFilter, PracticeItem, ReadingView
from shuyang.learning.models import LessonVersion, Note, Reading, Tried
from shuyang.learning.policies import Own
from shuyang.learning.rules import fits
from shuyang.trust.api import Actor

ALL = LessonFilter()


@lru_cache(maxsize=512)
def _decoded(address: str) -> Lesson:
    body = LessonVersion.objects.filter(hash=address).values_list("body", flat=True).get()
    return msgspec.json.decode(body, type=Lesson)


def lessons(*, where: LessonFilter = ALL) -> tuple[Lesson, ...]:
    """Lessons in use that meet the conditions, by id."""
    rows = LessonVersion.objects.filter(current=True).order_by("key").values_list("hash", flat=True)
    found = (_decoded(address) for address in rows)
    return tuple(lesson for lesson in found if fits(lesson, where))


def lesson(*, lesson_id: str) -> Lesson:
    """A lesson in use. Raises `NotFound`."""
    address = LessonVersion.objects.filter(current=True, key=lesson_id).values_list("hash", flat=True).first()
    if address is None:
        raise NotFound("no such lesson")
    return _decoded(address)


def practice_of(*, lesson: Lesson) -> tuple[PracticeItem, ...]:
    """The practice items of a lesson in its order; one that has left the bank is left out."""
    facets = sorted({key.split("-")[1] for key in lesson.head.practice})
    versions = [one for facet in facets for one in practice_version_ids(facet=facet)]
    by_key = {content.id: content for content in contents(version_ids=versions).values()}
    return tuple(PracticeItem(key, by_key[key]) for key in lesson.head.practice if key in by_key)


def readings(*, actor: Actor) -> Mapping[str, ReadingView]:
    """How far the actor has read, by lesson id."""
    rows = Reading.objects.filter(Own().visible_to(actor))
    return {row.lesson: ReadingView(row.lesson, row.sections, row.finished_at) for row in rows}


def note(*, actor: Actor, lesson_id: str) -> str:
    """The actor's own note on a lesson, "" where there is none."""
    rows = Note.objects.filter(Own().visible_to(actor), lesson=lesson_id)
    return rows.values_list("text", flat=True).first() or ""


def tried(*, actor: Actor, lesson_id: str) -> frozenset[str]:
    """Keys of the lesson's practice items that the actor has tried."""
    rows = Tried.objects.filter(Own().visible_to(actor), lesson=lesson_id)
    return frozenset(rows.values_list("item", flat=True))
