"""Linking constants from means and standard deviations of the anchors' parameters."""

from __future__ import annotations

import numpy as np

from shuyang.measurement.errors import BadModel, BadParameter
from shuyang.measurement.linking.anchors import Anchors, Floats

METHODS = ("mean", "mean-mean", "mean-sigma", "mean-gmean")


def moment_constants(anchors: Anchors, method: str) -> Floats:
    """(A, B) by "mean" (A = 1; Rasch), "mean-mean" (Loyd & Hoover 1980), "mean-sigma" (Marco 1977) or "mean-gmean"
    (Mislevy & Bock 1990). Difficulties are b, thresholds or step difficulties; every one counts once.

    Raises BadModel for nominal items (they have no difficulty), BadParameter where a mean or deviation is 0.
    """
    if "nominal" in anchors.form.models:
        raise BadModel("nominal items have no difficulties; use a characteristic-curve method")
    a_form, a_base = anchors.form.slopes[:, 0], anchors.base.slopes[:, 0]
    b_form, b_base = (bank.difficulties().ravel() for bank in (anchors.form, anchors.base))
    b_form, b_base = b_form[~np.isnan(b_form)], b_base[~np.isnan(b_base)]
    if method == "mean":
        scale = 1.0
    elif method == "mean-mean":
        scale = _ratio(a_form.mean(), a_base.mean())
    elif method == "mean-gmean":
        scale = _ratio(*(float(np.exp(np.log(np.maximum(a, 0)).mean())) for a in (a_form, a_base)))
    else:
        scale = _ratio(b_base.std(), b_form.std())
    return np.array([scale, b_base.mean() - scale * b_form.mean()])


def _ratio(top: float, bottom: float) -> float:
    if not (np.isfinite(top) and np.isfinite(bottom) and top > 0 and bottom > 0):
        raise BadParameter("the anchors' slopes or spread of difficulties do not allow this method; use another")
    return float(top / bottom)
