"""Compiled person-adaptive quasi-Monte-Carlo integration over any number of dimensions.

For each person: the posterior mode, a normal proposal there, the same points for everyone moved and scaled to the
proposal, importance weights. One pass gives the marginal likelihood and whatever expectation is wanted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled, exp_in_place
from shuyang.measurement.irt.kernels_point import BINARY, MAP, objective
from shuyang.measurement.irt.kernels_terms import (
    LEAST,
    asymptote_terms,
    category_curves,
    composite,
    logistic_of,
    plain_terms,
    several_terms,
)

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Int32 = NDArray[np.int32]
Int8 = NDArray[np.int8]
FLUSH = 24


@compiled()
def factorise(matrix: Float, lower: Float) -> float:
    """Cholesky factor of a positive definite matrix in `lower`; returns the sum of the logs of its diagonal."""
    n = matrix.shape[0]
    total = 0.0
    for r in range(n):
        for c in range(r + 1):
            x = matrix[r, c]
            for k in range(c):
                x -= lower[r, k] * lower[c, k]
            if r == c:
                lower[r, r] = np.sqrt(max(x, 1e-12))
                total += np.log(lower[r, r])
            else:
                lower[r, c] = x / lower[c, c]
    return float(total)


@compiled()
def solve_lower(lower: Float, b: Float, x: Float) -> None:
    """x = (L L')^-1 b."""
    n = len(b)
    for r in range(n):
        v = b[r]
        for c in range(r):
            v -= lower[r, c] * x[c]
        x[r] = v / lower[r, r]
    for k in range(n):
        r = n - 1 - k
        v = x[r]
        for c in range(r + 1, n):
            v -= lower[c, r] * x[c]
        x[r] = v / lower[r, r]


@compiled(fastmath=True, inline="always")
def keep_exponent(product: Float, lw: Float) -> None:
    """Move the power of two of each product into its logarithm, so that products of probabilities never underflow."""
    bits = product.view(np.int64)
    for q in range(len(product)):
        power = (bits[q] >> 52) - 1023
        lw[q] += power * 0.6931471805599453
        bits[q] -= power << 52


@compiled(fastmath=True)
def place_points(
    mode: Float, newton: int, mean: Float, precision: Float, prior_half_log_det: float, item: Int32, category: Int8,
    family: Int, categories: Int, slopes: Float, d: Float, s: Float, g: Float, u: Float, z: Float, log_q: Float,
    widen: float, theta: Float, lw: Float, kept: Float, gradient: Float, hessian: Float, info: Float, lower: Float,
    covariance: Float, product: Float, line: Float, p: Float, bound: Float, power: Int, scale: Float,
) -> float:  # fmt: skip
    """Points theta [D, S] around the mode (refreshed by Newton steps) with normalised weights lw [S].

    kept[k] holds the logistic curve of the person's k-th answer if binary. Returns the log marginal likelihood.
    """
    dims, points = theta.shape
    for _ in range(newton):
        objective(
            MAP, mode, mean, precision, item, category, family, categories, slopes, d, s, g, u, gradient, hessian, info
        )
        factorise(info, lower)
        solve_lower(lower, gradient, line[:dims])
        longest = 0.0
        for v in range(dims):
            longest = max(longest, abs(line[v]))
        for v in range(dims):
            mode[v] += line[v] / max(longest / 1.5, 1.0)
        if longest < 1e-8:
            break
    objective(
        MAP, mode, mean, precision, item, category, family, categories, slopes, d, s, g, u, gradient, hessian, info
    )
    log_det = factorise(info, lower)
    # theta = mode + widen * L'^-1 z has the inverse of the information as covariance
    for q in range(points):
        for w in range(dims):
            v = dims - 1 - w
            x = widen * z[v, q]
            for c in range(v + 1, dims):
                x -= lower[c, v] * theta[c, q]
            theta[v, q] = x / lower[v, v]
    for v in range(dims):
        for q in range(points):
            theta[v, q] += mode[v]
    for q in range(points):
        lw[q] = -log_q[q]
        product[q] = 1.0
    for v in range(dims):
        for w in range(dims):
            half = -0.5 * precision[v, w]
            for q in range(points):
                lw[q] += half * (theta[v, q] - mean[v]) * (theta[w, q] - mean[w])
    pending = 0
    for k in range(len(item)):
        j = item[k]
        x = category[k]
        if family[j] == BINARY:
            curve = kept[k]
            composite(theta, slopes[j], d[j, 1], line)
            logistic_of(line, curve, power, scale)
            low = g[j]
            span = u[j] - g[j]
            if x == 1:
                for q in range(points):
                    product[q] *= max(low + span * curve[q], LEAST)
            else:
                for q in range(points):
                    product[q] *= max((1.0 - low) - span * curve[q], LEAST)
        else:
            composite(theta, slopes[j], 0.0, line)
            category_curves(family[j], categories[j], d[j], s[j], line, p, bound, power, scale)
            for q in range(points):
                product[q] *= max(p[x, q], LEAST)
        pending += 1
        if pending == FLUSH:
            keep_exponent(product, lw)
            pending = 0
    top = -1e300
    for q in range(points):
        lw[q] += np.log(product[q])
        top = max(top, lw[q])
    exp_in_place(lw, power, scale, points, top)
    total = 0.0
    for q in range(points):
        total += lw[q]
    for q in range(points):
        lw[q] /= total
    return float(top + np.log(total / points) + dims * np.log(widen) - log_det + prior_half_log_det)


@compiled(fastmath=True)
def sweep(
    start: int, stop: int, newton: int, ptr: Int, item: Int32, category: Int8, group: Int32, weight: Float,
    family: Int, categories: Int, slopes: Float, d: Float, s: Float, g: Float, u: Float, mean: Float, precision: Float,
    half_log_det: Float, z: Float, log_q: Float, widen: float, column_d: int, column_g: int, loads: NDArray[np.bool_],
    mode: Float, gradients: Float, informations: Float, first: Float, second: Float, persons: Float,
) -> float:  # fmt: skip
    """Expectation step with the item gradients [J, M] and informations [J, M, M] of the maximisation step.

    first [G, D], second [G, D, D], persons [G]: posterior moments of ability summed over persons.
    Returns the log-likelihood.
    """
    dims, points = z.shape
    most = 1
    for i in range(start, stop):
        most = max(most, ptr[i + 1] - ptr[i])
    widest = max(10, d.shape[1] * (d.shape[1] + 1) // 2)
    width = d.shape[1]
    theta = np.empty((dims, points))
    squares = np.empty((dims * (dims + 1) // 2, points))
    kept = np.empty((most, points))
    lw = np.empty(points)
    product = np.empty(points)
    line = np.empty(max(points, dims))
    p = np.empty((width, points))
    bound = np.empty((width + 1, points))
    power = np.empty(points, np.int64)
    scale = power.view(np.float64)
    gradient = np.empty(dims)
    hessian = np.empty((dims, dims))
    info = np.empty((dims, dims))
    lower = np.empty((dims, dims))
    covariance = np.empty((dims, dims))
    local = np.empty((widest, points))
    cross = np.empty((widest, points))
    total = 0.0
    for i in range(start, stop):
        h = group[i] if len(group) else 0
        w = weight[i] if len(weight) else 1.0
        mine = item[ptr[i] : ptr[i + 1]]
        given = category[ptr[i] : ptr[i + 1]]
        total += w * place_points(
            mode[i], newton, mean[h], precision[h], half_log_det[h], mine, given, family, categories, slopes, d, s, g,
            u, z, log_q, widen, theta, lw, kept, gradient, hessian, info, lower, covariance, product, line, p, bound,
            power, scale,
        )  # fmt: skip
        for q in range(points):
            lw[q] *= w
        at = 0
        for v in range(dims):
            x = theta[v]
            e = 0.0
            for q in range(points):
                e += lw[q] * x[q]
            first[h, v] += e
            for y in range(v + 1):
                row = squares[at]
                other = theta[y]
                e = 0.0
                for q in range(points):
                    row[q] = x[q] * other[q]
                    e += lw[q] * row[q]
                second[h, v, y] += e
                if v != y:
                    second[h, y, v] += e
                at += 1
        persons[h] += w
        for k in range(len(mine)):
            j = mine[k]
            if family[j] == BINARY and g[j] == 0.0 and u[j] == 1.0:
                plain_terms(
                    given[k], kept[k], lw, theta, squares, loads[j], column_d, gradients[j], informations[j], local[0],
                    cross[0],
                )  # fmt: skip
            elif family[j] == BINARY:
                asymptote_terms(
                    given[k], kept[k], lw, theta, squares, loads[j], g[j], u[j], column_d, column_g, gradients[j],
                    informations[j], local, cross,
                )  # fmt: skip
            else:
                composite(theta, slopes[j], 0.0, line)
                category_curves(family[j], categories[j], d[j], s[j], line, p, bound, power, scale)
                several_terms(
                    family[j], categories[j], given[k], s[j], p, bound, lw, theta, squares, loads[j], column_d,
                    gradients[j], informations[j], local, cross,
                )  # fmt: skip
    return float(total)


@compiled(fastmath=True)
def adaptive_points(
    start: int, stop: int, newton: int, ptr: Int, item: Int32, category: Int8, group: Int32, family: Int,
    categories: Int, slopes: Float, d: Float, s: Float, g: Float, u: Float, mean: Float, precision: Float,
    half_log_det: Float, z: Float, log_q: Float, widen: float, mode: Float, eap: Float, covariances: Float,
    loglik: Float, uniform: Float, draws: Float,
) -> None:  # fmt: skip
    """Posterior mean [N, D], covariance [N, D, D], log-likelihood [N]; draws [N, M, D] by resampling the points with
    uniform [N, M] (M may be 0)."""
    dims, points = z.shape
    most = 1
    for i in range(start, stop):
        most = max(most, ptr[i + 1] - ptr[i])
    width = d.shape[1]
    theta = np.empty((dims, points))
    kept = np.empty((most, points))
    lw = np.empty(points)
    product = np.empty(points)
    line = np.empty(max(points, dims))
    p = np.empty((width, points))
    bound = np.empty((width + 1, points))
    power = np.empty(points, np.int64)
    scale = power.view(np.float64)
    gradient = np.empty(dims)
    hessian = np.empty((dims, dims))
    info = np.empty((dims, dims))
    lower = np.empty((dims, dims))
    covariance = np.empty((dims, dims))
    for i in range(start, stop):
        h = group[i] if len(group) else 0
        mine = item[ptr[i] : ptr[i + 1]]
        given = category[ptr[i] : ptr[i + 1]]
        loglik[i] = place_points(
            mode[i], newton, mean[h], precision[h], half_log_det[h], mine, given, family, categories, slopes, d, s, g,
            u, z, log_q, widen, theta, lw, kept, gradient, hessian, info, lower, covariance, product, line, p, bound,
            power, scale,
        )  # fmt: skip
        for v in range(dims):
            e = 0.0
            for q in range(points):
                e += lw[q] * theta[v, q]
            eap[i, v] = e
        for v in range(dims):
            for y in range(v + 1):
                e = 0.0
                for q in range(points):
                    e += lw[q] * (theta[v, q] - eap[i, v]) * (theta[y, q] - eap[i, y])
                covariances[i, v, y] = e
                covariances[i, y, v] = e
        for m in range(uniform.shape[1]):
            wanted = uniform[i, m]
            q = 0
            reached = lw[0]
            while reached < wanted and q < points - 1:
                q += 1
                reached += lw[q]
            for v in range(dims):
                draws[i, m, v] = theta[v, q]
