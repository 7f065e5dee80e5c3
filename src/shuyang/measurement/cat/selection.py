"""Choosing the next item: the largest expected reduction of the summed posterior variance (Bayesian A-optimal).

A first pass ranks all items by the reduction that follows from the posterior-averaged information (a rank-one update
of the covariance, van der Linden 1999); the best of them are then compared by the exact expected reduction, the
variance of the conditional means E(θ_d | X), carried to the other dimensions by regression.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

import numpy as np

from .contracts import Blueprint, BoolArray, Choice, CompiledBank, FloatArray, IntArray, Posterior
from .quotas import Eligibility, eligible, in_facets

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
    return choose_among(bank, posterior, state, len(used), blueprint, seed=seed)


def choose_among(
    bank: CompiledBank, posterior: Posterior, state: Eligibility, given: int, blueprint: Blueprint, *, seed: int
) -> Choice | None:
    """`choose_next` when eligibility is known already."""
    allowed = state.allowed
    still_open = open_dimensions(posterior, blueprint)
    if not still_open.any():
        still_open = ~still_open
        if state.short and given >= blueprint.min_items:
            allowed = allowed & in_facets(bank, state.short)
    candidates = np.flatnonzero(allowed)
    if not len(candidates):
        return None
    gain = variance_gain(posterior, still_open)
    shortlist = _shortlist(bank, posterior, gain, candidates, max(SHORTLIST, 2 * blueprint.randomesque))
    value = exact_reduction(bank, posterior, gain, shortlist)
    order = np.lexsort((shortlist, -value))[: max(1, blueprint.randomesque)]
    drawn = order[draw(seed, given, len(order))]
    return Choice(
        index=int(shortlist[drawn]),
        criterion=float(value[drawn]),
        candidates=tuple(int(i) for i in shortlist[order]),
        unreachable=state.unreachable,
    )


def open_dimensions(posterior: Posterior, blueprint: Blueprint) -> BoolArray:
    """Mask [D] of the dimensions whose posterior SD is above its target."""
    return np.asarray(posterior.sd > np.asarray(blueprint.target_se))


def variance_gain(posterior: Posterior, still_open: BoolArray) -> FloatArray:
    """Reduction of the open dimensions' summed variance per unit of variance removed from θ_d: Σ_e (C_ed / C_dd)²."""
    slope = posterior.cov / posterior.cov.diagonal()
    return np.asarray((slope * slope)[still_open].sum(axis=0))


def mean_information(bank: CompiledBank, posterior: Posterior) -> FloatArray:
    """Posterior-averaged Fisher information [J]."""
    every = bank.info @ posterior.marginals.T
    return np.asarray(np.take_along_axis(every, bank.dim[:, None], axis=1)[:, 0])


def exact_reduction(bank: CompiledBank, posterior: Posterior, gain: FloatArray, items: IntArray) -> FloatArray:
    """Expected reduction of the open dimensions' summed variance by each of `items`."""
    dim = bank.dim[items]
    weights = np.stack([posterior.marginals, posterior.marginals * bank.nodes], axis=2)[dim]
    sums = bank.prob[items] @ weights
    predicted, first = sums[..., 0], sums[..., 1]
    mean = (posterior.marginals @ bank.nodes)[dim]
    between = np.divide(first * first, predicted, out=np.zeros_like(first), where=predicted > 0).sum(axis=1)
    return np.asarray(np.maximum(between - mean * mean, 0.0) * gain[dim])


def draw(seed: int, given: int, count: int) -> int:
    """A number below `count`, uniform, from the seed and the number of items given; the same on every machine."""
    digest = hashlib.blake2b(f"{seed}:{given}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % count


def _shortlist(bank: CompiledBank, posterior: Posterior, gain: FloatArray, candidates: IntArray, size: int) -> IntArray:
    """The `size` candidates with the largest approximate reduction."""
    if len(candidates) <= size:
        return candidates
    info = mean_information(bank, posterior)[candidates]
    dim = bank.dim[candidates]
    var = posterior.cov.diagonal()[dim]
    value = gain[dim] * var * var * info / (1.0 + info * var)
    return np.sort(candidates[np.argpartition(-value, size)[:size]])
