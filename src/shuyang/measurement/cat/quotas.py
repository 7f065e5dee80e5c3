"""Which items may come next: nothing repeated, no enemies, facet quotas, limits on item types, time.

Minimums are kept by construction: they are filled first (they have to be given anyway, and filled last they would
lengthen a sitting that is already precise), and the last places of a limited item type are kept for a facet that
can't be filled without it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil, inf

import numpy as np

from .contracts import Blueprint, BoolArray, CompiledBank, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Eligibility:
    """`now` [J]: items that may come next; `later` [J]: may come next or later; `room`: places left per facet code (at
    most the places left in all); `short`: facet name → items still needed and available; `unreachable`: facets whose
    minimum the bank can't fill any more; `out_of_time`: items are left, but none that the time allows; `seconds_left`
    of the blueprint's time."""

    now: BoolArray
    later: BoolArray
    room: IntArray
    short: dict[str, int]
    unreachable: tuple[str, ...]
    out_of_time: bool
    seconds_left: float

    @property
    def reserved(self) -> int:
        """Places that the minimums still need."""
        return sum(self.short.values())


def eligible(
    bank: CompiledBank,
    used: Collection[int],
    blueprint: Blueprint,
    *,
    excluded: Collection[int] = (),
    seconds: float = 0,
) -> Eligibility:
    """Items that may come after `used`, when `seconds` have been spent; `excluded` may never come."""
    taken = np.array(sorted(used), dtype=np.intp)
    later = _free(bank, taken, excluded)
    facets = np.bincount(bank.facet[taken], minlength=len(bank.facet_names))
    kinds = np.bincount(bank.kind[taken], minlength=len(bank.kind_names))
    room = _room(bank, blueprint, facets, blueprint.max_items - len(taken))
    later &= (room > 0)[bank.facet] & (_count_caps(bank, blueprint, kinds) > 0)[bank.kind]
    left = inf if blueprint.max_seconds is None else blueprint.max_seconds - seconds
    fitting = later & (bank.seconds <= left)
    late, later = bool(later.any()), fitting
    short, unreachable = _shortfalls(bank, blueprint, facets, later)
    _reserve_kinds(bank, blueprint, kinds, short, later)
    now = later & (_share_caps(bank, blueprint, kinds, len(taken)) > 0)[bank.kind]
    if short:
        urgent = now & in_facets(bank, short)
        now = urgent if urgent.any() else now
    return Eligibility(now, later, room, short, unreachable, late and not fitting.any(), left)


def in_facets(bank: CompiledBank, names: Collection[str]) -> BoolArray:
    """Mask [J] of the items of the named facets."""
    return np.asarray(np.array([name in names for name in bank.facet_names])[bank.facet])


def _free(bank: CompiledBank, taken: IntArray, excluded: Collection[int]) -> BoolArray:
    free = np.ones(len(bank), dtype=np.bool_)
    free[taken] = False
    free[np.fromiter(excluded, dtype=np.intp, count=len(excluded))] = False
    for item in taken:
        free[list(bank.enemies[item])] = False
    return free


def _room(bank: CompiledBank, blueprint: Blueprint, counts: IntArray, places: int) -> IntArray:
    """Items that each facet may still take."""
    room = np.full(len(bank.facet_names), max(places, 0), dtype=np.int64)
    for quota in blueprint.facets:
        if quota.maximum is not None and quota.facet in bank.facet_names:
            code = bank.facet_names.index(quota.facet)
            room[code] = min(room[code], max(quota.maximum - counts[code], 0))
    return room


def _count_caps(bank: CompiledBank, blueprint: Blueprint, counts: IntArray) -> IntArray:
    """How many more items of each kind may come at all."""
    caps = np.full(len(bank.kind_names), blueprint.max_items, dtype=np.int64)
    for limit in blueprint.kinds:
        if limit.max_count is not None and limit.kind in bank.kind_names:
            k = bank.kind_names.index(limit.kind)
            caps[k] = limit.max_count - counts[k]
    return caps


def _share_caps(bank: CompiledBank, blueprint: Blueprint, counts: IntArray, given: int) -> IntArray:
    """How many more items of each kind the shares allow now, the item about to be given included."""
    caps = np.full(len(bank.kind_names), blueprint.max_items, dtype=np.int64)
    for limit in blueprint.kinds:
        if limit.max_share is not None and limit.kind in bank.kind_names:
            k = bank.kind_names.index(limit.kind)
            caps[k] = ceil(limit.max_share * (given + 1) - 1e-9) - counts[k]
    return caps


def _shortfalls(
    bank: CompiledBank, blueprint: Blueprint, counts: IntArray, free: BoolArray
) -> tuple[dict[str, int], tuple[str, ...]]:
    supply = np.bincount(bank.facet[free], minlength=len(bank.facet_names))
    short: dict[str, int] = {}
    unreachable: list[str] = []
    for quota in blueprint.facets:
        code = bank.facet_names.index(quota.facet) if quota.facet in bank.facet_names else -1
        need = quota.minimum - (int(counts[code]) if code >= 0 else 0)
        can = int(supply[code]) if code >= 0 else 0
        if need > can:
            unreachable.append(quota.facet)
        if min(need, can) > 0:
            short[quota.facet] = min(need, can)
    return short, tuple(unreachable)


def _reserve_kinds(
    bank: CompiledBank, blueprint: Blueprint, counts: IntArray, short: dict[str, int], free: BoolArray
) -> None:
    """Keep the last places of a counted kind for the facets that can't reach their minimum without it."""
    for limit in sorted(blueprint.kinds, key=lambda limit: limit.kind):
        if limit.max_count is None or limit.kind not in bank.kind_names or not short:
            continue
        kind = bank.kind_names.index(limit.kind)
        other = np.bincount(bank.facet[free & (bank.kind != kind)], minlength=len(bank.facet_names))
        lack = {f: n - int(other[bank.facet_names.index(f)]) for f, n in short.items()}
        lack = {f: n for f, n in lack.items() if n > 0}
        if lack and limit.max_count - counts[kind] <= sum(lack.values()):
            free &= (bank.kind != kind) | in_facets(bank, lack)
