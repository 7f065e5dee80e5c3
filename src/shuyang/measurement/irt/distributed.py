"""Calibration and scoring over the workers of a Dask cluster.

The expectation step is a sum over persons. Each shard of persons lives on a worker, made there by a loader, so the
responses never cross the network: parameters go out, expected counts come back. Shards are ordinary Dask results with
their lineage, so a lost worker's shards are loaded again elsewhere. Counts are added in shard order; the result equals
that of one machine up to rounding. Needs the extra `dask`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.errors import BadModel, BadShape, MissingExtra
from shuyang.measurement.irt.calibrate import design_matrix, starting_latent
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.em import GridEM, Options
from shuyang.measurement.irt.estep import NONE_FLOAT, NONE_INT, Expected, GridExpectation
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.mstep import project
from shuyang.measurement.irt.prepare import check_counts, models_of
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.regression import Covariates, Place
from shuyang.measurement.irt.result import Calibration
from shuyang.measurement.irt.scores import Scores, score
from shuyang.measurement.irt.se import LostSheet, lost_information, observed_information
from shuyang.measurement.irt.starts import starting_items
from shuyang.measurement.irt.working import working_layout

Float = NDArray[np.float64]
NODES = 61


class Shard(NamedTuple):
    """Responses of some persons, with their groups [N] or their covariates [N] or [N, C]."""

    responses: Responses
    groups: Sequence[Any] | None = None
    covariates: ArrayLike | None = None


Loader = Callable[[], Responses | Shard]


def load_shard(load: Loader) -> Shard:
    """What a loader gives, as a shard."""
    given = load()
    return Shard(given) if isinstance(given, Responses) else given


class Facts(NamedTuple):
    """What the master has to know of a shard: items, answers [J, K], sums of weights, groups, products of covariates."""

    ids: tuple[str, ...]
    counts: Float
    persons: float
    groups: tuple[Any, ...] | None
    gram: Float | None


def describe(load: Loader) -> Facts:
    """The facts of one shard."""
    data, groups, given = load_shard(load)
    design = design_matrix(given, data.persons, groups, ranked=False)
    weight = NONE_FLOAT if data.weights is None else data.weights
    if groups is not None and len(groups) != data.persons:
        raise BadShape("one group a person is needed", groups=len(groups), persons=data.persons)
    names = None if groups is None else tuple(dict.fromkeys(groups))
    gram = None if design is None else Covariates.of(design, weight).gram
    return Facts(data.item_ids, data.counts(), data.total_weight(), names, gram)


class Whole(NamedTuple):
    """All shards together: items, answers, persons, group names, covariates by their sums."""

    ids: tuple[str, ...]
    counts: Float
    persons: float
    groups: tuple[Any, ...]
    covariates: Covariates | None


def gather_facts(client: Any, loaders: Sequence[Loader]) -> Whole:
    """Sums over shards; groups in the order in which the shards, one after the other, name them.

    Raises `BadShape` where shards do not go together.
    """
    found: list[Facts] = client.gather([client.submit(describe, load, pure=False) for load in loaders])
    if any(part.ids != found[0].ids for part in found):
        raise BadShape("shards have different items")
    if any((part.groups is None) != (found[0].groups is None) for part in found):
        raise BadShape("some shards have groups, others have none")
    if len({None if part.gram is None else part.gram.shape for part in found}) > 1:
        raise BadShape("shards have different covariates")
    names = tuple(dict.fromkeys(name for part in found for name in part.groups or ("all",)))
    covariates = None
    if found[0].gram is not None:
        gram = np.sum([part.gram for part in found if part.gram is not None], axis=0)
        if np.linalg.matrix_rank(gram) < len(gram):
            raise BadShape("a covariate is constant, or follows from the others", covariates=len(gram) - 1)
        covariates = Covariates.elsewhere(gram)
    persons = float(sum(part.persons for part in found))
    return Whole(found[0].ids, _total([part.counts for part in found]), persons, names, covariates)


class _Held(NamedTuple):
    """What a worker keeps of a shard."""

    engine: GridExpectation
    covariates: Covariates | None


class DistributedExpectation:
    """Expectation steps of `GridExpectation`, each shard on the worker that holds it."""

    def __init__(
        self, client: Any, loaders: Sequence[Loader], categories: int, nodes: int, groups: tuple[Any, ...]
    ) -> None:
        self.client, self.loaders, self.names = client, loaders, groups
        self.held = [client.submit(_prepare, load, categories, nodes, groups, pure=False) for load in loaders]
        self.group_count, self.group, self.weight = len(groups), NONE_INT, NONE_FLOAT
        self.wide = True

    def widen(self) -> None:
        """Let every person see all nodes in the next step."""
        self.wide = True

    def run(
        self, logs: Float, prior: Float, *, reach: float = 0.0, place: Place | None = None, line: Float = NONE_FLOAT
    ) -> Expected:
        """As `GridExpectation.run`, with the place of a regression where there the persons' tilts are given; posterior
        means stay on the workers (`centre` is empty), `cross` comes back."""
        # arguments of the tasks, not scattered data: these travel again when a worker is lost
        futures = [
            self.client.submit(_step, held, logs, prior, reach, self.wide, place, line, pure=False)
            for held in self.held
        ]
        parts = self.client.gather(futures)
        self.wide = reach == 0.0
        loglik = sum(part[0] for part in parts)
        counts, persons, cross = (np.asarray(sum(part[k] for part in parts)) for k in (1, 2, 3))
        return Expected(float(loglik), counts, persons, NONE_FLOAT, cross)

    def lost(self, data: Responses, sheet: LostSheet) -> Float:
        """As `GridExpectation.lost`, of the shards; data is not looked at."""
        pairs = zip(self.loaders, self.held, strict=True)
        futures = [self.client.submit(_lost, load, held, sheet, pure=False) for load, held in pairs]
        return np.asarray(sum(self.client.gather(futures)))


class DistributedEM(GridEM):
    """`GridEM` whose persons, with their covariates, are on the workers."""

    engine: Any

    def _expect_regression(self, table: Float, latent: Latent, reach: float) -> Expected:
        common, _, constant = self.regression_prior(latent)
        expected = self.engine.run(table, common[None], reach=reach, place=self.place(latent), line=self.nodes)
        return Expected(expected.loglik - constant, *expected[1:])


def _lost(load: Loader, held: _Held, sheet: LostSheet) -> Float:
    if sheet.place is not None and held.covariates is not None:
        tilt = _tilt(held.covariates, sheet.place)
        matrix = held.covariates.score_matrix(sheet.place)
        sheet = sheet._replace(tilt=tilt, design=(matrix, *sheet.design[1:]))
    return lost_information(held.engine, load_shard(load).responses, sheet, threads=1)


def _tilt(covariates: Covariates, place: Place) -> Float:
    return np.asarray((place.mean + covariates.rows @ place.beta) / place.sd**2)


def _prepare(load: Loader, categories: int, nodes: int, names: tuple[Any, ...]) -> _Held:
    data, groups, given = load_shard(load)
    group = None
    if groups is not None:
        position = {name: g for g, name in enumerate(names)}
        group = np.array([position[name] for name in groups], np.int32)
    engine = GridExpectation(data, categories, nodes, groups=group, group_count=len(names), threads=1)
    design = design_matrix(given, data.persons, groups, ranked=False)
    return _Held(engine, None if design is None else Covariates.of(design, engine.weight))


def _step(
    held: _Held, logs: Float, prior: Float, reach: float, wide: bool, place: Place | None, line: Float
) -> tuple[float, Float, Float, Float]:
    if wide:
        held.engine.widen()
    if place is None or held.covariates is None:
        expected = held.engine.run(logs, prior, reach=reach)
        return expected.loglik, expected.counts, expected.prior_counts, np.zeros(1)
    tilt = _tilt(held.covariates, place)
    expected = held.engine.run(logs, prior, reach=reach, tilt=tilt, line=line)
    theta = line[0] + expected.centre * (line[1] - line[0])
    return expected.loglik, expected.counts, expected.prior_counts, held.covariates.cross(theta)


def need_dask() -> None:
    """Raise `MissingExtra` where Dask is not installed."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise MissingExtra("install shuyang[dask]", extra="dask") from error


def calibrate_distributed(
    client: Any,
    loaders: Sequence[Loader],
    model: str | Sequence[str] = "2pl",
    *,
    priors: Priors | None = None,
    loads: ArrayLike | None = None,
    correlated: bool = True,
    points: int = 256,
    nodes: int = NODES,
    bound: float = 6.0,
    tolerance: float = 1e-4,
    limit: int = 1000,
    standard_errors: bool = False,
    progress: Callable[[int, float, float], None] = lambda step, objective, change: None,
) -> Calibration:
    """`calibrate` over a cluster: one dimension or several, several groups or covariates.

    Args:
        client: a `distributed.Client`.
        loaders: one picklable function a shard, returning its `Responses`, or a `Shard` with groups or covariates; all
            shards have the same items. It runs on a worker, and again on another one if that is lost, so it must give
            the same responses each time. The first group met, shard by shard, has mean 0 and variance 1.
        loads, correlated, points: several dimensions (confirmatory), by person-adaptive points (method "adaptive" of
            `calibrate`); without standard errors.
        others: as `calibrate`. Connection of the design is not checked. For standard errors each worker sends back one
            matrix of the size of their covariance.

    Raises:
        MissingExtra: Dask is not installed. BadShape: shards that do not go together. BadModel: standard errors in
        several dimensions. Others as `calibrate`.
    """
    need_dask()
    whole = gather_facts(client, loaders)
    models = models_of(model, whole.ids)
    priors = priors or Priors()
    shape = Responses(np.zeros(2, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int8), whole.ids)
    fixed = np.zeros(len(whole.ids), bool)
    categories = check_counts(shape, whole.counts, models, fixed=fixed, allow_flat=priors.hold_intercepts)
    options = Options(tolerance=tolerance, limit=limit, progress=progress)
    if loads is not None:
        from shuyang.measurement.irt.distributed_space import Wish, calibrate_space

        if standard_errors:
            raise BadModel("standard errors in several dimensions need one machine; a sample of persons gives them")
        wish = Wish(models, categories, priors, options, loads, correlated, points)
        return calibrate_space(client, loaders, whole, wish)
    bank = starting_items(whole.ids, models, whole.counts, categories, np.ones((len(whole.ids), 1), bool))
    layout = working_layout(bank)
    engine = DistributedExpectation(client, loaders, layout.width, nodes, whole.groups)
    latent, free = starting_latent(layout, whole.groups, anchored=False, covariates=whole.covariates)
    line = np.linspace(-bound, bound, nodes)
    em = DistributedEM(engine, layout, line, latent, free, priors, options, whole.covariates)  # type: ignore[arg-type]
    fitted = em.fit(project(layout, layout.pack(bank)))
    items = ItemParameters.from_dict(fitted.items.to_dict())
    information = observed_information(em, fitted, shape) if standard_errors else None
    if information is not None:
        items = replace(items, covariance=information.covariance, free=information.free)
    hidden = int(free.mean.sum() + free.sd.sum()) + (0 if whole.covariates is None else whole.covariates.count)
    return Calibration(
        items=items, latent=fitted.latent,
        log_likelihood=fitted.expected.loglik, log_prior=fitted.log_prior,
        free_parameters=layout.free_parameters() + hidden, persons=whole.persons,
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
    data, groups, given = load_shard(load)
    several = latent is not None and len(latent.names) > 1
    regression = latent is not None and latent.coefficients is not None
    return score(
        data, items, method=method, latent=latent, groups=groups if several else None,
        covariates=given if regression else None, threads=1,
    )  # fmt: skip
