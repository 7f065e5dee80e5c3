"""Parameter drift: have items changed between two calibrations on one scale?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from shuyang.measurement.errors import BadShape, NotConnected, NotOneDimensional
from shuyang.measurement.fit.inputs import Floats
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import expected_scores, probabilities


@dataclass(frozen=True, slots=True)
class Drift:
    """One entry a common item, [n].

    area: root mean squared difference of the expected item scores over the ability distribution, divided by the top
    score; curve: the same over all category curves (RMSD); shift: change of the mean difficulty,
    new minus old; robust_z: of the shift, against median and interquartile range (beyond 1.645 or 1.96: drifted);
    chi2, df, p: Lord's Wald test, NaN without the covariance of both calibrations.
    """

    items: tuple[str, ...]
    area: Floats
    curve: Floats
    shift: Floats
    robust_z: Floats
    chi2: Floats
    df: Floats
    p: Floats

    def drifted(self, *, area: float = 0.05, level: float = 0.01) -> tuple[str, ...]:
        """Items that moved enough to matter and, where the covariances are known, by more than chance allows."""
        beyond = (self.area > area) & ~(self.p >= level)
        return tuple(i for i, bad in zip(self.items, beyond, strict=True) if bad)

    def to_table(self) -> dict[str, list[Any]]:
        names = ("area", "curve", "shift", "robust_z", "chi2", "df", "p")
        return {"item": list(self.items)} | {name: getattr(self, name).tolist() for name in names}

    def to_dict(self) -> dict[str, Any]:
        return self.to_table()

    def summary(self) -> str:
        found = self.drifted()
        return f"drift: {len(found)} of {len(self.items)} common items" + (f" ({', '.join(found)})" if found else "")


def parameter_drift(
    old: ItemParameters, new: ItemParameters, *, nodes: ArrayLike | None = None, weights: ArrayLike | None = None
) -> Drift:
    """Compare the common items of two calibrations that are on one scale (after `link`, or by fixed items).

    old, new: one-dimensional banks; nodes, weights: [Q] ability distribution to weigh by (default standard normal).
    Sources: Lord (1980, ch. 14) for the Wald test, with independent samples; Huynh & Meyer (2010) for the robust z.
    Raises NotOneDimensional, NotConnected (no common item), BadShape (other categories).
    """
    if old.dimensions != 1 or new.dimensions != 1:
        raise NotOneDimensional("drift is judged on one dimension")
    place = {name: j for j, name in enumerate(new.ids)}
    rows = [j for j, name in enumerate(old.ids) if name in place]
    if not rows:
        raise NotConnected("the calibrations have no item in common")
    before, after = old.select(rows), new.select([place[old.ids[j]] for j in rows])
    if (before.categories != after.categories).any():
        raise BadShape("a common item must have the same categories in both calibrations")
    theta, mass = _weighting(nodes, weights)
    gap = expected_scores(after, theta) - expected_scores(before, theta)
    curves = probabilities(after, theta) - probabilities(before, theta)
    shift = _mean_difficulty(after) - _mean_difficulty(before)
    wald, df = np.array([_wald(before, after, j) for j in range(len(before))]).T
    return Drift(
        items=before.ids,
        area=np.sqrt(gap**2 @ mass) / (before.categories - 1),
        curve=np.sqrt((curves**2 @ mass).sum(axis=1) / before.categories),
        shift=shift,
        robust_z=_robust_z(shift),
        chi2=wald,
        df=df,
        p=chdtrc(np.where(df > 0, df, np.nan), wald),
    )


def _weighting(nodes: ArrayLike | None, weights: ArrayLike | None) -> tuple[Floats, Floats]:
    theta = np.linspace(-5, 5, 101) if nodes is None else np.asarray(nodes, float)
    mass = np.exp(-0.5 * theta**2) if weights is None else np.asarray(weights, float)
    if theta.ndim != 1 or mass.shape != theta.shape:
        raise BadShape("nodes and weights must be vectors of one length", nodes=theta.shape)
    return theta, mass / mass.sum()


def _mean_difficulty(items: ItemParameters) -> Floats:
    b = items.difficulties()
    count = (~np.isnan(b)).sum(axis=1)
    return np.where(count > 0, np.nansum(b, axis=1) / np.maximum(count, 1), np.nan)


def _robust_z(shift: Floats) -> Floats:
    known = shift[~np.isnan(shift)]
    if len(known) < 3:
        return np.full_like(shift, np.nan)
    low, middle, high = np.quantile(known, [0.25, 0.5, 0.75])
    spread = 0.74 * (high - low)
    return (shift - middle) / spread if spread > 0 else np.zeros_like(shift)


def _wald(before: ItemParameters, after: ItemParameters, item: int) -> tuple[float, float]:
    """Lord's statistic and its degrees of freedom for one item, from the parameters free in both calibrations."""
    one, two = before.select([item]), after.select([item])
    if one.covariance is None or two.covariance is None:
        return np.nan, 0.0
    there = {name: i for i, (_, name) in enumerate(two.free)}
    pairs = [(i, there[name]) for i, (_, name) in enumerate(one.free) if name in there]
    if not pairs:
        return np.nan, 0.0
    mine, theirs = (np.array(rows) for rows in zip(*pairs, strict=True))
    gap = np.array([_value(two, two.free[k][1]) - _value(one, one.free[i][1]) for i, k in pairs])
    spread = one.covariance[np.ix_(mine, mine)] + two.covariance[np.ix_(theirs, theirs)]
    return float(gap @ np.linalg.pinv(spread) @ gap), float(len(pairs))


def _value(item: ItemParameters, name: str) -> float:
    if name.startswith("logit_"):
        asymptote = float(getattr(item, name[-1])[0])
        return float(np.log(asymptote) - np.log1p(-asymptote))
    field, column = {"a": (item.slopes, -1), "d": (item.intercepts, -1), "s": (item.scores, 0)}[name[0]]
    return float(field[0, int(name[1:]) + column])
