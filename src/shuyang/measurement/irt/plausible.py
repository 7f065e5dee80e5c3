"""Plausible values: draws from each person's posterior distribution (Mislevy, 1991).

Statistics of groups (means, variances, growth) come from these, computed once per draw and then averaged; means of
EAP scores are shrunken and their variance is too small.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.irt import models
from shuyang.measurement.irt.data import Responses, as_responses
from shuyang.measurement.irt.draws import draw_items
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.scores import Population, align, population
from shuyang.measurement.irt.sheets import NOT_SHIFTED

Float = NDArray[np.float64]
NODES = 241
BLOCK = 2048


def plausible_values(
    responses: Responses | ArrayLike,
    items: ItemParameters,
    *,
    draws: int = 10,
    seed: int,
    latent: Latent | None = None,
    groups: Sequence[Any] | None = None,
    covariates: ArrayLike | None = None,
    parameter_variance: bool = False,
    bound: float = 6.0,
) -> Float:
    """Draws [N, draws, D] from the posterior of each person.

    One dimension: the posterior on 241 nodes, a uniform inside a node's cell. More: importance resampling of draws
    around each person's mode (`adaptive.adaptive_draws`). `latent` should hold what the analysis will ask about
    (groups, covariates), or differences between groups come out too small. With parameter_variance each draw uses a
    bank of its own, drawn from the items' covariance.

    Raises: as `score`.
    """
    data = align(as_responses(responses, items.ids), items)
    place = population(latent or Latent.standard(items.dimensions), groups, covariates, data.persons)
    rng = np.random.default_rng(seed)
    banks = draw_items(items, draws, seed) if parameter_variance else [items]
    each = draws if len(banks) == 1 else 1
    if items.dimensions > 1:
        from shuyang.measurement.irt.adaptive import adaptive_draws

        shift = NOT_SHIFTED if place.shift is None else place.shift
        parts = [adaptive_draws(data, bank, place.latent, place.group, each, rng, shift=shift) for bank in banks]
    else:
        parts = [_grid_draws(data, bank, place, each, rng, bound) for bank in banks]
    return np.concatenate(parts, axis=1)


def _grid_draws(
    data: Responses, items: ItemParameters, place: Population, draws: int, rng: np.random.Generator, bound: float
) -> Float:
    nodes = np.linspace(-bound, bound, NODES)
    step = nodes[1] - nodes[0]
    logs = models.log_probabilities(items, nodes)
    out = np.empty((data.persons, draws, 1))
    for start in range(0, data.persons, BLOCK):
        rows = np.arange(start, min(start + BLOCK, data.persons))
        part = data.select_persons(rows)
        posterior = _log_prior(place, rows, nodes)
        who = np.repeat(np.arange(len(rows)), part.answered())
        np.add.at(posterior, who, logs[part.item, part.category])
        posterior = np.exp(posterior - posterior.max(axis=1, keepdims=True))
        below = np.cumsum(posterior, axis=1)
        wanted = rng.random((len(rows), draws)) * below[:, -1:]
        cell = np.array([np.searchsorted(b, w) for b, w in zip(below, wanted, strict=True)])
        out[rows, :, 0] = nodes[cell] + step * (rng.random(cell.shape) - 0.5)
    return out


def _log_prior(place: Population, rows: NDArray[np.int64], nodes: Float) -> Float:
    group = place.group[rows] if len(place.group) else np.zeros(len(rows), np.int64)
    mean, sd = place.latent.mean[group, 0], place.latent.sd[group, 0]
    if place.shift is not None:
        mean = mean + place.shift[rows, 0]
    return np.asarray(-0.5 * ((nodes[None, :] - mean[:, None]) / sd[:, None]) ** 2)
