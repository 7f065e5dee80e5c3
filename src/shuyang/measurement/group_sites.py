"""What a person's answers alone say of him: his posterior with the prior taken out again.

Statistics of groups are made from these "sites" and never from averaged point estimates, which are drawn towards the prior
and hide what is not known (Mislevy, 1984, Psychometrika 49, 359-381). A site is a normal likelihood: a value and its error
variance. Between-item structure lets the likelihood of a sitting factor over the forces, so each force has a site of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shuyang.measurement.cat.contracts import Prior

FloatArray = npt.NDArray[np.float64]

LEAST_PRECISION = 0.05
"""Below this precision (an error of some 4.5 logits) a site says nothing; half an item gives more."""
_FLOOR = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """`value` and error `variance` [N, K] in logits; where nothing was measured the value is 0 and the variance infinite."""

    value: FloatArray
    variance: FloatArray

    @property
    def measured(self) -> npt.NDArray[np.bool_]:
        return np.asarray(np.isfinite(self.variance))


def sites(
    means: Sequence[Sequence[float]] | FloatArray,
    covariances: Sequence[Sequence[Sequence[float]]] | FloatArray,
    prior: Prior,
) -> Sites:
    """Sites of N persons from their posteriors: `means` [N, D] and `covariances` [N, D, D], all under `prior`."""
    m, s = np.asarray(means, float), np.asarray(covariances, float)
    before = np.linalg.inv(np.asarray(prior.cov, float))
    after = np.linalg.inv(s)
    shift = np.einsum("nij,nj->ni", after, m) - before @ np.asarray(prior.mean, float)
    values, vectors = np.linalg.eigh(after - before)
    error = np.einsum("nij,nj,nkj->nik", vectors, 1.0 / np.maximum(values, _FLOOR), vectors)
    return _known(np.einsum("nij,nj->ni", error, shift), np.einsum("nii->ni", error))


def item_sites(log_likelihood: FloatArray, nodes: FloatArray, *, mean: float = 0.0, sd: float = 1.0) -> Sites:
    """Sites of N persons in one dimension from tables of their log-likelihood [N, Q] at equally spaced `nodes` [Q].

    Moments are matched under the normal distribution with `mean` and `sd`, which should be near that of the people.
    """
    density = log_likelihood - log_likelihood.max(axis=1, keepdims=True) - 0.5 * ((nodes - mean) / sd) ** 2
    weight = np.exp(density - density.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    # sums, not products of matrices: a row must come out the same to the last bit whatever rows stand beside it
    centre = (weight * nodes).sum(axis=1)
    spread = np.maximum((weight * nodes**2).sum(axis=1) - centre**2, _FLOOR)
    precision = np.maximum(1.0 / spread - 1.0 / sd**2, _FLOOR)
    value = (centre / spread - mean / sd**2) / precision
    return _known(value[:, None], 1.0 / precision[:, None])


def _known(value: FloatArray, variance: FloatArray) -> Sites:
    known = variance < 1.0 / LEAST_PRECISION
    return Sites(np.where(known, value, 0.0), np.where(known, variance, np.inf))
