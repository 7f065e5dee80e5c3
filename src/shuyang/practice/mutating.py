"""Breaks the checkers of a scenario on purpose, in many small ways: what none of its solutions notices is not proved."""

from __future__ import annotations

import ast
import inspect
import textwrap
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

from shuyang.practice.authoring import Checker, Maker, Verdict
from shuyang.practice.examining import Judge, made, work_of
from shuyang.practice.judging.statements import check_statements
from shuyang.practice.package import Scenario
from shuyang.practice.work import Work
from shuyang.practice.worlds import world

# Checkers for any scenario: where one rests on them, they are broken, too, as if they were its own.
SHARED = (check_statements,)


@dataclass(frozen=True, slots=True)
class Mutants:
    """How many checkers broken on purpose were noticed, and those that were not, by task and place."""

    made: int
    noticed: int
    missed: tuple[str, ...]


def mutants(scenario: Scenario, seed: int, cache: Path) -> Mutants:
    """Break each checker, and what it calls in its scenario, and see whether the named solutions notice."""
    here = world(scenario, seed, cache)
    count, missed = 0, []
    with ExitStack() as stack:
        eyes = stack.enter_context(Judge(scenario, here, Work()))
        works = [work_of(scenario, make(eyes)) for make in _makers(scenario)]
        sights = [(work, stack.enter_context(Judge(scenario, here, work))) for work in works]
        expected = {
            task_id: _expected(checker, [sight for work, sight in sights if made(work, task_id)])
            for task_id, checker in scenario.checkers.items()
        }
        for task_id, name, checker in _broken(scenario):
            count += 1
            if all(_says(checker, sight, verdict) for sight, verdict in expected[task_id]):
                missed.append(f"{task_id}: {name}")
    return Mutants(count, count - len(missed), tuple(missed))


def _expected(checker: Checker, sights: list[Judge]) -> list[tuple[Judge, Verdict]]:
    """What the sound checker says of each, those first that took it the least time: most mutants are noticed soon."""
    found = []
    for sight in sights:
        start = time.process_time()
        verdict = checker(sight)
        found.append((time.process_time() - start, sight, verdict))
    return [(sight, verdict) for _, sight, verdict in sorted(found, key=lambda one: one[0])]


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
        for part in _parts(scenario, checker):
            for place, number in _places(part):
                yield task_id, f"{part.__name__}, {place} {number + 1}", _with(scenario, checker, part, place, number)


def _constant(verdict: Verdict) -> Checker:
    return lambda sight: verdict


def _parts(scenario: Scenario, checker: Checker) -> list[FunctionType]:
    """The checker and all functions that it calls, directly or not, in its scenario and among the shared ones."""
    names = vars(scenario.module)
    found: list[FunctionType] = []
    waiting: list[Any] = [checker]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, FunctionType) and part not in found:
            found.append(part)
            called = [names.get(name) for name in _names(part)] if part.__module__ == scenario.module.__name__ else []
            waiting += [one for one in called if one in SHARED or _own(scenario, one)]
    return found


def _own(scenario: Scenario, value: Any) -> bool:
    return isinstance(value, FunctionType) and value.__module__ == scenario.module.__name__


def _names(part: FunctionType) -> list[str]:
    """The names that a function uses, in their order."""
    tree = ast.walk(_tree(part))
    return list(dict.fromkeys(node.id for node in tree if isinstance(node, ast.Name)))


def _tree(part: FunctionType) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(part)))


_FLIP: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
PLACES = ("compare", "category", "test", "both")


class _Mutate(ast.NodeTransformer):
    """Changes the n-th place of a kind: turns a comparison round, a verdict's category by one, a condition into its opposite,
    `and` into `or`."""

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
        if is_verdict and isinstance(node.args[0], ast.Constant) and self._mine("category"):
            node.args[0] = ast.Constant(abs(int(str(node.args[0].value)) - 1))
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if self._mine("test"):
            node.test = ast.UnaryOp(ast.Not(), node.test)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if self._mine("both"):
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return node


def _places(part: FunctionType) -> list[tuple[str, int]]:
    return [(place, number) for place in PLACES for number in range(_count(part, place))]


def _count(part: FunctionType, place: str) -> int:
    counter = _Mutate(place, -2)
    counter.visit(_tree(part))
    return counter.seen + 1


def _with(scenario: Scenario, checker: Checker, part: FunctionType, place: str, number: int) -> Checker:
    """The checker in a copy of its scenario in which one part is broken."""
    names = dict(vars(scenario.module))
    for name, value in list(names.items()):
        if _own(scenario, value):
            names[name] = _bound(value, names)
    changed = ast.fix_missing_locations(_Mutate(place, number).visit(_tree(part)))
    inside = names if part.__module__ == scenario.module.__name__ else dict(part.__globals__)
    exec(compile(changed, f"<{scenario.name}>", "exec"), inside)  # noqa: S102  the project's own code, changed
    names[part.__name__] = inside[part.__name__]
    made_: Checker = names[checker.__name__]
    return made_


def _bound(value: FunctionType, names: dict[str, Any]) -> FunctionType:
    """A function that looks up names in another table."""
    copy = FunctionType(value.__code__, names, value.__name__, value.__defaults__, value.__closure__)
    copy.__kwdefaults__ = value.__kwdefaults__
    return copy
