"""Observed information on person-adaptive points (Louis, 1982), for any number of dimensions.

The complete-data part is the expected information of the items at the points, which is the observed one for 2PL and
divide-by-total items and has the same expectation for the others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import BadShape
from shuyang.measurement.irt.adaptive import NEWTON, SHARD, WIDEN, AdaptiveEM, AdaptiveFitted, normal_points
from shuyang.measurement.irt.estep import in_threads
from shuyang.measurement.irt.mstep import prior_terms
from shuyang.measurement.irt.scores import point_arrays
from shuyang.measurement.irt.se import MOST_UNKNOWNS, Information
from shuyang.measurement.irt.unknowns import spread, unknowns_of

Float = NDArray[np.float64]


def adaptive_information(em: AdaptiveEM, fitted: AdaptiveFitted) -> Information:
    """Observed information of items and factor covariance at the estimates; one group."""
    layout = em.layout
    pairs = _pairs(em)
    entry = np.full(layout.free.shape, -1, np.int64)
    entry[layout.free] = np.arange(int(layout.free.sum()))
    items = int(layout.free.sum())
    total = items + len(pairs)
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
    matrix[items:, items:] = _latent_information(em, fitted, pairs, swept.second[0], float(swept.persons[0]))
    matrix -= _lost(em, fitted, pairs, entry, items, total)
    return _inverted(em, matrix, entry, pairs)


def _inverted(em: AdaptiveEM, matrix: Float, entry: NDArray[np.int64], pairs: list[tuple[int, int]]) -> Information:
    """Ties taken into account: the information of the independent unknowns, inverted and spread again."""
    unknowns = unknowns_of(em.layout)
    items = len(matrix) - len(pairs)
    jacobian = np.zeros((len(matrix), unknowns.count + len(pairs)))
    for j, free in enumerate(em.layout.free):
        jacobian[np.ix_(entry[j][free], unknowns.index[j])] = unknowns.jacobian[j][free]
    jacobian[items:, unknowns.count :] = np.eye(len(pairs))
    reduced = jacobian.T @ matrix @ jacobian
    reduced = 0.5 * (reduced + reduced.T)
    positive = bool(np.linalg.eigvalsh(reduced).min(initial=1.0) > 0)
    inverse: Float = np.asarray(np.linalg.inv(reduced) if positive else np.linalg.pinv(reduced, hermitian=True), float)
    covariance, free = spread(em.layout, unknowns, inverse)
    with np.errstate(invalid="ignore"):
        errors = np.sqrt(np.diag(inverse)[unknowns.count :])
    names = {f"covariance:{i + 1},{j + 1}": float(e) for (i, j), e in zip(pairs, errors, strict=True)}
    return Information(covariance, free, names, positive)


def _pairs(em: AdaptiveEM) -> list[tuple[int, int]]:
    diagonal = {"free": 0, "correlated": -1}.get(em.factors)
    if diagonal is None:
        return []
    rows, columns = np.tril_indices(em.layout.dimensions, diagonal)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _directions(covariance: Float, pairs: list[tuple[int, int]]) -> Float:
    """Half S^-1 E S^-1 for each free entry of the covariance S, E its direction."""
    inverse = np.linalg.inv(covariance)
    out = np.zeros((len(pairs), *covariance.shape))
    for k, (i, j) in enumerate(pairs):
        unit = np.zeros(covariance.shape)
        unit[i, j] = unit[j, i] = 1.0
        out[k] = 0.5 * inverse @ unit @ inverse
    return out


def _latent_information(
    em: AdaptiveEM, fitted: AdaptiveFitted, pairs: list[tuple[int, int]], second: Float, persons: float
) -> Float:
    """Minus the second derivative of the expected log normal density of ability in the free entries."""
    covariance = fitted.latent.covariance[0]
    inverse = np.linalg.inv(covariance)
    units = []
    for i, j in pairs:
        unit = np.zeros(covariance.shape)
        unit[i, j] = unit[j, i] = 1.0
        units.append(inverse @ unit)
    spread_of = inverse @ second
    out = np.zeros((len(pairs), len(pairs)))
    for k, a in enumerate(units):
        for n, b in enumerate(units):
            out[k, n] = np.trace(a @ b @ spread_of) - 0.5 * persons * np.trace(a @ b)
    return 0.5 * (out + out.T)


def _lost(
    em: AdaptiveEM,
    fitted: AdaptiveFitted,
    pairs: list[tuple[int, int]],
    entry: NDArray[np.int64],
    items: int,
    total: int,
) -> Float:
    from shuyang.measurement.irt.kernels_adaptive_se import adaptive_lost

    data, layout = em.data, em.layout
    covariance = fitted.latent.covariance[0]
    precision: Float = np.asarray(np.linalg.inv(covariance), float)
    half = float(0.5 * np.linalg.slogdet(precision)[1])
    z, log_q = normal_points(layout.dimensions, em.points)
    bank = point_arrays(fitted.items)
    directions = _directions(covariance, pairs)
    shards = 1 if total > 2000 else int(max(1, min(4, data.persons // SHARD)))
    lost = np.zeros((shards, total, total))
    cuts = np.linspace(0, data.persons, shards + 1).astype(int)
    mean = np.array(fitted.latent.mean[0])

    def shard(s: int) -> None:
        adaptive_lost(
            cuts[s], cuts[s + 1], NEWTON, data.ptr, data.item, data.category, em.weight, *bank, mean, precision, half,
            z, log_q, WIDEN, entry, layout.d.start, layout.asymptotes.start, directions, items, em.mode, lost[s],
        )  # fmt: skip

    in_threads(shard, shards, em.threads)
    return np.asarray(lost.sum(axis=0))
