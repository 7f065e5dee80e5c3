"""Person-adaptive quasi-Monte-Carlo EM and scores for any number of dimensions, any loadings.

Fixed quasi-random points (Jank, 2005) waste nearly all of their weight where a person's posterior is small; here each
person's points sit on a normal approximation of the own posterior, so that a few hundred serve. Deterministic: the
same points every time. The log-likelihood is biased down a little by the importance weights, less with more points.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import BadModel
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.em import Options
from shuyang.measurement.irt.estep import NONE_FLOAT, in_threads, worker_threads
from shuyang.measurement.irt.factors import absorb, factor_step, pack_correlations, unpack_correlations
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.mstep import admissible, prior_terms, solve
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.scores import point_arrays
from shuyang.measurement.irt.squarem import Trace, accelerate
from shuyang.measurement.irt.working import Working

Float = NDArray[np.float64]
Int32 = NDArray[np.int32]
# factor on the sd of the proposal: narrow ones give smooth EM maps with few points, wide ones honest tails for scores
WIDEN = 1.05
SCORE_WIDEN = 1.3
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


@lru_cache(maxsize=16)
def normal_points(dimensions: int, points: int) -> tuple[Float, Float]:
    """Sobol points through the normal quantile [D, S], mirrored and scaled to identity; and their log density."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    uniform = qmc.Sobol(dimensions, scramble=True, rng=1).random(points // 2)
    half = ndtri(np.clip(uniform, 1e-9, 1 - 1e-9))
    z = np.concatenate([half, -half])
    if points > 4 * dimensions:
        z = z @ np.linalg.cholesky(np.linalg.inv(z.T @ z / points))
    out = np.ascontiguousarray(z.T)
    return out, -0.5 * (out**2).sum(axis=0)


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """Sums of one pass: log-likelihood, item gradients and informations, moments of ability by group."""

    loglik: float
    gradient: Float
    information: Float
    first: Float
    second: Float
    persons: Float


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

    `factors` is as in `SpaceEM`; with several groups the first keeps the scale and the others' means and covariances
    are estimated. "anchored": fixed items carry the scale, and means and covariances of all groups are estimated.
    """

    def __init__(
        self, data: Responses, layout: Working, latent: Latent, factors: str, priors: Priors, options: Options, *,
        group: Int32, points: int, threads: int | None,
    ) -> None:  # fmt: skip
        if layout.s.stop > layout.s.start:
            raise BadModel("nominal items need a grid (up to three dimensions)")
        self.data, self.layout, self.latent, self.factors = data, layout, latent, factors
        self.priors, self.options, self.group = priors, options, group
        self.threads = worker_threads(threads)
        self.points = points
        self.anchored = factors == "anchored"
        self.mode = np.zeros((data.persons, layout.dimensions))
        self.fresh = True
        self.weight = NONE_FLOAT if data.weights is None else data.weights
        present = ~np.isnan(layout.template.intercepts)
        fixed = ~layout.free[:, layout.a] & (layout.template.slopes != 0)
        intercepts = bool((layout.free[:, layout.d] == present).all())
        self.expand = priors.flat and intercepts and not fixed.any() and not layout.ties

    def fit(self, psi: Float) -> AdaptiveFitted:
        """Run from psi to convergence or to the limit."""
        point = np.concatenate([psi.ravel(), self._pack(self.latent)])
        final, before = self.points, 0
        if final > COARSE_POINTS:  # most of the way needs few points
            self.points = COARSE_POINTS
            coarse = self._run(point, COARSE_TOLERANCE * self.options.tolerance)
            point, before, self.points = coarse.point, coarse.steps, final
        trace = self._run(point, self.options.tolerance)
        trace.objective[:0] = [np.nan] * before
        psi, latent = self._split(trace.point)
        swept = self.sweep(self.layout.unpack(psi), latent)
        return AdaptiveFitted(psi, self.layout.unpack(psi), latent, swept.loglik, self._log_prior(psi), trace)

    def _run(self, point: Float, tolerance: float) -> Trace:
        if self.fresh:
            point, _ = self._step(point)
        return accelerate(
            self._step, point, tolerance=tolerance, limit=self.options.limit, allowed=self._allowed,
            on_step=self.options.progress, slack=SLACK / self.points, longest=32.0,
        )  # fmt: skip

    def _pack(self, latent: Latent) -> Float:
        parts = []
        if not self.anchored:
            parts.append(pack_correlations(latent.covariance[0], scaled=self.factors == "free"))
        for g in range(len(parts), len(latent.names)):
            parts += [latent.mean[g], pack_correlations(latent.covariance[g], scaled=True)]
        return np.concatenate(parts)

    def _split(self, point: Float) -> tuple[Float, Latent]:
        size, dims = self.layout.free.size, self.layout.dimensions
        rest = point[size:]
        half = dims * (dims + 1) // 2
        mean, covariance, head = [], [], 0
        if not self.anchored:
            head = half if self.factors == "free" else half - dims
            mean.append(np.zeros(dims))
            covariance.append(unpack_correlations(rest[:head], dims, scaled=self.factors == "free"))
        for k in range(len(self.latent.names) - len(mean)):
            at = head + k * (dims + half)
            mean.append(rest[at : at + dims])
            covariance.append(unpack_correlations(rest[at + dims : at + dims + half], dims, scaled=True))
        latent = replace(self.latent, mean=np.array(mean), covariance=np.array(covariance))
        return point[:size].reshape(self.layout.free.shape), latent

    def _allowed(self, point: Float) -> bool:
        psi, _latent = self._split(point)
        return bool(admissible(self.layout, psi, self.priors).all() and (np.abs(psi[:, self.layout.a]) < 20).all())

    def _log_prior(self, psi: Float) -> float:
        return 0.0 if self.priors.flat else float(prior_terms(self.layout, psi, self.priors)[0].sum())

    def sweep(self, items: ItemParameters, latent: Latent) -> Swept:
        """One pass over all persons."""
        from shuyang.measurement.irt.kernels_adaptive import sweep

        layout, dims, groups = self.layout, self.layout.dimensions, len(latent.names)
        size, width = layout.free.shape
        precision, half = _precision(latent)
        z, log_q = normal_points(dims, self.points)
        bank = point_arrays(items)
        shards = int(max(1, min(16, self.data.persons // SHARD)))
        gradient, information = np.zeros((shards, size, width)), np.zeros((shards, size, width, width))
        first, second = np.zeros((shards, groups, dims)), np.zeros((shards, groups, dims, dims))
        persons = np.zeros((shards, groups))
        cuts = np.linspace(0, self.data.persons, shards + 1).astype(int)
        loads = np.ascontiguousarray(layout.free[:, layout.a])
        newton = FIRST_NEWTON if self.fresh else NEWTON
        self.fresh = False
        mean = np.ascontiguousarray(latent.mean)

        def shard(s: int) -> float:
            return float(
                sweep(
                    cuts[s], cuts[s + 1], newton, self.data.ptr, self.data.item, self.data.category, self.group,
                    self.weight, *bank, mean, precision, half, z, log_q, WIDEN, layout.d.start,
                    layout.asymptotes.start, loads, self.mode, gradient[s], information[s], first[s], second[s],
                    persons[s],
                )
            )  # fmt: skip

        loglik = sum(in_threads(shard, shards, self.threads))
        return Swept(loglik, gradient.sum(0), information.sum(0), first.sum(0), second.sum(0), persons.sum(0))

    def _step(self, point: Float) -> tuple[Float, float]:
        psi, latent = self._split(point)
        swept = self.sweep(self.layout.unpack(psi), latent)
        gradient, information = swept.gradient, swept.information
        if not self.priors.flat:
            _, (extra, more) = prior_terms(self.layout, psi, self.priors)
            gradient, information = gradient + extra, information + more
        after = self._moved(psi, solve(self.layout, gradient, information))
        after, latent = self._latent_step(after, latent, swept)
        return np.concatenate([after.ravel(), self._pack(latent)]), swept.loglik + self._log_prior(psi)

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

    def _latent_step(self, psi: Float, latent: Latent, swept: Swept) -> tuple[Float, Latent]:
        """Factor covariance of the first group (its scale absorbed into the items), moments of the others."""
        share = swept.persons[:, None]
        mean, second = swept.first / share, swept.second / share[:, :, None]
        if self.anchored:
            spreads = second - mean[:, :, None] * mean[:, None, :]
            return psi, replace(latent, mean=mean, covariance=spreads)
        step = factor_step(mean[0], second[0], self.factors, expand=self.expand)
        if self.expand:
            psi = absorb(self.layout, psi, step)
        back = np.linalg.inv(step.transform)
        means, covariances = [np.zeros_like(step.shift)], [step.covariance]
        for g in range(1, len(latent.names)):
            spread = second[g] - np.outer(mean[g], mean[g])
            means.append(back @ (mean[g] - step.shift))
            covariances.append(back @ spread @ back.T)
        return psi, replace(latent, mean=np.array(means), covariance=np.array(covariances))


def _precision(latent: Latent) -> tuple[Float, Float]:
    """Inverse covariances [G, D, D] and half the log of their determinants [G]."""
    precision: Float = np.asarray(np.linalg.inv(latent.covariance), float)
    return precision, np.asarray(0.5 * np.linalg.slogdet(precision)[1], float)


def adaptive_moments(
    data: Responses,
    items: ItemParameters,
    latent: Latent,
    group: Int32,
    *,
    threads: int = 1,
    points: int = SCORE_POINTS,
) -> tuple[Float, Float, Float]:
    """Posterior mean [N, D], covariance [N, D, D] and log-likelihood [N] of each person."""
    mean, covariance, loglik, _ = _points(data, items, latent, group, points, np.zeros((data.persons, 0)), threads)
    return mean, covariance, loglik


def adaptive_draws(
    data: Responses, items: ItemParameters, latent: Latent, group: Int32, draws: int, rng: np.random.Generator
) -> Float:
    """Draws [N, draws, D] from each posterior by importance resampling of 2048 points."""
    uniform = rng.random((data.persons, draws))
    return _points(data, items, latent, group, DRAW_POINTS, uniform, 1)[3]


def _points(
    data: Responses, items: ItemParameters, latent: Latent, group: Int32, points: int, uniform: Float, threads: int
) -> tuple[Float, Float, Float, Float]:
    from shuyang.measurement.irt.kernels_adaptive import adaptive_points

    dims = items.dimensions
    precision, half = _precision(latent)
    z, log_q = normal_points(dims, points)
    bank = point_arrays(items)
    start = np.ascontiguousarray(latent.mean[group] if len(group) else np.tile(latent.mean[0], (data.persons, 1)))
    mean, covariance = np.empty((data.persons, dims)), np.empty((data.persons, dims, dims))
    loglik, draws = np.empty(data.persons), np.empty((data.persons, uniform.shape[1], dims))
    shards = int(max(1, min(64, data.persons // SHARD)))
    cuts = np.linspace(0, data.persons, shards + 1).astype(int)

    def shard(s: int) -> None:
        adaptive_points(
            cuts[s], cuts[s + 1], SCORE_NEWTON, data.ptr, data.item, data.category, group, *bank,
            np.ascontiguousarray(latent.mean), precision, half, z, log_q, SCORE_WIDEN, start, mean, covariance, loglik,
            uniform, draws,
        )  # fmt: skip

    in_threads(shard, shards, threads)
    return mean, covariance, loglik, draws
