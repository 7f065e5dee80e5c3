"""Maximum likelihood of the proportional-odds (cumulative logit) model; two categories make it plain logistic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

Floats = NDArray[np.float64]
Codes = NDArray[np.integer]
_LIMIT = 30.0  # a coefficient this large means separation: the likelihood has no finite maximum


@dataclass(frozen=True, slots=True)
class CumulativeFit:
    """thresholds c_1 > ... > c_{K-1} and slopes of logit P(Y >= k) = c_k + x slopes."""

    thresholds: Floats
    slopes: Floats
    log_likelihood: float
    converged: bool


def null_log_likelihood(answer: Codes) -> float:
    """Log-likelihood of the model without predictors; every category 0..max must occur."""
    counts = np.bincount(answer).astype(float)
    return float(counts @ np.log(counts / counts.sum()))


def fit_cumulative(answer: Codes, x: Floats, *, max_iterations: int = 50, tolerance: float = 1e-9) -> CumulativeFit:
    """Fisher scoring with step halving (McCullagh 1980).

    answer: [n] codes 0..K-1, each of which occurs; x: [n, p] predictors, of the order of 1.
    """
    shares = np.bincount(answer)[::-1].cumsum()[::-1][1:] / len(answer)
    at = np.concatenate([logit(shares), np.zeros(x.shape[1])])
    level, converged = _log_likelihood(at, answer, x), False
    for _ in range(max_iterations):
        step = _step(at, answer, x)
        at, gain, level = _climb(at, step, level, answer, x)
        converged = gain < tolerance * (1 + abs(level))
        if converged:
            break
    thresholds = len(shares)
    return CumulativeFit(at[:thresholds], at[thresholds:], level, converged and bool(np.abs(at).max() < _LIMIT))


def _curves(at: Floats, x: Floats) -> Floats:
    """P(Y >= k), [n, K + 1], with 1 and 0 at the ends."""
    thresholds = len(at) - x.shape[1]
    inner = expit(at[None, :thresholds] + (x @ at[thresholds:])[:, None])
    return np.column_stack([np.ones(len(x)), inner, np.zeros(len(x))])


def _log_likelihood(at: Floats, answer: Codes, x: Floats) -> float:
    above = _curves(at, x)
    row = np.arange(len(x))
    chosen = above[row, answer] - above[row, answer + 1]
    return float(np.log(chosen).sum()) if (chosen > 0).all() else -np.inf


def _step(at: Floats, answer: Codes, x: Floats) -> Floats:
    above = _curves(at, x)
    probability = np.maximum(above[:, :-1] - above[:, 1:], 1e-300)
    density = above * (1 - above)
    change = np.zeros((len(x), probability.shape[1], len(at)))  # dP_k / dparameter
    for k in range(1, probability.shape[1]):
        change[:, k, k - 1] = density[:, k]
        change[:, k - 1, k - 1] = -density[:, k]
    change[:, :, probability.shape[1] - 1 :] = (density[:, :-1] - density[:, 1:])[:, :, None] * x[:, None, :]
    scaled = change / probability[:, :, None]
    gradient = scaled[np.arange(len(x)), answer].sum(axis=0)
    information = np.einsum("nkp,nkq->pq", scaled, change)
    return np.asarray(np.linalg.lstsq(information, gradient, rcond=1e-12)[0])


def _climb(at: Floats, step: Floats, level: float, answer: Codes, x: Floats) -> tuple[Floats, float, float]:
    for halving in range(30):
        tried = at + step * 0.5**halving
        value = _log_likelihood(tried, answer, x)
        if value >= level:
            return tried, value - level, value
    return at, 0.0, level
