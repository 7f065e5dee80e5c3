"""Proves a scenario at a seed: its reference earns everything, nothing earns nothing, each named mistake is recognised, no trick
pays, and the work is about as hard as at every other seed."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from shuyang.kernel.errors import Invalid
from shuyang.practice.authoring import Maker, Solution, Verdict
from shuyang.practice.examining import Judge, judge_with, work_of
from shuyang.practice.package import Scenario
from shuyang.practice.spec import LogSpace, RulesSpace, TableSpace, Workspace
from shuyang.practice.work import Work
from shuyang.practice.worlds import World, world

# What the named mistakes and tricks of a task earn on the whole may differ from seed to seed by no more than this share.
STEADY = 0.15


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a scenario does not hold: which rule, at which seed (0: at any), and what happened instead."""

    rule: str
    seed: int
    what: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What one seed showed. `measures`: each band's figure; `earned`: by task the mean share of credit of its named mistakes
    and tricks."""

    seed: int
    findings: tuple[Finding, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)
    earned: Mapping[str, float] = field(default_factory=dict)


def shape_findings(scenario: Scenario) -> list[Finding]:
    """What can be seen without a world: every task has a checker, reasons, at least three categories and so on."""
    spec, found = scenario.spec, []
    ids = [task.id for task in spec.tasks]
    if len(set(ids)) < len(ids):
        found.append("two tasks have one id")
    if set(scenario.checkers) != set(ids):
        found.append("CHECKERS does not name the tasks of scenario.yaml")
    if len(scenario.wrong) < 3:
        found.append("fewer than three named wrong solutions")
    if len(scenario.tricks) < 3:
        found.append("fewer than three tricks")
    if not scenario.bands:
        found.append("BANDS is empty: nothing says how hard a seed may be")
    for task in spec.tasks:
        if len(task.categories) < 3:
            found.append(f"{task.id}: fewer than three categories")
        if not task.hints or sum(hint.cost for hint in task.hints) > 0.6:
            found.append(f"{task.id}: hints are missing or cost more than 0.6 together")
        if not task.expert or not task.missed:
            found.append(f"{task.id}: the debrief is missing")
        if not task.clauses or not set(task.rests_on) <= set(task.reasons):
            found.append(f"{task.id}: clauses are missing, or rests_on names a reason that is not there")
    return [Finding("shape", 0, what) for what in found]


def prove(scenario: Scenario, seed: int, cache: Path, *, fresh: bool = False) -> Proof:
    """What holds and what does not in the world of one seed; `fresh`: in a city of its own, as in assessed runs."""
    with Judge(scenario, world(scenario, seed, cache, fresh=fresh), Work()) as sight:
        works = _Works(scenario, sight)
        if found := _tables(scenario, sight):
            return Proof(seed, tuple(found))
        measures = {band.name: float(band.measure(sight)) for band in scenario.bands}
        found = [*_reference(works), *_empty(works), *_wrong(works), *_tricks(works), *_bands(scenario, seed, measures)]
        return Proof(seed, tuple(found), measures, works.earned())


def repeat_findings(scenario: Scenario, seed: int, cache: Path) -> list[Finding]:
    """Tables and truths that come out differently when the world of one seed is made again: nothing but the seed may matter."""
    first, second = (_fingerprints(world(scenario, seed, cache / part)) for part in ("once", "again"))
    different = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    return [Finding("repeat", seed, f"{name} is not the same when it is made again") for name in different]


def _fingerprints(here: World) -> dict[str, str]:
    found = {"truths": repr(here.truths)}
    for path in (here.given, here.hidden):
        with duckdb.connect(str(path), read_only=True) as connection:
            for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                rows = connection.execute(f'SELECT md5(string_agg(t::VARCHAR, chr(10))) FROM "{name}" t').fetchone()  # noqa: S608
                found[name] = str(rows)
    return found


def steadiness_findings(proofs: Iterable[Proof]) -> list[Finding]:
    """Tasks whose named mistakes earn much more at one seed than at another."""
    found = []
    for task, (least, most) in earned_between(proofs).items():
        if most - least > STEADY:
            found.append(
                Finding("steady", 0, f"{task}: mistakes earn {least:.2f} at one seed and {most:.2f} at another")
            )
    return found


def earned_between(proofs: Iterable[Proof]) -> dict[str, tuple[float, float]]:
    """By task, the least and the most that its named mistakes and tricks earned on the whole at any seed."""
    return _between(proof.earned for proof in proofs)


def measured_between(proofs: Iterable[Proof]) -> dict[str, tuple[float, float]]:
    """By band, the least and the largest figure at any seed."""
    return _between(proof.measures for proof in proofs)


def _between(tables: Iterable[Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for table in tables:
        for name, value in table.items():
            least, most = found.get(name, (value, value))
            found[name] = (min(least, value), max(most, value))
    return found


class _Works:
    """Solutions of one world: what the checkers say of the tasks that matter. Solutions see what checkers see."""

    def __init__(self, scenario: Scenario, sight: Judge) -> None:
        self.scenario, self.sight, self.seed = scenario, sight, sight.seed
        self._earned: dict[str, list[float]] = {}

    def said(self, make: Maker, tasks: Iterable[str] | None = None) -> dict[str, Verdict]:
        """What the checkers say of a solution, of these tasks or all."""
        judge = self.sight.shown(work_of(self.scenario, make(self.sight)))
        return judge_with(self.scenario, judge, None if tasks is None else frozenset(tasks))

    def tried(
        self, name: str, make: Maker, tasks: Iterable[str] | None = None
    ) -> tuple[dict[str, Verdict], list[Finding]]:
        """The same; where code of the scenario breaks, a finding that says in which line."""
        try:
            return self.said(make, tasks), []
        except Exception as error:
            return {}, [Finding("error", self.seed, f"{name}: {_what_broke(self.scenario, error)}")]

    def keep(self, task_id: str, verdict: Verdict) -> None:
        """Count what a mistake or trick earned."""
        self._earned.setdefault(task_id, []).append(verdict.category / self.most(task_id))

    def earned(self) -> dict[str, float]:
        return {task: sum(shares) / len(shares) for task, shares in self._earned.items()}

    def most(self, task_id: str) -> int:
        return len(self.scenario.spec.task(task_id).categories) - 1


def _what_broke(scenario: Scenario, error: Exception) -> str:
    """The error in one line, with the last line of the scenario's own code that led to it."""
    own = [step for step in traceback.extract_tb(error.__traceback__) if step.filename == scenario.module.__file__]
    where = f" (scenario.py, line {own[-1].lineno}, {own[-1].name})" if own else ""
    what = "; ".join(f"{p.where}: {p.code}" for p in error.problems) if isinstance(error, Invalid) else str(error)
    return f"{type(error).__name__}: {what}{where}"


def _tables(scenario: Scenario, sight: Judge) -> list[Finding]:
    """The tables and columns that scenario.yaml speaks of have to be given."""
    given: dict[str, set[str]] = {}
    for table, column in sight.query(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'given'"
    ):
        given.setdefault(table, set()).add(column)
    said = {table.name for table in scenario.spec.tables}
    found = [f"tables: {name} is not given by prepare" for name in sorted(said - set(given))]
    found += [f"tables: {name} is given, but not named" for name in sorted(set(given) - said)]
    for task in scenario.spec.tasks:
        source, columns = _asked(task.workspace)
        lacking = sorted(columns - given.get(source, set())) if source else []
        found += [f"{task.id}: {source} has no column {name}" for name in lacking]
    return [Finding("tables", sight.seed, what) for what in found]


def _asked(space: Workspace) -> tuple[str, set[str]]:
    """The given table that a workspace shows, and the columns it needs of it."""
    match space:
        case TableSpace() | LogSpace():
            return space.source, {space.key, *space.show}
        case RulesSpace():
            return space.source, {space.key, *(one.id for one in space.fields)}
        case _:
            return "", set()


def _reference(works: _Works) -> Iterator[Finding]:
    said, broke = works.tried("reference", works.scenario.reference)
    yield from broke
    for task_id, verdict in said.items():
        if verdict.category != works.most(task_id):
            what = f"{task_id}: {verdict.category} of {works.most(task_id)}, {verdict.reason}"
            yield Finding("reference", works.seed, what)


def _empty(works: _Works) -> Iterator[Finding]:
    """No work earns nothing."""
    for task_id, verdict in works.said(lambda sight: Solution()).items():
        if verdict.category != 0:
            yield Finding("empty", works.seed, f"{task_id}: {verdict.category} for no work")


def _wrong(works: _Works) -> Iterator[Finding]:
    for wrong in works.scenario.wrong:
        said, broke = works.tried(wrong.name, wrong.make, wrong.reasons)
        yield from broke
        for task_id, verdict in said.items():
            works.keep(task_id, verdict)
            if verdict.reason != wrong.reasons[task_id] or verdict.category == works.most(task_id):
                what = f"{wrong.name}: {task_id} says {verdict.category} {verdict.reason}"
                yield Finding("wrong", works.seed, what)


def _tricks(works: _Works) -> Iterator[Finding]:
    for trick in works.scenario.tricks:
        said, broke = works.tried(trick.name, trick.make, [trick.task])
        yield from broke
        for task_id, verdict in said.items():
            works.keep(task_id, verdict)
            if verdict.category > trick.at_most:
                yield Finding("trick", works.seed, f"{trick.name}: {task_id} gives {verdict.category}")


def _bands(scenario: Scenario, seed: int, measures: Mapping[str, float]) -> Iterator[Finding]:
    for band in scenario.bands:
        if not band.least <= measures[band.name] <= band.most:
            yield Finding(
                "band", seed, f"{band.name} is {measures[band.name]:.3g}, not {band.least:g} to {band.most:g}"
            )


def made_by(scenario: Scenario, here: World, make: Maker) -> Work:
    """The work of a solution in a world."""
    with Judge(scenario, here, Work()) as sight:
        return work_of(scenario, make(sight))
