"""Several dimensions over a cluster: every pass of the person-adaptive EM is a sum over the shards."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.irt.adaptive import AdaptiveEM, AdaptiveFitted, Swept
from shuyang.measurement.irt.calibrate import design_matrix
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.distributed import Loader, Whole, load_shard
from shuyang.measurement.irt.em import Options
from shuyang.measurement.irt.estep import NONE_INT
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.mstep import project
from shuyang.measurement.irt.multidimensional import (
    ADAPTIVE_TOLERANCE,
    Shape,
    factors_of,
    latent_unknowns,
    loads_of,
    start_latent,
)
from shuyang.measurement.irt.points import rule_of
from shuyang.measurement.irt.population import Design, Moments
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.result import Calibration
from shuyang.measurement.irt.starts import starting_items
from shuyang.measurement.irt.working import Working, working_layout

Float = NDArray[np.float64]


class Wish(NamedTuple):
    """What is asked of the calibration, as in `calibrate`."""

    models: tuple[str, ...]
    categories: NDArray[np.int64]
    priors: Priors
    options: Options
    loads: ArrayLike
    correlated: bool
    points: int


class DistributedAdaptiveEM(AdaptiveEM):
    """`AdaptiveEM` whose persons are on the workers: a pass goes out with the parameters and comes back as sums.

    Each person's mode, where the next pass starts, stays on the workers as a result of the pass before. So a pass is a
    pure function, wherever it runs, and a lost worker's modes are found again by the same passes.
    """

    client: Any
    held: Sequence[Any]
    modes: Sequence[Any]

    def sweep(self, items: ItemParameters, latent: Latent) -> Swept:
        """One pass over all shards, added in their order."""
        plain = items.to_dict()
        done = [
            self.client.submit(_sweep, held, mode, plain, latent, self.points, self.fresh, pure=False)
            for held, mode in zip(self.held, self.modes, strict=True)
        ]
        self.modes = [self.client.submit(_mode_of, one, pure=False) for one in done]
        parts: list[Swept] = self.client.gather([self.client.submit(_sums_of, one, pure=False) for one in done])
        self.fresh = False
        moments = Moments(*(np.asarray(sum(fields)) for fields in zip(*(p.moments for p in parts), strict=True)))
        return Swept(
            float(sum(p.loglik for p in parts)),
            np.asarray(sum(p.gradient for p in parts)),
            np.asarray(sum(p.information for p in parts)),
            moments,
        )


def _sweep(
    held: AdaptiveEM, mode: Float | None, items: dict[str, Any], latent: Latent, points: int, fresh: bool
) -> tuple[Float, Swept]:
    em = copy(held)
    em.mode = np.zeros_like(held.mode) if mode is None else mode.copy()
    em.points, em.fresh = points, fresh
    swept = em.sweep(ItemParameters.from_dict(items), latent)
    return em.mode, swept


def _mode_of(done: tuple[Float, Swept]) -> Float:
    return done[0]


def _sums_of(done: tuple[Float, Swept]) -> Swept:
    return done[1]


def _prepare(load: Loader, layout: Working, latent: Latent, factors: str, wish: Wish) -> AdaptiveEM:
    data, groups, given = load_shard(load)
    group = NONE_INT
    if groups is not None:
        position = {name: g for g, name in enumerate(latent.names)}
        group = np.array([position[name] for name in groups], np.int32)
    return AdaptiveEM(
        data, layout, latent, factors, wish.priors, Options(), group=group,
        covariates=design_matrix(given, data.persons, groups, ranked=False), points=wish.points, threads=1,
    )  # fmt: skip


def calibrate_space(client: Any, loaders: Sequence[Loader], whole: Whole, wish: Wish) -> Calibration:
    """The part of `calibrate_distributed` for several dimensions."""
    shape = Shape(loads=wish.loads, correlated=wish.correlated, points=wish.points)
    loads = loads_of(shape, len(whole.ids))
    bank = starting_items(whole.ids, wish.models, whole.counts, wish.categories, loads)
    layout = working_layout(bank, loads=loads)
    factors, dims = factors_of(shape, layout), loads.shape[1]
    extra = 0 if whole.covariates is None else whole.covariates.count
    latent = start_latent(factors, dims, whole.groups, extra)
    empty = Responses(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int8), whole.ids)
    options = replace(wish.options, tolerance=wish.options.tolerance * ADAPTIVE_TOLERANCE)
    em = DistributedAdaptiveEM(empty, layout, latent, factors, wish.priors, options, points=wish.points, threads=1)
    em.client = client
    if whole.covariates is not None:
        gram = whole.covariates.gram
        em.design = Design(np.zeros((0, len(gram))), gram / gram[0, 0])
    em.held = [client.submit(_prepare, load, layout, latent, factors, wish, pure=False) for load in loaders]
    em.modes = [None] * len(loaders)
    fitted: AdaptiveFitted = em.fit(project(layout, layout.pack(bank)))
    count = rule_of(dims, wish.points).z.shape[1]
    return Calibration(
        items=ItemParameters.from_dict(fitted.items.to_dict()), latent=fitted.latent, log_likelihood=fitted.loglik,
        log_prior=fitted.log_prior,
        free_parameters=layout.free_parameters() + latent_unknowns(factors, dims, len(whole.groups)) + extra * dims,
        persons=whole.persons, iterations=fitted.trace.steps, converged=fitted.trace.converged,
        change=fitted.trace.change, second_order=None, latent_errors={},
        method=f"adaptive quadrature EM, {count} points, {len(loaders)} shards", notes=(), collapsed={},
    )  # fmt: skip
