"""The door of linking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import ArrayLike

from shuyang.measurement.errors import BadShape, MeasurementError
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import expected_scores
from shuyang.measurement.linking import curves, moments
from shuyang.measurement.linking.anchors import Anchors, Floats, common_items
from shuyang.measurement.linking.errors_of_constants import Solve, Uncertainty, delta_method, jackknife
from shuyang.measurement.linking.result import Link

Method = Literal["mean", "mean-mean", "mean-sigma", "mean-gmean", "haebara", "stocking-lord"]
Scale = Literal["base", "form", "symmetric"]
Errors = Literal["auto", "delta", "jackknife", "none"]


def link(
    form: ItemParameters,
    base: ItemParameters,
    *,
    method: Method = "stocking-lord",
    anchors: Sequence[str] | None = None,
    scale: Scale = "base",
    nodes: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    se: Errors = "auto",
) -> Link:
    """Constants that put `form` on the scale of `base`: theta_base = A theta_form + B.

    form, base: one-dimensional calibrations with items in common; anchors: ids to use (default all common ones).
    method: "mean" (A = 1), "mean-mean", "mean-sigma", "mean-gmean", "haebara" or "stocking-lord". For the latter two:
    scale, the ability scale integrated over ("base" as equateIRT and EqUMP do; "symmetric" adds both); nodes, weights:
    [Q], default 30 Gauss-Hermite nodes for N(0, 1) on that scale.
    se: "delta" from the covariances of both calibrations (sampling of persons), "jackknife" over three anchors or more
    (choice of anchors), "none", or "auto": delta where both have a covariance, else jackknife, else none.
    Raises NotOneDimensional, NotConnected, BadShape, BadModel, BadParameter, NotIdentified.
    """
    both = common_items(form, base, anchors)
    points, mass = _quadrature(nodes, weights)
    if method in moments.METHODS:
        constants, loss = moments.moment_constants(both, method), float("nan")
        exact = nearby = _moment_solver(method)
    elif method in curves.METHODS:
        criterion = curves.Criterion(method, scale, points, mass)
        constants, loss = curves.curve_constants(both, criterion, _start(both))
        exact, nearby = _curve_solvers(criterion, constants, both)
    else:
        raise MeasurementError("unknown linking method", method=method, known=[*moments.METHODS, *curves.METHODS])
    how, error = _errors(both, se, exact, nearby)
    gap, shift = _misfit(both, constants, points, mass)
    return Link(
        A=float(constants[0]),
        B=float(constants[1]),
        method=method,
        scale=scale,
        criterion=loss,
        se_method=how,
        covariance=np.full((2, 2), np.nan) if error is None else error.covariance,
        anchors=both.ids,
        gap=gap,
        shift=shift,
        uncertainty=error,
    )


def _quadrature(nodes: ArrayLike | None, weights: ArrayLike | None) -> tuple[Floats, Floats]:
    if nodes is None:
        points, mass = hermegauss(30)
        return np.asarray(points, float), np.asarray(mass / mass.sum(), float)
    points = np.asarray(nodes, float)
    mass = np.ones_like(points) if weights is None else np.asarray(weights, float)
    if points.ndim != 1 or mass.shape != points.shape or not (mass >= 0).all() or not mass.sum() > 0:
        raise BadShape("nodes and weights must be vectors of one length, weights not negative", nodes=points.shape)
    return points, mass / mass.sum()


def _start(both: Anchors) -> Floats:
    try:
        return moments.moment_constants(both, "mean-mean")
    except MeasurementError:
        return np.array([1.0, 0.0])


def _moment_solver(method: str) -> Solve:
    return lambda anchors: moments.moment_constants(anchors, method)


def _curve_solvers(criterion: curves.Criterion, at: Floats, both: Anchors) -> tuple[Solve, Solve]:
    """A full solution, and one Newton step, which is exact to first order for anchors moved a little."""
    hessian = criterion.hessian(at, both)

    def step(anchors: Anchors) -> Floats:
        return np.asarray(at - np.linalg.solve(hessian, criterion.gradient(at, anchors)))

    return lambda anchors: curves.curve_constants(anchors, criterion, at)[0], step


def _errors(both: Anchors, how: Errors, exact: Solve, nearby: Solve) -> tuple[str, Uncertainty | None]:
    known = both.form.covariance is not None and both.base.covariance is not None
    enough = len(both.ids) >= 3
    if how == "delta" and not known:
        raise BadShape("standard errors by the delta method need the covariance of both calibrations")
    if how == "jackknife" and not enough:
        raise BadShape("the jackknife needs three anchors or more", anchors=len(both.ids))
    if how == "delta" or (how == "auto" and known):
        return "delta", delta_method(both, nearby)
    if how == "jackknife" or (how == "auto" and enough):
        return "jackknife", jackknife(both, exact)
    return "none", None


def _misfit(both: Anchors, constants: Floats, nodes: Floats, weights: Floats) -> tuple[Floats, Floats]:
    a, b = constants
    moved = expected_scores(both.form, (nodes - b) / a)
    gap = np.sqrt(((moved - expected_scores(both.base, nodes)) ** 2) @ weights)
    with np.errstate(invalid="ignore"):
        shift = a * _mean(both.form.difficulties()) + b - _mean(both.base.difficulties())
    return gap, shift


def _mean(difficulties: Floats) -> Floats:
    count = (~np.isnan(difficulties)).sum(axis=1)
    return np.where(count > 0, np.nansum(difficulties, axis=1) / np.maximum(count, 1), np.nan)
