"""Selection criteria of multidimensional adaptive tests, for compensatory items with any loadings.

With M_j the information matrix at the ability estimate after giving item j: D maximises det M_j, T its trace, W the
sum of its entries, E its smallest eigenvalue, A minimises the trace of its inverse (Segall 1996; Mulder & van der
Linden 2009). The posterior versions ("posterior_d" and so on) add the prior's precision to M_j, and so work from the
first item on. "kullback_leibler" is the divergence between θ̂ + δ and θ̂ − δ, δ added to every dimension.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import ArrayLike

from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import curves, information, log_probabilities

from .contracts import Answer, FloatArray
from .criteria import Ranking, check_answers, ranked
from .errors import BadCriterion, BadPrior

DELTA = 0.1
SINGULAR = 1e-12


def map_estimate(
    items: ItemParameters, answers: Sequence[Answer], covariance: ArrayLike, mean: ArrayLike = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Mode [D] of the posterior under a normal prior, and the SEs [D] from prior precision plus Fisher information.

    Fisher scoring with halved steps; the posterior of two-parameter, graded and partial-credit items has one mode.
    """
    precision = _precision(covariance, items.dimensions)
    centre = np.broadcast_to(np.asarray(mean, dtype=np.float64), (items.dimensions,))
    given, chosen = _answered(items, answers)
    theta = centre.copy()
    for _ in range(100):
        gradient, hessian = _score(given, chosen, theta)
        step = np.linalg.solve(hessian + precision, gradient - precision @ (theta - centre))
        now = _log_posterior(given, chosen, theta, centre, precision)
        while (
            _log_posterior(given, chosen, theta + step, centre, precision) < now - 1e-12 and np.abs(step).max() > 1e-10
        ):
            step = step / 2
        theta = theta + step
        if np.abs(step).max() < 1e-10:
            break
    _, hessian = _score(given, chosen, theta)
    return theta, np.asarray(np.sqrt(np.linalg.inv(hessian + precision).diagonal()))


def rank_items_md(
    items: ItemParameters,
    answers: Sequence[Answer],
    criterion: str,
    *,
    covariance: ArrayLike,
    mean: ArrayLike = 0.0,
    ability: ArrayLike | None = None,
    excluded: Collection[int] = (),
) -> Ranking:
    """Rank the items that may come next by one of `CRITERIA_MD`; `ability` [D] defaults to the posterior mode.

    `covariance` [D, D] and `mean` [D] describe the normal prior. While M_j is singular (fewer answers than dimensions),
    "a" counts the informed directions only, as mirtCAT does; "posterior_a" has no such gap. Raises `BadCriterion`,
    `BadPrior`, `BadAnswer`.
    """
    if criterion not in CRITERIA_MD:
        raise BadCriterion(f"no such criterion for several dimensions: {criterion}", known=sorted(CRITERIA_MD))
    precision = _precision(covariance, items.dimensions)
    theta = map_estimate(items, answers, covariance, mean)[0] if ability is None else np.asarray(ability, float)
    if criterion == "kullback_leibler":
        return ranked(criterion, _kullback_leibler(items, theta), answers, excluded)
    _answered(items, answers)
    each = _matrices(items, theta)
    total = each[[item for item, _ in answers]].sum(axis=0) + each
    if criterion.startswith("posterior_"):
        total = total + precision
    return ranked(criterion, _RULES[criterion.removeprefix("posterior_")](total), answers, excluded)


def _precision(covariance: ArrayLike, dims: int) -> FloatArray:
    cov = np.asarray(covariance, dtype=np.float64)
    if cov.shape != (dims, dims) or not np.allclose(cov, cov.T) or np.linalg.eigvalsh(cov)[0] <= SINGULAR:
        raise BadPrior("prior covariance must be D by D, symmetric, positive definite", shape=cov.shape, dims=dims)
    return np.asarray(np.linalg.inv(cov))


def _answered(items: ItemParameters, answers: Sequence[Answer]) -> tuple[ItemParameters, list[int]]:
    check_answers(items, answers)
    return items.select([item for item, _ in answers]), [category for _, category in answers]


def _score(given: ItemParameters, chosen: list[int], theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Gradient [D] and Fisher information [D, D] of the log-likelihood."""
    if not chosen:
        return np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
    at = curves(given, theta[None, :])
    rows = np.arange(len(chosen))
    slope = at.first[rows, chosen, 0] / at.p[rows, chosen, 0]
    return np.asarray(slope @ given.slopes), np.asarray(_matrices(given, theta).sum(axis=0))


def _log_posterior(
    given: ItemParameters, chosen: list[int], theta: FloatArray, centre: FloatArray, precision: FloatArray
) -> float:
    away = theta - centre
    fit = log_probabilities(given, theta[None, :])[np.arange(len(chosen)), chosen, 0].sum() if chosen else 0.0
    return float(fit - 0.5 * away @ precision @ away)


def _matrices(items: ItemParameters, theta: FloatArray) -> FloatArray:
    """Information matrix [J, D, D] of every item at θ."""
    if items.dimensions == 1:
        return np.asarray(information(items, float(theta[0])))[:, :, None]
    return np.asarray(information(items, theta[None, :])[:, 0])


def _kullback_leibler(items: ItemParameters, theta: FloatArray) -> FloatArray:
    log_p = log_probabilities(items, np.stack([theta + DELTA, theta - DELTA]))
    with np.errstate(invalid="ignore"):
        parts = np.where(np.isfinite(log_p[..., 0]), np.exp(log_p[..., 0]) * (log_p[..., 0] - log_p[..., 1]), 0.0)
    return np.asarray(parts.sum(axis=1))


def _minus_inverse_trace(total: FloatArray) -> FloatArray:
    values = np.linalg.eigvalsh(total)
    informed = values > SINGULAR
    return np.asarray(-np.where(informed, 1.0 / np.where(informed, values, 1.0), 0.0).sum(axis=1))


_RULES: dict[str, Callable[[FloatArray], FloatArray]] = {
    "d": lambda m: np.asarray(np.linalg.det(m)),
    "t": lambda m: np.asarray(np.trace(m, axis1=1, axis2=2)),
    "w": lambda m: np.asarray(m.sum(axis=(1, 2))),
    "e": lambda m: np.asarray(np.linalg.eigvalsh(m)[:, 0]),
    "a": _minus_inverse_trace,
}

CRITERIA_MD = frozenset({*_RULES, *(f"posterior_{name}" for name in _RULES), "kullback_leibler"})
