"""Observed information on a grid of several dimensions, factor correlations included."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.em import Fitted
from shuyang.measurement.irt.se import STEP, Information, information_of, rotation_constraints
from shuyang.measurement.irt.space import SpaceEM
from shuyang.measurement.irt.unknowns import unknowns_of

Float = NDArray[np.float64]


class CorrelationUnknowns:
    """Free entries of the factor covariance: correlations, with variances if `factors` is "free"."""

    def __init__(self, em: SpaceEM, fitted: Fitted, offset: int) -> None:
        self.em, self.fitted, self.offset = em, fitted, offset
        dims = em.space.shape[1]
        diagonal = {"free": 0, "correlated": -1}.get(em.factors)
        rows, columns = np.tril_indices(dims, diagonal) if diagonal is not None else (np.zeros(0, int),) * 2
        self.pairs = list(zip(rows.tolist(), columns.tolist(), strict=True))
        self.count = len(self.pairs)
        self.covariance = fitted.latent.covariance[0]

    def _direction(self, pair: tuple[int, int]) -> Float:
        unit = np.zeros(self.covariance.shape)
        unit[pair] = unit[pair[::-1]] = 1.0
        return unit

    def group_rows(self, padded: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Float]:
        """d log density / d entry = (theta' S^-1 E S^-1 theta - tr(S^-1 E)) / 2 on the nodes."""
        inverse, x = np.linalg.inv(self.covariance), self.em.space
        derivative = np.zeros((self.count, padded))
        for k, pair in enumerate(self.pairs):
            inner = inverse @ self._direction(pair) @ inverse
            derivative[k, : len(x)] = 0.5 * np.einsum("qd,de,qe->q", x, inner, x)
        return np.array([0, self.count], np.int64), self.offset + np.arange(self.count), derivative

    def design_rows(self, padded: int) -> tuple[Float, NDArray[np.int64], Float]:
        """No regression."""
        return np.zeros((1, 0)), np.zeros(0, np.int64), np.zeros(padded)

    def information(self, total: int) -> Float:
        """Minus the second derivative of the expected log density of ability, by differences of its gradient."""
        persons = self.fitted.expected.prior_counts[0]
        size = float(persons.sum())
        second = (self.em.space.T * persons) @ self.em.space

        def gradient(covariance: Float) -> Float:
            inverse = np.linalg.inv(covariance)
            inner = inverse @ (second - size * covariance) @ inverse
            return np.array([0.5 * float((inner * self._direction(pair)).sum()) for pair in self.pairs])

        matrix = np.zeros((total, total))
        at = slice(self.offset, self.offset + self.count)
        columns = []
        for pair in self.pairs:
            step = STEP * self._direction(pair)
            columns.append((gradient(self.covariance + step) - gradient(self.covariance - step)) / (2 * STEP))
        matrix[at, at] = -np.array(columns).reshape(self.count, self.count).T
        return matrix

    def errors(self, inverse: Float) -> dict[str, float]:
        """Standard errors, named "covariance:row,column"."""
        with np.errstate(invalid="ignore"):
            values = np.sqrt(np.diag(inverse)[self.offset : self.offset + self.count])
        return {f"covariance:{i + 1},{j + 1}": float(v) for (i, j), v in zip(self.pairs, values, strict=True)}


def space_information(em: SpaceEM, fitted: Fitted, data: Responses) -> Information:
    """Observed information of items and factor correlations at the estimates."""
    unknowns = unknowns_of(em.layout)
    hidden = CorrelationUnknowns(em, fitted, unknowns.count)
    still = None
    if em.factors == "exploratory":
        still = rotation_constraints(em.layout, unknowns, fitted.psi, unknowns.count + hidden.count)
    return information_of(em, fitted, data, unknowns, hidden, still)
