"""Equivalence classes: records that look the same in what an outsider may know about people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = Sequence[Any] | NDArray[Any]
Table = Mapping[str, Column]
Codes = NDArray[np.int64]


def codes(column: Column) -> tuple[Codes, list[Any]]:
    """Each value as its place among the different values, and these values; an empty value (None) is one of them."""
    values = column.tolist() if isinstance(column, np.ndarray) else list(column)
    place: dict[Any, int] = {}
    found = np.fromiter((place.setdefault(v, len(place)) for v in values), dtype=np.int64, count=len(values))
    return found, list(place)


def classes(table: Table, names: Sequence[str]) -> Codes:
    """The class of each record: equal numbers for records that are equal in all these columns. No columns: one class."""
    size = len(next(iter(table.values()))) if table else 0
    found = np.zeros(size, dtype=np.int64)
    for name in names:
        own, values = codes(table[name])
        _, found = np.unique(found * max(len(values), 1) + own, return_inverse=True)
    return found


@dataclass(frozen=True)
class Anonymity:
    """k: size of the smallest class (0 without records). Unique: share of records alone in their class. `sizes`: the size of
    the class of each record."""

    k: int
    unique: float
    sizes: Codes

    def below(self, k: int) -> float:
        """Share of records in classes of fewer than k."""
        return float(np.mean(self.sizes < k)) if len(self.sizes) else 0.0


def anonymity(table: Table, quasi_identifiers: Sequence[str]) -> Anonymity:
    """k-anonymity of a table over its quasi-identifiers.

    Every record lies in the class of those that share its values in all quasi-identifiers; the table is k-anonymous if no
    class has fewer than k records (L. Sweeney, “k-anonymity: a model for protecting privacy”, 2002). GB/T 42460-2023, which
    grades the effect of de-identifying personal information, measures by it; the standard leaves to the user which columns are
    quasi-identifiers and which k is asked, so do we.
    """
    own = classes(table, quasi_identifiers)
    counts = np.bincount(own) if len(own) else np.zeros(0, dtype=np.int64)
    sizes = counts[own] if len(own) else counts
    return Anonymity(int(counts.min()) if len(counts) else 0, float(np.mean(sizes == 1)) if len(own) else 0.0, sizes)
