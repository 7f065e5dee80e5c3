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
    needed = len(owed) + _greedy(posterior.cov.copy(), owed, supply, np.square(blueprint.target_se), limit)
    return min(limit, _time_allows(bank, state), int(state.later.sum()), max(blueprint.min_items - given, needed))


def _greedy(
    cov: FloatArray, owed: list[tuple[int, float]], supply: list[list[float]], target: FloatArray, limit: int
) -> int:
    """Items beyond the owed ones until every variance is at its target, each time the one that helps most."""
    from .forecast_kernels import greedy, shrink  # loads the compiler

    column = np.empty(len(cov))
    for d, value in owed:
        shrink(cov, d, value, column)
    left = np.array([len(values) for values in supply])
    table = np.zeros((len(supply), max(1, int(left.max(initial=0)))))
    for d, values in enumerate(supply):
        table[d, : len(values)] = values
    return int(greedy(cov, table, left, target, limit, column))


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
