"""Assembling fixed tests: parallel forms whose information follows a target curve, under one blueprint.

Minimax programme (van der Linden 2005, ch. 5): choose disjoint forms so that the largest distance between any form's
information and its target, over the chosen abilities, is as small as can be.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import inf
from time import perf_counter
from typing import Any

import numpy as np

from .constraints import blueprint_rows
from .contracts import Blueprint, CompiledBank, FloatArray, IntArray
from .errors import BadBlueprint
from .milp import Program, Row, solve


@dataclass(frozen=True, slots=True)
class InformationTarget:
    """Wanted information of one dimension at abilities `theta`, in the same order."""

    dim: int
    theta: tuple[float, ...]
    information: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FormWish:
    """What one form should be: its blueprint (facets, kinds, enemies, time), its length, its information targets."""

    blueprint: Blueprint
    length: int
    targets: tuple[InformationTarget, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Assembly:
    """Disjoint forms, each ascending item indices; for each form its `information` and `target` at the points of its
    targets, in their order.

    `deviation` is the largest distance from a target, `optimal` says whether a smaller one was proved impossible
    (to within the tolerance asked for), `elapsed` in seconds.
    """

    forms: tuple[tuple[int, ...], ...]
    information: tuple[FloatArray, ...]
    target: tuple[FloatArray, ...]
    deviation: float
    optimal: bool
    elapsed: float

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return {
            "forms": [list(form) for form in self.forms],
            "information": [each.tolist() for each in self.information],
            "target": [each.tolist() for each in self.target],
            "deviation": self.deviation,
            "optimal": self.optimal,
        }

    def to_table(self) -> dict[str, list[Any]]:
        """One row per form and item, as columns."""
        rows = [(f, item) for f, form in enumerate(self.forms) for item in form]
        return {"form": [f for f, _ in rows], "item": [item for _, item in rows]}

    def summary(self) -> str:
        """A few lines for a terminal."""
        state = "optimal" if self.optimal else "time ran out"
        worst = [_worst(got, wanted) for got, wanted in zip(self.information, self.target, strict=True)]
        forms = ", ".join(f"{len(form)} items ± {w:.3f}" for form, w in zip(self.forms, worst, strict=True))
        return f"{len(self.forms)} forms ({forms}); largest deviation {self.deviation:.3f} ({state})"


def assemble_forms(
    bank: CompiledBank,
    blueprint: Blueprint,
    targets: Sequence[InformationTarget],
    *,
    forms: int = 1,
    length: int | None = None,
    excluded: Collection[int] = (),
    time_limit: float = 30.0,
    tolerance: float = 0.02,
) -> Assembly:
    """Assemble `forms` disjoint forms of `length` items (by default `blueprint.max_items`).

    Each form obeys facets, kinds, enemies and time of the blueprint. The search ends when no assembly can be closer
    to the targets by more than `tolerance` (information units). Raises `BadBlueprint` when that is impossible
    with this bank, or was not achieved within `time_limit` seconds.
    """
    wish = FormWish(blueprint, blueprint.max_items if length is None else length, tuple(targets))
    return assemble(bank, [wish] * forms, excluded=excluded, time_limit=time_limit, tolerance=tolerance)


def assemble(
    bank: CompiledBank,
    wishes: Sequence[FormWish],
    *,
    excluded: Collection[int] = (),
    time_limit: float = 30.0,
    tolerance: float = 0.02,
) -> Assembly:
    """Disjoint forms that each have their own blueprint, length and targets (see `assemble_forms`)."""
    began = perf_counter()
    candidates = np.array(sorted(set(range(len(bank))) - set(excluded)), dtype=np.intp)
    curves = [_information(bank, wish.targets) for wish in wishes]
    program = _program(bank, wishes, candidates, [(info[candidates], wanted) for info, wanted in curves])
    found = solve(program, time_limit=time_limit, gap=1e-4, slack=tolerance, core=len(program.cost))
    if found is None:
        raise BadBlueprint("no such forms exist, or none was found in time", forms=len(wishes))
    chosen = found.x[: len(wishes) * len(candidates)].reshape(len(wishes), len(candidates)) > 0.5
    forms = tuple(tuple(int(i) for i in candidates[row]) for row in chosen)
    reached = tuple(info[list(form)].sum(axis=0) for form, (info, _) in zip(forms, curves, strict=True))
    targets = tuple(wanted for _, wanted in curves)
    return Assembly(
        forms=forms,
        information=reached,
        target=targets,
        deviation=max((_worst(got, wanted) for got, wanted in zip(reached, targets, strict=True)), default=0.0),
        optimal=found.optimal,
        elapsed=perf_counter() - began,
    )


def _worst(reached: FloatArray, wanted: FloatArray) -> float:
    return float(np.abs(reached - wanted).max(initial=0.0))


def _information(bank: CompiledBank, targets: Sequence[InformationTarget]) -> tuple[FloatArray, FloatArray]:
    """Item information [J, P] at all target points, and the wanted sums [P]; linear between the bank's nodes."""
    columns, wanted = [], []
    for target in targets:
        if len(target.theta) != len(target.information) or not 0 <= target.dim < bank.dims:
            raise BadBlueprint("a target needs one information for each ability, on a dimension of the bank")
        mine = bank.dim == target.dim
        for theta, value in zip(target.theta, target.information, strict=True):
            at = np.array([np.interp(theta, bank.nodes, row) for row in bank.info])
            columns.append(np.where(mine, at, 0.0))
            wanted.append(value)
    return np.array(columns).reshape(len(wanted), len(bank)).T, np.array(wanted)


def _program(
    bank: CompiledBank,
    wishes: Sequence[FormWish],
    candidates: IntArray,
    curves: Sequence[tuple[FloatArray, FloatArray]],
) -> Program:
    """Variables: item × form, form by form, and last the deviation to be made small."""
    size, last = len(candidates), len(wishes) * len(candidates)
    rows: list[Row] = []
    for form, (wish, (info, wanted)) in enumerate(zip(wishes, curves, strict=True)):
        offset = form * size
        for row in blueprint_rows(bank, wish.blueprint, candidates, length=wish.length):
            rows.append(Row(row.index + offset, row.values, row.lower, row.upper))
        for p, target in enumerate(wanted.tolist()):
            mine = np.flatnonzero(info[:, p])
            index = np.append(mine + offset, last)
            rows.append(Row(index, np.append(info[mine, p], 1.0), target, inf))
            rows.append(Row(index, np.append(info[mine, p], -1.0), -inf, target))
    if len(wishes) > 1:
        rows += [Row.count(np.arange(j, last, size), 0, 1) for j in range(size)]
    whole = np.append(np.ones(last, dtype=np.bool_), False)
    return Program(np.append(np.zeros(last), -1.0), np.append(np.ones(last), 1e6), whole, rows)
