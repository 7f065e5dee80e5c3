"""The unknowns of the distribution of ability in several dimensions: their scores and complete-data information."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.adaptive import AdaptiveEM, AdaptiveFitted
from shuyang.measurement.irt.population import Moments

if TYPE_CHECKING:
    from shuyang.measurement.irt.kernels_adaptive_se import LatentRows

Float = NDArray[np.float64]


class _Unknown(NamedTuple):
    """Of group `group`: mean of dimension i (j is -1), or covariance of dimensions i and j."""

    group: int
    i: int
    j: int


class LatentUnknowns:
    """What is free in the distribution of ability at the estimates, numbered from `offset` on.

    First means and covariances group by group, then the coefficients of a regression.
    """

    def __init__(self, em: AdaptiveEM, fitted: AdaptiveFitted, offset: int) -> None:
        self.em, self.latent, self.offset = em, fitted.latent, offset
        self.inverse = np.linalg.inv(fitted.latent.covariance)
        self.unknowns = [u for g in range(len(fitted.latent.names)) for u in self._of_group(g)]
        self.coefficients = 0 if em.design is None else em.design.rows.shape[1] - 1
        self.dims = em.layout.dimensions
        self.count = len(self.unknowns) + self.coefficients * self.dims

    def _of_group(self, g: int) -> list[_Unknown]:
        dims, factors = self.em.layout.dimensions, self.em.factors
        if factors == "anchored" or g > 0:
            pairs = zip(*np.tril_indices(dims), strict=True)
            return [_Unknown(g, v, -1) for v in range(dims)] + [_Unknown(g, int(i), int(j)) for i, j in pairs]
        diagonal = {"free": 0, "correlated": -1}.get(factors)
        if diagonal is None:
            return []
        return [_Unknown(0, int(i), int(j)) for i, j in zip(*np.tril_indices(dims, diagonal), strict=True)]

    def names(self) -> list[str]:
        """Names as in `Calibration.latent_errors`: "covariance:2,1", "mean:1"; with several groups "mean:b:1"."""
        several = len(self.latent.names) > 1

        def of(u: _Unknown) -> str:
            group: Any = f"{self.latent.names[u.group]}:" if several else ""
            return f"mean:{group}{u.i + 1}" if u.j < 0 else f"covariance:{group}{u.i + 1},{u.j + 1}"

        pairs = [(k, v) for k in range(self.coefficients) for v in range(self.dims)]
        return [of(u) for u in self.unknowns] + [f"coefficient:{k},{v + 1}" for k, v in pairs]

    def _direction(self, u: _Unknown) -> Float:
        """Of the covariance as its entry moves."""
        unit = np.zeros((self.dims, self.dims))
        unit[u.i, u.j] = unit[u.j, u.i] = 1.0
        return unit

    def rows(self) -> LatentRows:
        """The scores for the compiled loop: in u = theta - mean, (S^-1 u)_i for a mean, u' S^-1 E S^-1 u / 2 for a
        covariance with direction E, x_k (S^-1 u)_v for a coefficient."""
        from shuyang.measurement.irt.kernels_adaptive_se import LatentRows

        size, dims = len(self.unknowns), self.dims
        square, line = np.zeros((size, dims, dims)), np.zeros((size, dims))
        for k, u in enumerate(self.unknowns):
            inverse = self.inverse[u.group]
            if u.j < 0:
                line[k] = inverse[u.i]
            else:
                square[k] = 0.5 * inverse @ self._direction(u) @ inverse
        of = np.array([u.group for u in self.unknowns], np.int64)
        first = np.searchsorted(of, np.arange(len(self.latent.names) + 1)).astype(np.int64)
        number = self.offset + np.arange(size)
        design = np.zeros((1, 0)) if self.em.design is None else np.ascontiguousarray(self.em.design.rows[:, 1:])
        later = self.offset + size + np.arange(self.coefficients * dims).reshape(self.coefficients, dims)
        return LatentRows(first, number, square, line, design, later, np.array(self.inverse[0]))

    def information(self, moments: Moments) -> Float:
        """Minus the second derivative of the expected log density of everyone's ability, [count, count]."""
        out = np.zeros((self.count, self.count))
        for g in range(len(self.latent.names)):
            at = [k for k, u in enumerate(self.unknowns) if u.group == g]
            first, spread = self._centred(moments, g)
            out[np.ix_(at, at)] = [[self._second(self.unknowns[k], self.unknowns[n], first, spread,
                                                 float(moments.persons[g])) for n in at] for k in at]  # fmt: skip
        if self.coefficients:
            self._regression(out, moments)
        return 0.5 * (out + out.T)

    def _centred(self, moments: Moments, g: int) -> tuple[Float, Float]:
        """Sums over the group of E[u] and E[u u'], u = theta - mean."""
        mean, first, second = self.latent.mean[g], moments.first[g], moments.second[g]
        if self.em.design is None or self.latent.coefficients is None:
            total = moments.persons[g]
            apart = np.outer(mean, first)
            return first - total * mean, second - apart - apart.T + total * np.outer(mean, mean)
        beta = np.concatenate([mean[None], self.latent.coefficients])
        gram = self.em.design.gram * moments.persons.sum()
        apart = beta.T @ moments.cross
        return first - beta.T @ gram[:, 0], second - apart - apart.T + beta.T @ gram @ beta

    def _second(self, a: _Unknown, b: _Unknown, first: Float, spread: Float, persons: float) -> float:
        inverse = self.inverse[a.group]
        if a.j < 0 and b.j < 0:
            return float(persons * inverse[a.i, b.i])
        if a.j < 0 or b.j < 0:
            mean, other = (a, b) if a.j < 0 else (b, a)
            return float((inverse @ self._direction(other) @ inverse @ first)[mean.i])
        one, two = inverse @ self._direction(a), inverse @ self._direction(b)
        return float(np.trace(one @ two @ inverse @ spread) - 0.5 * persons * np.trace(one @ two))

    def _regression(self, out: Float, moments: Moments) -> None:
        """Rows of the coefficients: among themselves, with the means, and with the covariances."""
        assert self.em.design is not None
        assert self.latent.coefficients is not None
        inverse, start = self.inverse[0], len(self.unknowns)
        gram = self.em.design.gram * moments.persons.sum()
        out[start:, start:] = np.kron(gram[1:, 1:], inverse)
        beta = np.concatenate([self.latent.mean[:1], self.latent.coefficients])
        apart = (moments.cross - gram @ beta)[1:]  # sums of covariate times E[u]
        for k, u in enumerate(self.unknowns):
            with_means = np.kron(gram[1:, 0], inverse[u.i])
            out[k, start:] = with_means if u.j < 0 else (apart @ inverse @ self._direction(u) @ inverse).ravel()
            out[start:, k] = out[k, start:]
