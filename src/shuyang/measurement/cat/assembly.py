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


@dataclass(frozen=True, slots=True, eq=False)
class Assembly:
    """Disjoint forms, each ascending item indices; `information` [F, P] at the points of the targets, in their order.

    `deviation` is the largest distance from a target, `optimal` says whether a smaller one was proved impossible
    (to within the tolerance asked for), `elapsed` in seconds.
    """

    forms: tuple[tuple[int, ...], ...]
    information: FloatArray
    target: FloatArray
    deviation: float
    optimal: bool
    elapsed: float

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return {
            "forms": [list(form) for form in self.forms],
            "information": self.information.tolist(),
            "target": self.target.tolist(),
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
        worst = np.abs(self.information - self.target).max(axis=1)
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
    began = perf_counter()
    length = blueprint.max_items if length is None else length
    candidates = np.array(sorted(set(range(len(bank))) - set(excluded)), dtype=np.intp)
    info, wanted = _information(bank, targets)
    program = _program(bank, blueprint, candidates, info[candidates], wanted, forms, length)
    found = solve(program, time_limit=time_limit, gap=1e-4, slack=tolerance, core=len(program.cost))
    if found is None:
        raise BadBlueprint("no such forms exist, or none was found in time", forms=forms, length=length)
    chosen = found.x[: forms * len(candidates)].reshape(forms, len(candidates)) > 0.5
    reached = chosen.astype(np.float64) @ info[candidates]
    return Assembly(
        forms=tuple(tuple(int(i) for i in candidates[row]) for row in chosen),
        information=reached,
        target=wanted,
        deviation=float(np.abs(reached - wanted).max(initial=0.0)),
        optimal=found.optimal,
        elapsed=perf_counter() - began,
    )


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
    blueprint: Blueprint,
    candidates: IntArray,
    info: FloatArray,
    wanted: FloatArray,
    forms: int,
    length: int,
) -> Program:
    """Variables: item × form, form by form, and last the deviation to be made small."""
    size, last = len(candidates), forms * len(candidates)
    rows: list[Row] = []
    for form in range(forms):
        offset = form * size
        for row in blueprint_rows(bank, blueprint, candidates, length=length):
            rows.append(Row(row.index + offset, row.values, row.lower, row.upper))
        for p, target in enumerate(wanted.tolist()):
            index = np.append(np.flatnonzero(info[:, p]) + offset, last)
            values = info[info[:, p] != 0, p]
            rows.append(Row(index, np.append(values, 1.0), target, inf))
            rows.append(Row(index, np.append(values, -1.0), -inf, target))
    if forms > 1:
        rows += [Row.count(np.arange(j, last, size), 0, 1) for j in range(size)]
    whole = np.append(np.ones(last, dtype=np.bool_), False)
    return Program(np.append(np.zeros(last), -1.0), np.append(np.ones(last), 1e6), whole, rows)
