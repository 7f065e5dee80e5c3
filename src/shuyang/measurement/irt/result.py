"""What a calibration returns."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Estimated item parameters and ability distribution, with how well the estimation went.

    Attributes:
        items: the bank; with `covariance` when standard errors were asked for.
        latent: ability distribution of each group.
        log_likelihood: marginal log-likelihood at the estimates.
        log_prior: log prior density of the item parameters (0 without priors).
        free_parameters: number of unknowns, constraints counted.
        persons: number of persons (weighted).
        iterations: expectation steps taken.
        converged: whether the criterion was met; never assumed.
        change: estimated distance of the last point to the maximum, largest parameter.
        second_order: whether the observed information is positive definite (None: not computed).
        latent_errors: standard errors of the free parts of `latent` by name ("mean:a", "variance:a", "coefficient:0").
        method: which estimator, with its nodes or points.
        notes: everything out of the ordinary, in words.
        collapsed: item id -> the original categories now numbered 0, 1, ...; only where they were renumbered.
    """

    items: ItemParameters
    latent: Latent
    log_likelihood: float
    log_prior: float
    free_parameters: int
    persons: float
    iterations: int
    converged: bool
    change: float
    second_order: bool | None
    latent_errors: dict[str, float]
    method: str
    notes: tuple[str, ...]
    collapsed: dict[str, tuple[int, ...]]

    @property
    def log_posterior(self) -> float:
        """Log-likelihood plus log prior density: what was maximised."""
        return self.log_likelihood + self.log_prior

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return -2 * self.log_likelihood + 2 * self.free_parameters

    @property
    def bic(self) -> float:
        """Schwarz's criterion."""
        return -2 * self.log_likelihood + log(max(self.persons, 1.0)) * self.free_parameters

    def to_table(self) -> dict[str, list[Any]]:
        """One row an item; see `ItemParameters.to_table`."""
        return self.items.to_table()

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in ("items", "latent")}
        plain |= {"notes": list(self.notes), "collapsed": {k: list(v) for k, v in self.collapsed.items()}}
        return plain | {
            "items": self.items.to_dict(), "latent": self.latent.to_dict(), "aic": self.aic, "bic": self.bic,
        }  # fmt: skip

    def summary(self) -> str:
        """A few lines for people."""
        state = "converged" if self.converged else "NOT CONVERGED"
        lines = [
            f"{self.method}: {state} after {self.iterations} steps (distance to the maximum about {self.change:.1e})",
            f"{self.persons:.0f} persons, {self.free_parameters} free parameters",
            f"log-likelihood {self.log_likelihood:.4f}, AIC {self.aic:.2f}, BIC {self.bic:.2f}",
            self.items.summary(),
        ]
        return "\n".join([*lines, *(f"note: {n}" for n in self.notes)])
