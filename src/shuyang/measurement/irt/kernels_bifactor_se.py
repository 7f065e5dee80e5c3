"""Compiled sum over persons of the posterior covariance of complete-data scores in a bifactor model."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled
from shuyang.measurement.irt.kernels_bifactor import person_blocks
from shuyang.measurement.irt.kernels_se import add_covariance

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Int32 = NDArray[np.int32]
NEGLIGIBLE = 1e-13


class ScoreRows(NamedTuple):
    """Entries of the complete-data score: first [cells + 1] numbers the rows of each cell, column their place among
    the unknowns, derivative [rows, nodes] their values. Cells are coded answers, groups, or groups times factors."""

    first: Int
    column: Int
    derivative: Float


class DesignRows(NamedTuple):
    """Of a regression: entry k of person i is design[i, k] times derivative [nodes], at column[k]."""

    design: Float
    column: Int
    derivative: Float


class Sheet(NamedTuple):
    """What a person's posterior comes from; as the arguments of `expect_bifactor`."""

    ptr: Int
    code: Int32
    specific: Int
    table: Float
    general: Float
    own: Float
    group: Int32
    weight: Float
    tilt: Float
    line: Float


@compiled(fastmath=True)
def _between(mean: Float, where: Int, block: Int, m: int, mass: Float, weight: float, lost: Float) -> None:
    """Add the covariance over the general factor of the entries' conditional means, mean [m, G], for entries of
    different blocks; block -1 is that of the general factor's own entries, among themselves too."""
    size = len(mass)
    for r in range(m):
        row = mean[r]
        centre = 0.0
        for x in range(size):
            centre += mass[x] * row[x]
        for x in range(size):
            row[x] -= centre
    for r in range(m):
        row = mean[r]
        for c in range(r + 1):
            if block[r] != block[c] or block[r] == -1:
                other = mean[c]
                e = 0.0
                for x in range(size):
                    e += mass[x] * row[x] * other[x]
                lost[where[r], where[c]] += weight * e
                if r != c:
                    lost[where[c], where[r]] += weight * e


@compiled(fastmath=True)
def lost_bifactor(
    start: int, stop: int, sheet: Sheet, answers: ScoreRows, general_rows: ScoreRows, own_rows: ScoreRows,
    design: DesignRows, lost: Float,
) -> None:  # fmt: skip
    """Add to lost [P, P] each person's posterior covariance of the complete-data score.

    Given the general factor the blocks are independent: within a block the covariance is over its nodes (g, s), between
    blocks it is that of the conditional means given the general factor.
    """
    ptr, code, specific = sheet.ptr, sheet.code, sheet.specific
    factors, inner = sheet.own.shape[1:]
    outer = sheet.general.shape[1]
    size = outer * inner
    grid = np.empty((factors, size))
    power = np.empty(size, np.int64)
    scale = power.view(np.float64)
    inside = np.empty((factors, outer))
    general = np.empty(outer)
    touched = np.empty(factors, np.bool_)
    root = np.empty(size)
    most = 0
    for i in range(start, stop):
        count = 0
        for k in range(ptr[i], ptr[i + 1]):
            count += answers.first[code[k] + 1] - answers.first[code[k]]
        most = max(most, count)
    most += len(general_rows.column) + len(own_rows.column) + len(design.column)
    scores = np.empty((most, size))
    mean = np.empty((most, outer))
    where = np.empty(most, np.int64)
    block = np.empty(most, np.int64)
    for i in range(start, stop):
        g = sheet.group[i] if len(sheet.group) else 0
        w = sheet.weight[i] if len(sheet.weight) else 1.0
        tilt = sheet.tilt[i] if len(sheet.tilt) else 0.0
        person_blocks(
            i, ptr, code, specific, sheet.table, sheet.general[g], sheet.own[g], tilt, sheet.line, grid, inside, general,
            touched, power, scale,
        )  # fmt: skip
        a = 0
        while general[a] < NEGLIGIBLE:
            a += 1
        b = outer
        while general[b - 1] < NEGLIGIBLE:
            b -= 1
        m = 0
        for f in range(factors):
            at = g * factors + f
            own = own_rows.first[at + 1] - own_rows.first[at]
            if not touched[f] and own == 0:
                continue
            cells = grid[f]
            for x in range(a, b):
                factor = general[x] / inside[f, x] if touched[f] else general[x]
                for y in range(inner):
                    before = cells[x * inner + y] if touched[f] else np.exp(sheet.own[g, f, y])
                    cells[x * inner + y] = before * factor
            begin = m
            for k in range(ptr[i], ptr[i + 1]):
                if specific[code[k]] == f:
                    for r in range(answers.first[code[k]], answers.first[code[k] + 1]):
                        row = scores[m - begin]
                        line = answers.derivative[r]
                        for q in range(a * inner, b * inner):
                            row[q - a * inner] = line[q]
                        where[m] = answers.column[r]
                        block[m] = f
                        m += 1
            for r in range(own_rows.first[at], own_rows.first[at + 1]):
                row = scores[m - begin]
                for x in range(a, b):
                    for y in range(inner):
                        row[(x - a) * inner + y] = own_rows.derivative[r, y]
                where[m] = own_rows.column[r]
                block[m] = f
                m += 1
            for r in range(begin, m):
                row = scores[r - begin]
                for x in range(a, b):
                    e = 0.0
                    for y in range(inner):
                        e += cells[x * inner + y] * row[(x - a) * inner + y]
                    mean[r, x] = e / max(general[x], 1e-300)
            add_covariance(
                scores, where[begin:m], m - begin, cells[a * inner : b * inner], root, (b - a) * inner, w, lost
            )
        for r in range(general_rows.first[g], general_rows.first[g + 1]):
            for x in range(a, b):
                mean[m, x] = general_rows.derivative[r, x]
            where[m] = general_rows.column[r]
            block[m] = -1
            m += 1
        for k in range(len(design.column)):
            for x in range(a, b):
                mean[m, x] = design.design[i, k] * design.derivative[x]
            where[m] = design.column[k]
            block[m] = -1
            m += 1
        _between(mean[:, a:b], where, block, m, general[a:b], w, lost)
