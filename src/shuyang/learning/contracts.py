"""Lessons as authors write them, and what others see of reading, notes and practice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from shuyang.itembank.api import Chart, Grade, ItemContent, Rank


class Group(StrEnum):
    """The five groups of the catalogue."""

    GOVERNANCE = "governance"
    TECHNOLOGY = "technology"
    DATA_METHODS = "data_methods"
    SECURITY_ETHICS = "security_ethics"
    OFFICE_AFFAIRS = "office_affairs"


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of everything decoded from lesson files."""


class Prose(Strict, frozen=True, tag_field="kind", tag="prose"):
    """Text in Markdown (CommonMark with tables, no HTML)."""

    markdown: str


class Section(Strict, frozen=True):
    """A section with its heading; the opening of a lesson has none."""

    title: str
    parts: tuple[Prose | Chart, ...]


class LessonHead(Strict, frozen=True, kw_only=True):
    """What the head of a lesson file says.

    `teaches` names the secure items whose competence the lesson teaches: it stays on the server and inside the pack's
    check. `practice` names the practice items shown in the lesson.
    """

    id: str
    facet: str
    levels: tuple[int, ...]
    title: str
    group: Group
    minutes: int
    rank_layers: tuple[Rank, ...]
    summary: str
    teaches: tuple[str, ...]
    practice: tuple[str, ...]
    citations: tuple[str, ...] = ()


class Lesson(Strict, frozen=True):
    """A whole lesson."""

    head: LessonHead
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class LessonFilter:
    """Which lessons are wanted; empty conditions hold for all."""

    facets: tuple[str, ...] = ()
    level: int | None = None


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load of lessons did, by lesson id."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    withdrawn: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        return not (self.added or self.changed or self.withdrawn)


@dataclass(frozen=True, slots=True)
class ReadingView:
    """How far a person has read: `sections` is the number of sections reached; no time is kept."""

    lesson_id: str
    sections: int
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class PracticeItem:
    """A practice item of a lesson."""

    key: str
    content: ItemContent


@dataclass(frozen=True, slots=True)
class PracticeResult:
    """The grade of an answer and the normalised answer itself: shown at once, kept nowhere."""

    content: ItemContent
    response: Mapping[str, Any]
    grade: Grade
