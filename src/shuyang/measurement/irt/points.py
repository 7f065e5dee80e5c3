"""Standard points in several dimensions, to be moved and scaled to each person's posterior.

Up to four dimensions a product of Gauss-Hermite rules (adaptive quadrature: Naylor & Smith, 1982; Schilling & Bock,
2005), beyond that Sobol points through the normal quantile, for which a product would need too many.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray

from shuyang.measurement.irt.sheets import Rule

Float = NDArray[np.float64]
FEWEST, MOST = 4, 11  # nodes a dimension of a product: below, Sobol points do better; above, nothing is gained
# factor on the sd of the Sobol points: narrow ones give smooth EM maps with few points, wide ones honest tails to draw
NARROW, WIDE = 1.05, 1.3


def rule_of(dimensions: int, points: int) -> Rule:
    """The better rule with at most so many points."""
    each = min(int(points ** (1 / dimensions) + 1e-9), MOST)
    if each >= FEWEST:
        return Rule(*_product(dimensions, each), 1.0)
    return Rule(*normal_points(dimensions, points), NARROW)


def spread_rule(dimensions: int, points: int) -> Rule:
    """Points of equal weight that reach into the tails, for drawing from them."""
    return Rule(*normal_points(dimensions, points), WIDE)


@lru_cache(maxsize=16)
def normal_points(dimensions: int, points: int) -> tuple[Float, Float]:
    """Sobol points through the normal quantile [D, S], mirrored and scaled to identity; and their log density."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    uniform = qmc.Sobol(dimensions, scramble=True, rng=1).random(points // 2)
    half = ndtri(np.clip(uniform, 1e-9, 1 - 1e-9))
    z = np.concatenate([half, -half])
    if points > 4 * dimensions:
        z = z @ np.linalg.cholesky(np.linalg.inv(z.T @ z / points))
    out = np.ascontiguousarray(z.T)
    return out, -0.5 * (out**2).sum(axis=0)


@lru_cache(maxsize=16)
def _product(dimensions: int, each: int) -> tuple[Float, Float]:
    """Gauss-Hermite product [D, S], and the log density over the node's weight, as if each stood for 1/S."""
    x, w = hermegauss(each)
    z = np.stack([g.ravel() for g in np.meshgrid(*[x] * dimensions, indexing="ij")])
    weight = np.prod(np.meshgrid(*[w / w.sum()] * dimensions, indexing="ij"), axis=0).ravel()
    return np.ascontiguousarray(z), -0.5 * (z**2).sum(axis=0) - np.log(weight * len(weight))
