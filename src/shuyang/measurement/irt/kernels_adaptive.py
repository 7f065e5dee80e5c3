"""Compiled person-adaptive quasi-Monte-Carlo integration over any number of dimensions.

For each person: the posterior mode, a normal proposal there, the same points for everyone moved and scaled to the
proposal, importance weights. One pass gives the marginal likelihood and whatever expectation is wanted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled, exp_in_place
from shuyang.measurement.irt.kernels_point import BINARY, item_terms, logistic
from shuyang.measurement.irt.kernels_terms import (
    LEAST,
    asymptote_terms,
    category_curves,
    composite,
    logistic_of,
    plain_terms,
    several_terms,
    terms_rows,
)
from shuyang.measurement.irt.sheets import Answers, Normals, PointArrays, Rule

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Int32 = NDArray[np.int32]
Int8 = NDArray[np.int8]
FLUSH = 24
NEAR = 1e-3


class Room(NamedTuple):
    """Working arrays of one thread, for a person at a time."""

    theta: Float
    lw: Float
    kept: Float
    product: Float
    line: Float
    p: Float
    bound: Float
    power: Int
    scale: Float
    gradient: Float
    info: Float
    lower: Float
    centre: Float


@compiled()
def room_for(answers: Answers, start: int, stop: int, dims: int, points: int, width: int) -> Room:
    """Working arrays for persons start ... stop-1 and items of up to `width` categories."""
    most = 1
    for i in range(start, stop):
        most = max(most, answers.ptr[i + 1] - answers.ptr[i])
    power = np.empty(points, np.int64)
    return Room(
        np.empty((dims, points)), np.empty(points), np.empty((most, points)), np.empty(points),
        np.empty(max(points, dims)), np.empty((width, points)), np.empty((width + 1, points)), power,
        power.view(np.float64), np.empty(dims), np.empty((dims, dims)), np.empty((dims, dims)), np.empty(dims),
    )  # fmt: skip


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
def slope_of_posterior(
    theta: Float, mean: Float, precision: Float, item: Int32, category: Int8, bank: PointArrays, gradient: Float,
    info: Float,
) -> None:  # fmt: skip
    """Gradient of the log posterior density at theta [D], and the expected information about it."""
    family, categories, slopes, d, s, g, u = bank
    dims = len(theta)
    for v in range(dims):
        gradient[v] = 0.0
        for y in range(dims):
            info[v, y] = precision[v, y]
            gradient[v] -= precision[v, y] * (theta[y] - mean[y])
    for k in range(len(item)):
        j = item[k]
        a = slopes[j]
        t = 0.0
        for v in range(dims):
            t += a[v] * theta[v]
        if family[j] == BINARY and g[j] == 0.0 and u[j] == 1.0:
            p = logistic(t + d[j, 1])
            first, about = category[k] - p, p * (1.0 - p)
        else:
            _, first, _, about, _ = item_terms(family[j], categories[j], d[j], s[j], g[j], u[j], category[k], t)
        for v in range(dims):
            if a[v] != 0.0:
                gradient[v] += first * a[v]
                for y in range(dims):
                    info[v, y] += about * a[v] * a[y]


@compiled(fastmath=True)
def place_points(
    mode: Float, newton: int, mean: Float, precision: Float, prior_half_log_det: float, item: Int32, category: Int8,
    bank: PointArrays, rule: Rule, room: Room,
) -> float:  # fmt: skip
    """Points room.theta [D, S] around the mode (refreshed by Newton steps) with normalised weights room.lw [S].

    room.kept[k] holds the logistic curve of the person's k-th answer if binary. Returns the log marginal likelihood.
    """
    family, categories, slopes, d, s, g, u = bank
    theta, lw, kept, product, line, p, bound, power, scale, gradient, info, lower, _centre = room
    z, log_q, widen = rule
    dims, points = theta.shape
    for _ in range(newton):
        slope_of_posterior(mode, mean, precision, item, category, bank, gradient, info)
        factorise(info, lower)
        solve_lower(lower, gradient, line[:dims])
        longest = 0.0
        for v in range(dims):
            longest = max(longest, abs(line[v]))
        for v in range(dims):
            mode[v] += line[v] / max(longest / 1.5, 1.0)
        if longest < NEAR:  # a point so close to the mode serves as well, with the information just found
            break
    else:
        slope_of_posterior(mode, mean, precision, item, category, bank, gradient, info)
        factorise(info, lower)
    log_det = 0.0
    for v in range(dims):
        log_det += np.log(lower[v, v])
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
def person_posterior(
    i: int, newton: int, answers: Answers, normals: Normals, bank: PointArrays, rule: Rule, mode: Float, room: Room
) -> float:
    """Points and weights of person i in `room`, with the person's prior mean in room.centre; log-likelihood."""
    h = answers.group[i] if len(answers.group) else 0
    for v in range(len(room.centre)):
        room.centre[v] = normals.mean[h, v]
        if len(normals.shift):
            room.centre[v] += normals.shift[i, v]
    own = slice(answers.ptr[i], answers.ptr[i + 1])
    return float(
        place_points(
            mode[i], newton, room.centre, normals.precision[h], normals.half_log_det[h], answers.item[own],
            answers.category[own], bank, rule, room,
        )
    )  # fmt: skip


@compiled(fastmath=True)
def sweep(
    start: int, stop: int, newton: int, answers: Answers, normals: Normals, bank: PointArrays, rule: Rule,
    columns: Int, score_column: Int, loads: NDArray[np.bool_], mode: Float, gradients: Float, informations: Float,
    first: Float, second: Float, persons: Float, eap: Float,
) -> float:  # fmt: skip
    """Expectation step with the item gradients [J, M] and informations [J, M, M] of the maximisation step.

    columns: first column of the intercepts and of the asymptotes; score_column [J]: of a nominal item's free scores,
    -1 for others. first [G, D], second [G, D, D], persons [G]: posterior moments of ability summed over persons; eap
    [N, D] (or empty): each person's posterior mean. Returns the log-likelihood.
    """
    family, categories, slopes, d, s, g, u = bank
    dims, points = rule.z.shape
    width = d.shape[1]
    column_d, column_g = columns
    room = room_for(answers, start, stop, dims, points, width)
    theta, lw = room.theta, room.lw
    squares = np.empty((dims * (dims + 1) // 2, points))
    local = np.empty((terms_rows(width), points))
    cross = np.empty((terms_rows(width), points))
    total = 0.0
    for i in range(start, stop):
        h = answers.group[i] if len(answers.group) else 0
        w = answers.weight[i] if len(answers.weight) else 1.0
        mine = answers.item[answers.ptr[i] : answers.ptr[i + 1]]
        given = answers.category[answers.ptr[i] : answers.ptr[i + 1]]
        total += w * person_posterior(i, newton, answers, normals, bank, rule, mode, room)
        for q in range(points):
            lw[q] *= w
        at = 0
        for v in range(dims):
            x = theta[v]
            e = 0.0
            for q in range(points):
                e += lw[q] * x[q]
            first[h, v] += e
            if len(eap):
                eap[i, v] = e / w if w > 0 else 0.0
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
                    given[k], room.kept[k], lw, theta, squares, loads[j], column_d, gradients[j], informations[j],
                    local[0], cross[0],
                )  # fmt: skip
            elif family[j] == BINARY:
                asymptote_terms(
                    given[k], room.kept[k], lw, theta, squares, loads[j], g[j], u[j], column_d, column_g, gradients[j],
                    informations[j], local, cross,
                )  # fmt: skip
            else:
                composite(theta, slopes[j], 0.0, room.line)
                category_curves(
                    family[j], categories[j], d[j], s[j], room.line, room.p, room.bound, room.power, room.scale
                )
                several_terms(
                    family[j], categories[j], given[k], s[j], room.line, room.p, room.bound, lw, theta, squares,
                    loads[j], column_d, score_column[j], gradients[j], informations[j], local, cross,
                )  # fmt: skip
    return float(total)


@compiled(fastmath=True)
def adaptive_points(
    start: int, stop: int, newton: int, answers: Answers, normals: Normals, bank: PointArrays, rule: Rule, mode: Float,
    eap: Float, covariances: Float, loglik: Float, uniform: Float, draws: Float,
) -> None:  # fmt: skip
    """Posterior mean [N, D], covariance [N, D, D], log-likelihood [N]; draws [N, M, D] by resampling the points with
    uniform [N, M] (M may be 0)."""
    dims, points = rule.z.shape
    room = room_for(answers, start, stop, dims, points, bank.intercepts.shape[1])
    theta, lw = room.theta, room.lw
    for i in range(start, stop):
        loglik[i] = person_posterior(i, newton, answers, normals, bank, rule, mode, room)
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
