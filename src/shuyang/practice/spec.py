"""A scenario as its author writes it: memo, tasks, workspaces, hints, reasons. Decoded strictly from YAML."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of everything decoded from scenario files."""


class Choice(Strict, frozen=True):
    """Something to choose: its id in the work, its words on the page."""

    id: str
    label: str


class FieldKind(StrEnum):
    CHOICE = "choice"
    MULTI = "multi"
    NUMBER = "number"
    TEXT = "text"
    LONG = "long"


class Field(Strict, frozen=True, kw_only=True):
    """A field to fill in. Choices belong to `choice` and `multi`; texts are kept but never graded."""

    id: str
    label: str
    kind: FieldKind
    choices: tuple[Choice, ...] = ()
    help: str = ""
    unit: str = ""


class Column(Strict, frozen=True):
    """A column that an answer has to have, and what it holds."""

    name: str
    about: str


# --- workspaces: how a task is done ----------------------------------------------------------------------------------


class QuerySpace(Strict, frozen=True, tag_field="kind", tag="query"):
    """The answer is a table: one of the person's named queries, with at least these columns."""

    columns: tuple[Column, ...]


class TableSpace(Strict, frozen=True, kw_only=True, tag_field="kind", tag="table"):
    """Rows of a table of the world; for each the person fills in the fields. `key` names a row, `show` is read only."""

    source: str
    key: str
    show: tuple[str, ...]
    fields: tuple[Field, ...]


class FormSpace(Strict, frozen=True, tag_field="kind", tag="form"):
    """Fields to fill in once."""

    fields: tuple[Field, ...]


class DocumentSpace(Strict, frozen=True, tag_field="kind", tag="document"):
    """A recommendation: fields that are graded, and text that belongs to it."""

    fields: tuple[Field, ...]
    outline: tuple[str, ...] = ()


class RuleField(Strict, frozen=True, kw_only=True):
    """Something a rule may ask for: a column of the cases."""

    id: str
    label: str
    kind: str  # number | choice | yesno
    choices: tuple[Choice, ...] = ()
    unit: str = ""


class RulesSpace(Strict, frozen=True, kw_only=True, tag_field="kind", tag="rules"):
    """A decision table over the rows of `source`: the first rule that fits decides, else `otherwise` as chosen."""

    source: str
    key: str
    fields: tuple[RuleField, ...]
    outcomes: tuple[Choice, ...]


class LogSpace(Strict, frozen=True, kw_only=True, tag_field="kind", tag="log"):
    """Rows of a log or list to mark; at most `most` of them."""

    source: str
    key: str
    show: tuple[str, ...]
    marks: tuple[Choice, ...]
    most: int = 200


class FlowSpace(Strict, frozen=True, kw_only=True, tag_field="kind", tag="flow"):
    """Steps to put in order, each with somebody who does it; steps may be left out."""

    steps: tuple[Choice, ...]
    actors: tuple[Choice, ...]


class ChartKind(StrEnum):
    BAR = "bar"
    LINE = "line"
    PIE = "pie"
    SCATTER = "scatter"


class ChartSpace(Strict, frozen=True, tag_field="kind", tag="chart"):
    """A chart over a given table or one of the person's queries: its kind, what is along, what is measured, what it is split
    by, its title. `kinds` are those offered."""

    kinds: tuple[ChartKind, ...] = tuple(ChartKind)


Workspace = QuerySpace | TableSpace | FormSpace | DocumentSpace | RulesSpace | LogSpace | FlowSpace | ChartSpace


# --- tasks and scenarios ---------------------------------------------------------------------------------------------


class Hint(Strict, frozen=True):
    """A step of the ladder: what it says, and the share of the task's credit it costs (0–1)."""

    text: str
    cost: float


class Task(Strict, frozen=True, kw_only=True):
    """One thing to do. `categories` says what each grade from 0 up means; `reasons` words the checker's codes; `clauses` are
    what it rests on (`id` or `id#article` of citations.yaml), the first where `rests_on` names none for a reason."""

    id: str
    title: str
    brief: str
    facet: str
    level: int
    minutes: int
    categories: tuple[str, ...]
    workspace: Workspace
    reasons: dict[str, str]
    hints: tuple[Hint, ...] = ()
    clauses: tuple[str, ...] = ()
    rests_on: dict[str, str] = {}
    expert: str = ""
    missed: str = ""


class TableAbout(Strict, frozen=True, kw_only=True):
    """A table the person is given, and what it is. What its columns mean comes from the tables of the city that it was made
    `of`, by their names; `columns` says what is not found there or means something else here."""

    name: str
    about: str
    of: tuple[str, ...] = ()
    columns: dict[str, str] = {}


class ScenarioSpec(Strict, frozen=True, kw_only=True):
    """A scenario: the memo that sets the task, the tables, the tasks, and the end."""

    id: str
    title: str
    summary: str
    memo_from: str
    memo_title: str
    memo: str
    tables: tuple[TableAbout, ...]
    tasks: tuple[Task, ...]
    debrief: str
    residents: int = 20_000

    @property
    def minutes(self) -> int:
        return sum(task.minutes for task in self.tasks)

    def task(self, task_id: str) -> Task:
        """A task by its id. Raises `KeyError`."""
        return {task.id: task for task in self.tasks}[task_id]
