"""What is left for analysis when records were masked: compared with the table before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shuyang.practice.privacy.classes import Column, codes

# A mean of fewer values is noise: groups below are left out.
LEAST_GROUP = 5


def share_kept(masked: Column) -> float:
    """Share of values that are still there (not empty and not only asterisks)."""
    values = list(masked)
    kept = [v is not None and str(v).strip("* ") != "" for v in values]
    return sum(kept) / len(values) if values else 0.0


def variation_distance(before: Column, after: Column) -> float:
    """Total variation distance of two categorical columns: 0 same shares, 1 nothing in common. ½ Σ |p − q|."""
    both, values = codes([*list(before), *list(after)])
    n = len(list(before))
    if n == 0 or len(both) == n:
        return 0.0 if len(both) == n == 0 else 1.0
    p, q = (np.bincount(part, minlength=len(values)) / len(part) for part in (both[:n], both[n:]))
    return float(np.abs(p - q).sum() / 2)


def shift_distance(before: Column, after: Column) -> float:
    """How far numbers moved: Wasserstein-1 distance of the two distributions, in standard deviations of the first.

    The area between the two distribution functions; empty values are left out; 1.0 where one side has none left.
    """
    a, b = _numbers(before), _numbers(after)
    if not len(a) or not len(b):
        return 0.0 if len(a) == len(b) else 1.0
    points = np.sort(np.concatenate([a, b]))
    below = [np.searchsorted(np.sort(side), points[:-1], side="right") / len(side) for side in (a, b)]
    area = float((np.abs(below[0] - below[1]) * np.diff(points)).sum())
    spread = float(a.std())
    return area / spread if spread > 0 else float(area > 0)


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


def correlation_shift(before: tuple[Column, Column], after: tuple[Column, Column]) -> float:
    """Absolute change of the correlation of two numeric columns (Pearson), 0–2; a column without spread correlates 0."""
    return abs(_correlation(*before) - _correlation(*after))


def _correlation(x: Column, y: Column) -> float:
    pairs = [(float(a), float(b)) for a, b in zip(x, y, strict=True) if _is_number(a) and _is_number(b)]
    if len(pairs) < LEAST_GROUP:
        return 0.0
    a, b = np.array(pairs).T
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 0 and b.std() > 0 else 0.0


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
