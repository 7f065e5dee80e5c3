"""Shadow tests: before each item, assemble the best whole test that obeys the blueprint and holds what was given.

The next item comes from that test, so no choice can lead into a dead end (van der Linden & Reese 1998; van der
Linden 2005). One assembly takes some milliseconds: solve it ahead of the answer, or within a time budget with the
last feasible test as fallback.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil
from time import perf_counter
from typing import Literal

import numpy as np

from .constraints import blueprint_rows
from .contracts import Blueprint, Choice, CompiledBank, FloatArray, IntArray, Posterior
from .information import exact_reduction, mean_information, open_dimensions, price, variance_gain
from .milp import Program, solve
from .quotas import eligible
from .selection import choose_next, draw

Status = Literal["optimal", "feasible", "fallback"]
GAP = 1e-3


@dataclass(frozen=True, slots=True)
class ShadowTest:
    """A whole test as item indices, ascending, the given items included.

    `status`: "optimal" (within a thousandth), "feasible" (time ran out before the proof), "fallback" (the previous
    test, because nothing feasible was found in time). `elapsed` in seconds.
    """

    items: tuple[int, ...]
    value: float
    status: Status
    elapsed: float


def shadow_test(
    bank: CompiledBank,
    values: FloatArray,
    used: Sequence[int],
    blueprint: Blueprint,
    *,
    length: int | None = None,
    excluded: Collection[int] = (),
    seconds: float = 0.0,
    previous: ShadowTest | None = None,
    prune: int = 300,
    time_limit: float = 0.1,
) -> ShadowTest | None:
    """The test of `length` items (by default `blueprint.max_items`) of largest summed `values` [J].

    Only the `prune` most promising candidates enter the program: the best by value, and the best of every facet and
    kind. `previous` serves as starting point and as fallback. None when no test obeys the blueprint (or none was
    found in time) and there is no usable previous one.
    """
    began = perf_counter()
    length = blueprint.max_items if length is None else length
    candidates = _candidates(bank, values, used, blueprint, excluded, seconds, prune, previous)
    rows = blueprint_rows(bank, blueprint, candidates, length=length, used=used, seconds=seconds)
    program = Program(values[candidates], np.ones(len(candidates)), np.ones(len(candidates), dtype=np.bool_), rows)
    start = None if previous is None else np.isin(candidates, previous.items).astype(np.float64)
    found = solve(program, time_limit=time_limit, gap=GAP, start=start) if len(candidates) else None
    if found is None:
        return _fallback(previous, used, excluded, began)
    chosen = candidates[found.x > 0.5]
    return ShadowTest(
        items=tuple(sorted([*used, *chosen.tolist()])),
        value=found.value,
        status="optimal" if found.optimal else "feasible",
        elapsed=perf_counter() - began,
    )


def choose_by_shadow(
    bank: CompiledBank,
    posterior: Posterior,
    used: Sequence[int],
    blueprint: Blueprint,
    *,
    seed: int,
    excluded: Collection[int] = (),
    seconds: float = 0.0,
    previous: ShadowTest | None = None,
    prune: int = 300,
    time_limit: float = 0.1,
) -> tuple[Choice | None, ShadowTest | None]:
    """The next item from a shadow test, and the test itself (to be handed in as `previous` next time).

    Among the free items of the test the best `blueprint.randomesque` are drawn from, as in `choose_next`. Where no
    shadow test can be had, the choice falls back to `choose_next`.
    """
    gain = variance_gain(posterior, _open_or_all(posterior, blueprint))
    cost = price(bank, blueprint)
    values = approximate_reduction(bank, posterior, gain) / cost
    test = shadow_test(
        bank, values, used, blueprint, excluded=excluded, seconds=seconds, previous=previous, prune=prune,
        time_limit=time_limit,
    )  # fmt: skip
    free = np.array(sorted(set(test.items) - set(used)) if test else [], dtype=np.intp)
    if not len(free):
        return choose_next(bank, posterior, used, blueprint, seed=seed, excluded=excluded, seconds=seconds), test
    value = exact_reduction(bank, posterior, gain, free)
    order = np.lexsort((free, -value / cost[free]))[: blueprint.randomesque]
    drawn = order[draw(seed, len(used), len(order))]
    found = tuple(int(i) for i in free[order])
    return Choice(int(free[drawn]), float(value[drawn]), float(value[order[0]]), found), test


def approximate_reduction(bank: CompiledBank, posterior: Posterior, gain: FloatArray) -> FloatArray:
    """Reduction [J] of the open dimensions' summed variance by a rank-one update with the mean information."""
    var = posterior.cov.diagonal()[bank.dim]
    return np.asarray(gain[bank.dim] * var * var / (1.0 / mean_information(bank, posterior) + var))


def _open_or_all(posterior: Posterior, blueprint: Blueprint) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    still_open = open_dimensions(posterior, blueprint)
    return still_open if still_open.any() else ~still_open


def _candidates(
    bank: CompiledBank,
    values: FloatArray,
    used: Sequence[int],
    blueprint: Blueprint,
    excluded: Collection[int],
    seconds: float,
    prune: int,
    previous: ShadowTest | None,
) -> IntArray:
    free = np.flatnonzero(eligible(bank, used, blueprint, excluded=excluded, seconds=seconds).later)
    if len(free) <= prune:
        return free
    by_value = free[np.argsort(-values[free], kind="stable")]
    group = bank.facet[by_value] * len(bank.kind_names) + bank.kind[by_value]
    each = ceil(prune / 2 / max(len(np.unique(group)), 1))
    best_of_groups = by_value[_rank_within(group) < each]
    kept = set(best_of_groups.tolist()) | (set(previous.items) & set(free.tolist()) if previous else set())
    for item in by_value.tolist():
        if len(kept) >= prune:
            break
        kept.add(item)
    return np.array(sorted(kept), dtype=np.intp)


def _rank_within(group: IntArray) -> IntArray:
    """Position of each element among those of its group, in the order given."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    sizes = np.diff(np.append(starts, len(group)))
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, sizes)
    return rank


def _fallback(
    previous: ShadowTest | None, used: Sequence[int], excluded: Collection[int], began: float
) -> ShadowTest | None:
    """The previous test serves while it holds every given item and none that may not come."""
    if previous is None or not set(used) <= set(previous.items) or set(excluded) & (set(previous.items) - set(used)):
        return None
    return ShadowTest(previous.items, previous.value, "fallback", perf_counter() - began)
