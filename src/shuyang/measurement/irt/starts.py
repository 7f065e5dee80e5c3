"""Starting values from the observed category frequencies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.items import BINARY, GRADED, UNIT_SLOPES, ItemParameters

Float = NDArray[np.float64]
START_G = 0.15
START_U = 0.95


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


def _intercepts(model: str, count: Float) -> Float:
    """The factor 1.2 turns marginal logits into conditional ones at slope 1, about sqrt(1 + a^2 / 3)."""
    smooth = count + 0.5
    if model in BINARY or model in GRADED:
        above = np.cumsum(smooth[::-1])[::-1][1:] / smooth.sum()
        if model in ("3pl", "4pl"):
            above = np.clip((above - START_G) / (1 - START_G), 0.02, 0.98)
        return np.asarray(1.2 * np.log(above / (1 - above)))
    return np.asarray(np.log(smooth[1:] / smooth[0]))
