"""Person fit lz*: the standardised log-likelihood, corrected for the ability being estimated from the same answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from shuyang.measurement.errors import NotOneDimensional
from shuyang.measurement.fit.inputs import Floats, Model, case_of
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import curves

CRITICAL = -1.645


@dataclass(frozen=True, slots=True)
class StarredLz:
    """lz* of every person: near N(0, 1) where the model holds, small = misfit; NaN without answers that tell.

    theta: the posterior modes at which it was taken, [N].
    """

    names: tuple[Any, ...]
    value: Floats
    theta: Floats

    def to_table(self) -> dict[str, list[Any]]:
        """One row a person."""
        return {"name": list(self.names), "lz_star": self.value.tolist(), "theta": self.theta.tolist()}

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        return self.to_table()

    def summary(self) -> str:
        """A line for people."""
        flagged = np.mean(self.value[np.isfinite(self.value)] < CRITICAL) if np.isfinite(self.value).any() else 0.0
        return f"lz*: {flagged:.1%} of persons below {CRITICAL}"


def lz_star(
    responses: Responses | ArrayLike, model: Model, *, latent: Latent | None = None, groups: Sequence[Any] | None = None
) -> StarredLz:
    """lz* at posterior modes (Snijders, 2001, Psychometrika 66, 331-342; several categories: Sinharay, 2016).

    With w = log P and r = P' / P of the category chosen, c = sum P' log P / information, and the prior's slope
    r0 = -(theta - mean) / variance: lz* = (sum (w - E w) + c r0) / sqrt(sum var(w - c r)). One dimension, any design.
    Raises NotOneDimensional, BadShape, BadCategory.
    """
    from shuyang.measurement.irt.scores import population, score

    case = case_of(responses, model, latent)
    if case.items.dimensions != 1:
        raise NotOneDimensional("lz* is for one dimension", dimensions=case.items.dimensions)
    theta = score(case.data, case.items, method="map", latent=case.latent, groups=groups).theta[:, 0]
    place = population(case.latent, groups, None, case.data.persons)
    group = place.group if len(place.group) else np.zeros(len(theta), int)
    slope = -(theta - case.latent.mean[group, 0]) / case.latent.covariance[group, 0, 0]
    value = np.full(len(theta), np.nan)
    gap, cross, about, squares = (np.zeros(len(theta)) for _ in range(4))
    for j, (rows, answer) in enumerate(case.columns()):
        item = case.items.select([j])
        p, first, _ = (part[0] for part in curves(item, theta[rows]))
        first = first * item.slopes[0, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            logs, rate = np.where(p > 0, np.log(p), 0.0), np.where(p > 0, first / p, 0.0)
        mean = (p * logs).sum(axis=0)
        gap[rows] += logs[answer, np.arange(len(rows))] - mean
        cross[rows] += (first * logs).sum(axis=0)
        about[rows] += (first * rate).sum(axis=0)
        squares[rows] += (p * logs**2).sum(axis=0) - mean**2
    # var(w - c r) summed over items: var w - 2 c cov(w, r) + c^2 information, and c = cov(w, r) / information
    told = about > 0
    c = np.divide(cross, about, out=np.zeros_like(cross), where=told)
    left = squares - c * cross
    told &= left > 1e-12
    value[told] = (gap[told] + c[told] * slope[told]) / np.sqrt(left[told])
    return StarredLz(case.data.person_ids or tuple(range(len(theta))), value, theta)
