"""Between a calibration's item parameters and the items of a sitting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from shuyang.measurement.irt.items import BINARY, GRADED, ItemParameters

from .contracts import CatItem, FloatArray, Model
from .errors import BadItem

PARTIAL = frozenset({"pcm", "gpcm", "rsm"})


def cat_items(
    items: ItemParameters,
    *,
    facets: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    seconds: Mapping[str, float] | None = None,
    enemies: Mapping[str, Sequence[str]] | None = None,
) -> list[CatItem]:
    """Calibrated parameters as items of a sitting; the mappings are by item id.

    Each item must load on one dimension, positively. Where the parameters carry a covariance, the uncertainty goes
    with them: the SD of the log slope, the SD of the common shift of the thresholds, and that of the guessing
    parameter, by the delta method (correlations between the three are left out). Raises `BadItem` for nominal items,
    upper asymptotes, and items on several dimensions.
    """
    located = _difficulties(items)
    made = []
    for j, item_id in enumerate(items.ids):
        dim = _dimension(items, j)
        count = int(items.categories[j]) - 1
        slope_sd, shift_sd, guessing_sd = _uncertainty(items, j, dim)
        made.append(
            CatItem(
                id=item_id,
                dim=dim,
                model=_model(items.models[j], item_id),
                slope=float(items.slopes[j, dim]),
                thresholds=tuple(located[j, :count].tolist()),
                slope_log_sd=slope_sd / float(items.slopes[j, dim]),
                threshold_sd=shift_sd,
                guessing=float(items.g[j]),
                guessing_sd=guessing_sd,
                facet=(facets or {}).get(item_id, ""),
                kind=(kinds or {}).get(item_id, ""),
                seconds=(seconds or {}).get(item_id, 60.0),
                enemies=tuple((enemies or {}).get(item_id, ())),
            )
        )
    return made


def item_parameters(items: Sequence[CatItem], *, dims: int) -> ItemParameters:
    """Central values of sitting items in slope/intercept form, for calibration and scoring; uncertainty is dropped."""
    slopes = np.zeros((len(items), dims))
    intercepts = []
    for j, item in enumerate(items):
        slopes[j, item.dim] = item.slope
        steps = np.cumsum(item.thresholds) if item.model == "gpcm" else np.asarray(item.thresholds)
        intercepts.append((-item.slope * steps).tolist())
    names = {"3pl": "3pl", "grm": "graded", "gpcm": "gpcm"}
    models = [names[item.model] for item in items]
    return ItemParameters.build(
        models, slopes, intercepts, g=[item.guessing for item in items], ids=[item.id for item in items]
    )


def _model(name: str, item_id: str) -> Model:
    if name in BINARY:
        return "3pl"
    if name in GRADED:
        return "grm"
    if name in PARTIAL:
        return "gpcm"
    raise BadItem(f"item {item_id}: a {name} item can't be given in a sitting", item=item_id, model=name)


def _dimension(items: ItemParameters, j: int) -> int:
    loads = np.flatnonzero(items.slopes[j])
    if len(loads) != 1 or items.slopes[j, loads[0]] <= 0 or items.u[j] != 1.0:
        raise BadItem(
            f"item {items.ids[j]}: one positive slope and no upper asymptote are needed",
            item=items.ids[j],
            slopes=items.slopes[j].tolist(),
        )
    return int(loads[0])


def _difficulties(items: ItemParameters) -> FloatArray:
    """Difficulties [J, K-1] whatever the number of dimensions (each item loads on one)."""
    length = items.slopes.max(axis=1)
    located = -items.intercepts / np.where(length > 0, length, 1.0)[:, None]
    for j, model in enumerate(items.models):
        if model in PARTIAL:
            located[j] = np.diff(located[j], prepend=0.0)
    return np.asarray(located)


def _uncertainty(items: ItemParameters, j: int, dim: int) -> tuple[float, float, float]:
    """SDs of the slope, of the mean difficulty, and of the guessing parameter."""
    rows = {name: i for i, (item, name) in enumerate(items.free) if item == j}
    if items.covariance is None or not rows:
        return 0.0, 0.0, 0.0
    cov = items.covariance
    slope = float(items.slopes[j, dim])
    count = int(items.categories[j]) - 1
    # the mean difficulty: of a partial-credit item −d_last / (a · count), otherwise −mean(d) / a
    last = items.models[j] in PARTIAL
    weights = np.append(np.zeros(count - 1), 1.0 / count) if last else np.full(count, 1.0 / count)
    gradient = np.zeros(len(cov))
    for k in range(count):
        if f"d{k + 1}" in rows:
            gradient[rows[f"d{k + 1}"]] = -weights[k] / slope
    slope_row = rows.get(f"a{dim + 1}")
    if slope_row is not None:
        gradient[slope_row] = float(weights @ items.intercepts[j, :count]) / slope**2
    slope_sd = float(np.sqrt(cov[slope_row, slope_row])) if slope_row is not None else 0.0
    guess_row = rows.get("logit_g")
    g = float(items.g[j])
    guessing_sd = g * (1.0 - g) * float(np.sqrt(cov[guess_row, guess_row])) if guess_row is not None else 0.0
    return slope_sd, float(np.sqrt(max(float(gradient @ cov @ gradient), 0.0))), guessing_sd
