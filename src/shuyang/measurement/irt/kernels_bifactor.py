"""Compiled expectation step of the bifactor model by dimension reduction (Gibbons & Hedeker, 1992)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled, exp_in_place

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Int32 = NDArray[np.int32]
Flags = NDArray[np.bool_]


@compiled(fastmath=True)
def person_blocks(
    i: int, ptr: Int, code: Int32, specific: Int, table: Float, general_prior: Float, specific_prior: Float,
    tilt: float, line: Float, grid: Float, inside: Float, general: Float, touched: Flags, power: Int, scale: Float,
) -> float:  # fmt: skip
    """Posterior of person i; returns the log-likelihood.

    Afterwards, for each touched factor f, grid[f] is the joint of answers and specific factor given node x of the
    general one, up to a constant, and inside[f, x] its sum; general [G] is the posterior of the general factor.
    """
    factors, inner = specific_prior.shape
    outer = len(general_prior)
    size = outer * inner
    touched[:] = False
    for k in range(ptr[i], ptr[i + 1]):
        f = specific[code[k]]
        cells = grid[f]
        row = table[code[k]]
        if not touched[f]:
            touched[f] = True
            prior = specific_prior[f]
            for x in range(outer):
                for y in range(inner):
                    cells[x * inner + y] = prior[y]
        for q in range(size):
            cells[q] += row[q]
    constant = 0.0
    for x in range(outer):
        general[x] = general_prior[x] + tilt * line[x]
    for f in range(factors):
        if touched[f]:
            cells = grid[f]
            top = cells[0]
            for q in range(size):
                top = max(top, cells[q])
            exp_in_place(cells, power, scale, size, top)
            constant += top
            for x in range(outer):
                mass = 0.0
                for y in range(inner):
                    mass += cells[x * inner + y]
                inside[f, x] = mass
                general[x] += np.log(mass)
    top = general[0]
    for x in range(outer):
        top = max(top, general[x])
    mass = 0.0
    for x in range(outer):
        general[x] = np.exp(general[x] - top)
        mass += general[x]
    for x in range(outer):
        general[x] /= mass
    return float(constant + top + np.log(mass))


@compiled(fastmath=True)
def expect_bifactor(
    start: int, stop: int, ptr: Int, code: Int32, specific: Int, table: Float, general_prior: Float,
    specific_prior: Float, group: Int32, weight: Float, tilt: Float, line: Float, counts: Float, general_counts: Float,
    specific_counts: Float, centre: Float,
) -> float:  # fmt: skip
    """Add posteriors to counts [rows, G*S], general_counts [Gr, G] and specific_counts [Gr, F, S]; returns the
    log-likelihood. centre [N] gets the posterior mean of the general factor, in nodes.

    Node (g, s) is column g*S + s of the table. specific [rows] names the specific factor of each coded answer; the
    priors are [Gr, G] and [Gr, F, S]. Given the general factor the specific ones are independent, so each is
    integrated out on its own: the cost is that of two dimensions whatever the number F of specific factors.
    """
    factors, inner = specific_prior.shape[1:]
    outer = general_prior.shape[1]
    size = outer * inner
    grid = np.empty((factors, size))
    power = np.empty(size, np.int64)
    scale = power.view(np.float64)
    inside = np.empty((factors, outer))
    general = np.empty(outer)
    touched = np.empty(factors, np.bool_)
    total = 0.0
    for i in range(start, stop):
        g = group[i] if len(group) else 0
        w = weight[i] if len(weight) else 1.0
        total += w * person_blocks(
            i, ptr, code, specific, table, general_prior[g], specific_prior[g], tilt[i] if len(tilt) else 0.0, line, grid,
            inside, general, touched, power, scale,
        )  # fmt: skip
        mean = 0.0
        for x in range(outer):
            mean += x * general[x]
            general[x] *= w
            general_counts[g, x] += general[x]
        centre[i] = mean
        for f in range(factors):
            sums = specific_counts[g, f]
            if touched[f]:
                cells = grid[f]
                for x in range(outer):
                    factor = general[x] / inside[f, x]
                    for y in range(inner):
                        cells[x * inner + y] *= factor
                        sums[y] += cells[x * inner + y]
            else:
                prior = specific_prior[g, f]
                for y in range(inner):
                    sums[y] += w * np.exp(prior[y])
        for k in range(ptr[i], ptr[i + 1]):
            cells = grid[specific[code[k]]]
            row = counts[code[k]]
            for q in range(size):
                row[q] += cells[q]
    return total
