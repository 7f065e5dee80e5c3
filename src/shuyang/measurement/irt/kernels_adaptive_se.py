"""Compiled posterior covariance of complete-data scores on person-adaptive points."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.kernels import compiled
from shuyang.measurement.irt.kernels_adaptive import Room, person_posterior, room_for
from shuyang.measurement.irt.kernels_point import BINARY
from shuyang.measurement.irt.kernels_se import add_covariance
from shuyang.measurement.irt.kernels_terms import asymptote_terms, category_curves, composite, several_terms, terms_rows
from shuyang.measurement.irt.sheets import Answers, Normals, PointArrays, Rule

Float = NDArray[np.float64]
Int = NDArray[np.int64]


class Entries(NamedTuple):
    """Where scores go: entry [J, M] is the number of each free entry of psi, -1 where fixed; columns: first column of
    intercepts and of asymptotes; score_column [J]: first column of a nominal item's free scores, -1 for others."""

    entry: Int
    columns: Int
    score_column: Int


class LatentRows(NamedTuple):
    """Scores of the latent unknowns in u = theta - mean: those of group g are number[r], r from first[g] to
    first[g+1]-1, with score u' square[r] u + line[r]' u; coefficient (k, v) of a regression has number
    design_number[k, v] and score design[i, k] * design_line[v]' u."""

    first: Int
    number: Int
    square: Float
    line: Float
    design: Float
    design_number: Int
    design_line: Float


@compiled(fastmath=True)
def adaptive_lost(
    start: int, stop: int, newton: int, answers: Answers, normals: Normals, bank: PointArrays, rule: Rule,
    entries: Entries, hidden: LatentRows, mode: Float, lost: Float,
) -> None:  # fmt: skip
    """Add to lost [P, P] each person's posterior covariance of the complete-data score."""
    dims, points = rule.z.shape
    width = bank.intercepts.shape[1]
    room = room_for(answers, start, stop, dims, points, width)
    local = np.empty((terms_rows(width), points))
    cross = np.empty((terms_rows(width), points))
    most = room.kept.shape[0] * entries.entry.shape[1] + len(hidden.number) + hidden.design_number.size
    scores = np.empty((most, points))
    where = np.empty(most, np.int64)
    for i in range(start, stop):
        person_posterior(i, newton, answers, normals, bank, rule, mode, room)
        m = 0
        for k in range(answers.ptr[i], answers.ptr[i + 1]):
            kept = room.kept[k - answers.ptr[i]]
            m = item_scores(
                answers.item[k], answers.category[k], kept, bank, entries, room, local, cross, scores, where, m
            )
        m = latent_scores(i, answers, hidden, room, scores, where, m)
        w = answers.weight[i] if len(answers.weight) else 1.0
        add_covariance(scores, where, m, room.lw, room.product, points, w, lost)


@compiled(fastmath=True)
def item_scores(
    j: int, x: int, kept: Float, bank: PointArrays, entries: Entries, room: Room, local: Float, cross: Float,
    scores: Float, where: Int, m: int,
) -> int:  # fmt: skip
    """Write the scores of answer x to item j to rows m, m+1, ... of `scores`; returns the next row."""
    family, categories, slopes, d, s, g, u = bank
    theta, lw = room.theta, room.lw
    dims, points = theta.shape
    column_d, column_g = entries.columns
    size = entries.entry.shape[1]
    nothing = np.zeros(dims, np.bool_)
    squares = np.zeros((dims * (dims + 1) // 2, 1))
    spare = np.zeros(size)
    spare_info = np.zeros((size, size))
    own = 1
    if family[j] == BINARY and g[j] == 0.0 and u[j] == 1.0:
        for q in range(points):
            local[0, q] = x - kept[q]
            local[1, q] = local[0, q]
    elif family[j] == BINARY:
        asymptote_terms(
            x, kept, lw, theta, squares, nothing, g[j], u[j], column_d, column_g, spare, spare_info, local, cross
        )
        own = 3
    else:
        composite(theta, slopes[j], 0.0, room.line)
        category_curves(family[j], categories[j], d[j], s[j], room.line, room.p, room.bound, room.power, room.scale)
        several_terms(
            family[j], categories[j], x, s[j], room.line, room.p, room.bound, lw, theta, squares, nothing, column_d,
            entries.score_column[j], spare, spare_info, local, cross,
        )  # fmt: skip
        own = categories[j] - 1 if entries.score_column[j] < 0 else 2 * categories[j] - 3
    for v in range(dims):
        if entries.entry[j, v] >= 0:
            where[m] = entries.entry[j, v]
            for q in range(points):
                scores[m, q] = local[0, q] * theta[v, q]
            m += 1
    last = 1 if family[j] == BINARY else categories[j] - 1
    beyond = column_g if family[j] == BINARY else entries.score_column[j]
    for r in range(own):
        column = column_d + r if r < last else beyond + r - last
        if entries.entry[j, column] >= 0:
            where[m] = entries.entry[j, column]
            for q in range(points):
                scores[m, q] = local[r + 1, q]
            m += 1
    return m


@compiled(fastmath=True)
def latent_scores(
    i: int, answers: Answers, hidden: LatentRows, room: Room, scores: Float, where: Int, m: int
) -> int:  # fmt: skip
    """Write the scores of the latent unknowns of person i from row m on; returns the next row."""
    theta, centre = room.theta, room.centre
    dims, points = theta.shape
    h = answers.group[i] if len(answers.group) else 0
    for r in range(hidden.first[h], hidden.first[h + 1]):
        row = scores[m]
        row[:] = 0.0
        for v in range(dims):
            for q in range(points):
                row[q] += hidden.line[r, v] * (theta[v, q] - centre[v])
            for y in range(dims):
                b = hidden.square[r, v, y]
                if b != 0.0:
                    for q in range(points):
                        row[q] += b * (theta[v, q] - centre[v]) * (theta[y, q] - centre[y])
        where[m] = hidden.number[r]
        m += 1
    for k in range(hidden.design.shape[1]):
        for v in range(dims):
            row = scores[m]
            row[:] = 0.0
            for y in range(dims):
                b = hidden.design[i, k] * hidden.design_line[v, y]
                for q in range(points):
                    row[q] += b * (theta[y, q] - centre[y])
            where[m] = hidden.design_number[k, v]
            m += 1
    return m
