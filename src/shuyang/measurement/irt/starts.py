"""Starting values from the observed category frequencies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import BINARY, GRADED, UNIT_SLOPES, ItemParameters

Float = NDArray[np.float64]
START_G = 0.15
START_U = 0.95
SAMPLE, FEWEST_TO_TURN, MOST_TO_TURN = 5000, 3, 400
CLEARLY = 0.25  # a loading that chance hardly reaches


def starting_items(
    ids: Sequence[str], models: Sequence[str], counts: Float, categories: NDArray[np.int64], loads: NDArray[np.bool_]
) -> ItemParameters:
    """A bank to start from: slopes 1 (where free, spread over the loadings), intercepts from the frequencies [J, K]."""
    count = np.maximum(loads.sum(axis=1, keepdims=True), 1)
    unit = np.array([m in UNIT_SLOPES for m in models], bool)[:, None]
    slopes = np.where(unit, loads, loads / np.sqrt(count))
    intercepts = [_intercepts(models[j], counts[j, : categories[j]]) for j in range(len(ids))]
    g = np.array([START_G if m in ("3pl", "4pl") else 0.0 for m in models])
    u = np.array([START_U if m == "4pl" else 1.0 for m in models])
    scores = [np.arange(k, dtype=float) for k in categories]
    return ItemParameters.build(list(models), slopes, intercepts, g=g, u=u, scores=scores, ids=ids)


def turned_items(data: Responses) -> NDArray[np.bool_]:
    """[J] items that clearly run against the others: the first principal axis of a sample's correlations has them on
    its other side. None where there are too many items to look, or they hardly hang together.

    From slopes of one sign a scale of which half is turned round has no way out: it would stop at slopes of 0.
    """
    none = np.zeros(data.items, bool)
    if data.items < FEWEST_TO_TURN or data.items > MOST_TO_TURN or data.persons < FEWEST_TO_TURN:
        return none
    step = -(-data.persons // SAMPLE)  # every so many persons, for files are often sorted
    some = data.select_persons(np.arange(0, data.persons, step))
    matrix = some.to_matrix().astype(float)
    weight = np.ones(len(matrix)) if some.weights is None else np.asarray(some.weights, float)
    seen = (matrix >= 0) * np.sqrt(weight)[:, None]
    count = np.maximum((seen**2).sum(axis=0), 1e-12)
    centred = seen * (matrix - (seen**2 * matrix).sum(axis=0) / count)
    centred /= np.sqrt(np.maximum((centred**2).sum(axis=0) / count, 1e-12))
    pairs = (seen**2).T @ (matrix >= 0)
    spread = np.where(pairs > 0, centred.T @ centred / np.maximum(pairs, 1e-12), 0.0)
    values, vectors = np.linalg.eigh(spread)
    axis = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
    if axis.sum() < 0:
        axis = -axis
    return np.asarray(axis < -CLEARLY)


def _intercepts(model: str, count: Float) -> Float:
    """The factor 1.2 turns marginal logits into conditional ones at slope 1, about sqrt(1 + a^2 / 3)."""
    smooth = count + 0.5
    if model in BINARY or model in GRADED:
        above = np.cumsum(smooth[::-1])[::-1][1:] / smooth.sum()
        if model in ("3pl", "4pl"):
            above = np.clip((above - START_G) / (1 - START_G), 0.02, 0.98)
        return np.asarray(1.2 * np.log(above / (1 - above)))
    return np.asarray(np.log(smooth[1:] / smooth[0]))
