"""Reliability: of a test in a population, and of estimates at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from shuyang.measurement.errors import BadShape, NotOneDimensional
from shuyang.measurement.fit.inputs import Floats, Model
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.models import test_information
from shuyang.measurement.irt.result import Calibration


def marginal_reliability(model: Model, *, latent: Latent | None = None) -> float:
    """Mean over the latent normal of I / (I + 1 / variance), I the test information (Green et al. 1984).

    model: bank or calibration, of one dimension (else NotOneDimensional) and one group; between 0 and 1. Integrated
    on 2001 nodes within 8 standard deviations.
    """
    items = model.items if isinstance(model, Calibration) else model
    if items.dimensions != 1:
        raise NotOneDimensional("marginal reliability is defined for one dimension", dimensions=items.dimensions)
    place = latent or (model.latent if isinstance(model, Calibration) else Latent.standard(1))
    if len(place.names) > 1:
        raise BadShape("reliability is that of one group; take the groups one by one", groups=place.names)
    centre, variance = float(place.mean[0, 0]), float(place.covariance[0, 0, 0])
    z = np.linspace(-8, 8, 2001)
    weights = np.exp(-0.5 * z**2)
    information = test_information(items, centre + z * np.sqrt(variance))
    share = information / (information + 1 / variance)
    return float(weights @ share / weights.sum())


def empirical_reliability(theta: ArrayLike, se: ArrayLike) -> Floats:
    """Var(theta) / (Var(theta) + mean(SE^2)) of posterior means, one value a dimension, [D].

    theta, se: [N] or [N, D]; rows with a non-finite value (no estimate) are left out. Source: Bechger et al. (2003).
    """
    values, errors = (np.asarray(x, float).reshape(len(np.atleast_1d(x)), -1) for x in (theta, se))
    if values.shape != errors.shape or len(values) < 2:
        raise BadShape("theta and se must have one shape and two rows or more", theta=values.shape, se=errors.shape)
    known = np.isfinite(values).all(axis=1) & np.isfinite(errors).all(axis=1)
    true = values[known].var(axis=0, ddof=1)
    return np.asarray(true / (true + (errors[known] ** 2).mean(axis=0)))


@dataclass(frozen=True, slots=True)
class AlphaResult:
    """Cronbach's alpha, and alpha without each item, [J]."""

    alpha: float
    without: Floats

    def to_dict(self) -> dict[str, Any]:
        return {"alpha": self.alpha, "without": self.without.tolist()}

    def to_table(self) -> dict[str, list[float]]:
        """One row an item."""
        return {"without": self.without.tolist()}

    def summary(self) -> str:
        return f"alpha {self.alpha:.3f}; without one item {self.without.min():.3f} to {self.without.max():.3f}"


def cronbach_alpha(answers: ArrayLike) -> AlphaResult:
    """Coefficient alpha of complete responses [N, J] (Cronbach 1951); BadShape with fewer than two items or persons."""
    x = np.asarray(answers, float)
    if x.ndim != 2 or min(x.shape) < 2 or np.isnan(x).any():
        raise BadShape("alpha needs a complete matrix of two persons and two items or more", shape=x.shape)
    c = np.cov(x, rowvar=False)
    rest = [np.delete(np.delete(c, j, 0), j, 1) for j in range(len(c))]
    return AlphaResult(_alpha(c), np.array([_alpha(r) for r in rest]))


def _alpha(c: Floats) -> float:
    n = len(c)
    return float(n / (n - 1) * (1 - np.trace(c) / c.sum())) if n > 1 else float("nan")
