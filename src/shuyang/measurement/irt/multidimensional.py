"""Calibration on several dimensions: exploratory, confirmatory, bifactor, testlet. Reached through `calibrate`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.errors import BadModel, BadShape, NotConverged, NotIdentified
from shuyang.measurement.irt.adaptive import AdaptiveEM, AdaptiveFitted
from shuyang.measurement.irt.adaptivese import adaptive_information
from shuyang.measurement.irt.bifactor import BifactorEM, Structure, expanded, testlet_layout
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.em import Options
from shuyang.measurement.irt.estep import NONE_INT, GridExpectation
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent, LatentFree
from shuyang.measurement.irt.mstep import project
from shuyang.measurement.irt.prepare import check_counts, with_anchors
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.result import Calibration
from shuyang.measurement.irt.scores import grid_nodes
from shuyang.measurement.irt.se import Information
from shuyang.measurement.irt.space import SpaceEM
from shuyang.measurement.irt.spacese import space_information
from shuyang.measurement.irt.squarem import Trace
from shuyang.measurement.irt.starts import starting_items
from shuyang.measurement.irt.stochastic import StochasticEM
from shuyang.measurement.irt.working import Working, working_layout

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]
GRID_DIMENSIONS = 2
GRID_NODES = 31
ADAPTIVE_TOLERANCE = 20.0
START_CORRELATION = 0.3
BIFACTOR_POINTS = 512


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Which dimensions there are: `loads` [J, D] or `factors` (exploratory) or `specific` labels (bifactor)."""

    loads: ArrayLike | None = None
    factors: int | None = None
    specific: Sequence[Any] | None = None
    testlet: bool = False
    correlated: bool = True
    method: str = "auto"
    points: int = 256
    nodes: int = GRID_NODES
    bound: float = 6.0

    @property
    def several(self) -> bool:
        """Whether any of them asks for more than one dimension."""
        return self.loads is not None or self.factors is not None or self.specific is not None


def calibrate_shape(
    data: Responses, models: tuple[str, ...], shape: Shape, priors: Priors, options: Options, *,
    groups: tuple[tuple[Any, ...], NDArray[np.int32] | None], anchors: ItemParameters | None, standard_errors: bool,
    threads: int | None, collapsed: dict[str, tuple[int, ...]],
) -> Calibration:  # fmt: skip
    """The multidimensional part of `calibrate`; arguments as there, already checked."""
    names, group = groups
    known = np.isin(data.item_ids, anchors.ids if anchors is not None else [])
    if shape.specific is not None and (len(names) > 1 or known.any()):
        raise BadModel("bifactor and testlet models take one group and no anchors")
    counts = data.counts()
    categories = check_counts(data, counts, models, fixed=known, allow_flat=not priors.flat)
    if shape.specific is not None:
        return _bifactor(
            data, models, shape, priors, options, counts, categories, threads, standard_errors, collapsed
        )  # fmt: skip
    loads = _loads(shape, data.items)
    bank = starting_items(data.item_ids, models, counts, categories, loads)
    if shape.factors is not None:
        bank = replace(bank, slopes=_exploratory_start(data, loads.shape[1]))
    if anchors is not None:
        if anchors.dimensions != loads.shape[1] or shape.factors is not None:
            raise BadShape("anchors need the dimensions of a confirmatory model", dimensions=anchors.dimensions)
        bank = with_anchors(bank, anchors)
    layout = working_layout(bank, loads=loads, fixed=np.flatnonzero(known).tolist())
    factors = "anchored" if known.any() else _factors(shape, layout)
    dims = loads.shape[1]
    plain = len(names) == 1 and not known.any()
    if shape.method in ("grid", "stochastic") and not plain:
        raise BadModel(f"{shape.method} takes one group and no anchors; use adaptive")
    on_grid = shape.method == "grid" or (shape.method == "auto" and dims <= GRID_DIMENSIONS and plain)
    if on_grid:
        return _grid(data, layout, bank, factors, shape, priors, options, threads, standard_errors, collapsed)
    return _adaptive(
        data, layout, bank, factors, shape, priors, options, names, group, threads, standard_errors, collapsed
    )  # fmt: skip


def _loads(shape: Shape, items: int) -> Bool:
    if shape.factors is not None:
        if shape.factors < 1 or shape.factors >= items:
            raise NotIdentified("there must be at least one factor and more items than factors")
        return np.ones((items, shape.factors), bool)
    loads = np.asarray(shape.loads, bool)
    if loads.ndim != 2 or len(loads) != items:
        raise BadShape("loads must be [items, dimensions]", shape=loads.shape, items=items)
    if not loads.any(axis=1).all() or not loads.any(axis=0).all():
        raise NotIdentified("every item must load on a dimension, and every dimension needs an item")
    if loads.shape[1] > 1 and loads.all():
        raise NotIdentified("all items load on all dimensions: pass factors= for an exploratory model")
    return loads


def _factors(shape: Shape, layout: Working) -> str:
    if shape.factors is not None:
        return "exploratory"
    if not layout.free[:, layout.a].any():
        return "free"
    return "correlated" if shape.correlated else "orthogonal"


def _exploratory_start(data: Responses, factors: int) -> Float:
    """Slopes from the principal axes of the correlations between items (missing as the item's mean)."""
    matrix = data.select_persons(np.arange(min(data.persons, 20_000))).to_matrix().astype(float)
    matrix[matrix < 0] = np.nan
    centred = np.nan_to_num(matrix - np.nanmean(matrix, axis=0))
    spread = np.corrcoef(centred.T)
    values, vectors = np.linalg.eigh(np.nan_to_num(spread))
    top = vectors[:, ::-1][:, :factors] * np.sqrt(np.maximum(values[::-1][:factors], 0.1))
    top *= np.where(top.sum(axis=0) < 0, -1.0, 1.0)
    rest = np.sqrt(np.maximum(1 - (top**2).sum(axis=1, keepdims=True), 0.3))
    return np.asarray(1.3 * top / rest)


def _start_latent(factors: str, dims: int, names: tuple[Any, ...]) -> Latent:
    latent = Latent.standard(dims, names)
    if factors == "correlated":
        r = START_CORRELATION * np.ones((dims, dims)) + (1 - START_CORRELATION) * np.eye(dims)
        latent = replace(latent, covariance=np.tile(r, (len(names), 1, 1)))
    return latent


def _latent_unknowns(factors: str, dims: int, groups: int) -> int:
    if factors == "anchored":
        return groups * (dims + dims * (dims + 1) // 2)
    own = {"correlated": dims * (dims - 1) // 2, "free": dims * (dims + 1) // 2}.get(factors, 0)
    turn = dims * (dims - 1) // 2 if factors == "exploratory" else 0
    return own - turn + (groups - 1) * (dims + dims * (dims + 1) // 2)


def _grid(
    data: Responses, layout: Working, bank: ItemParameters, factors: str, shape: Shape, priors: Priors,
    options: Options, threads: int | None, errors: bool, collapsed: dict[str, tuple[int, ...]],
) -> Calibration:  # fmt: skip
    dims = layout.dimensions
    space = grid_nodes(dims, shape.nodes, shape.bound)
    engine = GridExpectation(data, layout.width, len(space), threads=threads)
    none = LatentFree(np.zeros(1, bool), np.zeros(1, bool))
    em = SpaceEM(engine, layout, space, _start_latent(factors, dims, ("all",)), none, priors, options)
    em.factors = factors
    fitted = em.fit(project(layout, layout.pack(bank)))
    items = ItemParameters.from_dict(fitted.items.to_dict())
    positive, latent_errors = None, {}
    if errors and factors != "exploratory":
        information = space_information(em, fitted, data)
        items = replace(items, covariance=information.covariance, free=information.free)
        positive, latent_errors = information.positive, information.latent_errors
    return _calibration(
        items, fitted.latent, fitted.expected.loglik, fitted.log_prior, fitted.trace, data, layout,
        _latent_unknowns(factors, dims, 1), f"EM, {shape.nodes} nodes a dimension", collapsed, positive, latent_errors,
    )  # fmt: skip


def _adaptive(
    data: Responses, layout: Working, bank: ItemParameters, factors: str, shape: Shape, priors: Priors,
    options: Options, names: tuple[Any, ...], group: NDArray[np.int32] | None, threads: int | None,
    errors: bool, collapsed: dict[str, tuple[int, ...]],
) -> Calibration:  # fmt: skip
    dims = layout.dimensions
    wanted = replace(options, tolerance=options.tolerance * ADAPTIVE_TOLERANCE)
    stochastic = shape.method == "stochastic"
    kind = StochasticEM if stochastic else AdaptiveEM
    em = kind(
        data, layout, _start_latent(factors, dims, names), factors, priors, wanted,
        group=NONE_INT if group is None else group, points=shape.points, threads=threads,
    )  # fmt: skip
    fitted = em.fit(project(layout, layout.pack(bank)))
    items = ItemParameters.from_dict(fitted.items.to_dict())
    positive, latent_errors = None, {}
    if errors and factors not in ("exploratory", "anchored") and len(names) == 1:
        information = adaptive_information(em, fitted)
        items = replace(items, covariance=information.covariance, free=information.free)
        positive, latent_errors = information.positive, information.latent_errors
    how = f"MHRM, log-likelihood by {shape.points} points" if stochastic else f"adaptive QMC-EM, {shape.points} points"
    return _calibration(
        items, fitted.latent, fitted.loglik, fitted.log_prior, fitted.trace, data, layout,
        _latent_unknowns(factors, dims, len(names)), how, collapsed, positive, latent_errors,
    )  # fmt: skip


def _bifactor(
    data: Responses, models: tuple[str, ...], shape: Shape, priors: Priors, options: Options, counts: Float,
    categories: NDArray[np.int64], threads: int | None, errors: bool, collapsed: dict[str, tuple[int, ...]],
) -> Calibration:  # fmt: skip
    assert shape.specific is not None
    if len(shape.specific) != data.items:
        raise BadShape("one specific factor (or None) an item is needed", given=len(shape.specific), items=data.items)
    structure = Structure.of(list(shape.specific))
    loads = np.stack([np.ones(data.items, bool), structure.loads], axis=1)
    bank = starting_items(data.item_ids, models, counts, categories, loads)
    layout = working_layout(bank, loads=loads)
    if shape.testlet:
        layout = testlet_layout(layout, structure)
    nodes = np.linspace(-shape.bound, shape.bound, shape.nodes)
    em = BifactorEM(data, layout, structure, nodes, priors, options, testlet=shape.testlet, threads=threads)
    fitted = em.fit(project(layout, layout.pack(bank)))
    dims = 1 + len(structure.names)
    sd = fitted.latent.sd[:dims, 0]
    latent = replace(Latent.standard(dims), covariance=np.diag(sd**2)[None])
    items, positive = expanded(fitted.items, structure, data.item_ids), None
    if errors and not shape.testlet:
        information = _bifactor_information(data, items, latent, shape, priors, options, threads)
        items = replace(items, covariance=information.covariance, free=information.free)
        positive = information.positive
    return _calibration(
        items, latent, fitted.expected.loglik, fitted.log_prior, fitted.trace, data, layout,
        len(structure.names) if shape.testlet else 0, f"EM, dimension reduction, {shape.nodes} nodes", collapsed,
        positive, {},
    )  # fmt: skip


def _bifactor_information(
    data: Responses, items: ItemParameters, latent: Latent, shape: Shape, priors: Priors, options: Options,
    threads: int | None,
) -> Information:  # fmt: skip
    """Observed information of the bifactor model on person-adaptive points of all its dimensions."""
    layout = working_layout(items, loads=items.slopes != 0)
    em = AdaptiveEM(
        data, layout, latent, "orthogonal", priors, options, group=NONE_INT, points=max(shape.points, BIFACTOR_POINTS),
        threads=threads,
    )  # fmt: skip
    psi = layout.pack(items)
    return adaptive_information(em, AdaptiveFitted(psi, items, latent, np.nan, 0.0, Trace(psi.ravel())))


def _calibration(
    items: ItemParameters, latent: Latent, loglik: float, log_prior: float, trace: Trace, data: Responses,
    layout: Working, hidden: int, method: str, collapsed: dict[str, tuple[int, ...]], positive: bool | None,
    latent_errors: dict[str, float],
) -> Calibration:  # fmt: skip
    notes = []
    if not trace.converged:
        notes.append(f"not converged after {trace.steps} steps: estimates are not the maximum")
        warnings.warn(notes[-1], NotConverged, stacklevel=5)
    return Calibration(
        items=items, latent=latent, log_likelihood=loglik, log_prior=log_prior,
        free_parameters=layout.free_parameters() + hidden, persons=data.total_weight(), iterations=trace.steps,
        converged=trace.converged, change=trace.change, second_order=positive, latent_errors=latent_errors,
        method=method, notes=tuple(notes), collapsed=collapsed,
    )  # fmt: skip
