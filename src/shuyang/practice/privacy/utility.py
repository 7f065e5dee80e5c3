"""What is left for analysis when records were masked: compared with the table before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shuyang.practice.privacy.classes import Column, codes

# A mean of fewer values is noise: groups below are left out.
LEAST_GROUP = 5


def variation_distance(before: Column, after: Column) -> float:
    """Total variation distance of two categorical columns: 0 same shares, 1 nothing in common. ½ Σ |p − q|."""
    both, values = codes([*list(before), *list(after)])
    n = len(list(before))
    if n == 0 or len(both) == n:
        return 0.0 if len(both) == n == 0 else 1.0
    p, q = (np.bincount(part, minlength=len(values)) / len(part) for part in (both[:n], both[n:]))
    return float(np.abs(p - q).sum() / 2)


@dataclass(frozen=True)
class GroupMeans:
    """`groups`: how many could be compared. `lost`: share of the groups before that are not there any more. `error`: mean
    absolute difference of the means, in standard deviations of the column before; `order`: share of pairs of groups whose
    order is the same (1.0 without pairs)."""

    groups: int
    lost: float
    error: float
    order: float


def group_means(group: Column, before: Column, masked_group: Column, after: Column) -> GroupMeans:
    """Can one still compare groups? Means of a number by group, before and after, for groups of at least five."""
    first, second = _means(group, before), _means(masked_group, after)
    shared = sorted(set(first) & set(second))
    spread = float(_numbers(before).std()) or 1.0
    a, b = np.array([first[g] for g in shared]), np.array([second[g] for g in shared])
    lost = 1 - len(shared) / len(first) if first else 0.0
    if not len(shared):
        return GroupMeans(0, lost, 1.0, 0.0)
    return GroupMeans(len(shared), lost, float(np.abs(a - b).mean() / spread), _order_kept(a, b))


def _order_kept(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    upper = np.triu_indices(len(a), 1)
    signs = np.sign(a[:, None] - a)[upper] == np.sign(b[:, None] - b)[upper]
    return float(signs.mean()) if len(signs) else 1.0


def _means(group: Column, values: Column) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for g, v in zip(group, values, strict=True):
        if g is not None and _is_number(v):
            found.setdefault(str(g), []).append(float(v))
    return {g: float(np.mean(v)) for g, v in found.items() if len(v) >= LEAST_GROUP}


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool) and value == value


def _numbers(column: Column) -> NDArray[np.float64]:
    return np.array([float(v) for v in column if _is_number(v)])
