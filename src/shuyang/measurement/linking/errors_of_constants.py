"""Standard errors of linking constants: the delta method, or the jackknife over anchors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.linking.anchors import Anchors, Floats, nudged

Solve = Callable[[Anchors], Floats]
Key = tuple[str, str]
_STEP = 1e-5


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """covariance [2, 2] of (A, B); the part from the base's calibration; derivatives in the form's parameters."""

    covariance: Floats
    base_part: Floats
    form_keys: tuple[Key, ...]
    form_gradient: Floats


def delta_method(anchors: Anchors, solve: Solve) -> Uncertainty:
    """Error from the sampling of both calibrations, taken as independent (Ogasawara 2000, 2001).

    solve: constants for slightly moved anchors, exact to first order. Both banks need a covariance.
    """
    form = _gradient(anchors.form, lambda moved: solve(Anchors(moved, anchors.base)))
    base = _gradient(anchors.base, lambda moved: solve(Anchors(anchors.form, moved)))
    assert anchors.form.covariance is not None
    assert anchors.base.covariance is not None
    base_part = base @ anchors.base.covariance @ base.T
    return Uncertainty(
        covariance=form @ anchors.form.covariance @ form.T + base_part,
        base_part=base_part,
        form_keys=tuple((anchors.ids[j], name) for j, name in anchors.form.free),
        form_gradient=form,
    )


def _gradient(items: ItemParameters, solve: Callable[[ItemParameters], Floats]) -> Floats:
    columns = [
        (solve(nudged(items, j, name, _STEP)) - solve(nudged(items, j, name, -_STEP))) / (2 * _STEP)
        for j, name in items.free
    ]
    return np.array(columns).reshape(-1, 2).T


def jackknife(anchors: Anchors, solve: Solve) -> Uncertainty:
    """Error from the choice of anchors (Haberman, Lee & Qian 2009): each anchor left out in turn; needs three."""
    left_out = np.array([solve(anchors.without(j)) for j in range(len(anchors.ids))])
    gap = left_out - left_out.mean(axis=0)
    n = len(left_out)
    return Uncertainty((n - 1) / n * gap.T @ gap, np.zeros((2, 2)), (), np.zeros((2, 0)))
