"""Banks drawn from the sampling distribution of the item parameters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import BadParameter
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import sigmoid

Float = NDArray[np.float64]
TRIES = 50
CLOSEST = 1e-3


def draw_items(items: ItemParameters, count: int, seed: int) -> list[ItemParameters]:
    """`count` banks from the normal distribution with the bank's covariance (asymptotes on the logit scale).

    Draws whose graded intercepts cross are pulled together just enough to stay in order.
    Raises `BadParameter` when the bank has no covariance.
    """
    if items.covariance is None:
        raise BadParameter("the bank has no covariance of its parameters: calibrate with standard_errors=True")
    rng = np.random.default_rng(seed)
    values, vectors = np.linalg.eigh(items.covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    # antithetic pairs: the mean of the drawn parameters is exactly the estimate, which halves the noise
    half = rng.standard_normal((-(-count // 2), len(values)))
    normal = np.concatenate([half, -half])[:count]
    return [_moved(items, root @ z) for z in normal]


def _moved(items: ItemParameters, change: Float) -> ItemParameters:
    a, d, s = items.slopes.copy(), items.intercepts.copy(), items.scores.copy()
    with np.errstate(divide="ignore"):
        logits = {"logit_g": np.log(items.g) - np.log1p(-items.g), "logit_u": np.log(items.u) - np.log1p(-items.u)}
    arrays = {"a": a, "d": d, "s": s}
    for (j, name), delta in zip(items.free, change, strict=True):
        if name in logits:
            logits[name][j] += delta
        else:
            arrays[name[0]][j, int(name[1:]) - (name[0] != "s")] += delta
    for j, model in enumerate(items.models):
        if model == "graded":
            d[j] = _in_order(d[j])
    g, u = sigmoid(logits["logit_g"]), sigmoid(logits["logit_u"])
    return ItemParameters.build(items.models, a, d, g=np.minimum(g, u - CLOSEST), u=u, scores=s, ids=items.ids)


def _in_order(d: Float) -> Float:
    """Decreasing by at least a little: each intercept at most the one before."""
    used = ~np.isnan(d)
    k = np.arange(used.sum())
    ordered = d.copy()
    ordered[used] = np.minimum.accumulate(d[used] + CLOSEST * k) - CLOSEST * k
    return ordered
