"""All that the code of a scenario may import: what it prepares, what it is shown, what it says of a person's work.

A scenario is a folder `content/scenarios/<name>/` with `scenario.yaml` (memo, tasks, words) and `scenario.py`, which has

- `prepare(preparation)`: makes the tables that the person is given and the truths that only the checkers know;
- `CHECKERS`: by task id a function `(sight) -> Verdict`;
- `reference(sight)`, and `WRONG` and `TRICKS`: solutions whose verdicts are known, with which `shuyang scenario check`
  proves the checkers;
- `BANDS`: how hard a seed may be.

See docs/how-to/write-a-scenario.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import duckdb
import numpy as np

from shuyang.practice.city.api import TABLES
from shuyang.practice.judging.charts import ChartAsked, ShownChart, check_chart, read_month
from shuyang.practice.judging.matching import matching_quality
from shuyang.practice.judging.rules import rule_quality
from shuyang.practice.judging.statements import check_statements
from shuyang.practice.judging.verdict import Evidence, Verdict
from shuyang.practice.privacy.classes import anonymity
from shuyang.practice.privacy.diversity import diversity
from shuyang.practice.privacy.linkage import linkage
from shuyang.practice.privacy.meaning import narrowed, read_as
from shuyang.practice.privacy.utility import group_means, variation_distance
from shuyang.practice.sandbox.contracts import NamedQuery

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """Work as a person could have made it: named queries and artifacts by task id."""

    queries: tuple[NamedQuery, ...] = ()
    artifacts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class Preparation:
    """Makes the world of one run. `random` follows the seed alone; `truths` is plain JSON for the checkers' eyes.

    Every table of the city is at hand in `sql`, and under `answers.` what only graders may know: `answers.matching` (extract,
    record_no, resident_id: whose a department's record is) and `answers.eligible` (policy_id, resident_id: whom a policy
    means). Only what is given by `give` reaches the person.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, seed: int, planted: Mapping[str, Any]) -> None:
        self._connection = connection
        self.seed = seed
        self.random = np.random.Generator(np.random.PCG64([seed, 0x5CE4A210]))
        self.planted = planted
        self.truths: dict[str, Any] = {}
        self.given: list[str] = []
        self.hidden: list[str] = []

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """The rows of a query over the city's tables and those made so far."""
        return self._connection.execute(query, list(parameters)).fetchall()

    def give(self, name: str, query: str) -> None:
        """Make a table from a query and give it to the person. The query has to order its rows, so that it is the same
        every time."""
        self._make(name, query)
        self.given.append(name)

    def hide(self, name: str, query: str) -> None:
        """Make a table that only the checkers see."""
        self._make(name, query)
        self.hidden.append(name)

    def put(self, name: str, columns: Mapping[str, Iterable[Any]]) -> None:
        """Make a table from columns of equal length; `give` or `hide` a query over it to keep it."""
        values = {key: list(column) for key, column in columns.items()}
        types = ", ".join(f'"{key}" {_type_of(column)}' for key, column in values.items())
        self._connection.execute(f'CREATE OR REPLACE TABLE "{name}" ({types})')
        rows = list(zip(*values.values(), strict=True))
        if rows:
            marks = ", ".join("?" for _ in values)
            self._connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)  # noqa: S608  names of the author

    def true_grade(self, table: str, field: str) -> str:
        """The right grade of a field of the city's tables: 公开, 内部, 个人信息 or 敏感个人信息."""
        return next(f.grade.value for f in TABLES[table].fields if f.name == field)

    def _make(self, name: str, query: str) -> None:
        self._connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS {query}')


def _type_of(column: Sequence[Any]) -> str:
    kinds = {type(value) for value in column if value is not None}
    if kinds <= {bool}:
        return "BOOLEAN"
    if kinds <= {int, bool}:
        return "BIGINT"
    return "DOUBLE" if kinds <= {int, float, bool} else "VARCHAR"


@dataclass(frozen=True, slots=True)
class Answer:
    """The table a person answered with. `problem`: why there is none (it was refused, failed, took too long)."""

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    problem: str = ""

    def column(self, name: str) -> list[Any]:
        """The values of a column. Raises `ValueError` where it is missing."""
        place = [c.lower() for c in self.columns].index(name.lower())
        return [row[place] for row in self.rows]

    def lacks(self, *names: str) -> list[str]:
        """Those of the columns that are not there."""
        have = {c.lower() for c in self.columns}
        return [name for name in names if name.lower() not in have]


class Sight(Protocol):
    """What a checker sees: the world with its truths, and the person's work."""

    seed: int
    truths: Mapping[str, Any]

    def artifact(self, task_id: str) -> Mapping[str, Any]:
        """What the person made for a task; empty where nothing was."""

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Rows over the given and the hidden tables, and over `answer_<task id>` once `answer` was called for it."""

    def answer(self, task_id: str) -> Answer:
        """The table that the person's chosen query gives, run in the sandbox; also kept as table `answer_<task id>`."""

    def decisions(self, task_id: str) -> dict[Any, str | None]:
        """What the person's rules decide for each case, by key; None where no rule fits."""

    def person_query(self, name: str) -> Answer:
        """Any of the person's named queries."""

    def chart(self, task_id: str) -> ShownChart:
        """What the person's chart shows, its query run in the sandbox."""


Checker = Callable[[Sight], Verdict]
Maker = Callable[[Sight], Solution]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A named wrong solution: what a competent but mistaken colleague does, and the reason each task must give."""

    name: str
    make: Maker
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trick:
    """A try to game the checker: the task, and the highest category it may get."""

    name: str
    make: Maker
    task: str
    at_most: int


@dataclass(frozen=True, slots=True)
class Band:
    """How hard the world of a seed is, as one figure that must stay between two bounds at every seed: the share of records that
    match by number alone, how much longer a wait got."""

    name: str
    measure: Callable[[Sight], float]
    least: float
    most: float


__all__ = [
    "Answer", "Band", "ChartAsked", "Checker", "Evidence", "Maker", "NamedQuery", "Preparation", "Row", "ShownChart",
    "Sight", "Solution", "Trick", "Verdict", "Wrong", "anonymity", "check_chart", "check_statements", "diversity",
    "group_means", "linkage", "matching_quality", "narrowed", "read_as", "read_month", "rule_quality", "variation_distance",
]  # fmt: skip
