"""Metropolis-Hastings Robbins-Monro estimation (Cai, 2010) for many dimensions or very large banks.

A pass costs a few likelihood evaluations a person whatever the number of dimensions. Three stages: stochastic EM to
reach the maximum's neighbourhood, an average over more of it, then Robbins-Monro steps with decreasing gains.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.adaptive import AdaptiveEM, AdaptiveFitted, Swept
from shuyang.measurement.irt.estep import in_threads
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.mstep import prior_terms, shorten, solve
from shuyang.measurement.irt.population import Moments, latent_step
from shuyang.measurement.irt.sheets import normal_arrays, point_arrays
from shuyang.measurement.irt.squarem import Trace

Float = NDArray[np.float64]
BURN, AVERAGED, MOVES = 60, 60, 5
SETTLED = 5
WANTED_ACCEPTANCE = 0.3
POWER = 0.75
FIRST_GAIN = 0.3
STEP_LIMIT = 0.5


class _Course(NamedTuple):
    """Where a run stands: parameters, latent distribution, averaged information and moments (None: no draw yet)."""

    psi: Float
    latent: Latent
    information: Float
    moments: Moments | None


class StochasticEM(AdaptiveEM):
    """MHRM on the data and layout of `AdaptiveEM`, whose one pass gives the final log-likelihood.

    Raises as `AdaptiveEM`; the course is reproducible from `seed`.
    """

    seed: int = 1

    def fit(self, psi: Float) -> AdaptiveFitted:
        """Run the three stages; converged when the parameters moved less than the tolerance five times running."""
        rng = np.random.default_rng(self.seed)
        self.scale = 2.4 / np.sqrt(self.layout.dimensions) / 2
        course = _Course(psi, self.latent, np.zeros(0), None)
        trace = Trace(psi.ravel())
        kept = []
        for step in range(BURN + AVERAGED):
            course = self._advance(course, 1.0, rng, trace)
            if step >= BURN:
                kept.append(course)
        course = course._replace(
            psi=np.mean([c.psi for c in kept], axis=0),
            information=np.mean([c.information for c in kept], axis=0),
            moments=Moments(*(np.mean(parts, axis=0) for parts in zip(*[c.moments for c in kept if c.moments], strict=True))),
        )  # fmt: skip
        course = self._settle(course, rng, trace)
        trace.point = course.psi.ravel()
        return self.fitted_at(course.psi, course.latent, trace)

    def _settle(self, course: _Course, rng: np.random.Generator, trace: Trace) -> _Course:
        quiet = 0
        for step in range(1, self.options.limit + 1):
            after = self._advance(course, FIRST_GAIN / step**POWER, rng, trace)
            trace.change = float(np.abs(after.psi - course.psi).max())
            self.options.progress(trace.steps, float("nan"), trace.change)
            course = after
            quiet = quiet + 1 if trace.change < self.options.tolerance else 0
            if quiet == SETTLED:
                trace.converged = True
                break
        return course

    def _advance(self, course: _Course, gain: float, rng: np.random.Generator, trace: Trace) -> _Course:
        """One draw of everyone's ability and one step of size `gain`."""
        swept = self._draw(self.layout.unpack(course.psi), course.latent, rng)
        trace.objective.append(float("nan"))
        gradient, information = swept.gradient, swept.information
        if not self.priors.flat:
            _, (extra, more) = prior_terms(self.layout, course.psi, self.priors)
            gradient, information = gradient + extra, information + more
        if course.information.size:
            information = course.information + max(gain, 0.05) * (information - course.information)
        step = solve(self.layout, gradient, information)
        psi = self._moved(course.psi, gain * shorten(step, self.layout, STEP_LIMIT))
        now = swept.moments.scaled()
        moments = now if course.moments is None else course.moments.towards(now, gain)
        latent, _ = latent_step(course.latent, moments, self.factors, expand=False, design=self.design)
        return _Course(psi, latent, information, moments)

    def _draw(self, items: ItemParameters, latent: Latent, rng: np.random.Generator) -> Swept:
        from shuyang.measurement.irt.kernels_metropolis import metropolis

        dims, persons, groups = self.layout.dimensions, self.data.persons, len(latent.names)
        size, width = self.layout.free.shape
        shards = int(max(1, min(16, persons // 256)))
        gradient, information = np.zeros((shards, size, width)), np.zeros((shards, size, width, width))
        first, second = np.zeros((shards, groups, dims)), np.zeros((shards, groups, dims, dims))
        weight = np.zeros((shards, groups))
        normal, uniform = rng.standard_normal((persons, MOVES, dims)), rng.random((persons, MOVES))
        jump = np.ascontiguousarray(self.scale * np.linalg.cholesky(latent.covariance), float)
        cuts = np.linspace(0, persons, shards + 1).astype(int)
        normals, bank = normal_arrays(latent, self.shift(latent)), point_arrays(items)

        def shard(s: int) -> int:
            return int(
                metropolis(
                    cuts[s], cuts[s + 1], self.answers, normals, bank, jump, normal, uniform, self.columns,
                    self.score_column, self.loads, self.mode, gradient[s], information[s], first[s], second[s],
                    weight[s],
                )
            )  # fmt: skip

        share = sum(in_threads(shard, shards, self.threads)) / (persons * MOVES)
        self.scale *= float(np.exp(0.3 * (share - WANTED_ACCEPTANCE)))
        moments = self.moments(first, second, weight, self.mode)
        return Swept(0.0, gradient.sum(0), information.sum(0), moments)
