"""Compiled loops over persons. Imported only when something is estimated or scored; compiled once per install.

Each loop works on persons start ... stop-1 and releases the interpreter lock, so shards run in plain threads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Int32 = NDArray[np.int32]
Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(**options: Any) -> Callable[[Function], Function]:
    """numba's njit with a disk cache and without the interpreter lock, typed as the plain function."""
    decorate: Callable[[Function], Function] = njit(cache=True, nogil=True, error_model="numpy", **options)
    return decorate


@compiled(fastmath=True, inline="always")
def exp_in_place(x: Float, power: Int, scale: Float, n: int, top: float) -> None:
    """x[:n] = exp(x[:n] - top) for x <= top; plain arithmetic, so that the loop vectorises (error < 3 ulp).

    power and scale are one buffer seen as int64 and as float64: writing an exponent field makes the power of two.
    """
    for q in range(n):
        y = max(x[q] - top, -700.0)
        k = np.floor(y * 1.4426950408889634 + 0.5)
        f = y - k * 0.693147180369123816490 - k * 1.90821492927058770002e-10
        p = 1.0 / 479001600.0
        p = p * f + 1.0 / 39916800.0
        p = p * f + 1.0 / 3628800.0
        p = p * f + 1.0 / 362880.0
        p = p * f + 1.0 / 40320.0
        p = p * f + 1.0 / 5040.0
        p = p * f + 1.0 / 720.0
        p = p * f + 1.0 / 120.0
        p = p * f + 1.0 / 24.0
        p = p * f + 1.0 / 6.0
        p = p * f + 0.5
        p = p * f + 1.0
        x[q] = p * f + 1.0
        power[q] = (np.int64(k) + 1023) << 52
    for q in range(n):
        x[q] *= scale[q]


@compiled(fastmath=True, inline="always")
def log_posterior(
    acc: Float,
    ptr: Int,
    code: Int32,
    table: Float,
    prior: Float,
    tilt: float,
    nodes: Float,
    person: int,
    a: int,
    b: int,
) -> float:
    """acc = prior + tilt * nodes + the table rows of the person's answers on nodes a ... b-1; returns the maximum."""
    n = b - a
    before = prior[a:b]
    for q in range(n):
        acc[q] = before[q]
    if tilt != 0.0:
        line = nodes[a:b]
        for q in range(n):
            acc[q] += tilt * line[q]
    k = ptr[person]
    end = ptr[person + 1]
    while k + 3 < end:
        r0 = table[code[k], a:b]
        r1 = table[code[k + 1], a:b]
        r2 = table[code[k + 2], a:b]
        r3 = table[code[k + 3], a:b]
        for q in range(n):
            acc[q] += (r0[q] + r1[q]) + (r2[q] + r3[q])
        k += 4
    while k < end:
        row = table[code[k], a:b]
        for q in range(n):
            acc[q] += row[q]
        k += 1
    top = acc[0]
    for q in range(n):
        top = max(top, acc[q])
    return float(top)


@compiled(fastmath=True)
def expect(
    start: int,
    stop: int,
    ptr: Int,
    code: Int32,
    table: Float,
    prior: Float,
    group: Int32,
    tilt: Float,
    nodes: Float,
    weight: Float,
    low: Int32,
    high: Int32,
    reach: float,
    counts: Float,
    prior_counts: Float,
    centre: Float,
) -> float:
    """Expectation step: adds posteriors to counts [rows, Q] and prior_counts [G, Q]; returns the log-likelihood.

    low, high: each person's window of nodes; with reach > 0 refreshed to the posterior mean +- reach sd (+1 node),
    in multiples of 8 nodes so that every loop runs on whole vectors. centre [N]: posterior mean, in nodes.
    group, tilt, weight may be empty. prior is log density on nodes, very negative on padding.
    """
    size = table.shape[1]
    acc = np.empty(size)
    power = np.empty(size, np.int64)
    scale = power.view(np.float64)
    grouped = len(group) > 0
    tilted = len(tilt) > 0
    weighted = len(weight) > 0
    total = 0.0
    for i in range(start, stop):
        a = low[i]
        b = high[i]
        n = b - a
        g = group[i] if grouped else 0
        top = log_posterior(acc, ptr, code, table, prior[g], tilt[i] if tilted else 0.0, nodes, i, a, b)
        exp_in_place(acc, power, scale, n, top)
        mass = 0.0
        first = 0.0
        second = 0.0
        for q in range(n):
            mass += acc[q]
            first += acc[q] * q
            second += acc[q] * q * q
        w = weight[i] if weighted else 1.0
        total += w * (top + np.log(mass))
        mean = first / mass
        centre[i] = a + mean
        factor = w / mass
        for q in range(n):
            acc[q] *= factor
        mine = prior_counts[g, a:b]
        for q in range(n):
            mine[q] += acc[q]
        for k in range(ptr[i], ptr[i + 1]):
            row = counts[code[k], a:b]
            for q in range(n):
                row[q] += acc[q]
        if reach > 0.0:
            half = reach * np.sqrt(max(second / mass - mean * mean, 0.0)) + 1.0
            low[i] = max(int(a + mean - half) // 8 * 8, 0)
            high[i] = min((int(a + mean + half) // 8 + 1) * 8, size)
    return total


@compiled(fastmath=True)
def score_grid(
    start: int,
    stop: int,
    ptr: Int,
    code: Int32,
    table: Float,
    prior: Float,
    group: Int32,
    tilt: Float,
    nodes: Float,
    space: Float,
    mean: Float,
    second: Float,
    loglik: Float,
) -> None:
    """Posterior mean [N, D], second moments [N, D(D+1)/2] (lower triangle by rows) and log-likelihood [N] on a grid.

    space [D, Q] holds the coordinates of the nodes; nodes [Q] the ones a tilt applies to.
    """
    size = table.shape[1]
    dims = space.shape[0]
    acc = np.empty(size)
    power = np.empty(size, np.int64)
    scale = power.view(np.float64)
    grouped = len(group) > 0
    tilted = len(tilt) > 0
    for i in range(start, stop):
        g = group[i] if grouped else 0
        top = log_posterior(acc, ptr, code, table, prior[g], tilt[i] if tilted else 0.0, nodes, i, 0, size)
        exp_in_place(acc, power, scale, size, top)
        mass = 0.0
        for q in range(size):
            mass += acc[q]
        loglik[i] = top + np.log(mass)
        at = 0
        for u in range(dims):
            x = space[u]
            s = 0.0
            for q in range(size):
                s += acc[q] * x[q]
            mean[i, u] = s / mass
            for v in range(u + 1):
                y = space[v]
                s = 0.0
                for q in range(size):
                    s += acc[q] * x[q] * y[q]
                second[i, at] = s / mass
                at += 1


@compiled()
def deviations(
    ptr: Int, item: Int32, category: NDArray[np.int8], usual: Int32, width: int, out_ptr: Int, out: Int32, fill: bool
) -> None:
    """Recode answers as deviations from each item's usual category; a missing answer is category width - 1.

    First call with fill=False to learn out_ptr, then with an array of out_ptr[-1] codes.
    """
    items = len(usual)
    for i in range(len(ptr) - 1):
        at = out_ptr[i]
        k = ptr[i]
        for j in range(items):
            c = width - 1
            if k < ptr[i + 1] and item[k] == j:
                c = category[k]
                k += 1
            if c != usual[j]:
                if fill:
                    out[at] = j * width + c
                at += 1
        if not fill:
            out_ptr[i + 1] = at
