"""First- and second-order marginal moments of responses: their expectation, covariance and derivatives.

A moment is the mean of a feature of one item, or of the product of features of two items. A feature is a linear
combination of category indicators: the indicator itself, or the score 0, 1, 2, ... Given ability the items are
independent, so every expectation is a sum over quadrature nodes of products of the features' conditional means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.fit.inputs import Floats, Table

Index = NDArray[np.intp]
_CHUNK = 20_000_000


@dataclass(frozen=True, slots=True)
class Design:
    """Which features enter alone and which in pairs.

    single, paired: one [features, K_j] array an item.
    """

    single: tuple[Floats, ...]
    paired: tuple[Floats, ...]

    @property
    def pairs(self) -> tuple[Index, Index]:
        """Positions (first, second) in the stacked paired features, the items in ascending order."""
        owner = np.repeat(np.arange(len(self.paired)), [len(a) for a in self.paired])
        first, second = np.nonzero(owner[:, None] < owner[None, :])
        return first, second


def design(statistic: str, categories: NDArray[np.int64]) -> Design:
    """Features of "M2" (all indicators), "M2*" (scores only) or "C2" (indicators alone, scores in pairs)."""
    indicators = tuple(np.eye(int(k))[1:] for k in categories)
    scores = tuple(np.arange(float(k))[None, :] for k in categories)
    if statistic == "M2":
        return Design(indicators, indicators)
    return Design(indicators if statistic == "C2" else scores, scores)


def stacked(parts: tuple[Floats, ...], p: Floats) -> Floats:
    """Conditional means of the features, [F, Q], from category probabilities p [J, K, Q]."""
    return np.concatenate([a @ p[j, : a.shape[1]] for j, a in enumerate(parts)])


def expected(plan: Design, p: Floats, weights: Floats) -> Floats:
    """Expected moments [M]: singles, then pairs."""
    pair = stacked(plan.paired, p)
    first, second = plan.pairs
    return np.concatenate([stacked(plan.single, p) @ weights, ((pair * weights) @ pair.T)[first, second]])


def observed(plan: Design, table: Table) -> Floats:
    """Moments of complete data, [M]."""
    share = table.weights / table.persons
    rows = [a[:, table.answers[:, j]] for j, a in enumerate(plan.paired)]
    pair = np.concatenate(rows)
    alone = [a[:, table.answers[:, j]] @ share for j, a in enumerate(plan.single)]
    first, second = plan.pairs
    return np.concatenate([*alone, ((pair * share) @ pair.T)[first, second]])


def covariance(plan: Design, p: Floats, weights: Floats) -> Floats:
    """Covariance [M, M] of the moments of one person under the model.

    Cov(m, m') = E[E(mm' | theta)] - E(m) E(m'). Where two moments have no item in common the conditional expectation
    factors; for each common item the conditional covariance of its features is added, times what stands beside it.
    """
    mean = expected(plan, p, weights)
    total = -np.outer(mean, mean)
    step = max(_CHUNK // len(mean), 1)
    for at in range(0, p.shape[2], step):
        part = slice(at, at + step)
        total += _conditional(plan, p[:, :, part], weights[part])
    return total


def _conditional(plan: Design, p: Floats, weights: Floats) -> Floats:
    single, pair = stacked(plan.single, p), stacked(plan.paired, p)
    first, second = plan.pairs
    moments = np.concatenate([single, pair[first] * pair[second]])
    total = np.asarray((moments * weights) @ moments.T)
    starts = np.cumsum([0, *(len(a) for a in plan.single)]), np.cumsum([0, *(len(a) for a in plan.paired)])
    spreads = []
    for j, (alone, together) in enumerate(zip(plan.single, plan.paired, strict=True)):
        spread = _spread(np.concatenate([alone, together]), p[j, : alone.shape[1]])
        _add_item(total, spread, _members(j, len(single), starts, (first, second)), pair, weights)
        spreads.append(spread[len(alone) :, len(alone) :])
    _add_both(total, spreads, len(single), (first, second), starts[1], weights)
    return total


def _spread(features: Floats, p: Floats) -> Floats:
    """Conditional covariance of one item's features, [F, F, Q]."""
    mean = features @ p
    return np.asarray(np.einsum("fk,gk,kq->fgq", features, features, p) - mean[:, None] * mean[None, :])


def _members(
    item: int, singles: int, starts: tuple[Index, Index], pairs: tuple[Index, Index]
) -> list[tuple[Index, Index]]:
    """For each feature of the item: the moments it is in, and the paired feature beside it (-1: none)."""
    (alone, together), (first, second) = starts, pairs
    found = [(np.array([m]), np.array([-1])) for m in range(alone[item], alone[item + 1])]
    for f in range(together[item], together[item + 1]):
        left, right = np.flatnonzero(first == f), np.flatnonzero(second == f)
        found.append((singles + np.concatenate([left, right]), np.concatenate([second[left], first[right]])))
    return found


def _add_item(total: Floats, spread: Floats, members: list[tuple[Index, Index]], pair: Floats, weights: Floats) -> None:
    beside = [np.where(other[:, None] < 0, 1.0, pair[other]) for _, other in members]
    for f, (rows, _) in enumerate(members):
        for g, (columns, _) in enumerate(members):
            total[np.ix_(rows, columns)] += (beside[f] * (weights * spread[f, g])) @ beside[g].T


def _add_both(
    total: Floats, spreads: list[Floats], singles: int, pairs: tuple[Index, Index], starts: Index, weights: Floats
) -> None:
    """Pairs of the same two items: the product of both conditional covariances."""
    owner = np.repeat(np.arange(len(spreads)), np.diff(starts))
    one, two = owner[pairs[0]], owner[pairs[1]]
    order = np.lexsort((two, one))
    cuts = np.flatnonzero(np.diff(one[order] * len(spreads) + two[order])) + 1
    for rows in np.split(order, cuts):
        i, j = one[rows[0]], two[rows[0]]
        f, g = pairs[0][rows] - starts[i], pairs[1][rows] - starts[j]
        both = spreads[i][np.ix_(f, f)] * spreads[j][np.ix_(g, g)]
        total[np.ix_(singles + rows, singles + rows)] += both @ weights


def change(plan: Design, p: Floats, weights: Floats, item: int, slope: Floats) -> Floats:
    """Derivative [M] of the moments when the item's category probabilities move by `slope` [K, Q]."""
    pair = stacked(plan.paired, p)
    starts = np.cumsum([0, *(len(a) for a in plan.paired)])
    singles = np.cumsum([0, *(len(a) for a in plan.single)])
    first, second = plan.pairs
    out = np.zeros(singles[-1] + len(first))
    out[singles[item] : singles[item + 1]] = plan.single[item] @ slope[: plan.single[item].shape[1]] @ weights
    moved = np.zeros((len(pair), len(pair)))
    own = slice(starts[item], starts[item + 1])
    moved[own] = ((plan.paired[item] @ slope[: plan.paired[item].shape[1]]) * weights) @ pair.T
    moved[:, own] = moved[own].T
    out[singles[-1] :] = moved[first, second]
    return out
