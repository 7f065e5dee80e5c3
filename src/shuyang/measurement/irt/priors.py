"""Prior distributions of item parameters for marginal maximum a posteriori estimation (Mislevy, 1986)."""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log, pi

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import BadParameter

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Normal:
    """Normal density of the value (for asymptotes: of its logit)."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not self.sd > 0:
            raise BadParameter("the standard deviation of a prior must be positive", sd=self.sd)

    def terms(self, x: Float) -> tuple[Float, Float, Float]:
        """Log density, its derivative, and minus its second derivative, each shaped as x."""
        z = (x - self.mean) / self.sd
        density = -0.5 * z**2 - log(self.sd) - 0.5 * log(2 * pi)
        return density, -z / self.sd, np.full_like(x, self.sd**-2)


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Density of a positive value whose logarithm is normal; `mean` and `sd` are those of the logarithm."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not self.sd > 0:
            raise BadParameter("the standard deviation of a prior must be positive", sd=self.sd)

    def terms(self, x: Float) -> tuple[Float, Float, Float]:
        """As `Normal.terms`; the curvature is the positive part, so that it can precondition a Newton step."""
        if np.any(x <= 0):
            return np.full_like(x, -np.inf), np.zeros_like(x), np.full_like(x, self.sd**-2)
        z = (np.log(x) - self.mean) / self.sd
        density = -0.5 * z**2 - np.log(x) - log(self.sd) - 0.5 * log(2 * pi)
        slope = -(z / self.sd + 1.0) / x
        curvature = (1.0 / self.sd**2 - z / self.sd - 1.0) / x**2
        return density, slope, np.maximum(curvature, 1e-3 / (self.sd * x) ** 2)


@dataclass(frozen=True, slots=True)
class Beta:
    """Beta density of an asymptote itself (not of its logit), so the mode is that of the probability scale."""

    a: float
    b: float

    def __post_init__(self) -> None:
        if not (self.a >= 1 and self.b >= 1):
            raise BadParameter("a Beta prior needs a >= 1 and b >= 1", a=self.a, b=self.b)

    def terms(self, logit: Float) -> tuple[Float, Float, Float]:
        """Log density of p = logistic(logit), with derivatives in the logit (no Jacobian: the mode is p's)."""
        p = 1.0 / (1.0 + np.exp(-logit))
        constant = lgamma(self.a + self.b) - lgamma(self.a) - lgamma(self.b)
        density = constant - (self.a - 1) * np.logaddexp(0, -logit) - (self.b - 1) * np.logaddexp(0, logit)
        weight = self.a + self.b - 2
        return density, (self.a - 1) - weight * p, weight * p * (1 - p)


Prior = Normal | LogNormal | Beta


@dataclass(frozen=True, slots=True)
class Priors:
    """Priors on the free parameters of every item; None is a flat prior.

    Attributes:
        slope: every free slope.
        intercept: every free intercept d_k.
        difficulty: b = -d / a of binary items (one dimension).
        guessing: lower asymptote; `Normal` is on logit(g), `Beta` on g.
        upper: upper asymptote; `Normal` is on logit(u), `Beta` on u.
    """

    slope: Normal | LogNormal | None = None
    intercept: Normal | None = None
    difficulty: Normal | None = None
    guessing: Normal | Beta | None = None
    upper: Normal | Beta | None = None

    @property
    def flat(self) -> bool:
        """Whether no prior is set, so that the estimates are maximum likelihood."""
        return not any((self.slope, self.intercept, self.difficulty, self.guessing, self.upper))

    @property
    def hold_intercepts(self) -> bool:
        """Whether a prior keeps the intercept of an item finite to which everyone gave the same answer."""
        return self.intercept is not None or self.difficulty is not None
