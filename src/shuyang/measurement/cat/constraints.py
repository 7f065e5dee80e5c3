"""A blueprint as linear constraints on a set of items: what is still to choose, given what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, inf

import numpy as np

from .contracts import Blueprint, CompiledBank, IntArray
from .milp import Row


def blueprint_rows(
    bank: CompiledBank,
    blueprint: Blueprint,
    candidates: IntArray,
    *,
    length: int,
    used: Sequence[int] = (),
    seconds: float = 0.0,
) -> list[Row]:
    """Rows over `candidates` (variables in that order) for a whole test of `length` items that contains `used`.

    A facet minimum above what candidates can supply is lowered to the supply: the test comes as near as it can.
    """
    taken = np.array(sorted(used), dtype=np.intp)
    everything = np.arange(len(candidates))
    rows = [Row.count(everything, length - len(taken), length - len(taken))]
    rows += _facet_rows(bank, blueprint, candidates, taken)
    rows += _kind_rows(bank, blueprint, candidates, taken, length)
    if blueprint.max_seconds is not None:
        rows.append(Row(everything, bank.seconds[candidates], -inf, blueprint.max_seconds - seconds))
    return rows + _enemy_rows(bank, candidates)


def _facet_rows(bank: CompiledBank, blueprint: Blueprint, candidates: IntArray, taken: IntArray) -> list[Row]:
    rows = []
    for quota in blueprint.facets:
        if quota.facet not in bank.facet_names:
            continue
        code = bank.facet_names.index(quota.facet)
        here = np.flatnonzero(bank.facet[candidates] == code)
        have = int((bank.facet[taken] == code).sum())
        least = min(max(quota.minimum - have, 0), len(here))
        most = inf if quota.maximum is None else max(quota.maximum - have, 0)
        if least > 0 or most < len(here):
            rows.append(Row.count(here, least, most))
    return rows


def _kind_rows(
    bank: CompiledBank, blueprint: Blueprint, candidates: IntArray, taken: IntArray, length: int
) -> list[Row]:
    rows = []
    for limit in blueprint.kinds:
        if limit.kind not in bank.kind_names:
            continue
        code = bank.kind_names.index(limit.kind)
        most = inf if limit.max_count is None else float(limit.max_count)
        if limit.max_share is not None:
            most = min(most, ceil(limit.max_share * length - 1e-9))
        here = np.flatnonzero(bank.kind[candidates] == code)
        room = max(most - int((bank.kind[taken] == code).sum()), 0)
        if room < len(here):
            rows.append(Row.count(here, 0, room))
    return rows


def _enemy_rows(bank: CompiledBank, candidates: IntArray) -> list[Row]:
    place = {int(item): at for at, item in enumerate(candidates)}
    pairs = {
        (place[item], place[enemy]) for item in place for enemy in bank.enemies[item] if enemy in place and item < enemy
    }
    return [Row.count(np.array(pair), 0, 1) for pair in sorted(pairs)]
