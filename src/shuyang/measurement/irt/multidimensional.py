"""Calibration on several dimensions: exploratory, confirmatory, bifactor, testlet. Reached through `calibrate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.errors import BadModel, BadShape, NotIdentified
from shuyang.measurement.irt.adaptive import AdaptiveEM
from shuyang.measurement.irt.adaptivese import adaptive_information
from shuyang.measurement.irt.bifactor import BifactorEM, Population, Structure, expanded, narrowed, testlet_layout
from shuyang.measurement.irt.bifactorse import bifactor_information
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.em import Options
from shuyang.measurement.irt.estep import NONE_FLOAT, NONE_INT, GridExpectation
from shuyang.measurement.irt.items import UNIT_SLOPES, ItemParameters
from shuyang.measurement.irt.latent import Latent, LatentFree
from shuyang.measurement.irt.mstep import project
from shuyang.measurement.irt.notes import notes_of
from shuyang.measurement.irt.points import rule_of
from shuyang.measurement.irt.prepare import starting_bank
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.regression import Covariates
from shuyang.measurement.irt.result import Calibration
from shuyang.measurement.irt.rotate import principal_axes
from shuyang.measurement.irt.scores import grid_nodes
from shuyang.measurement.irt.se import Information
from shuyang.measurement.irt.space import SpaceEM
from shuyang.measurement.irt.spacese import space_information
from shuyang.measurement.irt.squarem import Trace
from shuyang.measurement.irt.stochastic import StochasticEM
from shuyang.measurement.irt.working import Working, working_layout

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]
GRID_DIMENSIONS = 2
GRID_NODES = 31
ADAPTIVE_TOLERANCE = 20.0
START_CORRELATION = 0.3
FEWEST_BLOCKS = 3


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


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One calibration in several dimensions: data and wishes, checked."""

    data: Responses
    models: tuple[str, ...]
    shape: Shape
    priors: Priors
    options: Options
    names: tuple[Any, ...]
    group: NDArray[np.int32] | None
    covariates: Float | None
    anchors: ItemParameters | None
    errors: bool
    threads: int | None
    collapsed: dict[str, tuple[int, ...]]

    @property
    def known(self) -> Bool:
        """[J] which items are anchors."""
        return np.isin(self.data.item_ids, self.anchors.ids if self.anchors is not None else [])

    @property
    def plain(self) -> bool:
        """One population without anchors or covariates."""
        return len(self.names) == 1 and not self.known.any() and self.covariates is None


def calibrate_shape(job: Job) -> Calibration:
    """The multidimensional part of `calibrate`."""
    data, shape = job.data, job.shape
    if shape.specific is not None:
        return _bifactor(job)
    loads = loads_of(shape, data.items)
    if job.anchors is not None and (job.anchors.dimensions != loads.shape[1] or shape.factors is not None):
        raise BadShape("anchors need the dimensions of a confirmatory model", dimensions=job.anchors.dimensions)
    bank = starting_bank(data, job.models, loads, job.priors, job.anchors)
    if shape.factors is not None:
        bank = replace(bank, slopes=_exploratory_start(data, loads.shape[1]))
    layout = working_layout(bank, loads=loads, fixed=np.flatnonzero(job.known).tolist())
    if job.known.any() and not (bank.slopes[job.known] != 0).any(axis=0).all():
        raise NotIdentified("every dimension needs an anchor: its scale would be free")
    factors = "anchored" if job.known.any() else factors_of(shape, layout)
    if shape.method == "grid" and not job.plain:
        raise BadModel("a grid takes one group, no anchors and no covariates; use adaptive")
    if shape.method == "grid" or (shape.method == "auto" and loads.shape[1] <= GRID_DIMENSIONS and job.plain):
        return _grid(job, layout, bank, factors)
    return _adaptive(job, layout, bank, factors)


def loads_of(shape: Shape, items: int) -> Bool:
    """[J, D] which dimensions each item loads on; raises where that is not identified."""
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


def factors_of(shape: Shape, layout: Working) -> str:
    """What happens to the factor covariance, as `population` names it."""
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


def start_latent(factors: str, dims: int, names: tuple[Any, ...], covariates: int = 0) -> Latent:
    """The ability distribution to start from."""
    latent = Latent.standard(dims, names)
    if factors == "correlated":
        r = START_CORRELATION * np.ones((dims, dims)) + (1 - START_CORRELATION) * np.eye(dims)
        latent = replace(latent, covariance=np.tile(r, (len(names), 1, 1)))
    return replace(latent, coefficients=np.zeros((covariates, dims))) if covariates else latent


def latent_unknowns(factors: str, dims: int, groups: int) -> int:
    """Number of unknowns of the ability distribution, coefficients aside."""
    if factors == "anchored":
        return groups * (dims + dims * (dims + 1) // 2)
    own = {"correlated": dims * (dims - 1) // 2, "free": dims * (dims + 1) // 2}.get(factors, 0)
    turn = dims * (dims - 1) // 2 if factors == "exploratory" else 0
    return own - turn + (groups - 1) * (dims + dims * (dims + 1) // 2)


def _grid(job: Job, layout: Working, bank: ItemParameters, factors: str) -> Calibration:
    dims, shape = layout.dimensions, job.shape
    space = grid_nodes(dims, shape.nodes, shape.bound)
    engine = GridExpectation(job.data, layout.width, len(space), threads=job.threads)
    none = LatentFree(np.zeros(1, bool), np.zeros(1, bool))
    em = SpaceEM(engine, layout, space, start_latent(factors, dims, ("all",)), none, job.priors, job.options)
    em.factors = factors
    fitted = em.fit(project(layout, layout.pack(bank)))
    if factors == "exploratory":
        fitted = em.fitted_at(_on_principal_axes(layout, fitted.psi), fitted.latent, fitted.trace)
    information = space_information(em, fitted, job.data) if job.errors else None
    return _calibration(
        job, layout, fitted.items, fitted.latent, fitted.expected.loglik, fitted.log_prior, fitted.trace,
        latent_unknowns(factors, dims, 1), f"EM, {shape.nodes} nodes a dimension", information,
    )  # fmt: skip


def _on_principal_axes(layout: Working, psi: Float) -> Float:
    """Exploratory slopes turned so that a'a is diagonal: one of the equivalent solutions, the same every time."""
    after = psi.copy()
    after[:, layout.a] = psi[:, layout.a] @ principal_axes(psi[:, layout.a])
    return after


def _adaptive(job: Job, layout: Working, bank: ItemParameters, factors: str) -> Calibration:
    dims, shape = layout.dimensions, job.shape
    stochastic = shape.method == "stochastic"
    kind = StochasticEM if stochastic else AdaptiveEM
    extra = 0 if job.covariates is None else job.covariates.shape[1]
    em = kind(
        job.data, layout, start_latent(factors, dims, job.names, extra), factors, job.priors,
        replace(job.options, tolerance=job.options.tolerance * ADAPTIVE_TOLERANCE),
        group=NONE_INT if job.group is None else job.group, covariates=job.covariates, points=shape.points,
        threads=job.threads,
    )  # fmt: skip
    fitted = em.fit(project(layout, layout.pack(bank)))
    if factors == "exploratory":
        fitted = em.fitted_at(_on_principal_axes(layout, fitted.psi), fitted.latent, fitted.trace)
    count = rule_of(dims, shape.points).z.shape[1]
    how = f"MHRM, log-likelihood by {count} points" if stochastic else f"adaptive quadrature EM, {count} points"
    return _calibration(
        job, layout, fitted.items, fitted.latent, fitted.loglik, fitted.log_prior, fitted.trace,
        latent_unknowns(factors, dims, len(job.names)) + extra * dims, how,
        adaptive_information(em, fitted) if job.errors else None,
    )  # fmt: skip


def _bifactor(job: Job) -> Calibration:
    data, shape = job.data, job.shape
    assert shape.specific is not None
    if len(shape.specific) != data.items:
        raise BadShape("one specific factor (or None) an item is needed", given=len(shape.specific), items=data.items)
    structure = Structure.of(list(shape.specific))
    loads = np.stack([np.ones(data.items, bool), structure.loads], axis=1)
    anchors = None if job.anchors is None else narrowed(job.anchors, structure, data.item_ids)
    bank = starting_bank(data, job.models, loads, job.priors, anchors)
    layout = working_layout(bank, loads=loads, fixed=np.flatnonzero(job.known).tolist())
    rasch = all(m in UNIT_SLOPES for m in bank.models)  # a testlet model with every variance free
    testlet = shape.testlet or rasch
    if testlet and len(structure.names) + int((~structure.loads).sum()) < FEWEST_BLOCKS:
        raise NotIdentified(
            "a testlet model needs three testlets, or single items beside them", testlets=structure.names
        )
    if testlet:
        layout = testlet_layout(layout, structure, np.ones(data.items, int))
    nodes = np.linspace(-shape.bound, shape.bound, shape.nodes)
    weight = NONE_FLOAT if data.weights is None else data.weights
    design = None if job.covariates is None else Covariates.of(job.covariates, weight)
    people = Population(job.names, NONE_INT if job.group is None else job.group, design)
    em = BifactorEM(
        data, layout, structure, nodes, job.priors, job.options, testlet=testlet, threads=job.threads, people=people
    )
    fitted = em.fit(project(layout, layout.pack(bank)))
    dims = 1 + len(structure.names)
    found = fitted.latent
    beta = None if found.coefficients is None else found.coefficients[:, :dims]
    latent = Latent(found.names, found.mean[:, :dims], found.covariance[:, :dims, :dims], beta)
    hidden = int(em.free.mean.sum() + em.free.sd.sum() + em.own.sum()) + (0 if beta is None else len(beta))
    return _calibration(
        job, layout, expanded(fitted.items, structure, data.item_ids), latent, fitted.expected.loglik, fitted.log_prior,
        fitted.trace, hidden, f"EM, dimension reduction, {shape.nodes} nodes",
        bifactor_information(em, fitted) if job.errors else None,
    )  # fmt: skip


def _calibration(
    job: Job, layout: Working, items: ItemParameters, latent: Latent, loglik: float, log_prior: float, trace: Trace,
    hidden: int, method: str, information: Information | None,
) -> Calibration:  # fmt: skip
    notes = notes_of(trace, items, job.data, information, stacklevel=6)
    items = ItemParameters.from_dict(items.to_dict())
    if information is not None:
        items = replace(items, covariance=information.covariance, free=information.free)
    return Calibration(
        items=items, latent=latent, log_likelihood=loglik, log_prior=log_prior,
        free_parameters=layout.free_parameters() + hidden, persons=job.data.total_weight(), iterations=trace.steps,
        converged=trace.converged, change=trace.change,
        second_order=None if information is None else information.positive,
        latent_errors={} if information is None else information.latent_errors, method=method, notes=notes,
        collapsed=job.collapsed,
    )  # fmt: skip
