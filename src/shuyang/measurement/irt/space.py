"""EM on a product grid of two or three dimensions, with correlated, orthogonal or exploratory factors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.em import GridEM
from shuyang.measurement.irt.estep import Expected
from shuyang.measurement.irt.factors import FactorStep, absorb, factor_step, pack_correlations, unpack_correlations
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.scores import grid_log_weights

Float = NDArray[np.float64]


class SpaceEM(GridEM):
    """`GridEM` on nodes [Q, D], D > 1, for one group.

    `factors` says what happens to the factor covariance: "correlated" (unit variances, correlations free), "orthogonal"
    (identity), "exploratory" (identity, slopes free up to rotation), "free" (all variances and covariances).
    """

    factors: str = "correlated"

    def _scale_is_free(self) -> bool:
        present = ~np.isnan(self.layout.template.intercepts)
        intercepts = (self.layout.free[:, self.layout.d] == present).all()
        fixed = ~self.layout.free[:, self.layout.a] & (self.layout.template.slopes != 0)
        return bool(intercepts) and not fixed.any() and not self.layout.ties

    def _pack_latent(self, latent: Latent) -> Float:
        return pack_correlations(latent.covariance[0], scaled=self.factors == "free")

    def _unpack_latent(self, vector: Float) -> Latent:
        covariance = unpack_correlations(vector, self.space.shape[1], scaled=self.factors == "free")
        return replace(self.latent, covariance=covariance[None])

    def log_weights(self, latent: Latent) -> Float:
        """[1, Q] log prior weights of the nodes."""
        return grid_log_weights(latent, self.space)

    def _expect(self, items: ItemParameters, latent: Latent, *, reach: float, logs: Float | None = None) -> Expected:
        """As on a line, without windows."""
        return super()._expect(items, latent, reach=0.0, logs=logs)

    def _moments(self, expected: Expected) -> tuple[Float, Float]:
        share = expected.prior_counts[0] / expected.prior_counts[0].sum()
        mean = share @ self.space
        return mean, (self.space.T * share) @ self.space

    def _factor_step(self, expected: Expected) -> FactorStep:
        return factor_step(*self._moments(expected), self.factors, expand=self.expand)

    def _latent_step(self, latent: Latent, expected: Expected) -> Latent:
        if self.factors in ("orthogonal", "exploratory"):
            return latent
        return replace(latent, covariance=self._factor_step(expected).covariance[None])

    def _absorb(self, psi: Float, expected: Expected) -> Float:
        return absorb(self.layout, psi, self._factor_step(expected))
