"""Reads of practice: the catalogue, a run, its tables, and what a query over them gives.

`run` asks the policy and reads the row, once for a page; everything else about a run takes the view that it gave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from shuyang.kernel.clock import now
from shuyang.kernel.errors import NotFound
from shuyang.kit.api import view
from shuyang.practice.contracts import (
    CheckpointView,
    Given,
    GivenColumn,
    Grading,
    Mode,
    RunLine,
    RunState,
    RunView,
    ScenarioView,
    TaskGrade,
)
from shuyang.practice.meanings import meanings
from shuyang.practice.models import Change, Graded, Run
from shuyang.practice.package import Scenario, scenario, scenario_names
from shuyang.practice.places import world_of_view
from shuyang.practice.policies import OwnRun
from shuyang.practice.rules import credit, grading, overall
from shuyang.practice.sandbox.client import ask
from shuyang.practice.sandbox.contracts import NamedQuery, Outcome
from shuyang.practice.spec import TableAbout
from shuyang.practice.work import Work
from shuyang.trust.api import Actor


def scenarios() -> tuple[ScenarioView, ...]:
    """All scenarios, in the order of their ids."""
    return tuple(_view(scenario(name)) for name in scenario_names())


def scenario_view(*, name: str) -> ScenarioView:
    """One scenario. Raises `NotFound`."""
    return _view(scenario(name))


def _view(found: Scenario) -> ScenarioView:
    return ScenarioView(found.name, found.hash, found.spec)


def runs(*, actor: Actor) -> list[RunLine]:
    """The actor's own runs, newest first, without those given up."""
    rows = list(
        Run.objects.filter(OwnRun().visible_to(actor)).exclude(state=RunState.LEFT.value).order_by("-created_at")
    )
    grades: dict[UUID, list[Graded]] = defaultdict(list)
    for graded in Graded.objects.filter(run__in=[row.id for row in rows]):
        grades[graded.run_id].append(graded)
    return [_line(row, grades[row.id]) for row in rows]


def _line(row: Run, grades: list[Graded]) -> RunLine:
    earned = overall([g.credit for g in _grades(row, grades)])
    return RunLine(row.id, row.scenario, Mode(row.mode), RunState(row.state), row.created_at, row.submitted_at, earned)


def run(*, actor: Actor, run_id: UUID) -> RunView:
    """One of the actor's own runs, with its grades once there are some. Raises `NotFound`."""
    row = Run.objects.filter(OwnRun().visible_to(actor), id=run_id).first()
    if row is None:
        raise NotFound("no such run")
    found = scenario(row.scenario)
    outdated = found.hash != row.scenario_hash
    return RunView(
        id=row.id,
        scenario=_view(found),
        mode=Mode(row.mode),
        state=RunState(row.state),
        started_at=row.created_at,
        deadline=row.deadline,
        submitted_at=row.submitted_at,
        work=work_as_stored(row),
        revision=row.revision,
        hints=row.hints,
        notes=row.notes,
        seed=row.seed,
        synthetic=row.synthetic,
        outdated=outdated,
        grading=_grading(row, outdated) if row.state == RunState.SUBMITTED.value else None,
        grades=_grades(row, list(Graded.objects.filter(run=row))) if row.state == RunState.GRADED.value else (),
    )


def _grading(row: Run, outdated: bool) -> Grading:
    try:
        job = view(job_id=row.grading_job, owner_id=row.person_id) if row.grading_job else None
    except NotFound:
        job = None
    return grading(job, now(), outdated=outdated)


def work_as_stored(row: Run) -> Work:
    """The work of a run."""
    queries = tuple(NamedQuery(q["name"], q["sql"]) for q in row.work.get("queries") or [])
    return Work(queries, row.work.get("artifacts", {}))


def _grades(row: Run, graded: list[Graded]) -> tuple[TaskGrade, ...]:
    """The grades of the tasks that the scenario still has, with as many categories as then."""
    found, said = scenario(row.scenario), {one.task: one for one in graded}
    return tuple(
        TaskGrade(
            task,
            said[task.id].category,
            said[task.id].max_category,
            said[task.id].reason,
            said[task.id].evidence,
            said[task.id].clause,
            credit(task, said[task.id].category, row.hints.get(task.id, 0)),
        )
        for task in found.spec.tasks
        if task.id in said and said[task.id].max_category == len(task.categories) - 1
    )


def checkpoints(*, run: RunView) -> list[CheckpointView]:
    """The named states of a run, newest first."""
    rows = Change.objects.filter(run_id=run.id).exclude(checkpoint="").order_by("-number")
    return [CheckpointView(row.number, row.checkpoint, row.created_at) for row in rows]


def given_tables(*, run: RunView) -> tuple[Given, ...]:
    """The tables of a run: their columns with types and meanings, their sizes."""
    shapes = _shapes(world_of_view(run).given)
    return tuple(_given(table, *shapes[table.name]) for table in run.scenario.spec.tables if table.name in shapes)


def _given(about: TableAbout, columns: tuple[tuple[str, str], ...], rows: int) -> Given:
    said = meanings(about, [name for name, _ in columns])
    return Given(about.name, about.about, tuple(GivenColumn(name, kind, said[name]) for name, kind in columns), rows)


@lru_cache(maxsize=256)
def _shapes(path: Path) -> Mapping[str, tuple[tuple[tuple[str, str], ...], int]]:
    """Columns and row count of each table in a file; a world never changes."""
    with duckdb.connect(str(path), read_only=True) as connection:
        sizes = dict(connection.execute("SELECT table_name, estimated_size FROM duckdb_tables()").fetchall())
        columns: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for table, name, kind in connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index"
        ).fetchall():
            columns[table].append((name, kind))
    return {table: (tuple(columns[table]), int(size)) for table, size in sizes.items()}


def look(*, run: RunView, sql: str, before: str = "") -> Outcome:
    """What a query over the run's tables and named queries gives; nothing is kept. `before`: use only the named queries
    before this one."""
    named = run.work.queries
    places = [place for place, query in enumerate(named) if query.name == before]
    return ask(database=world_of_view(run).given, sql=sql, named=named[: places[0]] if places else named)


def source_rows(*, run: RunView, table: str, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Columns of a given table, all rows in their order: what a table or log workspace shows. Raises `NotFound`."""
    if table not in {t.name for t in run.scenario.spec.tables}:
        raise NotFound("no such table")
    return _rows(world_of_view(run).given, table, columns)


@lru_cache(maxsize=64)
def _rows(path: Path, table: str, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    names = ", ".join(f'"{column}"' for column in columns)
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(f'SELECT {names} FROM "{table}"').fetchall()  # noqa: S608  names of the scenario
