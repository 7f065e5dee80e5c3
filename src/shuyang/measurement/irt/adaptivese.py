"""Observed information on person-adaptive points (Louis, 1982), for any number of dimensions.

The complete-data part is the expected information of the items at the points, which is the observed one for 2PL and
divide-by-total items and has the same expectation for the others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import BadShape
from shuyang.measurement.irt.adaptive import NEWTON, SHARD, AdaptiveEM, AdaptiveFitted
from shuyang.measurement.irt.adaptivelatent import LatentUnknowns
from shuyang.measurement.irt.estep import in_threads
from shuyang.measurement.irt.mstep import prior_terms
from shuyang.measurement.irt.points import rule_of
from shuyang.measurement.irt.se import MOST_UNKNOWNS, Information, inverted, rotation_constraints
from shuyang.measurement.irt.sheets import normal_arrays, point_arrays
from shuyang.measurement.irt.unknowns import spread, unknowns_of

Float = NDArray[np.float64]


def adaptive_information(em: AdaptiveEM, fitted: AdaptiveFitted) -> Information:
    """Observed information of the items and of everything free in the distribution of ability."""
    layout = em.layout
    entry = np.full(layout.free.shape, -1, np.int64)
    entry[layout.free] = np.arange(int(layout.free.sum()))
    items = int(layout.free.sum())
    hidden = LatentUnknowns(em, fitted, items)
    total = items + hidden.count
    if total > MOST_UNKNOWNS:
        raise BadShape(f"standard errors of {total} parameters need a matrix too large", most=MOST_UNKNOWNS)
    swept = em.sweep(fitted.items, fitted.latent)
    matrix = np.zeros((total, total))
    information = swept.information
    if not em.priors.flat:
        information = information + prior_terms(layout, fitted.psi, em.priors)[1].information
    for j in range(len(layout.ids)):
        at = entry[j][layout.free[j]]
        matrix[np.ix_(at, at)] = information[j][np.ix_(layout.free[j], layout.free[j])]
    matrix[items:, items:] = hidden.information(swept.moments)
    matrix -= _lost(em, fitted, hidden, entry, total)
    return _reduced(em, fitted, matrix, entry, hidden)


def _reduced(
    em: AdaptiveEM, fitted: AdaptiveFitted, matrix: Float, entry: NDArray[np.int64], hidden: LatentUnknowns
) -> Information:
    """Ties taken into account: the information of the independent unknowns, inverted and spread again."""
    unknowns = unknowns_of(em.layout)
    items = len(matrix) - hidden.count
    jacobian = np.zeros((len(matrix), unknowns.count + hidden.count))
    for j, free in enumerate(em.layout.free):
        jacobian[np.ix_(entry[j][free], unknowns.index[j])] = unknowns.jacobian[j][free]
    jacobian[items:, unknowns.count :] = np.eye(hidden.count)
    still = None
    if em.factors == "exploratory":
        still = rotation_constraints(em.layout, unknowns, fitted.psi, jacobian.shape[1])
    inverse, positive = inverted(jacobian.T @ matrix @ jacobian, still)
    covariance, free = spread(em.layout, unknowns, inverse)
    with np.errstate(invalid="ignore"):
        errors = np.sqrt(np.diag(inverse)[unknowns.count :])
    names = dict(zip(hidden.names(), (float(e) for e in errors), strict=True))
    return Information(covariance, free, names, positive)


def _lost(
    em: AdaptiveEM, fitted: AdaptiveFitted, hidden: LatentUnknowns, entry: NDArray[np.int64], total: int
) -> Float:
    from shuyang.measurement.irt.kernels_adaptive_se import Entries, adaptive_lost

    data, latent = em.data, fitted.latent
    normals, bank = normal_arrays(latent, em.shift(latent)), point_arrays(fitted.items)
    rule = rule_of(em.layout.dimensions, em.points)
    entries, rows = Entries(entry, em.columns, em.score_column), hidden.rows()
    shards = 1 if total > 2000 else int(max(1, min(4, data.persons // SHARD)))
    lost = np.zeros((shards, total, total))
    cuts = np.linspace(0, data.persons, shards + 1).astype(int)

    def shard(s: int) -> None:
        adaptive_lost(cuts[s], cuts[s + 1], NEWTON, em.answers, normals, bank, rule, entries, rows, em.mode, lost[s])

    in_threads(shard, shards, em.threads)
    return np.asarray(lost.sum(axis=0))
