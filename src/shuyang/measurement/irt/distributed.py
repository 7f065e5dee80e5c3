"""Calibration and scoring over the workers of a Dask cluster.

The expectation step is a sum over persons. Each shard of persons lives on a worker, made there by a loader, so the
responses never cross the network: parameters go out, expected counts come back. Shards are ordinary Dask results with
their lineage, so a lost worker's shards are loaded again elsewhere. Counts are added in shard order; the result equals
that of one machine up to rounding. Needs the extra `dask`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import BadShape, MissingExtra
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.em import GridEM, Options
from shuyang.measurement.irt.estep import NONE_FLOAT, NONE_INT, Expected, GridExpectation
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent, LatentFree
from shuyang.measurement.irt.mstep import project
from shuyang.measurement.irt.prepare import check_counts, models_of
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.result import Calibration
from shuyang.measurement.irt.scores import Scores, score
from shuyang.measurement.irt.se import LostSheet, lost_information, observed_information
from shuyang.measurement.irt.starts import starting_items
from shuyang.measurement.irt.working import working_layout

Float = NDArray[np.float64]
Loader = Callable[[], Responses]
NODES = 61


class DistributedExpectation:
    """Expectation steps of `GridExpectation`, each shard on the worker that holds it. One group."""

    def __init__(self, client: Any, loaders: Sequence[Loader], categories: int, nodes: int) -> None:
        self.client, self.loaders = client, loaders
        self.held = [client.submit(_prepare, load, categories, nodes, pure=False) for load in loaders]
        self.group_count, self.group, self.weight = 1, NONE_INT, NONE_FLOAT
        self.wide = True

    def widen(self) -> None:
        """Let every person see all nodes in the next step."""
        self.wide = True

    def run(
        self, logs: Float, prior: Float, *, reach: float = 0.0, tilt: Float = NONE_FLOAT, line: Float = NONE_FLOAT
    ) -> Expected:
        """As `GridExpectation.run`, without a tilt; posterior means stay on the workers (`centre` is empty)."""
        # arguments of the tasks, not scattered data: these travel again when a worker is lost
        futures = [self.client.submit(_step, held, logs, prior, reach, self.wide, pure=False) for held in self.held]
        parts = self.client.gather(futures)
        self.wide = reach == 0.0
        loglik = sum(part[0] for part in parts)
        counts, persons = sum(part[1] for part in parts), sum(part[2] for part in parts)
        return Expected(float(loglik), np.asarray(counts), np.asarray(persons), NONE_FLOAT)

    def lost(self, data: Responses, sheet: LostSheet) -> Float:
        """As `GridExpectation.lost`, of the shards; data is not looked at."""
        pairs = zip(self.loaders, self.held, strict=True)
        futures = [self.client.submit(_lost, load, held, sheet, pure=False) for load, held in pairs]
        return np.asarray(sum(self.client.gather(futures)))


def _lost(load: Loader, held: GridExpectation, sheet: LostSheet) -> Float:
    return lost_information(held, load(), sheet, threads=1)


def _prepare(load: Loader, categories: int, nodes: int) -> GridExpectation:
    return GridExpectation(load(), categories, nodes, threads=1)


def _step(held: GridExpectation, logs: Float, prior: Float, reach: float, wide: bool) -> tuple[float, Float, Float]:
    if wide:
        held.widen()
    expected = held.run(logs, prior, reach=reach)
    return expected.loglik, expected.counts, expected.prior_counts


def _describe(load: Loader) -> tuple[tuple[str, ...], Float, float, int]:
    data = load()
    return data.item_ids, data.counts(), data.total_weight(), data.persons


def calibrate_distributed(
    client: Any,
    loaders: Sequence[Loader],
    model: str | Sequence[str] = "2pl",
    *,
    priors: Priors | None = None,
    nodes: int = NODES,
    bound: float = 6.0,
    tolerance: float = 1e-4,
    limit: int = 1000,
    standard_errors: bool = False,
    progress: Callable[[int, float, float], None] = lambda step, objective, change: None,
) -> Calibration:
    """`calibrate` for one dimension and one group over a cluster.

    Args:
        client: a `distributed.Client`.
        loaders: one picklable function a shard, returning its `Responses`; all shards have the same items. It runs on
            a worker, and again on another one if that is lost, so it must give the same responses each time.
        others: as `calibrate`. Connection of the design is not checked. For standard errors each worker sends back one
            matrix of the size of their covariance.

    Raises:
        MissingExtra: Dask is not installed. BadShape: shards with different items. Others as `calibrate`.
    """
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise MissingExtra("install shuyang[dask]", extra="dask") from error
    found = client.gather([client.submit(_describe, load, pure=False) for load in loaders])
    ids = found[0][0]
    if any(part[0] != ids for part in found):
        raise BadShape("shards have different items")
    counts = _total([part[1] for part in found])
    models = models_of(model, ids)
    priors = priors or Priors()
    allow = priors.intercept is not None or priors.difficulty is not None
    shape = Responses(np.zeros(2, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int8), ids)
    categories = check_counts(shape, counts, models, fixed=np.zeros(len(ids), bool), allow_flat=allow)
    bank = starting_items(ids, models, counts, categories, np.ones((len(ids), 1), bool))
    layout = working_layout(bank)
    engine = DistributedExpectation(client, loaders, layout.width, nodes)
    free = LatentFree(np.zeros(1, bool), np.array([not layout.free[:, 0].any()]))
    options = Options(tolerance=tolerance, limit=limit, progress=progress)
    em = GridEM(engine, layout, np.linspace(-bound, bound, nodes), Latent.standard(1), free, priors, options)  # type: ignore[arg-type]
    fitted = em.fit(project(layout, layout.pack(bank)))
    items = ItemParameters.from_dict(fitted.items.to_dict())
    information = observed_information(em, fitted, shape) if standard_errors else None
    if information is not None:
        items = replace(items, covariance=information.covariance, free=information.free)
    return Calibration(
        items=items, latent=fitted.latent,
        log_likelihood=fitted.expected.loglik, log_prior=fitted.log_prior,
        free_parameters=layout.free_parameters() + int(free.sd.sum()), persons=float(sum(part[2] for part in found)),
        iterations=fitted.trace.steps, converged=fitted.trace.converged, change=fitted.trace.change,
        second_order=None if information is None else information.positive,
        latent_errors={} if information is None else information.latent_errors,
        method=f"EM, {nodes} nodes, {len(loaders)} shards", notes=(), collapsed={},
    )  # fmt: skip


def _total(counts: Sequence[Float]) -> Float:
    """Sum of [J, K] counts of different K."""
    whole = np.zeros((len(counts[0]), max(c.shape[1] for c in counts)))
    for part in counts:
        whole[:, : part.shape[1]] += part
    return whole


def score_distributed(
    client: Any, loaders: Sequence[Loader], items: ItemParameters, *, method: str = "eap", latent: Latent | None = None
) -> list[Scores]:
    """`score` of every shard on the workers, in shard order."""
    futures = [client.submit(_score, load, items, method, latent, pure=False) for load in loaders]
    scores: list[Scores] = client.gather(futures)
    return scores


def _score(load: Loader, items: ItemParameters, method: str, latent: Latent | None) -> Scores:
    return score(load(), items, method=method, latent=latent, threads=1)
