"""The (modified) Angoff method: judges say how a person just at the level would fare on each item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from shuyang.measurement.errors import BadCategory, BadShape
from shuyang.measurement.standards.agreement import Floats

TrueScore = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class AngoffResult:
    """One cut by Angoff judgements.

    cut, se: on the sum-score scale, se over judges (items taken as fixed); theta, theta_se: the same on the ability
    scale through the expected-score curve (delta method), None without a curve or outside its range. judges: each
    judge's own cut; severity: judge's cut minus the mean of the others; fit: correlation of the judge's ratings with
    the mean of the others (NaN when constant). items: mean rating and its standard deviation over judges, [J, 2].
    dependability: share of variance of the mean cut not due to judges, over items (phi, Brennan 2001).
    """

    cut: float
    se: float
    theta: float | None
    theta_se: float | None
    judges: Floats
    severity: Floats
    fit: Floats
    items: Floats
    dependability: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "cut": self.cut,
            "se": self.se,
            "theta": self.theta,
            "theta_se": self.theta_se,
            "dependability": self.dependability,
            "judges": self.to_table(),
        }

    def to_table(self) -> dict[str, list[float]]:
        """One row a judge."""
        return {"cut": self.judges.tolist(), "severity": self.severity.tolist(), "fit": self.fit.tolist()}

    def summary(self) -> str:
        scale = "" if self.theta is None else f" (theta {self.theta:.3f}, SE {self.theta_se:.3f})"
        return f"Angoff cut {self.cut:.2f}, SE {self.se:.2f}{scale}, {len(self.judges)} judges"


def angoff(
    ratings: ArrayLike,
    *,
    maxima: Sequence[float] | None = None,
    true_score: TrueScore | None = None,
    bounds: tuple[float, float] = (-6.0, 6.0),
) -> AngoffResult:
    """Cut score from Angoff ratings (Angoff 1971; SE as in Brennan 2001, judges random, items fixed).

    ratings: [R judges >= 2, J items], each the expected item score of a person just at the level, between 0 and the
    item's maximum (default 1: a probability). NaN (a judge who left an item out) is replaced by the item's mean plus
    the judge's mean deviation on the items rated. true_score: increasing expected sum score at an ability, for the cut
    on the ability scale, sought within `bounds`. Raises BadShape, or BadCategory for ratings outside their range.
    """
    table = _completed(_checked(np.asarray(ratings, float), maxima))
    judges = table.sum(axis=1)
    cut, se = float(judges.mean()), float(judges.std(ddof=1) / np.sqrt(len(judges)))
    theta, theta_se = _on_ability(cut, se, true_score, bounds)
    others = (table.sum(axis=0) - table) / (len(table) - 1)
    return AngoffResult(
        cut=cut,
        se=se,
        theta=theta,
        theta_se=theta_se,
        judges=judges,
        severity=judges - others.sum(axis=1),
        fit=np.array([_correlation(mine, rest) for mine, rest in zip(table, others, strict=True)]),
        items=np.column_stack([table.mean(axis=0), table.std(axis=0, ddof=1)]),
        dependability=_dependability(table),
    )


def _checked(table: Floats, maxima: Sequence[float] | None) -> Floats:
    if table.ndim != 2 or table.shape[0] < 2 or table.shape[1] < 1:
        raise BadShape("ratings must be [judges, items] with two judges or more", shape=table.shape)
    top = np.ones(table.shape[1]) if maxima is None else np.asarray(maxima, float)
    if top.shape != (table.shape[1],):
        raise BadShape("one maximum an item is needed", items=table.shape[1])
    seen = ~np.isnan(table)
    if (seen & ((table < 0) | (table > top[None, :]))).any():
        raise BadCategory("a rating lies outside 0..maximum of its item")
    if not seen.any(axis=0).all() or not seen.any(axis=1).all():
        raise BadShape("each item and each judge needs at least one rating")
    return table


def _completed(table: Floats) -> Floats:
    item = np.nanmean(table, axis=0)
    judge = np.nanmean(table - item[None, :], axis=1)
    return np.where(np.isnan(table), item[None, :] + judge[:, None], table)


def _on_ability(
    cut: float, se: float, true_score: TrueScore | None, bounds: tuple[float, float]
) -> tuple[float | None, float | None]:
    low, high = bounds
    if true_score is None or not true_score(low) < cut < true_score(high):
        return None, None
    theta = float(brentq(lambda t: true_score(t) - cut, low, high, xtol=1e-10))
    slope = (true_score(theta + 1e-4) - true_score(theta - 1e-4)) / 2e-4
    return theta, se / slope


def _correlation(mine: Floats, rest: Floats) -> float:
    if len(mine) < 2 or np.ptp(mine) == 0 or np.ptp(rest) == 0:
        return float("nan")
    return float(np.corrcoef(mine, rest)[0, 1])


def _dependability(table: Floats) -> float:
    """Variance of items over itself plus the judges' error of an item mean, judges crossed with items."""
    judges, items = table.shape
    if items < 2:
        return float("nan")
    grand = table.mean()
    by_item = judges * ((table.mean(axis=0) - grand) ** 2).sum() / (items - 1)
    by_judge = items * ((table.mean(axis=1) - grand) ** 2).sum() / (judges - 1)
    rest = table - table.mean(axis=0)[None, :] - table.mean(axis=1)[:, None] + grand
    residual = (rest**2).sum() / ((items - 1) * (judges - 1))
    item_variance = max((by_item - residual) / judges, 0.0)
    error = (max((by_judge - residual) / items, 0.0) + residual) / judges
    return float(item_variance / (item_variance + error)) if item_variance + error > 0 else float("nan")
