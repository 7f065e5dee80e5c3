"""Person-adaptive EM and scores for any number of dimensions, any loadings.

Fixed quasi-random points (Jank, 2005) waste nearly all of their weight where a person's posterior is small; here each
person's points sit on a normal approximation of the own posterior, so that a few hundred serve. Deterministic: the
same points every time. From five dimensions on the log-likelihood is off by a unit or less for some hundred points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt import population
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.em import Options, endless
from shuyang.measurement.irt.estep import NONE_FLOAT, NONE_INT, in_threads, worker_threads
from shuyang.measurement.irt.factors import absorb
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.mstep import admissible, prior_terms, solve
from shuyang.measurement.irt.points import rule_of, spread_rule
from shuyang.measurement.irt.population import Design, Moments
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.sheets import NOT_SHIFTED, Rule, answer_arrays, normal_arrays, point_arrays
from shuyang.measurement.irt.squarem import Trace, accelerate
from shuyang.measurement.irt.working import Working

Float = NDArray[np.float64]
Int32 = NDArray[np.int32]
COARSE_POINTS = 64
COARSE_TOLERANCE = 10.0
# the importance-weighted likelihood may fall by its own noise on the way to the fixed point: relative, times points
SLACK = 1e-2
FIRST_NEWTON = 8
NEWTON = 2
SCORE_NEWTON = 20
SCORE_POINTS = 512
DRAW_POINTS = 2048
SHARD = 256


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """Sums of one pass: log-likelihood, item gradients and informations, moments of ability."""

    loglik: float
    gradient: Float
    information: Float
    moments: Moments


@dataclass(frozen=True, slots=True, eq=False)
class AdaptiveFitted:
    """Result of an adaptive EM run."""

    psi: Float
    items: ItemParameters
    latent: Latent
    loglik: float
    log_prior: float
    trace: Trace


class AdaptiveEM:
    """EM with one scoring step per pass, parameter-expanded factor covariance, SQUAREM.

    `factors` is as in `population`; `covariates` [N, C] gives abilities a regression, for one group.
    """

    def __init__(
        self, data: Responses, layout: Working, latent: Latent, factors: str, priors: Priors, options: Options, *,
        group: Int32 = NONE_INT, covariates: Float | None = None, points: int, threads: int | None,
    ) -> None:  # fmt: skip
        self.data, self.layout, self.latent, self.factors = data, layout, latent, factors
        self.priors, self.options, self.group = priors, options, group
        self.threads = worker_threads(threads)
        self.points = points
        self.mode = np.zeros((data.persons, layout.dimensions))
        self.fresh = True
        self.weight = NONE_FLOAT if data.weights is None else data.weights
        self.answers = answer_arrays(data, group, self.weight)
        self.design = None if covariates is None else Design.of(covariates, self.weight)
        present = ~np.isnan(layout.template.intercepts)
        fixed = ~layout.free[:, layout.a] & (layout.template.slopes != 0)
        intercepts = bool((layout.free[:, layout.d] == present).all())
        self.expand = priors.flat and intercepts and not fixed.any() and not layout.ties
        self.columns = np.array([layout.d.start, layout.asymptotes.start])
        self.score_column = score_columns(layout)
        self.loads = np.ascontiguousarray(layout.free[:, layout.a])

    def fit(self, psi: Float) -> AdaptiveFitted:
        """Run from psi to convergence or to the limit."""
        point = np.concatenate([psi.ravel(), population.pack(self.latent, self.factors)])
        final, before = self.points, 0
        if final > COARSE_POINTS:  # most of the way needs few points
            self.points = COARSE_POINTS
            coarse = self._run(point, COARSE_TOLERANCE * self.options.tolerance)
            point, before, self.points = coarse.point, coarse.steps, final
        trace = self._run(point, self.options.tolerance)
        trace.objective[:0] = [np.nan] * before
        return self.fitted_at(*self._split(trace.point), trace)

    def fitted_at(self, psi: Float, latent: Latent, trace: Trace) -> AdaptiveFitted:
        """The result at given estimates: one pass from scratch."""
        items = self.layout.unpack(psi)
        self.fresh = True
        swept = self.sweep(items, latent)
        return AdaptiveFitted(psi, items, latent, swept.loglik, self._log_prior(psi), trace)

    def _run(self, point: Float, tolerance: float) -> Trace:
        if self.fresh:
            point, _ = self._step(point)
        return accelerate(
            self._step, point, tolerance=tolerance, limit=self.options.limit, allowed=self._allowed,
            on_step=self.options.progress, slack=SLACK / self.points, longest=32.0,
            runaway=self._runaway,
        )  # fmt: skip

    def _split(self, point: Float) -> tuple[Float, Latent]:
        size = self.layout.free.size
        latent = population.unpack(self.latent, point[size:], self.factors)
        return point[:size].reshape(self.layout.free.shape), latent

    def _allowed(self, point: Float) -> bool:
        psi, _latent = self._split(point)
        return bool(admissible(self.layout, psi, self.priors).all() and (np.abs(psi[:, self.layout.a]) < 20).all())

    def _runaway(self, point: Float) -> bool:
        return endless(self.layout, self._split(point)[0])

    def _log_prior(self, psi: Float) -> float:
        return 0.0 if self.priors.flat else float(prior_terms(self.layout, psi, self.priors)[0].sum())

    def shift(self, latent: Latent) -> Float:
        """[N, D] what the regression adds to everyone's mean; empty without one."""
        if self.design is None or latent.coefficients is None:
            return NOT_SHIFTED
        return self.design.rows[:, 1:] @ latent.coefficients

    def moments(self, first: Float, second: Float, persons: Float, means: Float) -> Moments:
        """Sums over persons from those of the shards, and each person's posterior mean (needed with a regression)."""
        cross = np.zeros((0, self.layout.dimensions))
        if self.design is not None:
            weighted = means * self.weight[:, None] if len(self.weight) else means
            cross = self.design.rows.T @ weighted
        return Moments(first.sum(0), second.sum(0), persons.sum(0), cross)

    def sweep(self, items: ItemParameters, latent: Latent) -> Swept:
        """One pass over all persons."""
        from shuyang.measurement.irt.kernels_adaptive import sweep

        layout, dims, groups = self.layout, self.layout.dimensions, len(latent.names)
        size, width = layout.free.shape
        normals, bank = normal_arrays(latent, self.shift(latent)), point_arrays(items)
        rule = rule_of(dims, self.points)
        shards = int(max(1, min(16, self.data.persons // SHARD)))
        gradient, information = np.zeros((shards, size, width)), np.zeros((shards, size, width, width))
        first, second = np.zeros((shards, groups, dims)), np.zeros((shards, groups, dims, dims))
        persons = np.zeros((shards, groups))
        means = np.zeros((self.data.persons if self.design is not None else 0, dims))
        cuts = np.linspace(0, self.data.persons, shards + 1).astype(int)
        newton = FIRST_NEWTON if self.fresh else NEWTON
        self.fresh = False

        def shard(s: int) -> float:
            return float(
                sweep(
                    cuts[s], cuts[s + 1], newton, self.answers, normals, bank, rule, self.columns, self.score_column,
                    self.loads, self.mode, gradient[s], information[s], first[s], second[s], persons[s], means,
                )
            )  # fmt: skip

        loglik = sum(in_threads(shard, shards, self.threads))
        return Swept(loglik, gradient.sum(0), information.sum(0), self.moments(first, second, persons, means))

    def _step(self, point: Float) -> tuple[Float, float]:
        psi, latent = self._split(point)
        swept = self.sweep(self.layout.unpack(psi), latent)
        gradient, information = swept.gradient, swept.information
        if not self.priors.flat:
            _, (extra, more) = prior_terms(self.layout, psi, self.priors)
            gradient, information = gradient + extra, information + more
        after = self._moved(psi, solve(self.layout, gradient, information))
        latent, scale = population.latent_step(
            latent, swept.moments.scaled(), self.factors, expand=self.expand, design=self.design
        )
        if self.expand:
            after = absorb(self.layout, after, scale)
        return np.concatenate([after.ravel(), population.pack(latent, self.factors)]), swept.loglik + self._log_prior(
            psi
        )

    def _moved(self, psi: Float, step: Float) -> Float:
        """psi + step, shortened for items that would leave what is admissible."""
        scale = np.ones(len(psi))
        for _ in range(12):
            after = psi + scale[:, None] * step
            bad = ~admissible(self.layout, after, self.priors)
            for tie in self.layout.ties:
                bad[tie.rows] = bad[tie.rows].any()
            if not bad.any():
                return after
            scale[bad] *= 0.3
        return np.where(bad[:, None], psi, after)


def score_columns(layout: Working) -> NDArray[np.int64]:
    """[J] first column of a nominal item's free scores, -1 for other items."""
    free = layout.free[:, layout.s].any(axis=1) if layout.s.stop > layout.s.start else np.zeros(len(layout.ids), bool)
    return np.where(free, layout.s.start, -1).astype(np.int64)


def adaptive_moments(
    data: Responses,
    items: ItemParameters,
    latent: Latent,
    group: Int32,
    *,
    shift: Float = NOT_SHIFTED,
    threads: int = 1,
    points: int = SCORE_POINTS,
) -> tuple[Float, Float, Float]:
    """Posterior mean [N, D], covariance [N, D, D] and log-likelihood [N] of each person.

    shift: [N, D] added to each person's prior mean, or empty.
    """
    none, rule = np.zeros((data.persons, 0)), rule_of(items.dimensions, points)
    mean, covariance, loglik, _ = _points(data, items, latent, group, shift, rule, none, threads)
    return mean, covariance, loglik


def adaptive_draws(
    data: Responses, items: ItemParameters, latent: Latent, group: Int32, draws: int, rng: np.random.Generator, *,
    shift: Float = NOT_SHIFTED,
) -> Float:  # fmt: skip
    """Draws [N, draws, D] from each posterior by importance resampling of 2048 points."""
    uniform = rng.random((data.persons, draws))
    rule = spread_rule(items.dimensions, DRAW_POINTS)
    return _points(data, items, latent, group, shift, rule, uniform, 1)[3]


def _points(
    data: Responses, items: ItemParameters, latent: Latent, group: Int32, shift: Float, rule: Rule, uniform: Float,
    threads: int,
) -> tuple[Float, Float, Float, Float]:  # fmt: skip
    from shuyang.measurement.irt.kernels_adaptive import adaptive_points

    dims = items.dimensions
    answers, normals, bank = answer_arrays(data, group, NONE_FLOAT), normal_arrays(latent, shift), point_arrays(items)
    start = np.ascontiguousarray(latent.mean[group] if len(group) else np.tile(latent.mean[0], (data.persons, 1)))
    mean, covariance = np.empty((data.persons, dims)), np.empty((data.persons, dims, dims))
    loglik, draws = np.empty(data.persons), np.empty((data.persons, uniform.shape[1], dims))
    shards = int(max(1, min(64, data.persons // SHARD)))
    cuts = np.linspace(0, data.persons, shards + 1).astype(int)

    def shard(s: int) -> None:
        adaptive_points(
            cuts[s], cuts[s + 1], SCORE_NEWTON, answers, normals, bank, rule, start, mean, covariance, loglik, uniform,
            draws,
        )  # fmt: skip

    in_threads(shard, shards, threads)
    return mean, covariance, loglik, draws
