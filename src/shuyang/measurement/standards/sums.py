"""Accuracy and consistency of cuts on the sum score (Lee 2010).

The distribution of the sum score given ability comes from the Lord-Wingersky recursion, for items of any number of
categories; the true level is the one of the expected (true) score at that ability.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from shuyang.measurement.errors import BadShape
from shuyang.measurement.fit.inputs import Model, quadrature
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.irt.result import Calibration
from shuyang.measurement.irt.sumscore import sum_score_likelihoods
from shuyang.measurement.standards.agreement import Classification, Floats, summarise
from shuyang.measurement.standards.levels import checked_cuts, normalised

_POINTS = {1: 801, 2: 101, 3: 31}  # a dimension: the true level jumps at the cut, which a coarse grid would misplace


def classify_sums(
    model: Model,
    cuts: ArrayLike,
    *,
    latent: Latent | None = None,
    theta: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> Classification:
    """Accuracy and consistency of sum-score cuts of a complete test (Lee 2010).

    model: bank or calibration; cuts: increasing sum scores, a score at the cut is in the upper level. By default over
    the ability distribution (Lee's D method; latent: default the calibration's, or standard normal). With theta [N]
    or [N, D] and optional weights [N] over these abilities (the P method, for estimates of persons).
    Raises BadShape, also when a cut is not above 0 and at or below the largest score.
    """
    items = model.items if isinstance(model, Calibration) else model
    nodes, share = _where(model, latent, theta, weights)
    points = checked_cuts(cuts)
    spread = sum_score_likelihoods(probabilities(items, nodes)).T
    top = spread.shape[1] - 1
    if points[0] <= 0 or points[-1] > top:
        raise BadShape("sum-score cuts must lie above 0 and at or below the largest score", largest=top)
    level = np.searchsorted(points, np.arange(top + 1), side="right")
    placed = np.column_stack([spread[:, level == k].sum(axis=1) for k in range(len(points) + 1)])
    # a hair of tolerance: a true score equal to the cut must not fall below it by rounding
    true_score = spread @ np.arange(top + 1.0) + 1e-9
    true = np.eye(len(points) + 1)[np.searchsorted(points, true_score, side="right")]
    return summarise("lee", points, true, placed, share)


def _where(
    model: Model, latent: Latent | None, theta: ArrayLike | None, weights: ArrayLike | None
) -> tuple[Floats, Floats]:
    items = model.items if isinstance(model, Calibration) else model
    if theta is None:
        own = model.latent if isinstance(model, Calibration) else Latent.standard(items.dimensions)
        grid = quadrature(latent or own, _POINTS.get(items.dimensions))
        return grid.nodes, grid.weights
    nodes = np.asarray(theta, float)
    nodes = nodes[:, None] if nodes.ndim == 1 else nodes
    if not np.isfinite(nodes).all():
        raise BadShape("theta must be finite; leave out persons without an estimate")
    return nodes, normalised(weights, len(nodes))
