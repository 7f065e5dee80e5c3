"""The door to estimation: `calibrate`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.errors import BadModel, BadParameter, BadShape
from shuyang.measurement.irt.data import Responses, as_responses
from shuyang.measurement.irt.em import Fitted, GridEM, Options
from shuyang.measurement.irt.estep import GridExpectation
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import SMALLEST_SD, Latent, LatentFree
from shuyang.measurement.irt.mstep import project
from shuyang.measurement.irt.multidimensional import GRID_NODES, Job, Shape, calibrate_shape
from shuyang.measurement.irt.notes import notes_of
from shuyang.measurement.irt.prepare import (
    anchored,
    check_design,
    check_size,
    collapse_unused,
    models_of,
    starting_bank,
    with_anchors,
)
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.regression import Covariates
from shuyang.measurement.irt.result import Calibration
from shuyang.measurement.irt.se import observed_information
from shuyang.measurement.irt.working import Working, working_layout

Float = NDArray[np.float64]
NODES = 61
WITHIN = 2.5  # standard deviations of ability that the nodes should cover
FEWEST_NODES, FEWEST_POINTS = 7, 16
METHODS = ("auto", "grid", "adaptive", "stochastic")


def _quiet(step: int, objective: float, change: float) -> None:
    """No progress report."""


def calibrate(
    responses: Responses | ArrayLike,
    model: str | Sequence[str] | Mapping[str, str] = "2pl",
    *,
    groups: Sequence[Any] | None = None,
    covariates: ArrayLike | None = None,
    anchors: ItemParameters | None = None,
    priors: Priors | None = None,
    start: ItemParameters | None = None,
    loads: ArrayLike | None = None,
    factors: int | None = None,
    specific: Sequence[Any] | None = None,
    testlet: bool = False,
    correlated: bool = True,
    method: str = "auto",
    points: int = 256,
    nodes: int | None = None,
    bound: float = 6.0,
    tolerance: float = 1e-4,
    limit: int = 1000,
    standard_errors: bool = False,
    collapse: bool = False,
    check_connection: bool = True,
    threads: int | None = None,
    progress: Callable[[int, float, float], None] = _quiet,
) -> Calibration:
    """Estimate the items of a bank by marginal maximum likelihood or a posteriori.

    Args:
        responses: `Responses`, or a matrix [N, J] with NaN or -1 for what was not presented.
        model: one model for all items, one an item, or {item id: model}; see `ItemParameters`.
        groups: [N] group of each person. The first group met has mean 0 and variance 1 (under Rasch, 1: mean 0),
            the others' means and variances are estimated.
        covariates: [N] or [N, C], finite; abilities get a linear regression on them (latent regression; Mislevy,
            1985). The intercept is 0 and the residual variance 1 unless Rasch items or anchors fix the scale.
        anchors: items with known parameters, matched by id; they stay fixed, the mean and variance of every group
            are estimated, and so the other items land on the anchors' scale (fixed-item calibration).
        priors: priors on the item parameters; without them the estimates are maximum likelihood.
        start: starting values for all items, in the order of the responses.
        loads: [J, D] truth values, which dimensions each item loads on (confirmatory).
        factors: number of exploratory factors, found up to rotation; see `rotate.rotate`.
        specific: [J] label of each item's specific factor, None for none (bifactor; dimension 1 is the general one).
            Groups differ in the mean of the general factor and in the variances of all factors; covariates shift the
            general factor; anchors have a column for each specific factor, in any order.
        testlet: tie each specific slope to the general one and free the specific variances (testlet model); so it is
            for Rasch items in any case, whose general variance is free too (Wang & Wilson, 2005).
        correlated: estimate the correlations of confirmatory factors (variances are 1).
        method: "grid" (product grid, two or three dimensions, one group), "adaptive" (person-adaptive
            quasi-Monte-Carlo EM, any number), "stochastic" (MHRM, any number), or "auto": grid up to two dimensions
            without groups, anchors and covariates, else adaptive.
        points: points a person for "adaptive".
        nodes, bound: equally spaced quadrature nodes on [-bound, bound]; 61, or 31 a dimension when there are several.
        tolerance: stop when the estimated distance to the maximum is below this in every parameter (20 times this for
            the methods whose points leave more than that: adaptive and stochastic).
        limit: most expectation steps.
        standard_errors: compute the observed information (Louis, 1982) and the covariance of all estimates; those of
            exploratory slopes are of their principal axes, and `rotate` carries them along.
        collapse: renumber categories to skip unused ones instead of raising `UnusedCategory`.
        check_connection: raise `NotConnected` when parts of the bank share no person.
        threads: threads to use; results do not depend on it.
        progress: called after each expectation step with (steps, log-likelihood, distance).

    Returns:
        `Calibration`; with `converged=False` and a `NotConverged` warning when the limit was reached.

    Raises:
        BadShape, BadCategory, BadModel, BadParameter, NoResponses, NoVariation, UnusedCategory, NotConnected,
        NotIdentified.

    Source: Bock & Aitkin (1981), Psychometrika 46, 443-459.
    """
    _check_numbers(method=method, points=points, nodes=nodes, bound=bound, tolerance=tolerance, limit=limit)
    data = as_responses(responses)
    models = models_of(model, data.item_ids)
    known = anchored(data.item_ids, anchors)
    priors = priors or Priors()
    collapsed: dict[str, tuple[int, ...]] = {}
    if collapse:
        data, collapsed = collapse_unused(data, known)
    if check_connection:
        check_design(data)
    shape = Shape(loads, factors, specific, testlet, correlated, method, points, nodes or GRID_NODES, bound)
    if shape.several:
        _refuse(start=start)
        options = Options(tolerance=tolerance, limit=limit, progress=progress)
        return calibrate_shape(
            Job(data, models, shape, priors, options, *_groups(groups, data.persons),
                design_matrix(covariates, data.persons, groups), anchors, standard_errors, threads, collapsed)
        )  # fmt: skip
    nodes = nodes or NODES
    bank = _started(starting_bank(data, models, np.ones((data.items, 1), bool), priors, anchors), start, anchors)
    layout = working_layout(bank, fixed=np.flatnonzero(known).tolist())
    names, group = _groups(groups, data.persons)
    design = design_matrix(covariates, data.persons, groups)
    engine = GridExpectation(data, layout.width, nodes, groups=group, group_count=len(names), threads=threads)
    regression = None if design is None else Covariates.of(design, engine.weight)
    latent, free = starting_latent(layout, names, anchored=bool(known.any()), covariates=regression)
    if priors.flat and design is None and not known.any():
        check_size(bank.categories, layout.free_parameters() + int(free.sd.sum() + free.mean.sum()), len(names))
    em = GridEM(engine, layout, np.linspace(-bound, bound, nodes), latent, free, priors,
                Options(tolerance=tolerance, limit=limit, progress=progress), regression)  # fmt: skip
    fitted = em.fit(project(layout, layout.pack(bank)))
    return _result(em, fitted, data, free, collapsed, standard_errors)


def _check_numbers(*, method: str, points: int, nodes: int | None, bound: float, tolerance: float, limit: int) -> None:
    if method not in METHODS:
        raise BadModel(f"unknown method {method!r}", method=method, known=METHODS)
    if points < FEWEST_POINTS or (nodes is not None and nodes < FEWEST_NODES):
        raise BadParameter("too few quadrature points", points=points, nodes=nodes)
    if not (bound > 0 and tolerance >= 0 and limit >= 1):
        raise BadParameter("bound must be positive, tolerance not negative, limit 1 or more", bound=bound, limit=limit)


def _refuse(**given: Any) -> None:
    present = [name for name, value in given.items() if value is not None]
    if present:
        raise BadModel(f"not available in several dimensions: {', '.join(present)}", given=present)


def _started(bank: ItemParameters, start: ItemParameters | None, anchors: ItemParameters | None) -> ItemParameters:
    """The given starting values in the place of the bank's own, except for anchors."""
    if start is None:
        return bank
    if start.ids != bank.ids:
        raise BadShape("starting values must name the items of the responses, in their order")
    return start if anchors is None else with_anchors(start, anchors)


def _groups(groups: Sequence[Any] | None, persons: int) -> tuple[tuple[Any, ...], NDArray[np.int32] | None]:
    if groups is None:
        return ("all",), None
    labels = list(groups)
    if len(labels) != persons:
        raise BadShape("one group a person is needed", groups=len(labels), persons=persons)
    names = tuple(dict.fromkeys(labels))
    place = {name: g for g, name in enumerate(names)}
    return names, np.array([place[label] for label in labels], np.int32)


def design_matrix(
    covariates: ArrayLike | None, persons: int, groups: Sequence[Any] | None, *, ranked: bool = True
) -> Float | None:
    """Covariates as [N, C], checked; ranked: whether they must not follow from one another."""
    if covariates is None:
        return None
    if groups is not None:
        raise BadShape("pass groups as covariates (0/1) when there are covariates")
    design = np.array(covariates, float)
    design = design[:, None] if design.ndim == 1 else design
    if design.ndim != 2 or len(design) != persons or not np.isfinite(design).all():
        raise BadShape("covariates must be finite, [persons, covariates]", shape=design.shape, persons=persons)
    if ranked and np.linalg.matrix_rank(np.concatenate([np.ones((persons, 1)), design], axis=1)) <= design.shape[1]:
        raise BadShape("a covariate is constant, or follows from the others", covariates=design.shape[1])
    return design


def starting_latent(
    layout: Working, names: tuple[Any, ...], *, anchored: bool, covariates: Covariates | None
) -> tuple[Latent, LatentFree]:
    """Start, and what is free: anchors free everything, Rasch-like models free every variance."""
    latent = Latent.standard(1, names)
    unit = not layout.free[:, 0].any()
    later = np.arange(len(names)) > 0
    free = LatentFree(mean=later | anchored, sd=later | anchored | unit)
    if covariates is not None:
        latent = Latent(names, latent.mean, latent.covariance, np.zeros((covariates.count, 1)))
    return latent, free


def _result(
    em: GridEM, fitted: Fitted, data: Responses, free: LatentFree, collapsed: dict[str, tuple[int, ...]], errors: bool
) -> Calibration:
    information = observed_information(em, fitted, data) if errors else None
    sds = zip(fitted.latent.names, fitted.latent.sd[:, 0], strict=True)
    flat = [str(name) for name, sd in sds if sd < SMALLEST_SD * 4]
    reach = float((np.abs(fitted.latent.mean[:, 0]) + WITHIN * fitted.latent.sd[:, 0]).max())
    cut = reach if reach > em.nodes[-1] else 0.0
    notes = notes_of(fitted.trace, fitted.items, data, information, flat=flat, cut=cut, stacklevel=4)
    items = ItemParameters.from_dict(em.layout.unpack(fitted.psi).to_dict())
    if information is not None:
        items = replace(items, covariance=information.covariance, free=information.free)
    coefficients = 0 if em.design is None else em.design.count
    return Calibration(
        items=items,
        latent=fitted.latent,
        log_likelihood=fitted.expected.loglik,
        log_prior=fitted.log_prior,
        free_parameters=em.layout.free_parameters() + int(free.mean.sum() + free.sd.sum()) + coefficients,
        persons=data.total_weight(),
        iterations=fitted.trace.steps,
        converged=fitted.trace.converged,
        change=fitted.trace.change,
        second_order=None if information is None else information.positive,
        latent_errors={} if information is None else information.latent_errors,
        method=f"EM, {len(em.nodes)} nodes",
        notes=notes,
        collapsed=collapsed,
    )
