"""Local dependence between items: Q3 and the LD chi-square."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, diags_array

from shuyang.measurement.fit.inputs import Case, Floats, Model, case_of
from shuyang.measurement.irt.data import Responses
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
    covariates: ArrayLike | None = None,
) -> LocalDependence:
    """Correlations of residuals x - E(x | theta) over the persons who answered both items (Yen 1984).

    At theta, or at EAP estimates (latent, groups, covariates: as `item_fit`). Without dependence the expected value is about
    -1/(J - 1). Needs no complete data. Raises BadShape, BadCategory.
    """
    case = case_of(responses, model, latent)
    n, value = _pairwise_correlation(*_residuals(case, case.abilities(theta, groups, covariates)), case.weights)
    return LocalDependence(case.items.ids, "Q3", value, value, np.full_like(value, np.nan), n)


def _residuals(case: Case, at: Floats) -> tuple[csr_array, csr_array]:
    """Residuals of the answers given, and ones in their places, each sparse [N, J]."""
    parts = []
    for j, (rows, answer) in enumerate(case.columns()):
        gap = answer - expected_scores(case.items.select([j]), at[rows])[0]
        parts.append((rows, np.full(len(rows), j), gap))
    rows, columns, gaps = (np.concatenate(column) for column in zip(*parts, strict=True))
    shape = (case.data.persons, len(case.items))
    return csr_array((gaps, (rows, columns)), shape), csr_array((np.ones(len(rows)), (rows, columns)), shape)


def _pairwise_correlation(x: csr_array, seen: csr_array, weights: Floats) -> tuple[Floats, Floats]:
    """Numbers of persons and correlations over those who answered both, [J, J] each."""
    weigh = diags_array(weights)
    heavy = (weigh @ x).T
    n, sums = ((weigh @ seen).T @ seen).toarray(), (heavy @ seen).toarray()
    squares, products = ((weigh @ x.power(2)).T @ seen).toarray(), (heavy @ x).toarray()
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = products / n - sums * sums.T / n**2
        variance = squares / n - (sums / n) ** 2
        value = covariance / np.sqrt(variance * variance.T)
    np.fill_diagonal(value, np.nan)
    return n, value


def ld_x2(responses: Responses | ArrayLike, model: Model, *, latent: Latent | None = None) -> LocalDependence:
    """LD chi-square of every pair: observed against expected two-way tables (Chen & Thissen 1997).

    Expected frequencies under the latent distribution (one group), for the persons who answered both. The effect is
    Cramer's V with the sign of the observed minus the expected Goodman-Kruskal gamma.
    Raises BadShape, BadCategory.
    """
    case = case_of(responses, model, latent)
    items, grid = case.items, case.grid()
    p = probabilities(items, grid.nodes)
    counts, starts = _cross_tables(case)
    size = len(items)
    value, effect, df, persons = (np.full((size, size), np.nan) for _ in range(4))
    for i in range(size):
        mine = slice(starts[i], starts[i + 1])
        shares = np.einsum("kq,jlq->jkl", p[i, : items.categories[i]] * grid.weights, p[:i])
        for j in range(i):
            observed = counts[mine, starts[j] : starts[j + 1]]
            x2, v, n = _pair(observed, shares[j, :, : items.categories[j]])
            value[i, j] = value[j, i] = x2
            effect[i, j] = effect[j, i] = v
            df[i, j] = df[j, i] = (items.categories[i] - 1) * (items.categories[j] - 1)
            persons[i, j] = persons[j, i] = n
    return LocalDependence(items.ids, "LD-X2", value, effect, df, persons)


def _cross_tables(case: Case) -> tuple[Floats, NDArray[np.int64]]:
    """All two-way tables in one matrix [sum of K, sum of K], and where each item's categories start in it."""
    starts = np.concatenate([[0], np.cumsum(case.items.categories)])
    column = starts[case.data.item] + case.data.category
    shape = (case.data.persons, int(starts[-1]))
    chosen = csr_array((np.ones(len(column)), column, case.data.ptr), shape)
    return ((diags_array(case.weights) @ chosen).T @ chosen).toarray(), starts


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
