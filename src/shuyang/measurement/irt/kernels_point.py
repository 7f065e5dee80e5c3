"""Compiled evaluation of single persons at single points of ability, any model, any number of dimensions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Int32 = NDArray[np.int32]
Int8 = NDArray[np.int8]

BINARY, GRADED, TOTAL = 0, 1, 2
ML, MAP, WLE, WARM = 0, 1, 2, 3


@compiled(inline="always")
def logistic(z: float) -> float:
    """1 / (1 + exp(-z)) without overflow."""
    e = np.exp(-abs(z))
    return float(1.0 / (1.0 + e) if z >= 0 else e / (1.0 + e))


@compiled()
def item_terms(
    family: int, categories: int, d: Float, s: Float, g: float, u: float, x: int, t: float
) -> tuple[float, float, float, float, float]:
    """log P(x), its first and second derivative in t, the information about t, and sum_k P' P'' / P (Warm's J).

    d, s: intercepts d_0 = 0, d_1, ... and category scores of the item.
    """
    if family == BINARY:
        right = logistic(t + d[1])
        wrong = 1.0 - right if right < 0.5 else logistic(-(t + d[1]))
        p = g + (u - g) * right
        q = (1.0 - u) + (u - g) * wrong
        w = (u - g) * right * wrong
        bend = w * (wrong - right)
        info = w * w / (p * q)
        j = w * bend / (p * q)
        if x == 1:
            return np.log(p), w / p, bend / p - (w / p) ** 2, info, j
        return np.log(q), -w / q, -bend / q - (w / q) ** 2, info, j
    if family == GRADED:
        return graded_terms(categories, d, x, t)
    return total_terms(categories, d, s, x, t)


@compiled()
def graded_terms(categories: int, d: Float, x: int, t: float) -> tuple[float, float, float, float, float]:
    """As `item_terms` for a graded item: d log P_k / dt = 1 - c_k - c_{k+1}, c the boundary curves."""
    logp = first = second = info = j = 0.0
    lower = 1.0
    for k in range(categories):
        upper = logistic(t + d[k + 1]) if k < categories - 1 else 0.0
        d1 = 1.0 - lower - upper
        d2 = -lower * (1.0 - lower) - upper * (1.0 - upper)
        p = max(lower - upper, 1e-300)
        info += p * d1 * d1
        j += p * d1 * (d2 + d1 * d1)
        if k == x:
            first, second = d1, d2
        lower = upper
    if x > 0:
        logp += log_logistic(t + d[x])
    if x < categories - 1:
        logp += log_logistic(-(t + d[x + 1]))
    if 0 < x < categories - 1:
        logp += np.log(-np.expm1(d[x + 1] - d[x]))
    return logp, first, second, info, j


@compiled(inline="always")
def log_logistic(z: float) -> float:
    """log(1 / (1 + exp(-z))) without overflow."""
    return float(min(z, 0.0) - np.log1p(np.exp(-abs(z))))


@compiled()
def total_terms(categories: int, d: Float, s: Float, x: int, t: float) -> tuple[float, float, float, float, float]:
    """As `item_terms` for a divide-by-total item: moments of the category scores."""
    top = -1e300
    for k in range(categories):
        top = max(top, s[k] * t + d[k])
    total = mean = 0.0
    for k in range(categories):
        e = np.exp(s[k] * t + d[k] - top)
        total += e
        mean += e * s[k]
    mean /= total
    variance = third = 0.0
    for k in range(categories):
        e = np.exp(s[k] * t + d[k] - top) / total
        variance += e * (s[k] - mean) ** 2
        third += e * (s[k] - mean) ** 3
    return s[x] * t + d[x] - top - np.log(total), s[x] - mean, -variance, variance, third


@compiled()
def person_terms(
    theta: Float, item: Int32, category: Int8, family: Int, categories: Int, slopes: Float, d: Float, s: Float,
    g: Float, u: Float, gradient: Float, hessian: Float, info: Float,
) -> tuple[float, float]:  # fmt: skip
    """Log-likelihood of a person's answers at theta [D]; fills gradient, minus Hessian and information, returns J.

    J, the second value, is Warm's correction summed over items in theta (one dimension only).
    """
    dims = len(theta)
    gradient[:] = 0.0
    hessian[:] = 0.0
    info[:] = 0.0
    total = warm = 0.0
    for k in range(len(item)):
        j = item[k]
        a = slopes[j]
        t = 0.0
        for v in range(dims):
            t += a[v] * theta[v]
        logp, d1, d2, i, w = item_terms(family[j], categories[j], d[j], s[j], g[j], u[j], category[k], t)
        total += logp
        warm += w * a[0] ** 3
        for v in range(dims):
            if a[v] != 0.0:
                gradient[v] += d1 * a[v]
                for y in range(dims):
                    outer = a[v] * a[y]
                    hessian[v, y] -= d2 * outer
                    info[v, y] += i * outer
    return total, warm


@compiled()
def half_log_det(matrix: Float) -> float:
    """Half the log determinant of a positive definite matrix, -1e30 when it is not."""
    n = matrix.shape[0]
    if n == 1:
        return float(0.5 * np.log(matrix[0, 0]) if matrix[0, 0] > 0 else -1e30)
    lower = np.zeros((n, n))
    result = 0.0
    for r in range(n):
        for c in range(r + 1):
            x = matrix[r, c]
            for k in range(c):
                x -= lower[r, k] * lower[c, k]
            if r == c:
                if x <= 0:
                    return -1e30
                lower[r, r] = np.sqrt(x)
                result += np.log(lower[r, r])
            else:
                lower[r, c] = x / lower[c, c]
    return float(result)


@compiled()
def objective(
    method: int, theta: Float, mean: Float, precision: Float, item: Int32, category: Int8, family: Int, categories: Int,
    slopes: Float, d: Float, s: Float, g: Float, u: Float, gradient: Float, hessian: Float, info: Float,
) -> float:  # fmt: skip
    """What a method maximises, with its gradient and minus its Hessian (WLE: gradient and Hessian by differences).

    MAP adds the log normal prior; WLE adds half the log determinant of the information; WARM has no objective, its
    gradient is Warm's (1989) estimating equation.
    """
    dims = len(theta)
    value, warm = person_terms(
        theta, item, category, family, categories, slopes, d, s, g, u, gradient, hessian, info
    )  # fmt: skip
    if method == MAP:
        for v in range(dims):
            for y in range(dims):
                pull = precision[v, y] * (theta[y] - mean[y])
                gradient[v] -= pull
                value -= 0.5 * (theta[v] - mean[v]) * pull
                hessian[v, y] += precision[v, y]
                info[v, y] += precision[v, y]
    elif method == WARM:
        gradient[0] += 0.5 * warm / max(info[0, 0], 1e-300)
    elif method == WLE:
        value += penalty(theta, item, category, family, categories, slopes, d, s, g, u, gradient, hessian)
    return float(value)


@compiled()
def penalty(
    theta: Float, item: Int32, category: Int8, family: Int, categories: Int, slopes: Float, d: Float, s: Float,
    g: Float, u: Float, gradient: Float, hessian: Float,
) -> float:  # fmt: skip
    """Half log det information at theta; adds its central differences to gradient and minus Hessian."""
    dims = len(theta)
    h = 1e-3
    spare_g = np.empty(dims)
    spare_h = np.empty((dims, dims))
    info = np.empty((dims, dims))
    point = theta.copy()
    grid = np.zeros((dims, dims, 4))
    person_terms(point, item, category, family, categories, slopes, d, s, g, u, spare_g, spare_h, info)
    middle = half_log_det(info)
    for v in range(dims):
        for y in range(v + 1):
            for sign in range(4):
                one = h if sign % 2 == 0 else -h
                two = h if sign < 2 else -h
                point[:] = theta
                point[v] += one
                if y != v:
                    point[y] += two
                person_terms(point, item, category, family, categories, slopes, d, s, g, u, spare_g, spare_h, info)
                grid[v, y, sign] = half_log_det(info)
    for v in range(dims):
        gradient[v] += (grid[v, v, 0] - grid[v, v, 1]) / (2 * h)
        hessian[v, v] -= (grid[v, v, 0] - 2 * middle + grid[v, v, 1]) / (h * h)
        for y in range(v):
            mixed = (grid[v, y, 0] - grid[v, y, 1] - grid[v, y, 2] + grid[v, y, 3]) / (4 * h * h)
            hessian[v, y] -= mixed
            hessian[y, v] -= mixed
    return middle


@compiled()
def climb(
    method: int, theta: Float, mean: Float, precision: Float, item: Int32, category: Int8, family: Int, categories: Int,
    slopes: Float, d: Float, s: Float, g: Float, u: Float, bound: float, covariance: Float,
) -> bool:  # fmt: skip
    """Guarded Newton ascent from theta in place; covariance = inverse of minus the Hessian. False: no finite mode."""
    dims = len(theta)
    gradient = np.empty(dims)
    hessian = np.empty((dims, dims))
    info = np.empty((dims, dims))
    trial = np.empty(dims)
    old = objective(
        method, theta, mean, precision, item, category, family, categories, slopes, d, s, g, u, gradient, hessian, info
    )
    for _ in range(200):
        curved = hessian if half_log_det(hessian) > -1e29 and method != WARM else info
        if half_log_det(curved) <= -1e29:
            curved = info + 1e-6 * np.eye(dims)
        step = np.linalg.solve(curved, gradient)
        longest = np.max(np.abs(step))
        if longest > 1.0:
            step /= longest
        if longest < 1e-9:
            break
        scale = 1.0
        new = old
        for _halving in range(30):
            for v in range(dims):
                trial[v] = theta[v] + scale * step[v]
            new = objective(
                method, trial, mean, precision, item, category, family, categories, slopes, d, s, g, u, gradient,
                hessian, info,
            )  # fmt: skip
            if method == WARM or new >= old - 1e-12 * abs(old):
                break
            scale *= 0.5
        theta[:] = trial
        old = new
        if np.max(np.abs(theta)) > bound:
            return False
        if scale * longest < 1e-9:
            break
    used = info if method == WARM or half_log_det(hessian) <= -1e29 else hessian
    if half_log_det(used) <= -1e29:
        return False
    covariance[:] = np.linalg.inv(used)
    return True


@compiled()
def best_of_grid(
    at: Float, mean: Float, precision: Float, item: Int32, category: Int8, family: Int, categories: Int, slopes: Float,
    d: Float, s: Float, g: Float, u: Float,
) -> None:  # fmt: skip
    """Put at [1] on the best of 41 points on [-8, 8] for WLE."""
    gradient, hessian, info, point = np.empty(1), np.empty((1, 1)), np.empty((1, 1)), np.empty(1)
    best = -1e300
    for q in range(41):
        point[0] = -8.0 + 0.4 * q
        value, _ = person_terms(
            point, item, category, family, categories, slopes, d, s, g, u, gradient, hessian, info
        )  # fmt: skip
        value += half_log_det(info)
        if value > best:
            best = value
            at[0] = point[0]


@compiled()
def point_scores(
    start: int, stop: int, method: int, search: bool, ptr: Int, item: Int32, category: Int8, family: Int,
    categories: Int, slopes: Float, d: Float, s: Float, g: Float, u: Float,
    mean: Float, precision: Float, group: Int32, bound: float,
    theta: Float, covariance: Float,
) -> None:  # fmt: skip
    """Mode of each person; theta [N, D] holds starts and then results, +-inf where there is no finite maximum.

    With search, for likelihoods that may have several maxima (Samejima, 1973): ML and WARM start from the posterior
    mode and so find the maximum uphill from where prior and answers agree (the highest may lie at infinity); WLE in one
    dimension starts from the best of 41 points on [-8, 8].
    """
    dims = theta.shape[1]
    for i in range(start, stop):
        k = group[i] if len(group) else 0
        mine = item[ptr[i] : ptr[i + 1]]
        given = category[ptr[i] : ptr[i + 1]]
        at = theta[i]
        args = mean[k], precision[k], mine, given, family, categories, slopes, d, s, g, u
        if search and method == WLE and dims == 1:
            best_of_grid(at, *args)
        elif search:
            climb(MAP, at, *args, bound, covariance[i])
        found = len(mine) > 0 or method == MAP
        if found:
            found = climb(method, at, *args, bound, covariance[i])
        if not found:
            covariance[i] = np.nan
            for v in range(dims):
                at[v] = np.inf if at[v] > 0.5 * bound else -np.inf if at[v] < -0.5 * bound else np.nan
