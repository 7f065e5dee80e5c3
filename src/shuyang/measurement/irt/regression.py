"""Covariates of a one-dimensional latent regression: sums over all persons, and the rows of those who are here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.estep import NONE_FLOAT
from shuyang.measurement.irt.latent import Latent

Float = NDArray[np.float64]


class Place(NamedTuple):
    """Where a regression stands: abilities are N(mean + x'beta, sd^2); which of mean and sd are estimated."""

    mean: float
    beta: Float
    sd: float
    free_mean: bool
    free_sd: bool

    @property
    def coefficients(self) -> Float:
        """[1 + C] mean and coefficients."""
        return np.concatenate([[self.mean], self.beta])


@dataclass(frozen=True, slots=True, eq=False)
class Covariates:
    """rows [N, C] with weight [N] (empty: 1 each); gram [1 + C, 1 + C] the weighted sums of products of (1, x) over all
    persons, of whom those elsewhere have no row here."""

    rows: Float
    weight: Float
    gram: Float

    @classmethod
    def of(cls, rows: Float, weight: Float = NONE_FLOAT) -> Covariates:
        """Of persons who are all here."""
        full = np.concatenate([np.ones((len(rows), 1)), rows], axis=1)
        weights = weight if len(weight) else np.ones(len(rows))
        return cls(rows, weight, (full.T * weights) @ full)

    @classmethod
    def elsewhere(cls, gram: Float) -> Covariates:
        """Of persons of whom only the sums are known."""
        return cls(np.zeros((0, len(gram) - 1)), NONE_FLOAT, gram)

    @property
    def count(self) -> int:
        """Number C of covariates."""
        return len(self.gram) - 1

    def means(self, latent: Latent) -> Float:
        """[N] prior means of ability."""
        assert latent.coefficients is not None
        return np.asarray(latent.mean[0, 0] + self.rows @ latent.coefficients[:, 0])

    def cross(self, theta: Float) -> Float:
        """[1 + C] weighted sums of (1, x) times posterior means of ability."""
        weighted = theta * self.weight if len(self.weight) else theta
        return np.concatenate([[weighted.sum()], self.rows.T @ weighted])

    def score_matrix(self, place: Place) -> Float:
        """[N, k] factors of theta / sd^2 in the complete-data score: covariates, then 1 for a free mean, then twice the
        negative prior mean for a free sd."""
        parts = [self.rows]
        if place.free_mean:
            parts.append(np.ones((len(self.rows), 1)))
        if place.free_sd:
            parts.append(-2.0 * (place.mean + self.rows @ place.beta)[:, None])
        return np.ascontiguousarray(np.concatenate(parts, axis=1))


def regress(gram: Float, cross: Float, place: Place, second: float) -> tuple[float, Float, float]:
    """Mean, coefficients and variance that maximise the expected log density of ability.

    second: sum of E[theta^2] over persons.
    """
    solved: Float
    if place.free_mean:
        solved = np.asarray(np.linalg.solve(gram, cross), float)
    else:
        solved = np.concatenate([[place.mean], np.linalg.solve(gram[1:, 1:], cross[1:] - gram[1:, 0] * place.mean)])
    if not place.free_sd:
        return float(solved[0]), solved[1:], place.sd**2
    return float(solved[0]), solved[1:], residual(gram, cross, solved, second) / float(gram[0, 0])


def residual(gram: Float, cross: Float, coefficients: Float, second: float) -> float:
    """Sum over persons of E[(theta - x'beta)^2]."""
    return float(second - 2 * coefficients @ cross + coefficients @ gram @ coefficients)
