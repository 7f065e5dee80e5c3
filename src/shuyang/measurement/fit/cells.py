"""Collapsing sparse cells of a table of sum scores by categories, until each has the expected count asked for.

A pooled cell is a union of (score group, category) cells, with observed and expected counts summed alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Cell:
    """Observed and expected count of categories up to `top` (from the cell before on)."""

    observed: float
    expected: float
    top: int

    def take(self, other: Cell) -> None:
        self.observed += other.observed
        self.expected += other.expected


def collapse_binary(observed: Floats, expected: Floats, smallest: float) -> list[list[Cell]]:
    """Score groups pooled where a cell expects less than `smallest`: the first such group joins a neighbour."""
    return _pool_rows(_rows(observed, expected), smallest)


def collapse_several(observed: Floats, expected: Floats, smallest: float) -> list[list[Cell]]:
    """For three categories and more: first the groups in which a category can't occur join the nearest in which all
    can; then sparse cells join the category below (the lowest the one above) within their group, down to two cells;
    a group sparse even so joins a neighbour."""
    rows = [_pool_cells(row, smallest) for row in _rows(*_drop_impossible(observed, expected))]
    return _pool_rows(rows, smallest)


def _rows(observed: Floats, expected: Floats) -> list[list[Cell]]:
    pairs = zip(observed, expected, strict=True)
    return [[Cell(float(a), float(b), k) for k, (a, b) in enumerate(zip(o, e, strict=True))] for o, e in pairs]


def _drop_impossible(observed: Floats, expected: Floats) -> tuple[Floats, Floats]:
    possible = np.flatnonzero((expected > 0).all(axis=1))
    if not len(possible):
        return observed.sum(axis=0, keepdims=True), expected.sum(axis=0, keepdims=True)
    first, last = possible[0], possible[-1]
    if first == last:
        return observed.sum(axis=0, keepdims=True), expected.sum(axis=0, keepdims=True)
    starts = np.concatenate([[0], np.arange(first + 1, last + 1)])
    return np.add.reduceat(observed, starts), np.add.reduceat(expected, starts)


def _pool_cells(row: list[Cell], smallest: float) -> list[Cell]:
    while len(row) > 2:
        sparse = [k for k, cell in enumerate(row) if cell.expected < smallest]
        if not sparse:
            break
        low = max(sparse[-1] - 1, 0)
        row[low + 1].take(row[low])
        del row[low]
    return row


def _pool_rows(rows: list[list[Cell]], smallest: float) -> list[list[Cell]]:
    while len(rows) > 1:
        at = next((i for i, row in enumerate(rows) if min(c.expected for c in row) < smallest), None)
        if at is None:
            break
        host = rows[_neighbour(rows, at)]
        for cell in rows[at]:
            next(c for c in host if c.top >= cell.top).take(cell)
        del rows[at]
    return rows


def _neighbour(rows: list[list[Cell]], at: int) -> int:
    """The group next to it with fewer persons, the lower one on a tie."""
    if at == 0 or at == len(rows) - 1:
        return 1 if at == 0 else at - 1
    below, above = (sum(c.observed for c in rows[i]) for i in (at - 1, at + 1))
    return at - 1 if below <= above else at + 1
