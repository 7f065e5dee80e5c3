"""The door of `learning`."""

from shuyang.learning.contracts import (
    Group,
    Lesson,
    LessonFilter,
    LessonHead,
    LoadReport,
    PracticeItem,
    PracticeResult,
    Prose,
    ReadingView,
    Section,
)
from shuyang.learning.queries import lesson, lessons, note, practice_of, readings, tried
from shuyang.learning.rules import problems_of
from shuyang.learning.services.load import load_lessons
from shuyang.learning.services.reading import finish, mark_read, try_practice, write_note

__all__ = [
    "Group", "Lesson", "LessonFilter", "LessonHead", "LoadReport", "PracticeItem", "PracticeResult", "Prose",
    "ReadingView", "Section", "finish", "lesson", "lessons", "load_lessons", "mark_read", "note", "practice_of",
    "problems_of", "readings", "tried", "try_practice", "write_note",
]  # fmt: skip
