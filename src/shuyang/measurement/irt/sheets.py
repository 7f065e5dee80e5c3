"""Plain arrays that compiled loops over persons take, in groups, so that a call names what it hands over."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt import models
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent

Float = NDArray[np.float64]
Int32 = NDArray[np.int32]
NOT_SHIFTED = np.zeros((0, 1))


class PointArrays(NamedTuple):
    """A bank as the arrays compiled point evaluations take: family code, K, a, d with d_0 = 0, s, g, u."""

    family: NDArray[np.int64]
    categories: NDArray[np.int64]
    slopes: Float
    intercepts: Float
    scores: Float
    g: Float
    u: Float


class Answers(NamedTuple):
    """Answers by person, with group and weight of each person (empty: one group, weight 1)."""

    ptr: NDArray[np.int64]
    item: Int32
    category: NDArray[np.int8]
    group: Int32
    weight: Float


class Normals(NamedTuple):
    """Ability distributions: mean [G, D], inverse covariance [G, D, D], half the log of its determinant [G], and what
    is added to each person's mean [N, D] (empty: nothing)."""

    mean: Float
    precision: Float
    half_log_det: Float
    shift: Float


class Rule(NamedTuple):
    """Standard points z [D, S], their log density (over S times their weight), and a factor on the proposal's sd."""

    z: Float
    log_q: Float
    widen: float


def point_arrays(items: ItemParameters) -> PointArrays:
    """The bank for compiled loops."""
    family = np.zeros(len(items), np.int64)
    for rows, name in models.families(items):
        family[rows] = ("binary", "graded", "total").index(name)
    d = np.concatenate([np.zeros((len(items), 1)), np.nan_to_num(items.intercepts)], axis=1)
    s = np.nan_to_num(items.scores)
    fields = family, items.categories, items.slopes, d, s, items.g, items.u
    return PointArrays(*(np.array(f) for f in fields))


def answer_arrays(data: Responses, group: Int32, weight: Float) -> Answers:
    """The answers for compiled loops."""
    return Answers(data.ptr, data.item, data.category, group, weight)


def normal_arrays(latent: Latent, shift: Float = NOT_SHIFTED) -> Normals:
    """The ability distributions for compiled loops."""
    precision = np.ascontiguousarray(np.linalg.inv(latent.covariance), float)
    half = np.asarray(0.5 * np.linalg.slogdet(precision)[1], float)
    return Normals(np.array(latent.mean, float), precision, half, np.ascontiguousarray(shift, float))
