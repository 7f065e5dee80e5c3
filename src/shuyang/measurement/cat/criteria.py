"""Selection criteria of one-dimensional adaptive tests, for items of any model.

Every criterion is a function of the bank, the answers so far and an ability estimate; larger is better. Integrals
use the trapezoid rule on equally spaced nodes. Sources: van der Linden & Pashley (2000) for the weighted and expected
information criteria, Chang & Ying (1996) for Kullback–Leibler, Kaplan, de la Torre & Barrada (2015) for the global
discrimination index, Urry (1977) for matching by difficulty.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.optimize import minimize_scalar

from shuyang.measurement.irt.items import BINARY, ItemParameters
from shuyang.measurement.irt.models import information, log_probabilities, probabilities

from .contracts import Answer, FloatArray, IntArray
from .errors import BadAnswer, BadCriterion


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Criterion values [J] of all items (NaN where an item may not come) and the eligible items, best first."""

    criterion: str
    values: FloatArray
    order: IntArray

    @property
    def best(self) -> int:
        """The item to give next. Raises `BadCriterion` when no item is left."""
        if not len(self.order):
            raise BadCriterion("no item is left", criterion=self.criterion)
        return int(self.order[0])


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """What the criteria look at: nodes x [Q], likelihood and prior at the nodes, the ability estimate."""

    items: ItemParameters
    x: FloatArray
    prob: FloatArray
    likelihood: FloatArray
    prior: FloatArray
    ability: float

    def at_ability(self) -> FloatArray:
        return np.asarray(probabilities(self.items, self.ability)[:, :, 0])


def eap(
    items: ItemParameters,
    answers: Sequence[Answer],
    *,
    nodes: int = 81,
    bound: float = 4.0,
    mean: float = 0.0,
    sd: float = 1.0,
) -> tuple[float, float]:
    """Expected a-posteriori ability and posterior SD under a normal prior, on `nodes` points of [−bound, bound]."""
    x = np.linspace(-bound, bound, nodes)
    weight = _likelihood(items, probabilities(items, x), answers) * _normal_density(x, mean, sd)
    centre = _integral(weight * x, x) / _integral(weight, x)
    return float(centre), float(np.sqrt(_integral(weight * (x - centre) ** 2, x) / _integral(weight, x)))


def rank_items(
    items: ItemParameters,
    answers: Sequence[Answer],
    criterion: str = "fisher",
    *,
    ability: float | None = None,
    excluded: Collection[int] = (),
    nodes: int = 33,
    bound: float = 4.0,
    mean: float = 0.0,
    sd: float = 1.0,
) -> Ranking:
    """Rank the items that may come next by one of `CRITERIA`.

    `answers` are (item, category) pairs, `ability` defaults to the EAP on 81 nodes, `mean` and `sd` describe the
    normal prior. Raises `BadCriterion` for an unknown name, for items on several dimensions, and where
    "difficulty_match" meets an item without a single difficulty; `BadAnswer` for an impossible answer.
    """
    if criterion not in CRITERIA or items.dimensions != 1:
        raise BadCriterion(f"no such criterion for one dimension: {criterion}", known=sorted(CRITERIA))
    x = np.linspace(-bound, bound, nodes)
    prob = probabilities(items, x)
    likelihood = _likelihood(items, prob, answers)
    if ability is None:
        ability = eap(items, answers, bound=bound, mean=mean, sd=sd)[0]
    state = _State(items, x, prob, likelihood, _normal_density(x, mean, sd), ability)
    return ranked(criterion, CRITERIA[criterion](state), answers, excluded)


def ranked(criterion: str, values: FloatArray, answers: Sequence[Answer], excluded: Collection[int]) -> Ranking:
    """Take out what was given or excluded, and sort; equal values keep the order of the bank."""
    out = np.array(values, dtype=np.float64)
    out[[item for item, _ in answers] + list(excluded)] = np.nan
    order = np.argsort(-out, kind="stable")
    return Ranking(criterion, out, order[: int((~np.isnan(out)).sum())])


def check_answers(items: ItemParameters, answers: Sequence[Answer]) -> None:
    """Raise `BadAnswer` for an item or category that does not exist, or an item answered twice."""
    for item, category in answers:
        if not (0 <= item < len(items) and 0 <= category < items.categories[item]):
            raise BadAnswer("no such item or category", item=item, category=category)
    if len({item for item, _ in answers}) != len(answers):
        raise BadAnswer("an item is answered twice")


def _likelihood(items: ItemParameters, prob: FloatArray, answers: Sequence[Answer]) -> FloatArray:
    check_answers(items, answers)
    out = np.ones(prob.shape[2])
    for item, category in answers:
        out *= prob[item, category]
    return out


def _normal_density(x: FloatArray, mean: float, sd: float) -> FloatArray:
    return np.asarray(np.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * np.sqrt(2 * np.pi)))


def _integral(y: FloatArray, x: FloatArray) -> FloatArray:
    return np.asarray(np.trapezoid(y, x, axis=-1))


def _fisher(s: _State) -> FloatArray:
    return np.asarray(information(s.items, s.ability)[:, 0])


def _difficulty_match(s: _State) -> FloatArray:
    located = s.items.difficulties()
    if located.shape[1] > 1 and not np.all(np.isnan(located[:, 1:])):
        raise BadCriterion("matching by difficulty needs items with two categories")
    return np.asarray(-np.abs(located[:, 0] - s.ability))


def _location_match(s: _State) -> FloatArray:
    """Distance to the ability at which the item informs most."""
    return np.array([-abs(most_informative_at(s.items, j) - s.ability) for j in range(len(s.items))])


def most_informative_at(items: ItemParameters, j: int) -> float:
    """The ability at which item j informs most: closed form up to three parameters (Lord 1980), else by search."""
    item = items.select([j])
    if item.categories[0] == 2 and item.u[0] == 1.0 and item.models[0] in BINARY:
        shift = np.log(0.5 * (1.0 + np.sqrt(1.0 + 8.0 * item.g[0]))) / item.slopes[0, 0]
        return float(item.difficulties()[0, 0] + shift)
    grid = np.linspace(-8.0, 8.0, 129)
    start = float(grid[int(np.argmax(information(item, grid)[0]))])
    found = minimize_scalar(
        lambda t: -float(information(item, t)[0, 0]),
        bounds=(start - 0.25, start + 0.25),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return float(found.x)


def _weighted_information(s: _State, *, posterior: bool) -> FloatArray:
    weight = s.likelihood * s.prior if posterior else s.likelihood
    return _integral(weight * information(s.items, s.x), s.x)


def _next_moments(s: _State) -> tuple[FloatArray, FloatArray]:
    """Posterior mean and variance [J, K] after each possible answer to each item."""
    weight = s.likelihood * s.prior * s.prob
    total = _integral(weight, s.x)
    total = np.where(total > 0, total, 1.0)
    mean = _integral(weight * s.x, s.x) / total
    return mean, _integral(weight * (s.x - mean[..., None]) ** 2, s.x) / total


def _expected_information(s: _State) -> FloatArray:
    """Information at the estimate that each answer would give, averaged over the answers."""
    mean, _ = _next_moments(s)
    after = [np.diagonal(information(s.items, mean[:, k])) for k in range(mean.shape[1])]
    return np.asarray((s.at_ability() * np.stack(after, axis=1)).sum(axis=1))


def _expected_variance(s: _State) -> FloatArray:
    _, variance = _next_moments(s)
    return np.asarray(-(s.at_ability() * variance).sum(axis=1))


def _kullback_leibler(s: _State, *, posterior: bool) -> FloatArray:
    """∫ w(θ) Σ_k P_k(θ̂) log(P_k(θ̂) / P_k(θ)) dθ with w the likelihood, or the posterior up to a constant."""
    weight = s.likelihood * s.prior if posterior else s.likelihood
    here = log_probabilities(s.items, s.ability)
    with np.errstate(invalid="ignore"):
        parts = np.where(np.isfinite(here), np.exp(here) * (here - log_probabilities(s.items, s.x)), 0.0)
    return _integral(weight * parts.sum(axis=1), s.x)


def _discrimination(s: _State, *, posterior: bool) -> FloatArray:
    """Half the sum over categories of the variance of P_k(θ), θ weighted by likelihood or posterior at the nodes."""
    weight = s.likelihood * s.prior if posterior else s.likelihood
    weight = weight / weight.sum()
    mean = (s.prob * weight).sum(axis=2, keepdims=True)
    return np.asarray(0.5 * (weight * (s.prob - mean) ** 2).sum(axis=(1, 2)))


CRITERIA: dict[str, Callable[[_State], FloatArray]] = {
    "fisher": _fisher,
    "difficulty_match": _difficulty_match,
    "location_match": _location_match,
    "likelihood_weighted_information": partial(_weighted_information, posterior=False),
    "posterior_weighted_information": partial(_weighted_information, posterior=True),
    "expected_information": _expected_information,
    "expected_variance": _expected_variance,
    "kullback_leibler": partial(_kullback_leibler, posterior=False),
    "posterior_kullback_leibler": partial(_kullback_leibler, posterior=True),
    "global_discrimination": partial(_discrimination, posterior=False),
    "posterior_global_discrimination": partial(_discrimination, posterior=True),
}
