"""Lessons as immutable versions, and what a person did with them: how far read, own notes, which items tried.

No time, no points, no number of tries: reading is nobody's measure.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE, RESULT, AboutPerson


class LessonVersion(Base):
    """A lesson; `body` is its canonical JSON, `hash` its address. Of each key at most one version is current."""

    key = models.CharField(max_length=20)
    hash = models.CharField(max_length=64, unique=True)
    body = models.TextField()
    current = models.BooleanField(default=False)

    personal_data = {"key": NONE, "hash": NONE, "body": NONE, "current": NONE}

    class Meta:
        db_table = "learning_lesson_version"
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(current=True), name="learning_lesson_version_one_current"
            )
        ]


class Reading(Base):
    """How far a person has come in a lesson: the number of sections reached in `version`, and whether he is done."""

    person_id = models.UUIDField()
    lesson = models.CharField(max_length=20)
    version = models.ForeignKey(LessonVersion, on_delete=models.PROTECT, related_name="+")
    sections = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    personal_data = {"person_id": LINK, "lesson": RESULT, "version": RESULT, "sections": RESULT, "finished_at": RESULT}

    about_person = AboutPerson("person_id", erase=True)

    class Meta:
        db_table = "learning_reading"
        constraints = [models.UniqueConstraint(fields=["person_id", "lesson"], name="learning_reading_once")]


class Note(Base):
    """A person's own note on a lesson, for his eyes only."""

    person_id = models.UUIDField()
    lesson = models.CharField(max_length=20)
    text = models.TextField()

    personal_data = {"person_id": LINK, "lesson": RESULT, "text": DIRECT}

    about_person = AboutPerson("person_id", erase=True)

    class Meta:
        db_table = "learning_note"
        constraints = [models.UniqueConstraint(fields=["person_id", "lesson"], name="learning_note_once")]


class Tried(Base):
    """A person has tried a practice item of a lesson. Neither the answer nor whether it was right is kept."""

    person_id = models.UUIDField()
    lesson = models.CharField(max_length=20)
    item = models.CharField(max_length=20)

    personal_data = {"person_id": LINK, "lesson": RESULT, "item": RESULT}

    about_person = AboutPerson("person_id", erase=True)

    class Meta:
        db_table = "learning_tried"
        constraints = [models.UniqueConstraint(fields=["person_id", "lesson", "item"], name="learning_tried_once")]
