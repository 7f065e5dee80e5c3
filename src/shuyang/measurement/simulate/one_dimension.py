"""Simulated one-dimensional adaptive tests by the thousand: Fisher information, EAP, any response model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.errors import BadParameter, BadShape
from shuyang.measurement.irt.items import BINARY, GRADED, ItemParameters
from shuyang.measurement.irt.models import information, probabilities

from .contracts import CatSimulation

CELLS = {10_000: 64, 10**12: 256}
"""Cells of the ability scale by number of examinees: more cells shorten the searches, but cost time to prepare."""
MARGIN = 1.01
"""Safety on the bound of information within a cell, where a peak may lie between two of its three points."""


@dataclass(frozen=True, slots=True)
class CatRules:
    """How a one-dimensional adaptive test runs.

    Stops: `target_se`; `cuts` with `confidence` (the interval mean ± confidence · SE holds no cut); `min_gain` (an
    answer lowered the SE by less); `max_items`; never before `min_items`. `randomesque` draws among so many best
    items. EAP on `nodes` points of [−bound, bound] under N(mean, sd²).
    """

    target_se: float = 0.3
    min_items: int = 1
    max_items: int = 30
    min_gain: float = -np.inf
    cuts: tuple[float, ...] = ()
    confidence: float = 1.96
    randomesque: int = 1
    nodes: int = 33
    bound: float = 4.0
    mean: float = 0.0
    sd: float = 1.0

    def __post_init__(self) -> None:
        if not (0 <= self.min_items <= self.max_items and self.max_items >= 1 and self.randomesque >= 1):
            raise BadParameter("item limits must satisfy 0 <= min <= max, and at least one item is given",
                               min_items=self.min_items, max_items=self.max_items)  # fmt: skip
        if not (self.target_se >= 0 and self.sd > 0 and self.bound > 0 and self.nodes >= 3):
            raise BadParameter("target_se must not be negative; sd, bound and nodes must be positive (nodes 3 or more)")


@dataclass(frozen=True, slots=True, eq=False)
class _Compiled:
    """Arrays in the order in which the kernel takes them."""

    parameters: tuple[NDArray[Any], ...]
    prob: NDArray[np.float64]
    nodes: NDArray[np.float64]
    prior: NDArray[np.float64]
    order: NDArray[np.int32]
    bound: NDArray[np.float64]


def simulate_cat(
    items: ItemParameters,
    theta: ArrayLike,
    rules: CatRules | None = None,
    *,
    seed: int = 0,
    responses: ArrayLike | None = None,
    keep: ArrayLike | None = None,
    closed: ArrayLike | None = None,
    progress: Callable[[int], None] | None = None,
) -> CatSimulation:
    """Give each examinee of ability `theta` [N] an adaptive test by maximum Fisher information at the EAP.

    `responses` [N, J] holds answers to use (otherwise they are drawn from the model), `keep` [J] Sympson–Hetter
    probabilities (see `exposure.sympson_hetter`), `closed` [N, J] items withheld from an examinee. The same seed
    gives the same tests, however many examinees are simulated. Raises `BadShape`.
    """
    from . import kernels  # compiled code is loaded only by those who simulate

    run: Callable[..., None] = kernels.sit
    rules = rules or CatRules()
    truth = np.atleast_1d(np.asarray(theta, dtype=np.float64))
    fixed = _given_matrix(responses, np.int8, (len(truth), len(items)), "responses")
    shut = _given_matrix(closed, np.bool_, (len(truth), len(items)), "closed")
    shown = np.ones(len(items)) if keep is None else np.asarray(keep, dtype=np.float64)
    if not len(truth) or not np.isfinite(truth).all():
        raise BadShape("theta must name at least one examinee, all finite", theta=truth.shape)
    if items.dimensions != 1 or truth.ndim != 1 or shown.shape != (len(items),):
        raise BadShape("one dimension, theta [N] and keep [J] are needed", theta=truth.shape, keep=shown.shape)
    cells = next(cells for limit, cells in CELLS.items() if len(truth) <= limit)
    ready = _compile(items, rules, cells)
    most = min(rules.max_items, len(items))
    out = _Output.empty(len(truth), most, len(items))
    for start in range(0, len(truth), 20_000):
        part = slice(start, start + 20_000)
        run(
            start, truth[part], fixed[part], seed, *ready.parameters, ready.prob, ready.nodes, ready.prior,
            ready.order, ready.bound, -rules.bound, 2.0 * rules.bound / cells, np.asarray(rules.cuts, dtype=np.float64),
            rules.target_se, rules.min_gain, rules.confidence, rules.min_items, most, max(1, rules.randomesque), shown,
            shut[part], out.given[part], out.answer[part], out.estimate[part], out.error[part], out.considered,
        )  # fmt: skip
        if progress is not None:
            progress(min(start + 20_000, len(truth)))
    return CatSimulation(truth, out.estimate, out.error, out.given, out.answer, out.considered)


@dataclass(frozen=True, slots=True, eq=False)
class _Output:
    given: NDArray[np.int32]
    answer: NDArray[np.int8]
    estimate: NDArray[np.float64]
    error: NDArray[np.float64]
    considered: NDArray[np.int64]

    @classmethod
    def empty(cls, persons: int, most: int, items: int) -> _Output:
        return cls(
            np.full((persons, most), -1, dtype=np.int32),
            np.full((persons, most), -1, dtype=np.int8),
            np.empty(persons),
            np.empty(persons),
            np.zeros(items, dtype=np.int64),
        )


def _given_matrix(values: ArrayLike | None, kind: type[Any], shape: tuple[int, int], name: str) -> NDArray[Any]:
    if values is None:
        return np.empty((0, shape[1]), dtype=kind)
    matrix = np.ascontiguousarray(np.asarray(values, dtype=kind))
    if matrix.shape != shape:
        raise BadShape(f"{name} must be persons by items", shape=matrix.shape, expected=shape)
    return matrix


def _compile(items: ItemParameters, rules: CatRules, cells: int) -> _Compiled:
    nodes = np.linspace(-rules.bound, rules.bound, rules.nodes)
    prior = np.exp(-0.5 * ((nodes - rules.mean) / rules.sd) ** 2)
    family = np.array([0 if m in BINARY else 1 if m in GRADED else 2 for m in items.models])
    order, bound = _sorted_by_bound(items, rules, cells)
    parameters = (
        np.ascontiguousarray(items.slopes[:, 0]),
        items.intercepts,
        items.scores,
        items.g,
        items.u,
        family,
        items.categories,
    )
    prob = np.ascontiguousarray(probabilities(items, nodes))
    return _Compiled(tuple(np.array(p) for p in parameters), prob, nodes, prior / prior.sum(), order, bound)


def _sorted_by_bound(
    items: ItemParameters, rules: CatRules, cells: int
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """For each cell of the ability scale the items of largest possible information there, best first."""
    edges = np.linspace(-rules.bound, rules.bound, 2 * cells + 1)
    info = information(items, edges).T
    most = MARGIN * np.maximum(np.maximum(info[:-2:2], info[1::2]), info[2::2])
    length = min(len(items), 2 * rules.max_items + 64)
    order = np.argsort(-most, axis=1, kind="stable")[:, :length].astype(np.int32)
    return np.ascontiguousarray(order), np.take_along_axis(most, order.astype(np.int64), axis=1)
