"""S-X2: observed against expected answers at every sum score (Orlando & Thissen 2000; Kang & Chen 2008)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from shuyang.measurement.errors import NotOneDimensional
from shuyang.measurement.fit.cells import Cell, collapse_binary, collapse_several
from shuyang.measurement.fit.inputs import Floats, Model, Table, case_of
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.irt.sumscore import sum_score_likelihoods

_PARAMETERS = {"3pl": 3, "4pl": 4}


@dataclass(frozen=True, slots=True)
class SX2:
    """One entry an item, [J]; NaN where too few cells remain.

    x2, df, p: the statistic; rmsea: of the item. Degrees of freedom: cells less score groups less the item's
    parameters, a slope counted for every model (under Rasch and PCM the latent variance plays its part).
    """

    items: tuple[str, ...]
    x2: Floats
    df: Floats
    p: Floats
    rmsea: Floats

    def to_table(self) -> dict[str, list[Any]]:
        columns: dict[str, list[Any]] = {"item": list(self.items)}
        return columns | {name: getattr(self, name).tolist() for name in ("x2", "df", "p", "rmsea")}

    def to_dict(self) -> dict[str, Any]:
        return self.to_table()

    def summary(self) -> str:
        bad = [i for i, p in zip(self.items, self.p, strict=True) if p < 0.01]
        return f"S-X2: {len(bad)} of {len(self.items)} items with p < .01" + (f" ({', '.join(bad)})" if bad else "")


def s_x2(responses: Responses | ArrayLike, model: Model, *, latent: Latent | None = None, smallest: float = 1.0) -> SX2:
    """S-X2 of every item; complete data and one dimension only.

    responses: matrix [N, J] or `Responses`; model: bank or calibration; latent: one group's ability distribution;
    smallest: expected count to which cells are collapsed (1 is the usual choice).
    Raises NeedsCompleteData, NotOneDimensional, BadShape, BadCategory.
    """
    case = case_of(responses, model, latent, complete="S-X2")
    items, grid = case.items, case.grid()
    if items.dimensions != 1:
        raise NotOneDimensional("S-X2 is given for one dimension", dimensions=items.dimensions)
    p, table = probabilities(items, grid.nodes), case.table()
    rows = [_item(j, table, items, p, grid.weights, smallest) for j in range(len(items))]
    x2, df, tail, rmsea = np.array(rows).T
    return SX2(items.ids, x2, df, tail, rmsea)


def _item(
    j: int, table: Table, items: ItemParameters, p: Floats, weights: Floats, smallest: float
) -> tuple[float, float, float, float]:
    observed, share = _observed(j, table, items), _expected_shares(j, items, p, weights)
    groups = observed.sum(axis=1)
    keep = np.flatnonzero((groups > 0)[1:-1]) + 1  # nothing is free at the lowest and the highest score
    expected = share * groups[:, None]
    collapse = collapse_binary if items.categories[j] == 2 else collapse_several
    return _test(collapse(observed[keep], expected[keep], smallest), _parameters(items, j), table.persons)


def _test(rows: list[list[Cell]], parameters: int, persons: float) -> tuple[float, float, float, float]:
    cells = [cell for row in rows for cell in row if cell.expected > 0]
    df = len(cells) - len(rows) - parameters
    if df <= 0:
        return np.nan, 0.0, np.nan, np.nan
    x2 = sum((c.observed - c.expected) ** 2 / c.expected for c in cells)
    rmsea = np.sqrt(max(x2 - df, 0.0) / (df * max(persons - 1, 1)))
    return x2, float(df), float(chdtrc(df, x2)), float(rmsea)


def _parameters(items: ItemParameters, j: int) -> int:
    steps = int(items.categories[j]) - 1
    if items.models[j] == "nominal":
        return 2 * steps
    return _PARAMETERS.get(items.models[j], steps + 1)


def _observed(j: int, table: Table, items: ItemParameters) -> Floats:
    """Counts [S + 1, K] of sum scores by categories."""
    k = int(items.categories[j])
    top = int((items.categories - 1).sum())
    cell = table.answers.sum(axis=1, dtype=np.int64) * k + table.answers[:, j]
    return np.asarray(np.bincount(cell, table.weights, minlength=(top + 1) * k), float).reshape(top + 1, k)


def _expected_shares(j: int, items: ItemParameters, p: Floats, weights: Floats) -> Floats:
    """P(category | sum score), [S + 1, K], by the Lord-Wingersky recursion over the other items."""
    rest = sum_score_likelihoods(np.delete(p, j, axis=0)) if len(items) > 1 else np.ones((1, p.shape[2]))
    joint = np.zeros((len(rest) + int(items.categories[j]) - 1, int(items.categories[j])))
    for k in range(joint.shape[1]):
        joint[k : k + len(rest), k] = (rest * p[j, k]) @ weights
    return np.asarray(joint / joint.sum(axis=1, keepdims=True))
