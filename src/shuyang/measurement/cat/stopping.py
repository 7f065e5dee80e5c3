"""When a sitting ends, and how many items it will still need."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from .contracts import Blueprint, CompiledBank, Posterior, StopReason
from .quotas import Eligibility, eligible
from .selection import mean_information


def stop_reason(
    posterior: Posterior, n: int, seconds: float, blueprint: Blueprint, available: int, *, short: int = 0
) -> StopReason | None:
    """Why the sitting ends now, or None.

    `n` items were given in `seconds`; `available` items may still come; `short` places are owed to facet minimums
    that can still be filled (precision alone doesn't end a sitting before they are).
    """
    if n >= blueprint.max_items:
        return StopReason.MAX_ITEMS
    if n >= blueprint.min_items and not short and bool(np.all(posterior.sd <= np.asarray(blueprint.target_se))):
        return StopReason.PRECISION
    if blueprint.max_seconds is not None and seconds >= blueprint.max_seconds:
        return StopReason.TIME
    return StopReason.BANK if available == 0 else None


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
    return forecast(bank, posterior, state, len(used), blueprint)


def forecast(bank: CompiledBank, posterior: Posterior, state: Eligibility, given: int, blueprint: Blueprint) -> int:
    """`predict_remaining` when eligibility is known already."""
    limit = blueprint.max_items - given
    if limit <= 0:
        return 0
    least = max(state.reserved, blueprint.min_items - given, 0)
    supply = _best_by_dimension(bank, posterior, state, limit)
    needed = _greedy(posterior, supply, [t * t for t in blueprint.target_se], limit)
    return min(limit, int(state.allowed.sum()), max(least, needed))


def _best_by_dimension(bank: CompiledBank, posterior: Posterior, state: Eligibility, limit: int) -> list[list[float]]:
    """For each dimension the informations of its best `limit` items, the best last (popped first)."""
    info = np.where(state.allowed, mean_information(bank, posterior), 0.0)
    out = []
    for d in range(bank.dims):
        mine = info[bank.dim == d]
        if len(mine) > limit:
            mine = np.partition(mine, len(mine) - limit)[-limit:]
        out.append([x for x in np.sort(mine).tolist() if x > 0])
    return out


def _greedy(posterior: Posterior, supply: list[list[float]], target: list[float], limit: int) -> int:
    """Count rank-one updates of the covariance until every variance is at its target (plain floats: D is small)."""
    dims = range(len(target))
    cov: list[list[float]] = posterior.cov.tolist()
    for count in range(limit):
        above = [e for e in dims if cov[e][e] > target[e]]
        if not above:
            return count
        best, best_value = -1, 0.0
        for d in dims:
            if supply[d]:
                value = sum(cov[e][d] ** 2 for e in above) / (1.0 / supply[d][-1] + cov[d][d])
                if value > best_value:
                    best, best_value = d, value
        if best < 0:
            return limit
        scale = 1.0 / (1.0 / supply[best].pop() + cov[best][best])
        column = [row[best] for row in cov]
        cov = [[cov[i][j] - scale * column[i] * column[j] for j in dims] for i in dims]
    return limit
