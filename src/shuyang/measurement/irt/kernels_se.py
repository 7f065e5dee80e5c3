"""Compiled sum over persons of the posterior covariance of complete-data scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled, exp_in_place, log_posterior

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Int32 = NDArray[np.int32]


@compiled(fastmath=True)
def add_covariance(
    scores: Float, where: Int, m: int, mass: Float, root: Float, n: int, weight: float, lost: Float
) -> None:  # fmt: skip
    """Add weight times the covariance of scores[:m, :n] under mass[:n] to the entries where[:m] of lost [P, P].

    The scores are overwritten; root is room for n numbers.
    """
    for q in range(n):
        root[q] = np.sqrt(mass[q])
    for r in range(m):
        row = scores[r]
        e = 0.0
        for q in range(n):
            e += mass[q] * row[q]
        for q in range(n):
            row[q] = (row[q] - e) * root[q]
    for r in range(m):
        row = scores[r]
        for c in range(r + 1):
            other = scores[c]
            e = 0.0
            for q in range(n):
                e += row[q] * other[q]
            u = where[r]
            v = where[c]
            lost[u, v] += weight * e
            if r != c:
                lost[v, u] += weight * e


@compiled(fastmath=True)
def score_covariance(
    start: int, stop: int, ptr: Int, code: Int32, table: Float, prior: Float, group: Int32, tilt: Float, nodes: Float,
    weight: Float, low: Int32, high: Int32, first: Int, column: Int, derivative: Float, group_first: Int,
    group_column: Int, group_derivative: Float, design: Float, design_column: Int, design_derivative: Float,
    lost: Float,
) -> None:  # fmt: skip
    """Add to lost [P, P] each person's posterior covariance of the complete-data score.

    A person's score at node q has, for the answer coded c, the entries column[r] = derivative[r, q] for r in
    first[c] ... first[c+1]-1; then those of the group (group_first, ...), then with a latent regression
    design[i, k] * design_derivative[q]. Entries that share a column are added. Constants do not matter.
    """
    size = table.shape[1]
    acc = np.empty(size)
    power = np.empty(size, np.int64)
    scale = power.view(np.float64)
    most = 0
    for i in range(start, stop):
        count = 0
        for k in range(ptr[i], ptr[i + 1]):
            count += first[code[k] + 1] - first[code[k]]
        most = max(most, count)
    most += len(group_column) + len(design_column)
    scores = np.empty((most, size))
    where = np.empty(most, np.int64)
    for i in range(start, stop):
        a = low[i]
        b = high[i]
        n = b - a
        g = group[i] if len(group) else 0
        top = log_posterior(acc, ptr, code, table, prior[g], tilt[i] if len(tilt) else 0.0, nodes, i, a, b)
        exp_in_place(acc, power, scale, n, top)
        mass = 0.0
        for q in range(n):
            mass += acc[q]
        for q in range(n):
            acc[q] /= mass
        m = 0
        for k in range(ptr[i], ptr[i + 1]):
            for r in range(first[code[k]], first[code[k] + 1]):
                where[m] = column[r]
                line = derivative[r, a:b]
                row = scores[m]
                for q in range(n):
                    row[q] = line[q]
                m += 1
        for r in range(group_first[g], group_first[g + 1]):
            where[m] = group_column[r]
            line = group_derivative[r, a:b]
            row = scores[m]
            for q in range(n):
                row[q] = line[q]
            m += 1
        for k in range(len(design_column)):
            where[m] = design_column[k]
            row = scores[m]
            for q in range(n):
                row[q] = design[i, k] * design_derivative[a + q]
            m += 1
        add_covariance(scores, where, m, acc, scale, n, weight[i] if len(weight) else 1.0, lost)
