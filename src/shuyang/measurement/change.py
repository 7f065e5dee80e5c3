"""How far one person has moved between two measurements, from the two posteriors.

The difference of two posterior means is drawn towards zero twice, and the two posteriors are not independent: both
contain the same prior. Here each posterior is taken apart into prior and likelihood, and both likelihoods are put under
one joint prior in which the two occasions correlate by `STABILITY`; the change is a contrast of that joint posterior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shuyang.measurement.cat.contracts import Prior
from shuyang.measurement.group_distribution import likelihoods

FloatArray = npt.NDArray[np.float64]

# Before any answer, a change of about one population SD either way is plausible: with correlation r between occasions
# the change has the prior SD √(2(1 − r)) of the population's. Deliberately wide, so that the answers decide.
STABILITY = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """Later minus earlier ability in logits: `mean` [D] and `cov` [D, D]."""

    mean: FloatArray
    cov: FloatArray

    @property
    def sd(self) -> FloatArray:
        """Standard errors [D]."""
        return np.sqrt(self.cov.diagonal())


@dataclass(frozen=True, slots=True)
class Measured:
    """A posterior `mean` [D], `cov` [D, D] that was computed under `prior`."""

    mean: Sequence[float]
    cov: Sequence[Sequence[float]]
    prior: Prior


def change(earlier: Measured, later: Measured, *, stability: float = STABILITY) -> Change:
    """The posterior of θ(later) − θ(earlier) under a joint prior around the later measurement's own.

    Both must be on one scale. `stability` in [0, 1) is the prior correlation of the two occasions. The two sittings
    must have no item in common: errors of item parameters would then be shared.
    """
    if not 0.0 <= stability < 1.0:
        raise ValueError("the correlation of two occasions lies between 0 and 1, 1 excluded")
    dims = len(later.mean)
    centre, spread = np.asarray(later.prior.mean, float), np.asarray(later.prior.cov, float)
    prior_precision = np.linalg.inv(np.kron([[1.0, stability], [stability, 1.0]], spread))
    precision, shift = prior_precision.copy(), prior_precision @ np.tile(centre, 2)
    for place, one in enumerate((earlier, later)):
        part = slice(place * dims, (place + 1) * dims)
        own_precision, own_shift = likelihoods(np.asarray([one.mean], float), np.asarray([one.cov], float), one.prior)
        precision[part, part] += own_precision[0]
        shift[part] += own_shift[0]
    cov = np.linalg.inv(precision)
    contrast = np.hstack([-np.eye(dims), np.eye(dims)])
    return Change(contrast @ cov @ shift, contrast @ cov @ contrast.T)
