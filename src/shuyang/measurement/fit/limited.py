"""Fit of a whole model from limited information: M2, M2*, C2, with RMSEA, SRMSR, TLI and CFI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import solve_triangular
from scipy.optimize import brentq
from scipy.special import chdtr, chdtrc, chndtr

from shuyang.measurement.errors import BadShape, NotIdentified
from shuyang.measurement.fit.derivatives import jacobian, redundant
from shuyang.measurement.fit.inputs import Case, Floats, Model, Table, case_of
from shuyang.measurement.fit.marginals import Design, change, covariance, design, expected, observed
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import probabilities

Statistic = Literal["auto", "M2", "M2*", "C2"]


@dataclass(frozen=True, slots=True)
class ModelFit:
    """Fit of a model.

    value, df, p: of the statistic; rmsea with its 90 % interval; srmsr: root mean squared difference of observed and
    expected correlations; tli, cfi: against independence (NaN where a category is
    unused); residuals: [J, J] observed minus expected correlation.
    """

    statistic: str
    value: float
    df: int
    p: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    srmsr: float
    tli: float
    cfi: float
    items: tuple[str, ...]
    residuals: Floats

    def to_dict(self) -> dict[str, Any]:
        names = [n for n in self.__slots__ if n not in ("items", "residuals")]
        return {name: getattr(self, name) for name in names}

    def to_table(self) -> dict[str, list[Any]]:
        """One row."""
        return {name: [value] for name, value in self.to_dict().items()}

    def summary(self) -> str:
        return (
            f"{self.statistic} {self.value:.2f}, df {self.df}, p {self.p:.3g}; RMSEA {self.rmsea:.4f} "
            f"({self.rmsea_low:.4f} to {self.rmsea_high:.4f}); SRMSR {self.srmsr:.4f}; "
            f"TLI {self.tli:.3f}, CFI {self.cfi:.3f}"
        )


def model_fit(
    responses: Responses | ArrayLike,
    model: Model,
    *,
    statistic: Statistic = "auto",
    latent: Latent | None = None,
    fixed: Sequence[str] = (),
    points: int | None = None,
) -> ModelFit:
    """Limited-information fit at maximum likelihood estimates; complete data, one group.

    responses: matrix [N, J] or `Responses`; model: bank or calibration, of any dimension (five and more integrate over
    8192 points). statistic: "M2" (Maydeu-Olivares & Joe 2006), "M2*" (Cai & Hansen 2013: means and product moments of
    the scores), "C2" (Cai & Monro 2014: category margins, product moments); "auto" is M2* where it has degrees of
    freedom to spare, else C2; for dichotomous items all three agree. fixed: ids of items that were not estimated.
    points: equally spaced quadrature nodes a dimension on mean +- 6; the default integrates to about 1e-4 of the value.
    Degrees of freedom: moments less the rank of their derivatives in the free parameters.
    RMSEA: Maydeu-Olivares & Joe (2014), N - 1 persons, 90 % interval. Raises NeedsCompleteData, NotIdentified (no
    degrees of freedom left), BadShape, BadCategory.
    """
    case = case_of(responses, model, latent, complete="M2")
    absent = sorted(set(fixed) - set(case.items.ids))
    if absent:
        raise BadShape("fixed items are not in the bank", items=absent)
    name = _choose(case, statistic)
    plan = design(name, case.items.categories)
    grid = case.grid(points)
    p = probabilities(case.items, grid.nodes)
    held = [j for j, i in enumerate(case.items.ids) if i in set(fixed)]
    table = case.table()
    seen = observed(plan, table)
    slopes = jacobian(plan, case.items, case.latent, held, points)
    spare = redundant(case.items, case.latent)
    value, df = quadratic(seen, expected(plan, p, grid.weights), covariance(plan, p, grid.weights), slopes, spare)
    if df <= 0:
        raise NotIdentified(f"{name} has no degrees of freedom left", statistic=name, moments=len(seen))
    n = table.persons
    residuals = _correlation_residuals(table, p, grid.weights)
    tli, cfi = _incremental(n * value, df, *_independence(case, plan, seen))
    low, high = _rmsea_interval(n * value, df, n)
    return ModelFit(
        statistic=name,
        value=n * value,
        df=df,
        p=float(chdtrc(df, n * value)),
        rmsea=_rmsea(max(n * value - df, 0.0), df, n),
        rmsea_low=low,
        rmsea_high=high,
        srmsr=float(np.sqrt(np.nanmean(residuals[np.triu_indices(len(residuals), 1)] ** 2))),
        tli=tli,
        cfi=cfi,
        items=case.items.ids,
        residuals=residuals,
    )


def _choose(case: Case, statistic: str) -> str:
    if statistic in ("M2", "M2*", "C2"):
        return statistic
    if statistic != "auto":
        raise BadShape("the statistic must be M2, M2*, C2 or auto", statistic=statistic)
    if (case.items.categories == 2).all():
        return "M2"
    size = len(case.items)
    unknown = int((case.items.categories - 1).sum()) + size
    return "M2*" if size + size * (size - 1) // 2 > unknown else "C2"


def quadratic(seen: Floats, mean: Floats, spread: Floats, slopes: Floats, spare: int = 0) -> tuple[float, int]:
    """e' [X - X D (D' X D)^-1 D' X] e with X the inverse covariance, and moments less rank of D.

    spare: directions among the columns of D that are known to change nothing; the weakest are dropped, for quadrature
    leaves them a little short of 0."""
    try:
        root = np.linalg.cholesky(spread)
    except np.linalg.LinAlgError:
        raise NotIdentified("the covariance of the moments is singular: an item has almost no variation") from None
    gap = solve_triangular(root, seen - mean, lower=True)
    if not slopes.shape[1]:
        return float(gap @ gap), len(seen)
    moved = solve_triangular(root, slopes, lower=True)
    length = np.linalg.norm(moved, axis=0)
    left, size, _ = np.linalg.svd(moved / np.where(length > 0, length, 1), full_matrices=False)
    span = left[:, : len(size) - spare][:, size[: len(size) - spare] > 1e-9 * size[0]]
    return float(gap @ gap - ((span.T @ gap) ** 2).sum()), len(seen) - span.shape[1]


def _independence(case: Case, plan: Design, seen: Floats) -> tuple[float, int]:
    """The statistic of the model without a latent variable: every category probability free, items independent."""
    counts, one = case.data.counts(int(case.items.categories.max())), np.ones(1)
    used = counts > 0
    if (used.sum(axis=1) < case.items.categories).any():
        return float("nan"), 0  # independence is not a model of these data: a category probability is on its boundary
    p = (counts / counts.sum(axis=1, keepdims=True))[:, :, None]
    columns = []
    for j, k in enumerate(case.items.categories):
        for category in range(1, int(k)):
            slope = np.zeros((p.shape[1], 1))
            slope[0], slope[category] = -1, 1
            columns.append(change(plan, p, one, j, slope))
    value, df = quadratic(seen, expected(plan, p, one), covariance(plan, p, one), np.array(columns).T)
    return case.data.total_weight() * value, df


def _incremental(value: float, df: int, null: float, null_df: int) -> tuple[float, float]:
    if null_df == 0:
        return float("nan"), float("nan")
    tli = (null / null_df - value / df) / (null / null_df - 1)
    cfi = 1 - max(value - df, 0.0) / max(null - null_df, value - df, 1e-300)
    return float(tli), float(cfi)


def _rmsea(excess: float, df: int, n: float) -> float:
    return float(np.sqrt(excess / (df * (n - 1))))


def _rmsea_interval(value: float, df: int, n: float) -> tuple[float, float]:
    def noncentrality(tail: float) -> float:
        if chdtr(df, value) <= tail:
            return 0.0
        top = max(value, 1.0) * 4 + 100
        return float(brentq(lambda x: chndtr(value, df, x) - tail, 1e-9, top))

    return _rmsea(noncentrality(0.95), df, n), _rmsea(noncentrality(0.05), df, n)


def _correlation_residuals(table: Table, p: Floats, weights: Floats) -> Floats:
    steps = np.arange(p.shape[1], dtype=float)
    score = np.einsum("jkq,k->jq", p, steps)
    products = (score * weights) @ score.T
    np.fill_diagonal(products, np.einsum("jkq,k,q->j", p, steps**2, weights))
    share = table.weights / table.persons
    x = table.answers.astype(float)
    return _correlations((x * share[:, None]).T @ x, share @ x) - _correlations(products, score @ weights)


def _correlations(products: Floats, means: Floats) -> Floats:
    spread = products - np.outer(means, means)
    deviation = np.sqrt(np.maximum(np.diag(spread), 0))
    deviation[deviation < 1e-12] = np.nan  # an item without variation has no correlations
    return np.asarray(spread / np.outer(deviation, deviation))
