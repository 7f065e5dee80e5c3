"""Compiled posterior covariance of complete-data scores on person-adaptive points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled
from shuyang.measurement.irt.kernels_adaptive import place_points
from shuyang.measurement.irt.kernels_point import BINARY
from shuyang.measurement.irt.kernels_terms import asymptote_terms, category_curves, composite, several_terms

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Int32 = NDArray[np.int32]
Int8 = NDArray[np.int8]


@compiled(fastmath=True)
def adaptive_lost(
    start: int, stop: int, newton: int, ptr: Int, item: Int32, category: Int8, weight: Float, family: Int,
    categories: Int, slopes: Float, d: Float, s: Float, g: Float, u: Float, mean: Float, precision: Float,
    half_log_det: float, z: Float, log_q: Float, widen: float, entry: Int, column_d: int, column_g: int,
    directions: Float, first_latent: int, mode: Float, lost: Float,
) -> None:  # fmt: skip
    """Add to lost [P, P] each person's posterior covariance of the complete-data score.

    entry [J, M]: number of each free entry of psi, -1 where fixed. directions [C, D, D]: matrices B of the latent
    unknowns, whose score is theta' B theta, numbered from first_latent.
    """
    dims, points = z.shape
    most = 1
    for i in range(start, stop):
        most = max(most, ptr[i + 1] - ptr[i])
    width = d.shape[1]
    widest = max(10, width * (width + 1) // 2)
    columns = entry.shape[1]
    theta = np.empty((dims, points))
    squares = np.zeros((dims * (dims + 1) // 2, points))
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
    spare = np.zeros(columns)
    spare_info = np.zeros((columns, columns))
    nothing = np.zeros(dims, np.bool_)
    scores = np.empty((most * columns + len(directions), points))
    where = np.empty(len(scores), np.int64)
    for i in range(start, stop):
        mine = item[ptr[i] : ptr[i + 1]]
        given = category[ptr[i] : ptr[i + 1]]
        place_points(
            mode[i], newton, mean, precision, half_log_det, mine, given, family, categories, slopes, d, s, g, u, z,
            log_q, widen, theta, lw, kept, gradient, hessian, info, lower, covariance, product, line, p, bound, power,
            scale,
        )  # fmt: skip
        m = 0
        for k in range(len(mine)):
            j = mine[k]
            own = 1
            if family[j] == BINARY and g[j] == 0.0 and u[j] == 1.0:
                for q in range(points):
                    local[0, q] = given[k] - kept[k, q]
                    local[1, q] = local[0, q]
            elif family[j] == BINARY:
                asymptote_terms(
                    given[k], kept[k], lw, theta, squares, nothing, g[j], u[j], column_d, column_g, spare, spare_info,
                    local, cross,
                )  # fmt: skip
                own = 3
            else:
                composite(theta, slopes[j], 0.0, line)
                category_curves(family[j], categories[j], d[j], s[j], line, p, bound, power, scale)
                several_terms(
                    family[j], categories[j], given[k], s[j], p, bound, lw, theta, squares, nothing, column_d, spare,
                    spare_info, local, cross,
                )  # fmt: skip
                own = categories[j] - 1
            for v in range(dims):
                if entry[j, v] >= 0:
                    where[m] = entry[j, v]
                    for q in range(points):
                        scores[m, q] = local[0, q] * theta[v, q]
                    m += 1
            for r in range(own):
                column = column_d + r if own != 3 or family[j] != BINARY or r == 0 else column_g + r - 1
                if entry[j, column] >= 0:
                    where[m] = entry[j, column]
                    for q in range(points):
                        scores[m, q] = local[r + 1, q]
                    m += 1
        for c in range(len(directions)):
            where[m] = first_latent + c
            row = scores[m]
            row[:] = 0.0
            for v in range(dims):
                for y in range(dims):
                    b = directions[c, v, y]
                    for q in range(points):
                        row[q] += b * theta[v, q] * theta[y, q]
            m += 1
        w = weight[i] if len(weight) else 1.0
        for q in range(points):
            product[q] = np.sqrt(lw[q])
        for r in range(m):
            row = scores[r]
            e = 0.0
            for q in range(points):
                e += lw[q] * row[q]
            for q in range(points):
                row[q] = (row[q] - e) * product[q]
        for r in range(m):
            row = scores[r]
            for c in range(r + 1):
                other = scores[c]
                e = 0.0
                for q in range(points):
                    e += row[q] * other[q]
                lost[where[r], where[c]] += w * e
                if r != c:
                    lost[where[c], where[r]] += w * e
