"""Proves a scenario: its reference earns everything, nothing earns nothing, each named mistake is recognised, no trick pays, the
checkers hold over many seeds, and a broken checker would be noticed."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from shuyang.practice.authoring import Checker, Maker, Solution, Verdict
from shuyang.practice.examining import Judge, judge, work_of
from shuyang.practice.examining import made as made_for
from shuyang.practice.package import Scenario
from shuyang.practice.work import Work
from shuyang.practice.worlds import World, world


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a scenario does not hold: which rule, at which seed, and what happened instead."""

    rule: str
    seed: int
    what: str


@dataclass(frozen=True, slots=True)
class Mutants:
    """How many checkers broken on purpose were noticed, and those that were not, by task and line."""

    made: int
    noticed: int
    missed: tuple[str, ...]


def shape_findings(scenario: Scenario) -> list[Finding]:
    """What can be seen without a world: every task has a checker, reasons, at least two categories and so on."""
    spec, found = scenario.spec, []
    ids = [task.id for task in spec.tasks]
    if len(set(ids)) < len(ids):
        found.append(Finding("shape", 0, "two tasks have one id"))
    if set(scenario.checkers) != set(ids):
        found.append(Finding("shape", 0, "CHECKERS does not name the tasks of scenario.yaml"))
    if len(scenario.wrong) < 3:
        found.append(Finding("shape", 0, "fewer than three named wrong solutions"))
    if len(scenario.tricks) < 3:
        found.append(Finding("shape", 0, "fewer than three tricks"))
    for task in spec.tasks:
        if len(task.categories) < 3:
            found.append(Finding("shape", 0, f"{task.id}: fewer than three categories"))
        if not task.hints or sum(hint.cost for hint in task.hints) > 0.6:
            found.append(Finding("shape", 0, f"{task.id}: hints are missing or cost more than 0.6 together"))
        if not task.expert or not task.missed:
            found.append(Finding("shape", 0, f"{task.id}: the debrief is missing"))
    return found


def world_findings(scenario: Scenario, seed: int, cache: Path) -> Iterator[Finding]:
    """What does not hold in the world of one seed."""
    here = world(scenario, seed, cache)
    with Judge(scenario, here, Work()) as sight:
        works = _Works(scenario, here, sight)
        yield from _reference(works)
        yield from _empty(works)
        yield from _wrong(works)
        yield from _tricks(works)


class _Works:
    """Solutions of one world: what the checkers say of the tasks that matter. Solutions see what checkers see."""

    def __init__(self, scenario: Scenario, here: World, sight: Judge) -> None:
        self.scenario, self.here, self.sight = scenario, here, sight

    def said(self, make: Maker, tasks: Iterable[str] | None = None) -> dict[str, Verdict]:
        """What the checkers say of a solution, of these tasks or all."""
        work = work_of(self.scenario, make(self.sight))
        return judge(self.scenario, self.here, work, None if tasks is None else frozenset(tasks))

    def most(self, task_id: str) -> int:
        return len(self.scenario.spec.task(task_id).categories) - 1


def _reference(works: _Works) -> Iterator[Finding]:
    for task_id, verdict in works.said(works.scenario.reference).items():
        if verdict.category != works.most(task_id):
            yield Finding(
                "reference",
                works.here.seed,
                f"{task_id}: {verdict.category} of {works.most(task_id)}, {verdict.reason}",
            )


def _empty(works: _Works) -> Iterator[Finding]:
    """No work earns nothing."""
    for task_id, verdict in works.said(lambda sight: Solution()).items():
        if verdict.category != 0:
            yield Finding("empty", works.here.seed, f"{task_id}: {verdict.category} for no work")


def _wrong(works: _Works) -> Iterator[Finding]:
    for wrong in works.scenario.wrong:
        for task_id, verdict in works.said(wrong.make, wrong.reasons).items():
            if verdict.reason != wrong.reasons[task_id] or verdict.category == works.most(task_id):
                what = f"{wrong.name}: {task_id} says {verdict.category} {verdict.reason}"
                yield Finding("wrong", works.here.seed, what)


def _tricks(works: _Works) -> Iterator[Finding]:
    for trick in works.scenario.tricks:
        verdict = works.said(trick.make, [trick.task])[trick.task]
        if verdict.category > trick.at_most:
            yield Finding("trick", works.here.seed, f"{trick.name}: {trick.task} gives {verdict.category}")


def made_by(scenario: Scenario, here: World, make: Maker) -> Work:
    """The work of a solution in a world."""
    with Judge(scenario, here, Work()) as sight:
        return work_of(scenario, make(sight))


# --- broken checkers -------------------------------------------------------------------------------------------------


def mutants(scenario: Scenario, seed: int, cache: Path) -> Mutants:
    """Break each checker in many small ways and see whether the solutions above notice."""
    here = world(scenario, seed, cache)
    made, missed = 0, []
    with ExitStack() as stack:
        eyes = stack.enter_context(Judge(scenario, here, Work()))
        works = [work_of(scenario, make(eyes)) for make in _makers(scenario)]
        sights = [(work, stack.enter_context(Judge(scenario, here, work))) for work in works]
        expected: dict[str, list[tuple[Judge, Verdict]]] = {
            task_id: [(sight, checker(sight)) for work, sight in sights if made_for(work, task_id)]
            for task_id, checker in scenario.checkers.items()
        }
        for task_id, name, checker in _broken(scenario):
            made += 1
            if all(_says(checker, sight, verdict) for sight, verdict in expected[task_id]):
                missed.append(f"{task_id}: {name}")
    return Mutants(made, made - len(missed), tuple(missed))


def _makers(scenario: Scenario) -> list[Maker]:
    return [scenario.reference, *[w.make for w in scenario.wrong], *[t.make for t in scenario.tricks]]


def _says(broken: Checker, sight: Judge, verdict: Verdict) -> bool:
    """Does a broken checker say the same as the sound one?"""
    try:
        said = broken(sight)
    except Exception:
        return False
    return (said.category, said.reason) == (verdict.category, verdict.reason)


def _broken(scenario: Scenario) -> Iterator[tuple[str, str, Checker]]:
    for task_id, checker in scenario.checkers.items():
        most = len(scenario.spec.task(task_id).categories) - 1
        reason = next(iter(scenario.spec.task(task_id).reasons))
        yield task_id, "always full", _constant(Verdict(most, reason))
        yield task_id, "always nothing", _constant(Verdict(0, reason))
        tree = ast.parse(textwrap.dedent(inspect.getsource(checker)))
        for place, count in ((p, n) for p in ("compare", "number", "test") for n in range(_count(tree, p))):
            yield task_id, f"{place} {count + 1}", _mutated(scenario, checker, place, count)


def _constant(verdict: Verdict) -> Checker:
    return lambda sight: verdict


_FLIP: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


class _Mutate(ast.NodeTransformer):
    """Changes the n-th place of a kind: turns a comparison round, a verdict's category by one, a condition into its opposite."""

    def __init__(self, place: str, number: int) -> None:
        self.place, self.number, self.seen = place, number, -1

    def _mine(self, place: str) -> bool:
        if place != self.place:
            return False
        self.seen += 1
        return self.seen == self.number

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if self._mine("compare"):
            node.ops = [_FLIP[type(op)]() for op in node.ops]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        is_verdict = isinstance(node.func, ast.Name) and node.func.id == "Verdict" and node.args
        if is_verdict and isinstance(node.args[0], ast.Constant) and self._mine("number"):
            node.args[0] = ast.Constant(abs(int(str(node.args[0].value)) - 1))
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if self._mine("test"):
            node.test = ast.UnaryOp(ast.Not(), node.test)
        return node


def _count(tree: ast.AST, place: str) -> int:
    counter = _Mutate(place, -2)
    counter.visit(ast.parse(ast.unparse(tree)))
    return counter.seen + 1


def _mutated(scenario: Scenario, checker: Checker, place: str, number: int) -> Checker:
    tree = ast.parse(textwrap.dedent(inspect.getsource(checker)))
    changed = ast.fix_missing_locations(_Mutate(place, number).visit(tree))
    names = dict(vars(scenario.module))
    exec(compile(changed, f"<{scenario.name}>", "exec"), names)  # noqa: S102  the scenario's own code, changed
    made: Callable[..., Verdict] = names[checker.__name__]
    return made
