"""Compiled Metropolis draws of ability with complete-data derivatives of the items at the draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled
from shuyang.measurement.irt.kernels_point import BINARY, item_terms, logistic
from shuyang.measurement.irt.kernels_terms import (
    asymptote_terms,
    category_curves,
    plain_terms,
    several_terms,
    terms_rows,
)
from shuyang.measurement.irt.sheets import Answers, Normals, PointArrays

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Int32 = NDArray[np.int32]
Int8 = NDArray[np.int8]


@compiled()
def log_density(
    theta: Float, mean: Float, precision: Float, item: Int32, category: Int8, family: Int, categories: Int,
    slopes: Float, d: Float, s: Float, g: Float, u: Float,
) -> float:  # fmt: skip
    """Log posterior density of ability up to a constant."""
    dims = len(theta)
    total = 0.0
    for v in range(dims):
        for w in range(dims):
            total -= 0.5 * precision[v, w] * (theta[v] - mean[v]) * (theta[w] - mean[w])
    for k in range(len(item)):
        j = item[k]
        t = 0.0
        for v in range(dims):
            t += slopes[j, v] * theta[v]
        total += item_terms(family[j], categories[j], d[j], s[j], g[j], u[j], category[k], t)[0]
    return float(total)


@compiled()
def metropolis(
    start: int, stop: int, answers: Answers, normals: Normals, bank: PointArrays, jump: Float, normal: Float,
    uniform: Float, columns: Int, score_column: Int, loads: NDArray[np.bool_], state: Float, gradients: Float,
    informations: Float, first: Float, second: Float, persons: Float,
) -> int:  # fmt: skip
    """Move every person's state [N, D] by random-walk steps jump[group] @ normal [N, T, D], accepted by uniform [N, T];
    then add item derivatives and moments at the last state, as `kernels_adaptive.sweep` does. Returns the accepted
    steps."""
    family, categories, slopes, d, s, g, u = bank
    dims = state.shape[1]
    column_d, column_g = columns
    width = d.shape[1]
    widest = terms_rows(width)
    theta = np.empty((dims, 1))
    squares = np.empty((dims * (dims + 1) // 2, 1))
    curve = np.empty(1)
    line = np.empty(1)
    lw = np.empty(1)
    power = np.empty(1, np.int64)
    scale = power.view(np.float64)
    p = np.empty((width, 1))
    bound = np.empty((width + 1, 1))
    local = np.empty((widest, 1))
    cross = np.empty((widest, 1))
    trial = np.empty(dims)
    centre = np.empty(dims)
    accepted = 0
    for i in range(start, stop):
        h = answers.group[i] if len(answers.group) else 0
        mine = answers.item[answers.ptr[i] : answers.ptr[i + 1]]
        given = answers.category[answers.ptr[i] : answers.ptr[i + 1]]
        here = state[i]
        for v in range(dims):
            centre[v] = normals.mean[h, v]
            if len(normals.shift):
                centre[v] += normals.shift[i, v]
        old = log_density(here, centre, normals.precision[h], mine, given, family, categories, slopes, d, s, g, u)
        for t in range(uniform.shape[1]):
            for v in range(dims):
                trial[v] = here[v]
                for w in range(v + 1):
                    trial[v] += jump[h, v, w] * normal[i, t, w]
            new = log_density(trial, centre, normals.precision[h], mine, given, family, categories, slopes, d, s, g, u)
            if np.log(uniform[i, t]) < new - old:
                here[:] = trial
                old = new
                accepted += 1
        at = 0
        lw[0] = answers.weight[i] if len(answers.weight) else 1.0
        for v in range(dims):
            theta[v, 0] = here[v]
            first[h, v] += lw[0] * here[v]
            for w in range(v + 1):
                squares[at, 0] = here[v] * here[w]
                second[h, v, w] += lw[0] * squares[at, 0]
                if v != w:
                    second[h, w, v] += lw[0] * squares[at, 0]
                at += 1
        persons[h] += lw[0]
        for k in range(len(mine)):
            j = mine[k]
            line[0] = 0.0
            for v in range(dims):
                line[0] += slopes[j, v] * here[v]
            if family[j] == BINARY:
                curve[0] = logistic(line[0] + d[j, 1])
                if g[j] == 0.0 and u[j] == 1.0:
                    plain_terms(
                        given[k], curve, lw, theta, squares, loads[j], column_d, gradients[j], informations[j],
                        local[0], cross[0],
                    )  # fmt: skip
                else:
                    asymptote_terms(
                        given[k], curve, lw, theta, squares, loads[j], g[j], u[j], column_d, column_g, gradients[j],
                        informations[j], local, cross,
                    )  # fmt: skip
            else:
                category_curves(family[j], categories[j], d[j], s[j], line, p, bound, power, scale)
                several_terms(
                    family[j], categories[j], given[k], s[j], line, p, bound, lw, theta, squares, loads[j],
                    column_d, score_column[j], gradients[j], informations[j], local, cross,
                )  # fmt: skip
    return accepted
