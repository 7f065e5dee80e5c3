"""Choosing the next item: the largest expected reduction of the summed posterior variance (Bayesian A-optimal).

A first pass ranks all items by the reduction that follows from the posterior-averaged information (a rank-one update
of the covariance, van der Linden 1999); the best of them are then compared by the exact expected reduction, the
variance of the conditional means E(θ_d | X), carried to the other dimensions by regression.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from .contracts import Blueprint, Choice, CompiledBank, FloatArray, IntArray, Posterior
from .information import exact_reduction, mean_information, open_dimensions, price, variance_gain
from .quotas import Eligibility, eligible

SHORTLIST = 32


def choose_next(
    bank: CompiledBank,
    posterior: Posterior,
    used: Collection[int],
    blueprint: Blueprint,
    *,
    seed: int,
    excluded: Collection[int] = (),
    seconds: float = 0.0,
) -> Choice | None:
    """The next item, or None when no item may come any more.

    `used` are the items given so far, `excluded` those this person may not meet, `seconds` the time spent. The draw
    among the best `blueprint.randomesque` depends on `seed` and the number of items given, on nothing else.
    """
    state = eligible(bank, used, blueprint, excluded=excluded, seconds=seconds)
    info = mean_information(bank, posterior)
    return choose_among(bank, posterior, info, state, len(used), blueprint, seed=seed)


def choose_among(
    bank: CompiledBank,
    posterior: Posterior,
    info: FloatArray,
    state: Eligibility,
    given: int,
    blueprint: Blueprint,
    *,
    seed: int,
) -> Choice | None:
    """`choose_next` when information and eligibility are known already."""
    still_open = open_dimensions(posterior, blueprint)
    if not still_open.any():
        still_open = ~still_open
    candidates = np.flatnonzero(state.now)
    if not len(candidates):
        return None
    gain = variance_gain(posterior, still_open)
    cost = price(bank, blueprint)
    shortlist = _shortlist(bank, posterior, info, gain, cost, candidates, max(SHORTLIST, 2 * blueprint.randomesque))
    value = exact_reduction(bank, posterior, gain, shortlist)
    order = np.lexsort((shortlist, -value / cost[shortlist]))[: blueprint.randomesque]
    drawn = order[draw(seed, given, len(order))]
    return Choice(
        index=int(shortlist[drawn]),
        criterion=float(value[drawn]),
        best=float(value[order[0]]),
        candidates=tuple(int(i) for i in shortlist[order]),
        unreachable=state.unreachable,
    )


def draw(seed: int, given: int, count: int) -> int:
    """A number below `count` from the seed and the number of items given, the same on every machine."""
    return splitmix(seed, given) % count


def splitmix(seed: int, counter: int) -> int:
    """A well-mixed 64-bit number (SplitMix64, Steele, Lea & Flood 2014); compiled simulations mix alike."""
    mask = 0xFFFFFFFFFFFFFFFF
    z = (seed + (counter + 1) * 0x9E3779B97F4A7C15) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return z ^ (z >> 31)


def _shortlist(
    bank: CompiledBank,
    posterior: Posterior,
    info: FloatArray,
    gain: FloatArray,
    cost: FloatArray,
    candidates: IntArray,
    size: int,
) -> IntArray:
    """The `size` candidates with the largest approximate reduction."""
    if len(candidates) <= size:
        return candidates
    dim = bank.dim[candidates]
    var = posterior.cov.diagonal()[dim]
    value = gain[dim] * var * var / (1.0 / info[candidates] + var) / cost[candidates]
    return np.sort(candidates[np.argpartition(-value, size)[:size]])
