"""How many items a sitting will still need: the number behind the progress bar, and the pace of the minimums."""

from __future__ import annotations

from collections.abc import Collection
from math import isinf

import numpy as np

from .contracts import Blueprint, CompiledBank, FloatArray, Posterior
from .information import mean_information, price
from .quotas import Eligibility, eligible


def predict_remaining(
    bank: CompiledBank,
    posterior: Posterior,
    used: Collection[int],
    blueprint: Blueprint,
    *,
    excluded: Collection[int] = (),
    seconds: float = 0.0,
) -> int:
    """Items still to come, by a greedy forecast that gives each item its posterior-averaged information."""
    state = eligible(bank, used, blueprint, excluded=excluded, seconds=seconds)
    return forecast(bank, posterior, mean_information(bank, posterior), state, len(used), blueprint)


def forecast(
    bank: CompiledBank, posterior: Posterior, info: FloatArray, state: Eligibility, given: int, blueprint: Blueprint
) -> int:
    """`predict_remaining` when eligibility and the posterior-averaged information [J] are known already."""
    limit = blueprint.max_items - given
    if limit <= 0:
        return 0
    owed, supply = _supply(bank, info, price(bank, blueprint), state)
    cov: list[list[float]] = posterior.cov.tolist()
    for d, value in owed:
        cov = _update(cov, d, value)
    needed = len(owed) + _greedy(cov, supply, [t * t for t in blueprint.target_se], limit)
    return min(limit, _time_allows(bank, state), int(state.later.sum()), max(blueprint.min_items - given, needed))


def _time_allows(bank: CompiledBank, state: Eligibility) -> int:
    """Items of average length that the time left holds; at least one while any may come."""
    if isinf(state.seconds_left) or not state.later.any():
        return len(bank)
    return max(1, round(state.seconds_left / max(float(bank.seconds[state.later].mean()), 1.0)))


def _supply(
    bank: CompiledBank, info: FloatArray, cost: FloatArray, state: Eligibility
) -> tuple[list[tuple[int, float]], list[list[float]]]:
    """Dimension and information of the best items that the minimums owe, and for each dimension the informations of
    the others that may come, as many a facet as it has room for, the best last."""
    owed: list[tuple[int, float]] = []
    rest: list[list[tuple[float, float]]] = [[] for _ in range(bank.dims)]
    worth = info / cost
    for facet, room in enumerate(state.room.tolist()):
        mine = np.flatnonzero(state.later & (bank.facet == facet))
        mine = mine[np.argsort(-worth[mine], kind="stable")][:room]
        rows = list(zip(bank.dim[mine].tolist(), info[mine].tolist(), worth[mine].tolist(), strict=True))
        need = state.short.get(bank.facet_names[facet], 0)
        owed += [(d, value) for d, value, _ in rows[:need]]
        for d, value, worthy in rows[need:]:
            rest[d].append((worthy, value))
    return owed, [[value for _, value in sorted(pairs)] for pairs in rest]


def _greedy(cov: list[list[float]], supply: list[list[float]], target: list[float], limit: int) -> int:
    """Count rank-one updates of the covariance until every variance is at its target (plain floats: D is small)."""
    dims = range(len(target))
    for count in range(limit):
        above = [e for e in dims if cov[e][e] > target[e]]
        if not above:
            return count
        best, best_value = -1, 0.0
        for d in dims:
            if supply[d] and supply[d][-1] > 0:
                value = sum(cov[e][d] ** 2 for e in above) / (1.0 / supply[d][-1] + cov[d][d])
                if value > best_value:
                    best, best_value = d, value
        if best < 0:
            return limit
        cov = _update(cov, best, supply[best].pop())
    return limit


def _update(cov: list[list[float]], d: int, info: float) -> list[list[float]]:
    """Covariance after an item of information `info` on dimension d (Sherman–Morrison)."""
    scale = info / (1.0 + info * cov[d][d])
    column = [row[d] for row in cov]
    return [[x - scale * c * e for x, e in zip(row, column, strict=True)] for row, c in zip(cov, column, strict=True)]
