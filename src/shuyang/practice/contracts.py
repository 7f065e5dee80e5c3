"""What the range says of itself, of runs and of their grades."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shuyang.practice.sandbox.contracts import Failure, NamedQuery, Outcome, Value
from shuyang.practice.spec import (
    ChartKind,
    ChartSpace,
    DocumentSpace,
    Field,
    FieldKind,
    FlowSpace,
    FormSpace,
    Hint,
    LogSpace,
    QuerySpace,
    RuleField,
    RulesSpace,
    ScenarioSpec,
    TableSpace,
    Task,
    Workspace,
)
from shuyang.practice.work import Work


class Mode(StrEnum):
    """Practice: hints, repeats, no evidence. Assessed: a fresh seed, a time limit, no hints; the grades are evidence."""

    PRACTICE = "practice"
    ASSESSED = "assessed"


class RunState(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"  # waiting for the checkers
    GRADED = "graded"
    LEFT = "left"  # given up by the person


class Grading(StrEnum):
    """How a run stands that waits for its grades."""

    GOING = "going"
    LATE = "late"  # it takes longer than it should: its worker may have died
    FAILED = "failed"  # it was given up: one may ask again
    IMPOSSIBLE = "impossible"  # the scenario was changed by an upgrade: nobody can grade this run any more


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """A scenario in the catalogue."""

    name: str
    hash: str
    spec: ScenarioSpec


def _first_words(text: str) -> str:
    return re.split("[：；（，]", text, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class GivenColumn:
    """A column of a given table: its name and type as the engine says them, and what it means ("": not said)."""

    name: str
    kind: str
    meaning: str

    @property
    def title(self) -> str:
        """The first words of the meaning, short enough to stand beside the name."""
        return _first_words(self.meaning)


@dataclass(frozen=True, slots=True)
class Given:
    """A table that the person is given: its columns, how many rows it has."""

    name: str
    about: str
    columns: tuple[GivenColumn, ...]
    rows: int

    @property
    def title(self) -> str:
        """The first words of what it is."""
        return _first_words(self.about)

    @property
    def kinds(self) -> Mapping[str, str]:
        """The type of each column by its name."""
        return {column.name: column.kind for column in self.columns}


@dataclass(frozen=True, slots=True)
class TaskGrade:
    """The grade of a task. `credit` is the share of the highest category, less what hints cost (0–1)."""

    task: Task
    category: int
    max_category: int
    reason: str
    evidence: Mapping[str, Any]
    clause: str
    credit: float

    @property
    def full(self) -> bool:
        return self.category == self.max_category


@dataclass(frozen=True, slots=True)
class CheckpointView:
    """A named state of the work to go back to."""

    number: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as its person sees it. `outdated`: the scenario has been changed by an upgrade since the run began; its words are
    those of today. `grading`: how it stands while it waits for its grades."""

    id: UUID
    scenario: ScenarioView
    mode: Mode
    state: RunState
    started_at: datetime
    deadline: datetime | None
    submitted_at: datetime | None
    work: Work
    revision: int
    hints: Mapping[str, int]
    notes: str
    seed: int
    synthetic: bool
    outdated: bool = False
    grading: Grading | None = None
    grades: tuple[TaskGrade, ...] = ()

    @property
    def open(self) -> bool:
        return self.state is RunState.OPEN

    def hints_taken(self, task: Task) -> tuple[Hint, ...]:
        """The hints of a task that were taken."""
        return task.hints[: self.hints.get(task.id, 0)]


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in a list: `credit` is the mean over tasks, None before it is graded."""

    id: UUID
    scenario: str
    mode: Mode
    state: RunState
    started_at: datetime
    submitted_at: datetime | None
    credit: float | None


__all__ = [
    "ChartKind", "ChartSpace", "CheckpointView", "DocumentSpace", "Failure", "Field", "FieldKind", "FlowSpace", "FormSpace",
    "Given", "GivenColumn", "Hint", "LogSpace", "Mode", "NamedQuery", "Outcome", "QuerySpace", "RuleField", "RulesSpace",
    "RunLine", "RunState", "RunView", "ScenarioSpec", "ScenarioView", "TableSpace", "Task", "TaskGrade", "Value", "Work",
    "Workspace",
]  # fmt: skip
