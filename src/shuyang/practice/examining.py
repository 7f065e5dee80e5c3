"""Shows a person's work to the checkers of its scenario and takes down what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import duckdb

from shuyang.practice.authoring import Answer, Row, Solution, Verdict
from shuyang.practice.browsing import columns_sql, look_sql
from shuyang.practice.charting import chart_look, shown_chart
from shuyang.practice.decision_table import to_sql
from shuyang.practice.judging.charts import ShownChart
from shuyang.practice.package import Scenario
from shuyang.practice.sandbox.client import ask
from shuyang.practice.sandbox.contracts import Limits, Outcome
from shuyang.practice.spec import RulesSpace, Task
from shuyang.practice.work import Work, artifact, named_queries
from shuyang.practice.worlds import World

WHOLE = Limits(seconds=20.0, cpu_seconds=20, memory_mib=512, rows=40_000, columns=60, text=400, reply_bytes=16_000_000)
NOTHING = "nothing_done"


class Judge(AbstractContextManager["Judge"]):
    """A `Sight` over one world and one work. Trusted code: the tables are at hand without the sandbox's limits, but what
    the person wrote runs in the sandbox."""

    def __init__(
        self, scenario: Scenario, world: World, work: Work, connection: duckdb.DuckDBPyConnection | None = None
    ) -> None:
        self.seed = world.seed
        self.truths: Mapping[str, Any] = world.truths
        self._scenario, self._world, self.work = scenario, world, work
        self._answers: dict[str, Answer] = {}
        self._charts: dict[str, ShownChart] = {}
        self._connection = connection or _opened(world)

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def shown(self, work: Work) -> Judge:
        """The same world, opened once, with another work; only the judge made last may be asked."""
        return Judge(self._scenario, self._world, work, self._connection)

    def artifact(self, task_id: str) -> Mapping[str, Any]:
        return self.work.artifact(task_id) or {}

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        return self._connection.execute(sql, list(parameters)).fetchall()

    def person_query(self, name: str) -> Answer:
        if name not in self._answers:
            self._answers[name] = self._run(name)
        return self._answers[name]

    def answer(self, task_id: str) -> Answer:
        name = str(self.artifact(task_id).get("result", ""))
        if not name:
            return Answer(problem=NOTHING)
        found = self.person_query(name)
        if not found.problem:
            self._keep(f"answer_{task_id}", found)
        return found

    def chart(self, task_id: str) -> ShownChart:
        if task_id not in self._charts:
            self._charts[task_id] = self._drawn(self.artifact(task_id))
        return self._charts[task_id]

    def _drawn(self, made_: Mapping[str, Any]) -> ShownChart:
        source = str(made_.get("source", ""))
        if not source:
            return ShownChart(problem=NOTHING)
        whole = self._ask(columns_sql(source))
        types = dict(zip(whole.columns, whole.types, strict=True))
        look = chart_look(made_, types)
        if look is None:
            return ShownChart(problem=str(whole.failure or NOTHING))
        found = self._ask(look_sql(look, types))
        return shown_chart(made_, found.rows) if found.ok else ShownChart(problem=str(found.failure))

    def _ask(self, sql: str) -> Outcome:
        """A query of ours over what the person has: given tables and his queries."""
        return ask(database=self._world.given, sql=sql, named=self.work.queries, limits=WHOLE)

    def decisions(self, task_id: str) -> dict[Any, str | None]:
        space = self._scenario.spec.task(task_id).workspace
        assert isinstance(space, RulesSpace)
        rows = self._connection.execute(to_sql(space, self.artifact(task_id))).fetchall()
        return {key: outcome for key, outcome, _rule in rows}

    def _run(self, name: str) -> Answer:
        places = [n for n, query in enumerate(self.work.queries) if query.name == name]
        if not places:
            return Answer(problem="query_gone")
        earlier = self.work.queries[: places[0]]
        query = self.work.queries[places[0]]
        found = ask(database=self._world.given, sql=query.sql, named=earlier, limits=WHOLE)
        return _answer(found)

    def _keep(self, name: str, answer: Answer) -> None:
        """The answer as a table of texts: checkers cast what they need, so that a wrong type is a wrong value, no crash."""
        columns = ", ".join(f'"{column}" VARCHAR' for column in _distinct(answer.columns))
        self._connection.execute(f'CREATE OR REPLACE TABLE "{name}" ({columns})')
        rows = [[None if value is None else str(value) for value in row] for row in answer.rows]
        if rows:
            self._connection.execute(
                f'INSERT INTO "{name}" SELECT {_unpacked(len(answer.columns))} FROM (SELECT unnest(?) AS r)',  # noqa: S608
                [rows],
            )


def _opened(world: World) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "1GB"})
    for name, path in (("given", world.given), ("hidden", world.hidden)):
        connection.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")
    connection.execute("SET search_path = 'memory.main,given.main,hidden.main'")
    return connection


def _distinct(columns: Sequence[str]) -> list[str]:
    """Column names made distinct, as the engine requires (it takes upper and lower case as the same)."""
    seen: dict[str, int] = {}
    names = []
    for column in columns:
        count = seen[column.lower()] = seen.get(column.lower(), 0) + 1
        names.append((column if count == 1 else f"{column}_{count}").replace('"', "'"))
    return names


def _unpacked(count: int) -> str:
    return ", ".join(f"r[{place}]" for place in range(1, count + 1))


def _answer(found: Outcome) -> Answer:
    if not found.ok:
        return Answer(problem=str(found.failure))
    return Answer(tuple(found.columns), tuple(found.rows), "too_many_rows" if found.truncated else "")


def judge(scenario: Scenario, world: World, work: Work) -> dict[str, Verdict]:
    """What the checkers say of each task. A task for which nothing was made gets the lowest category without its checker being
    asked."""
    with Judge(scenario, world, work) as sight:
        return judge_with(scenario, sight)


def judge_with(scenario: Scenario, sight: Judge, tasks: frozenset[str] | None = None) -> dict[str, Verdict]:
    """What the checkers say of each task, or of these, to a sight that is open."""
    wanted = [task for task in scenario.spec.tasks if tasks is None or task.id in tasks]
    return {task.id: _verdict(scenario, task, sight) for task in wanted}


def _verdict(scenario: Scenario, task: Task, sight: Judge) -> Verdict:
    if not made(sight.work, task.id):
        return Verdict(0, NOTHING)
    verdict = scenario.checkers[task.id](sight)
    if not 0 <= verdict.category < len(task.categories) or verdict.reason not in task.reasons:
        raise ValueError(f"{scenario.name}/{task.id}: the checker says {verdict.category} {verdict.reason!r}")
    return (
        verdict
        if verdict.clause
        else replace(verdict, clause=task.rests_on.get(verdict.reason, "".join(task.clauses[:1])))
    )


def made(work: Work, task_id: str) -> bool:
    """Was anything made for a task?"""
    found = work.artifact(task_id) or {}
    return any(value not in (None, "", [], {}) for value in found.values())


def work_of(scenario: Scenario, solution: Solution) -> Work:
    """A solution as a person's work, checked as a person's input is."""
    queries = named_queries([{"name": q.name, "sql": q.sql} for q in solution.queries], given_names(scenario))
    made_ = {
        task_id: artifact(scenario.spec.task(task_id).workspace, raw) for task_id, raw in solution.artifacts.items()
    }
    return Work(queries, made_)


def given_names(scenario: Scenario) -> frozenset[str]:
    """The names of the given tables in lower case: a query may not take one of them."""
    return frozenset(table.name.lower() for table in scenario.spec.tables)
