"""Reading, noting, trying: what a person does with a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from shuyang.itembank.api import grade, normalise
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Invalid, NotFound, Problem
from shuyang.learning.contracts import PracticeResult
from shuyang.learning.models import LessonVersion, Note, Reading, Tried
from shuyang.learning.policies import Own
from shuyang.learning.queries import lesson, practice_of
from shuyang.learning.rules import LONGEST_NOTE
from shuyang.trust.api import Actor, record


def mark_read(*, actor: Actor, lesson_id: str, sections: int) -> None:
    """The actor has reached `sections` sections of the lesson; going back takes nothing away.

    Raises `NotFound`, `Forbidden` for an account without a person.
    """
    with transaction.atomic():
        row = _reading(actor, lesson_id)
        reached = min(max(sections, 0), len(lesson(lesson_id=lesson_id).sections))
        if reached > row.sections:
            row.sections = reached
            row.save(update_fields=["sections"])


def finish(*, actor: Actor, lesson_id: str) -> None:
    """The actor says that he has finished the lesson. A second time changes nothing. Raises `NotFound`, `Forbidden`."""
    with transaction.atomic():
        row = _reading(actor, lesson_id)
        if row.finished_at is None:
            row.sections, row.finished_at = len(lesson(lesson_id=lesson_id).sections), now()
            row.save(update_fields=["sections", "finished_at"])
            _audit(actor, "lesson.finished", row.id)


def _reading(actor: Actor, lesson_id: str) -> Reading:
    """The actor's reading of the lesson, begun now where there was none, at the version in use."""
    person_id = Own().person(actor)
    version = LessonVersion.objects.filter(key=lesson_id, current=True).only("id").first()
    if version is None:
        raise NotFound("no such lesson")
    row, begun = Reading.objects.select_for_update().get_or_create(
        person_id=person_id, lesson=lesson_id, defaults={"version": version}
    )
    if begun:
        _audit(actor, "lesson.begun", row.id)
    elif row.version_id != version.id:
        row.version, row.sections = version, 0
        row.save(update_fields=["version", "sections"])
    return row


def write_note(*, actor: Actor, lesson_id: str, text: str) -> None:
    """Keep the actor's note on a lesson; an empty one is removed.

    Raises `Invalid` over 4000 characters, `NotFound`, `Forbidden` for an account without a person.
    """
    person_id = Own().person(actor)
    if len(text) > LONGEST_NOTE:
        raise Invalid([Problem("text", "too_long", (("most", str(LONGEST_NOTE)),))])
    lesson(lesson_id=lesson_id)
    with transaction.atomic():
        if text.strip():
            row, new = Note.objects.update_or_create(person_id=person_id, lesson=lesson_id, defaults={"text": text})
            if new:
                _audit(actor, "note.written", row.id)
            return
        found = Note.objects.filter(person_id=person_id, lesson=lesson_id).first()
        if found is not None:
            _audit(actor, "note.removed", found.id)
            found.delete()


def try_practice(*, actor: Actor, lesson_id: str, item: str, raw: Mapping[str, Any]) -> PracticeResult:
    """Grade an answer to a practice item of the lesson. Only that it was tried is kept.

    Raises `Invalid` for an answer of the wrong shape, `NotFound` for an item that is not of this lesson, `Forbidden`.
    """
    person_id = Own().person(actor)
    found = next((one for one in practice_of(lesson=lesson(lesson_id=lesson_id)) if one.key == item), None)
    if found is None:
        raise NotFound("no such practice item in this lesson")
    response = normalise(found.content, raw)
    Tried.objects.get_or_create(person_id=person_id, lesson=lesson_id, item=item)
    return PracticeResult(found.content, response, grade(found.content, response))


def _audit(actor: Actor, action: str, object_id: UUID) -> None:
    record(
        actor=actor,
        action=action,
        object_kind="learning",
        object_id=object_id,
        unit_path=actor.unit_path,
        subject=actor.person_id,
    )
