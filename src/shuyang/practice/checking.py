"""Proves a scenario at a seed: its reference earns everything, nothing earns nothing, each named mistake is recognised, no trick
pays, and the work is about as hard as at every other seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shuyang.practice.authoring import Maker, Solution, Verdict
from shuyang.practice.examining import Judge, judge_with, work_of
from shuyang.practice.package import Scenario
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
        measures = {band.name: float(band.measure(sight)) for band in scenario.bands}
        found = [*_reference(works), *_empty(works), *_wrong(works), *_tricks(works), *_bands(scenario, seed, measures)]
        return Proof(seed, tuple(found), measures, works.earned())


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

    def keep(self, task_id: str, verdict: Verdict) -> None:
        """Count what a mistake or trick earned."""
        self._earned.setdefault(task_id, []).append(verdict.category / self.most(task_id))

    def earned(self) -> dict[str, float]:
        return {task: sum(shares) / len(shares) for task, shares in self._earned.items()}

    def most(self, task_id: str) -> int:
        return len(self.scenario.spec.task(task_id).categories) - 1


def _reference(works: _Works) -> Iterator[Finding]:
    for task_id, verdict in works.said(works.scenario.reference).items():
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
        for task_id, verdict in works.said(wrong.make, wrong.reasons).items():
            works.keep(task_id, verdict)
            if verdict.reason != wrong.reasons[task_id] or verdict.category == works.most(task_id):
                what = f"{wrong.name}: {task_id} says {verdict.category} {verdict.reason}"
                yield Finding("wrong", works.seed, what)


def _tricks(works: _Works) -> Iterator[Finding]:
    for trick in works.scenario.tricks:
        verdict = works.said(trick.make, [trick.task])[trick.task]
        works.keep(trick.task, verdict)
        if verdict.category > trick.at_most:
            yield Finding("trick", works.seed, f"{trick.name}: {trick.task} gives {verdict.category}")


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
