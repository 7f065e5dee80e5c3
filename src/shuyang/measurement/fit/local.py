"""Local dependence between items: Q3 and the LD chi-square."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from shuyang.measurement.fit.inputs import Floats, Model, Table, case_of
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import expected_scores, probabilities


@dataclass(frozen=True, slots=True)
class LocalDependence:
    """One statistic for every pair of items, [J, J], symmetric, NaN on the diagonal and where a pair has no persons.

    statistic: "Q3" (correlation of residuals) or "LD-X2" (chi-square); effect: Q3 itself, or the signed Cramer's V;
    df: degrees of freedom of LD-X2, (K_i - 1)(K_j - 1); persons: how many answered both.
    """

    items: tuple[str, ...]
    statistic: str
    value: Floats
    effect: Floats
    df: Floats
    persons: Floats

    def pairs(self) -> list[tuple[str, str, float, float]]:
        """(item, item, value, effect), the largest effect first."""
        i, j = np.triu_indices(len(self.items), 1)
        order = np.argsort(-np.abs(np.nan_to_num(self.effect[i, j])), kind="stable")
        names = self.items
        return [
            (names[a], names[b], float(self.value[a, b]), float(self.effect[a, b]))
            for a, b in zip(i[order], j[order], strict=True)
        ]

    def to_table(self) -> dict[str, list[Any]]:
        rows = self.pairs()
        return {name: [row[k] for row in rows] for k, name in enumerate(("item_1", "item_2", "value", "effect"))}

    def to_dict(self) -> dict[str, Any]:
        return {"statistic": self.statistic, "items": list(self.items), "pairs": self.to_table()}

    def summary(self) -> str:
        if len(self.items) < 2:
            return f"{self.statistic}: a single item has no pairs"
        a, b, _, effect = self.pairs()[0]
        return f"{self.statistic}: largest {effect:.3f} between {a} and {b}"


def q3(
    responses: Responses | ArrayLike,
    model: Model,
    *,
    theta: ArrayLike | None = None,
    latent: Latent | None = None,
    groups: Sequence[Any] | None = None,
) -> LocalDependence:
    """Correlations of residuals x - E(x | theta) over the persons who answered both items (Yen 1984).

    At theta, or at EAP estimates (latent, groups: as `item_fit`). Without dependence the expected value is about
    -1/(J - 1). Needs no complete data. Raises BadShape, BadCategory.
    """
    case = case_of(responses, model, latent)
    table, items = case.table, case.items
    at = case.abilities(theta, groups)
    seen = (table.answers >= 0).astype(float)
    residual = np.where(seen > 0, table.answers - expected_scores(items, at).T, 0.0)
    n, value = _pairwise_correlation(residual, seen, table.weights)
    return LocalDependence(items.ids, "Q3", value, value, np.full_like(value, np.nan), n)


def _pairwise_correlation(x: Floats, seen: Floats, weights: Floats) -> tuple[Floats, Floats]:
    heavy = seen * weights[:, None]
    n, sums = heavy.T @ seen, (x * weights[:, None]).T @ seen
    squares, products = (x**2 * weights[:, None]).T @ seen, (x * weights[:, None]).T @ x
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = products / n - sums * sums.T / n**2
        variance = squares / n - (sums / n) ** 2
        value = covariance / np.sqrt(variance * variance.T)
    np.fill_diagonal(value, np.nan)
    return n, value


def ld_x2(
    responses: Responses | ArrayLike,
    model: Model,
    *,
    latent: Latent | None = None,
) -> LocalDependence:
    """LD chi-square of every pair: observed against expected two-way tables (Chen & Thissen 1997).

    Expected frequencies under the latent distribution (one group), for the persons who answered both. The effect is
    Cramer's V with the sign of the observed minus the expected Goodman-Kruskal gamma.
    Raises BadShape, BadCategory.
    """
    case = case_of(responses, model, latent)
    table, items, grid = case.table, case.items, case.grid()
    p = probabilities(items, grid.nodes)
    size = len(items)
    value, effect, df, persons = (np.full((size, size), np.nan) for _ in range(4))
    for i in range(size):
        for j in range(i):
            expected = np.asarray((p[i] * grid.weights) @ p[j].T)[: items.categories[i], : items.categories[j]]
            x2, v, n = _pair(_cross(table, items, i, j), expected)
            value[i, j] = value[j, i] = x2
            effect[i, j] = effect[j, i] = v
            df[i, j] = df[j, i] = (items.categories[i] - 1) * (items.categories[j] - 1)
            persons[i, j] = persons[j, i] = n
    return LocalDependence(items.ids, "LD-X2", value, effect, df, persons)


def _cross(table: Table, items: ItemParameters, i: int, j: int) -> Floats:
    x, y = table.answers[:, i], table.answers[:, j]
    both = (x >= 0) & (y >= 0)
    k = int(items.categories[j])
    counts = np.bincount(x[both] * np.int64(k) + y[both], table.weights[both], minlength=int(items.categories[i]) * k)
    return counts.reshape(-1, k).astype(float)


def _pair(observed: Floats, share: Floats) -> tuple[float, float, float]:
    n = float(observed.sum())
    if n == 0:
        return np.nan, np.nan, 0.0
    expected = n * share
    x2 = float(np.where(expected > 0, (observed - expected) ** 2 / np.where(expected > 0, expected, 1), 0).sum())
    sign = np.sign(_gamma(observed) - _gamma(expected)) or 1.0
    return x2, float(sign * np.sqrt(x2 / (n * (min(observed.shape) - 1)))), n


def _gamma(table: Floats) -> float:
    """Goodman and Kruskal's gamma: (concordant - discordant) / (concordant + discordant) pairs."""
    agree = differ = 0.0
    for i in range(table.shape[0]):
        for j in range(table.shape[1]):
            agree += table[i, j] * table[i + 1 :, j + 1 :].sum()
            differ += table[i, j] * table[i + 1 :, :j].sum()
    return float((agree - differ) / (agree + differ)) if agree + differ > 0 else 0.0
