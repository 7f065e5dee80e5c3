"""Marginal maximum likelihood or a posteriori estimation on a fixed grid of nodes (Bock & Aitkin, 1981).

Expectation on the grid, one guarded scoring step for all items, moments for the latent distribution; where nothing
ties the latent scale (no priors, no fixed slopes) the scale is a working parameter that is absorbed into the items
(parameter-expanded EM, Liu, Rubin & Wu, 1998), which shortens the way; SQUAREM on top.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt import latent as lat
from shuyang.measurement.irt import models
from shuyang.measurement.irt.estep import Expected, GridExpectation
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent, LatentFree
from shuyang.measurement.irt.mstep import admissible, prior_terms, scoring_step
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.regression import Covariates, Place, regress
from shuyang.measurement.irt.squarem import Trace, accelerate
from shuyang.measurement.irt.working import Working

Float = NDArray[np.float64]
REACH = 6.5
INNER_STEPS = 6
SMALL_STEP = 0.05
RUNAWAY = 25.0


@dataclass(frozen=True, slots=True)
class Options:
    """Numerical choices of an EM run; see `calibrate` for their meaning."""

    tolerance: float = 1e-4
    limit: int = 1000
    windows: bool = True
    expand: bool = True
    progress: Callable[[int, float, float], None] = lambda step, objective, change: None


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Result of an EM run: estimates, the expectation at the estimates over all nodes, and the course."""

    psi: Float
    items: ItemParameters
    latent: Latent
    expected: Expected
    log_prior: float
    trace: Trace


def endless(layout: Working, psi: Float) -> bool:
    """Whether a slope is so steep that the curve is a step between two nodes, or a category score as far out."""
    return any(bool((np.abs(psi[:, at]) > RUNAWAY).any()) for at in (layout.a, layout.s))


class GridEM:
    """EM for one-dimensional items on nodes [Q], with groups or a latent regression."""

    def __init__(
        self,
        engine: GridExpectation,
        layout: Working,
        nodes: Float,
        latent: Latent,
        free: LatentFree,
        priors: Priors,
        options: Options,
        design: Covariates | None = None,
    ) -> None:
        self.engine, self.layout, self.nodes = engine, layout, nodes
        self.space = nodes[:, None] if nodes.ndim == 1 else nodes
        self.latent, self.free, self.priors, self.options = latent, free, priors, options
        self.design = design
        self.shape = layout.free.shape
        self.expand = options.expand and priors.flat and not free.any and self._scale_is_free()

    def _scale_is_free(self) -> bool:
        """Whether a change of the latent scale can be absorbed by every item."""
        present = ~np.isnan(self.layout.template.intercepts)
        intercepts = (self.layout.free[:, self.layout.d] == present).all()
        return bool(self.layout.free[:, 0].all() and intercepts) and len(self.latent.names) == 1 and self.design is None

    def fit(self, psi: Float) -> Fitted:
        """Run from psi to convergence or to the limit."""
        start = np.concatenate([psi.ravel(), self._pack_latent(self.latent)])
        trace = accelerate(
            self._step, start, tolerance=self.options.tolerance, limit=self.options.limit, allowed=self._allowed,
            on_step=self.options.progress, measure=self._measure, runaway=self._runaway,
        )  # fmt: skip
        return self.fitted_at(*self._split(trace.point), trace)

    def fitted_at(self, psi: Float, latent: Latent, trace: Trace) -> Fitted:
        """The result at given estimates: one expectation step over all nodes."""
        self.engine.widen()
        items = self.layout.unpack(psi)
        expected = self._expect(items, latent, reach=0.0)
        return Fitted(psi, items, latent, expected, self._log_prior(psi), trace)

    def _split(self, point: Float) -> tuple[Float, Latent]:
        size = self.shape[0] * self.shape[1]
        return point[:size].reshape(self.shape), self._unpack_latent(point[size:])

    def _pack_latent(self, latent: Latent) -> Float:
        return lat.pack(latent)

    def _unpack_latent(self, vector: Float) -> Latent:
        return lat.unpack(self.latent, vector)

    def _allowed(self, point: Float) -> bool:
        psi, latent = self._split(point)
        if (
            self.layout.guessing
            and (np.abs(psi[:, self.layout.asymptotes][self.layout.free[:, self.layout.asymptotes]]) > 30).any()
        ):
            return False
        return bool(admissible(self.layout, psi, self.priors).all()) and bool((latent.sd < 20).all())

    def _runaway(self, point: Float) -> bool:
        return endless(self.layout, self._split(point)[0])

    def _measure(self, change: Float, point: Float) -> float:
        """Largest change; asymptotes count on their own scale, where a drifting logit means nothing."""
        size = self.shape[0] * self.shape[1]
        moved = np.abs(change)
        if self.layout.guessing:
            block, psi = moved[:size].reshape(self.shape), point[:size].reshape(self.shape)
            at = self.layout.asymptotes
            p = models.sigmoid(psi[:, at])
            block[:, at] *= p * (1 - p)
        return float(moved.max())

    def _log_prior(self, psi: Float) -> float:
        return 0.0 if self.priors.flat else float(prior_terms(self.layout, psi, self.priors)[0].sum())

    def _expect(self, items: ItemParameters, latent: Latent, *, reach: float, logs: Float | None = None) -> Expected:
        table = models.log_probabilities(items, self.space) if logs is None else logs
        if self.design is None:
            return self.engine.run(table, self.log_weights(latent), reach=reach)
        return self._expect_regression(table, latent, reach)

    def log_weights(self, latent: Latent) -> Float:
        """[G, Q] log prior weights of the nodes."""
        return lat.log_weights(latent.mean[:, 0], latent.sd[:, 0], self.nodes)

    def _expect_regression(self, table: Float, latent: Latent, reach: float) -> Expected:
        common, tilt, constant = self.regression_prior(latent)
        expected = self.engine.run(table, common[None, :], reach=reach, tilt=tilt, line=self.nodes)
        return self.with_cross(expected, constant)

    def with_cross(self, expected: Expected, constant: float) -> Expected:
        """The expectation with what a regression needs of it, `constant` taken off the log-likelihood."""
        assert self.design is not None
        theta = self.nodes[0] + expected.centre * (self.nodes[1] - self.nodes[0])
        return expected._replace(loglik=expected.loglik - constant, cross=self.design.cross(theta))

    def regression_prior(self, latent: Latent) -> tuple[Float, Float, float]:
        """Log prior density N(mu_i, sd^2): the part common to all [Q], each person's tilt [N], and what to subtract
        from the log-likelihood."""
        assert self.design is not None
        place = self.place(latent)
        step = self.nodes[1] - self.nodes[0]
        common = -0.5 * (self.nodes / place.sd) ** 2 + np.log(step / (place.sd * np.sqrt(2 * np.pi)))
        constant = 0.5 * float(place.coefficients @ self.design.gram @ place.coefficients) / place.sd**2
        return common, self.design.means(latent) / place.sd**2, constant

    def place(self, latent: Latent) -> Place:
        """Where the regression stands."""
        assert latent.coefficients is not None
        mean, sd = float(latent.mean[0, 0]), float(latent.sd[0, 0])
        return Place(mean, latent.coefficients[:, 0], sd, bool(self.free.mean[0]), bool(self.free.sd[0]))

    def _step(self, point: Float) -> tuple[Float, float]:
        psi, latent = self._split(point)
        items = self.layout.unpack(psi)
        logs = models.log_probabilities(items, self.space)
        expected = self._expect(items, latent, reach=REACH if self.options.windows else 0.0, logs=logs)
        after = self._maximise(psi, items, logs, expected)
        moved = self._latent_step(latent, expected)
        if self.expand:
            after = self._absorb(after, expected)
        return np.concatenate([after.ravel(), self._pack_latent(moved)]), expected.loglik + self._log_prior(psi)

    def _maximise(self, psi: Float, items: ItemParameters, logs: Float, expected: Expected) -> Float:
        """Scoring steps until they are small; one is enough near the end."""
        value = self._value(psi, logs, expected.counts)
        for _ in range(INNER_STEPS):
            step = scoring_step(self.layout, psi, items, expected.counts, self.space, self.priors)
            psi, items, value, taken = self._guarded(psi, items, step, value, expected.counts)
            if taken < SMALL_STEP:
                break
        return psi

    def _guarded(
        self, psi: Float, items: ItemParameters, step: Float, value: Float, counts: Float
    ) -> tuple[Float, ItemParameters, Float, float]:
        """Halve the step of the items it would make worse, up to eight times, then leave them where they were."""
        scale = np.ones(len(psi))
        for _ in range(9):
            trial = psi + scale[:, None] * step
            ok = admissible(self.layout, trial, self.priors)
            trial[~ok] = psi[~ok]
            moved = self.layout.unpack(trial)
            reached = self._value(trial, models.log_probabilities(moved, self.space), counts)
            bad = self._together(~ok | (reached < value - 1e-10 * np.abs(value)))
            if not bad.any():
                break
            scale[bad] *= 0.25
        else:
            trial[bad] = psi[bad]
            moved, reached = self.layout.unpack(trial), np.where(bad, value, reached)
        return trial, moved, reached, float(np.abs(trial - psi).max(initial=0.0))

    def _together(self, bad: NDArray[np.bool_]) -> NDArray[np.bool_]:
        for tie in self.layout.ties:
            bad[tie.rows] = bad[tie.rows].any()
        return bad

    def _value(self, psi: Float, logs: Float, counts: Float) -> Float:
        """[J] expected complete-data log-likelihood and log prior; tied items share their sum."""
        with np.errstate(invalid="ignore"):
            value = np.where(counts > 0, counts * logs, 0.0).sum(axis=(1, 2))
        if not self.priors.flat:
            value = value + prior_terms(self.layout, psi, self.priors)[0]
        for tie in self.layout.ties:
            value[tie.rows] = value[tie.rows].sum()
        return np.asarray(value)

    def _latent_step(self, latent: Latent, expected: Expected) -> Latent:
        if self.design is not None:
            return self._regression_step(latent, expected)
        if not self.free.any:
            return latent
        return lat.fit_groups(latent, self.free, expected.prior_counts, self.nodes)

    def _regression_step(self, latent: Latent, expected: Expected) -> Latent:
        mean, beta, variance = self.regressed(latent, expected)
        return replace(latent, mean=np.array([[mean]]), covariance=np.array([[[variance]]]), coefficients=beta[:, None])

    def regressed(self, latent: Latent, expected: Expected) -> tuple[float, Float, float]:
        """Mean, coefficients and variance: posterior means regressed on the covariates; the variance, where it is
        free, adds the posterior variances."""
        assert self.design is not None
        second = float(expected.prior_counts.sum(axis=0) @ self.nodes**2)
        return regress(self.design.gram, expected.cross, self.place(latent), second)

    def _absorb(self, psi: Float, expected: Expected) -> Float:
        """Move the working mean and sd of ability into slopes and intercepts."""
        share = expected.prior_counts[0] / expected.prior_counts[0].sum()
        mean = float(share @ self.nodes)
        sd = float(np.sqrt(share @ (self.nodes - mean) ** 2))
        after = psi.copy()
        weight = np.nan_to_num(self.layout.unpack(psi).scores[:, 1:])
        for family, rows in self.layout.family_rows:
            if family != "total":
                weight[rows] = self.layout.free[rows, self.layout.d]
        after[:, self.layout.d] += weight * psi[:, :1] * mean
        after[:, 0] *= sd
        return after
