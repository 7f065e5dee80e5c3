"""The table of a publication: one line for each cell and measure, columns as arrays, ready for a columnar file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from shuyang.feedback.publishing.families import Family
from shuyang.feedback.publishing.rows import DIMENSIONS, GROUPS, FloatArray, Scale
from shuyang.feedback.unit_contracts import OVERALL

CellTable = dict[str, np.ndarray[Any, Any]]
NUMBERS = (
    "n", "own", "own_se", "dof", "mean", "se", "mean_dof", "bank", "spread", "w", "wy", "w2", "w2y", "w2y2",
    "gap", "gap_se", "gap_dof", "gap_n", "at_target", "level1", "level2", "level3", "level4", "level5",
    "growth", "growth_se", "growth_dof", "growth_n", "stayed", "stayed_se", "stayed_dof", "stayed_n",
    "self_gap", "self_se", "self_n",
)  # fmt: skip
"""Columns in logits (shares and levels apart); NaN: not published."""
TEXTS = ("dimension", "groups", "measure")


class Table:
    """Collects the columns of families of cells."""

    def __init__(self, scale: Scale, merged: Sequence[Sequence[Sequence[int]]]) -> None:
        self.scale = scale
        self.merged = merged
        self._parts: list[CellTable] = []

    def add(self, family: Family, dimension: str, columns: Mapping[str, FloatArray], *, facets: bool = False) -> None:
        """Add all cells of a family with all measures: columns [C, K] become C · K lines."""
        names = self.scale.facets if facets else (*self.scale.forces, OVERALL)
        split = len(self.scale.forces) + 1
        bank = self.scale.bank_error[split:] if facets else self.scale.bank_error[:split]
        cells, measures = len(family), len(names)
        part: CellTable = {
            "unit": np.repeat(family.unit, measures),
            "dimension": np.full(cells * measures, dimension, dtype=object),
            "groups": np.repeat(self._labels(family, dimension), measures),
            "measure": np.tile(np.array(names, dtype=object), cells),
        }
        for name in NUMBERS:
            values = np.broadcast_to(bank, (cells, measures)) if name == "bank" else columns.get(name)
            part[name] = np.full(cells * measures, np.nan) if values is None else np.ascontiguousarray(values).ravel()
        self._parts.append(part)

    def _labels(self, family: Family, dimension: str) -> np.ndarray[Any, Any]:
        if not dimension:
            return np.full(len(family), "", dtype=object)
        d = [str(name) for name in DIMENSIONS].index(dimension)
        words = ["+".join(GROUPS[d][old] for old in old_ones) for old_ones in self.merged[d]]
        return np.array([words[g] for g in family.group], dtype=object)

    def finished(self) -> CellTable:
        """All lines so far as one table, by unit."""
        names = ("unit", *TEXTS, *NUMBERS)
        if not self._parts:
            return {name: np.zeros(0, dtype=object if name in TEXTS else float) for name in names}
        joined = {name: np.concatenate([p[name] for p in self._parts]) for name in names}
        order = np.argsort(joined["unit"], kind="stable")
        return {name: values[order] for name, values in joined.items()}
