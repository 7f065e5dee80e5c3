"""Compiled response curves on many points, and an item's derivatives summed over weighted points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled, exp_in_place
from shuyang.measurement.irt.kernels_point import GRADED

Float = NDArray[np.float64]
Int = NDArray[np.int64]
LEAST = 1e-12


@compiled()
def terms_rows(width: int) -> int:
    """Rows of `local` and `cross` that items of up to `width` categories need (a nominal item has the most)."""
    return max(10, (2 * width - 2) * (2 * width - 1) // 2)


@compiled(fastmath=True, inline="always")
def composite(theta: Float, slope: Float, shift: float, out: Float) -> None:
    """out[s] = shift + slope' theta[:, s], skipping zero slopes."""
    n = len(out)
    for q in range(n):
        out[q] = shift
    for v in range(len(slope)):
        if slope[v] != 0.0:
            a = slope[v]
            row = theta[v]
            for q in range(n):
                out[q] += a * row[q]


@compiled(fastmath=True, inline="always")
def logistic_of(z: Float, out: Float, power: Int, scale: Float) -> None:
    """out = 1 / (1 + exp(-z)), vectorised, relative error about 1e-9: far below what the points themselves leave."""
    n = len(z)
    for q in range(n):
        y = min(max(-z[q], -40.0), 40.0)
        k = np.floor(y * 1.4426950408889634 + 0.5)
        f = y - k * 0.6931471805599453
        p = f * (1.0 / 40320.0) + 1.0 / 5040.0
        p = p * f + 1.0 / 720.0
        p = p * f + 1.0 / 120.0
        p = p * f + 1.0 / 24.0
        p = p * f + 1.0 / 6.0
        p = p * f + 0.5
        p = p * f + 1.0
        out[q] = p * f + 1.0
        power[q] = (np.int64(k) + 1023) << 52
    for q in range(n):
        out[q] = 1.0 / (1.0 + out[q] * scale[q])


@compiled(fastmath=True)
def category_curves(
    family: int, categories: int, d: Float, s: Float, t: Float, p: Float, bound: Float, power: Int, scale: Float
) -> None:
    """p[k, q] of a graded or divide-by-total item at composites t (without intercepts); bound: boundary curves."""
    n = len(t)
    z = p[categories - 1]
    if family == GRADED:
        for k in range(1, categories):
            for q in range(n):
                z[q] = t[q] + d[k]
            logistic_of(z, bound[k], power, scale)
        for q in range(n):
            p[0, q] = 1.0 - bound[1, q]
        for k in range(1, categories - 1):
            for q in range(n):
                p[k, q] = bound[k, q] - bound[k + 1, q]
        for q in range(n):
            p[categories - 1, q] = bound[categories - 1, q]
        return
    for q in range(n):
        bound[0, q] = -1e300
    for k in range(categories):
        for q in range(n):
            p[k, q] = s[k] * t[q] + d[k]
            bound[0, q] = max(bound[0, q], p[k, q])
    for q in range(n):
        bound[1, q] = 0.0
    for k in range(categories):
        for q in range(n):
            p[k, q] -= bound[0, q]
        exp_in_place(p[k], power, scale, n, 0.0)
        for q in range(n):
            bound[1, q] += p[k, q]
    for k in range(categories):
        for q in range(n):
            p[k, q] /= bound[1, q]


@compiled(fastmath=True)
def plain_terms(
    x: int, curve: Float, lw: Float, theta: Float, squares: Float, loads: NDArray[np.bool_], column: int, out: Float,
    info: Float, residual: Float, spread: Float,
) -> None:  # fmt: skip
    """Gradient and information of a binary item without asymptotes in its slopes and intercept."""
    dims, points = theta.shape
    e = 0.0
    f = 0.0
    for q in range(points):
        r = lw[q] * (x - curve[q])
        w = lw[q] * curve[q] * (1.0 - curve[q])
        residual[q] = r
        spread[q] = w
        e += r
        f += w
    out[column] += e
    info[column, column] += f
    for v in range(dims):
        if loads[v]:
            row = theta[v]
            e = 0.0
            f = 0.0
            for q in range(points):
                e += residual[q] * row[q]
                f += spread[q] * row[q]
            out[v] += e
            info[v, column] += f
            info[column, v] += f
            for y in range(v + 1):
                if loads[y]:
                    both = squares[v * (v + 1) // 2 + y]
                    f = 0.0
                    for q in range(points):
                        f += spread[q] * both[q]
                    info[v, y] += f
                    if v != y:
                        info[y, v] += f


@compiled(fastmath=True)
def assemble(
    count: int, columns: Int, lw: Float, theta: Float, squares: Float, loads: NDArray[np.bool_], local: Float,
    cross: Float, out: Float, info: Float,
) -> None:  # fmt: skip
    """Add sums over points: local[0] is the derivative in t, local[1 ... count] in columns; cross the information
    in packed lower triangles (row r, column c at r(r+1)/2 + c)."""
    dims, points = theta.shape
    for r in range(1, count + 1):
        e = 0.0
        for q in range(points):
            e += lw[q] * local[r, q]
        out[columns[r - 1]] += e
        for c in range(1, r + 1):
            f = 0.0
            line = cross[r * (r + 1) // 2 + c]
            for q in range(points):
                f += lw[q] * line[q]
            info[columns[r - 1], columns[c - 1]] += f
            if r != c:
                info[columns[c - 1], columns[r - 1]] += f
    for v in range(dims):
        if loads[v]:
            row = theta[v]
            e = 0.0
            for q in range(points):
                e += lw[q] * local[0, q] * row[q]
            out[v] += e
            for r in range(1, count + 1):
                line = cross[r * (r + 1) // 2]
                f = 0.0
                for q in range(points):
                    f += lw[q] * line[q] * row[q]
                info[v, columns[r - 1]] += f
                info[columns[r - 1], v] += f
            for y in range(v + 1):
                if loads[y]:
                    both = squares[v * (v + 1) // 2 + y]
                    f = 0.0
                    for q in range(points):
                        f += lw[q] * cross[0, q] * both[q]
                    info[v, y] += f
                    if v != y:
                        info[y, v] += f


@compiled(fastmath=True)
def asymptote_terms(
    x: int, curve: Float, lw: Float, theta: Float, squares: Float, loads: NDArray[np.bool_], g: float, u: float,
    column: int, column_g: int, out: Float, info: Float, local: Float, cross: Float,
) -> None:  # fmt: skip
    """As `plain_terms`, with logits of the asymptotes in columns column_g and column_g + 1."""
    points = len(lw)
    columns = np.array([column, column_g, column_g + 1])
    part = np.empty(4)
    for q in range(points):
        c = curve[q]
        p = max(g + (u - g) * c, LEAST)
        r = max((1.0 - u) + (u - g) * (1.0 - c), LEAST)
        part[0] = (u - g) * c * (1.0 - c)
        part[1] = part[0]
        part[2] = (1.0 - c) * g * (1.0 - g)
        part[3] = c * u * (1.0 - u)
        residual = 1.0 / p if x == 1 else -1.0 / r
        for m in range(4):
            local[m, q] = residual * part[m]
            for n in range(m + 1):
                cross[m * (m + 1) // 2 + n, q] = part[m] * part[n] / (p * r)
    assemble(3, columns, lw, theta, squares, loads, local, cross, out, info)


@compiled(fastmath=True)
def several_terms(
    family: int, categories: int, x: int, s: Float, t: Float, p: Float, bound: Float, lw: Float, theta: Float,
    squares: Float, loads: NDArray[np.bool_], column: int, column_s: int, out: Float, info: Float, local: Float,
    cross: Float,
) -> None:  # fmt: skip
    """Gradient and information of a graded or divide-by-total item in slopes, intercepts and, from column_s on unless
    that is -1, the free scores of a nominal item; t: composite without intercepts."""
    points = len(lw)
    last = categories - 1
    free = categories - 2 if column_s >= 0 else 0
    columns = np.empty(last + free, np.int64)
    for r in range(last + free):
        columns[r] = column + r if r < last else column_s + r - last
    for q in range(points):
        for r in range(categories * (categories + 1) // 2):
            cross[r, q] = 0.0
        local[0, q] = 0.0
        for k in range(1, categories):
            local[k, q] = 0.0
        if family == GRADED:
            for k in range(1, categories):
                w = bound[k, q] * (1.0 - bound[k, q])
                above = max(p[k, q], LEAST)
                below = max(p[k - 1, q], LEAST)
                slope = w / above if x == k else -w / below if x == k - 1 else 0.0
                local[k, q] = slope
                local[0, q] += slope
                main = w * w * (1.0 / above + 1.0 / below)
                cross[k * (k + 1) // 2 + k, q] = main
                cross[k * (k + 1) // 2, q] += main
                cross[0, q] += main
                if k > 1:
                    beside = -w * bound[k - 1, q] * (1.0 - bound[k - 1, q]) / below
                    cross[k * (k + 1) // 2 + k - 1, q] = beside
                    cross[k * (k + 1) // 2, q] += beside
                    cross[(k - 1) * k // 2, q] += beside
                    cross[0, q] += 2.0 * beside
        else:
            mean = 0.0
            for k in range(1, categories):
                mean += s[k] * p[k, q]
            local[0, q] = s[x] - mean
            cross[0, q] = mean * mean * p[0, q]
            for k in range(1, categories):
                local[k, q] = (1.0 if k == x else 0.0) - p[k, q]
                cross[0, q] += (s[k] - mean) ** 2 * p[k, q]
                cross[k * (k + 1) // 2, q] = p[k, q] * (s[k] - mean)
                for c in range(1, k + 1):
                    cross[k * (k + 1) // 2 + c, q] = (p[k, q] if c == k else 0.0) - p[k, q] * p[c, q]
    if free > 0:
        score_terms(categories, t, local, cross)
    assemble(last + free, columns, lw, theta, squares, loads, local, cross, out, info)


@compiled(fastmath=True)
def score_terms(categories: int, t: Float, local: Float, cross: Float) -> None:
    """Rows of `local` and `cross` for the scores s_1 ... s_{K-2}: those of the intercepts times the composite."""
    last = categories - 1
    for h in range(1, last):
        r = last + h
        mine = h * (h + 1) // 2
        at = r * (r + 1) // 2
        for q in range(len(t)):
            local[r, q] = local[h, q] * t[q]
            cross[at, q] = cross[mine, q] * t[q]
        for k in range(1, categories):
            low, high = min(h, k), max(h, k)
            both = high * (high + 1) // 2 + low
            for q in range(len(t)):
                cross[at + k, q] = cross[both, q] * t[q]
            if k <= h:
                for q in range(len(t)):
                    cross[at + last + k, q] = cross[both, q] * t[q] * t[q]
