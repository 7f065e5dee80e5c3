"""The posterior of one person: expectation propagation, corrected by cubature where the last digit counts.

With between-item dimensionality the likelihood is a product of one-dimensional tables, L(θ) = Π_d L_d(θ_d), and only
the normal prior couples them. Expectation propagation (Minka 2001) with one Gaussian site per dimension therefore
needs one-dimensional sums only, and finds mean and standard deviation to some thousandths of a standard deviation.
A final score integrates over a Gauss–Hermite product laid along the axes of that Gaussian. Both are deterministic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .contracts import Accuracy, Answer, CompiledBank, FloatArray, Posterior, Prior
from .cubature import normal_product
from .errors import BadAnswer, BadPrior

MAX_SWEEPS = 60
CONVERGED = 1e-7
REACH = 3.5
"""The grid must hold this many prior SDs on either side of the prior mean."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the answers say, apart from any prior: the answers sorted by item, and their log-likelihood table [D, Q].

    The table is always summed in item order, so the same answers give the same floats whatever their order and
    however they arrived: store the answers alone, and rebuild the table (some 40 microseconds).
    """

    answers: tuple[Answer, ...]
    table: FloatArray

    def with_answer(self, bank: CompiledBank, item: int, category: int) -> Evidence:
        """The evidence after one more answer."""
        return gather(bank, (*self.answers, (item, category)))


def gather(bank: CompiledBank, answers: Sequence[Answer]) -> Evidence:
    """Check and sum the answers; raises `BadAnswer`."""
    ordered = tuple(sorted((int(item), int(category)) for item, category in answers))
    _check_answers(bank, ordered)
    table = np.zeros((bank.dims, len(bank.nodes)))
    if ordered:
        items, categories = np.array(ordered, dtype=np.intp).T
        np.add.at(table, bank.dim[items], bank.log_prob[items, categories])  # one after the other, in item order
    return Evidence(ordered, table)


def posterior(
    bank: CompiledBank, answers: Sequence[Answer], prior: Prior, *, accuracy: Accuracy = "sitting"
) -> Posterior:
    """Posterior of θ given `answers`; `accuracy` "final" costs some milliseconds more (see `Posterior`).

    Raises `BadAnswer`, `BadPrior`. No answer at all gives the prior.
    """
    return posterior_of(bank, gather(bank, answers), prior, accuracy=accuracy)


def posterior_of(bank: CompiledBank, evidence: Evidence, prior: Prior, *, accuracy: Accuracy = "sitting") -> Posterior:
    """`posterior` from evidence already gathered."""
    normal = prior_parts(prior, bank.dims, float(bank.nodes[-1]))
    if accuracy == "sitting":
        from .propagation import propagated  # the compiler is loaded where sittings are taken, not to verify a score

        mean, cov, marginals = propagated(normal.precision, normal.shift, normal.floor, evidence.table, bank.nodes)
    else:
        mean, cov, marginals = _expectation_propagation(normal, evidence.table, bank.nodes)
        mean, cov = _cubature(normal, evidence.table, bank.nodes, mean, cov)
    return Posterior(mean, cov, np.sqrt(cov.diagonal()), marginals, accuracy)


@dataclass(frozen=True, slots=True, eq=False)
class PriorParts:
    """A prior made ready: mean [D], precision [D, D], precision times mean, lowest site precision allowed."""

    mean: FloatArray
    precision: FloatArray
    shift: FloatArray
    floor: float


@lru_cache(maxsize=256)
def prior_parts(prior: Prior, dims: int, bound: float) -> PriorParts:
    """Check a prior against the grid [−bound, bound] and invert its covariance. Raises `BadPrior`."""
    mean, cov = np.asarray(prior.mean, dtype=np.float64), np.asarray(prior.cov, dtype=np.float64)
    if mean.shape != (dims,) or cov.shape != (dims, dims):
        raise BadPrior("prior and bank have different dimensions", expected=dims, mean=mean.shape, cov=cov.shape)
    if not (np.all(np.isfinite(mean)) and np.allclose(cov, cov.T) and np.all(np.linalg.eigvalsh(cov) > 1e-10)):
        raise BadPrior("prior covariance is not symmetric positive definite")
    if np.any(np.abs(mean) + REACH * np.sqrt(cov.diagonal()) > bound):
        raise BadPrior("the prior reaches beyond the grid: compile the bank with a larger bound", bound=bound)
    precision = np.asarray(np.linalg.inv(cov), dtype=np.float64)
    return PriorParts(mean, precision, precision @ mean, -0.95 * float(np.linalg.eigvalsh(precision)[0]))


def _check_answers(bank: CompiledBank, answers: Sequence[Answer]) -> None:
    previous = -1
    for item, category in answers:
        if not 0 <= item < len(bank):
            raise BadAnswer(f"no item {item}", item=item)
        if not 0 <= category < bank.n_categories[item]:
            raise BadAnswer(f"item {item} has no category {category}", item=item, category=category)
        if item == previous:
            raise BadAnswer(f"item {item} is answered twice", item=item)
        previous = item


def _expectation_propagation(
    prior: PriorParts, table: FloatArray, nodes: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean, covariance and tilted marginals [D, Q]; all sites are updated together."""
    dims = len(table)
    precision, shift = np.zeros(dims), np.zeros(dims)
    squared = nodes * nodes
    for _ in range(MAX_SWEEPS):
        cov = np.asarray(np.linalg.inv(prior.precision + np.diag(precision)), dtype=np.float64)
        mean = cov @ (prior.shift + shift)
        var = cov.diagonal()
        cavity_precision = 1.0 / var - precision
        cavity_shift = mean / var - shift
        log_w = table + cavity_shift[:, None] * nodes - 0.5 * cavity_precision[:, None] * squared
        w = np.exp(log_w - log_w.max(axis=1, keepdims=True))
        w /= w.sum(axis=1, keepdims=True)
        first = w @ nodes
        second = np.maximum(w @ squared - first * first, 1e-6)
        if np.abs(first - mean).max() < CONVERGED and np.abs(second - var).max() < CONVERGED:
            break
        # guessing can make a site's precision negative; the floor keeps the whole Gaussian proper
        precision = np.maximum(1.0 / second - cavity_precision, prior.floor)
        shift = (cavity_precision + precision) * first - cavity_shift
    return mean, cov, w


def _cubature(
    prior: PriorParts, table: FloatArray, nodes: FloatArray, mean: FloatArray, cov: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Mean and covariance by weighting the points of N(mean, cov) with posterior over proposal density."""
    z, weight = normal_product(len(mean))
    length, axes = np.linalg.eigh(cov)
    theta = mean + z @ (axes * np.sqrt(length)).T
    away = theta - prior.mean
    log_w = interpolate(table, nodes, theta).sum(axis=1)
    log_w += 0.5 * ((z * z).sum(axis=1) - ((away @ prior.precision) * away).sum(axis=1))
    w = weight * np.exp(log_w - log_w.max())
    w /= w.sum()
    corrected = w @ theta
    centred = theta - corrected
    return corrected, (centred * w[:, None]).T @ centred


def interpolate(table: FloatArray, nodes: FloatArray, theta: FloatArray) -> FloatArray:
    """Values [M, D] of the D tables [D, Q] at θ [M, D]: four-point Lagrange, constant beyond the outer nodes."""
    dims, size = table.shape
    t = (np.clip(theta, nodes[0], nodes[-1]) - nodes[0]) / (nodes[1] - nodes[0])
    cell = np.clip(t.astype(np.intp), 1, size - 3)
    u = t - cell
    c = _cubics(table).take(cell + size * np.arange(dims), axis=0)
    return np.asarray(((c[..., 3] * u + c[..., 2]) * u + c[..., 1]) * u + c[..., 0])


def _cubics(table: FloatArray) -> FloatArray:
    """Coefficients [D·Q, 4] of the cubic through the nodes −1, 0, 1, 2 around each node (edges unused)."""
    out = np.zeros((*table.shape, 4))
    a, b, c, d = table[:, :-3], table[:, 1:-2], table[:, 2:-1], table[:, 3:]
    out[:, 1:-2, 0] = b
    out[:, 1:-2, 1] = c - a / 3.0 - b / 2.0 - d / 6.0
    out[:, 1:-2, 2] = (a + c) / 2.0 - b
    out[:, 1:-2, 3] = (b - c) / 2.0 + (d - a) / 6.0
    return out.reshape(-1, 4)
