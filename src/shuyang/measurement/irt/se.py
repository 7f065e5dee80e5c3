"""Observed information of the marginal likelihood (Louis, 1982): complete-data information minus what is lost.

The lost part is the sum over persons of the posterior covariance of the complete-data score, computed exactly on the
quadrature grid, so no numerical derivative of the likelihood is taken and nothing is left out (items, their
constraints, latent means, variances and regression coefficients are one matrix). At the maximum it equals what the
identity of Oakes (1999) gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space

from shuyang.measurement.errors import BadShape
from shuyang.measurement.irt import latent as lat
from shuyang.measurement.irt import models
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.em import Fitted, GridEM
from shuyang.measurement.irt.estep import LANES, NONE_FLOAT, NOTHING, in_threads
from shuyang.measurement.irt.logderivatives import log_derivatives
from shuyang.measurement.irt.mstep import derivatives, prior_terms
from shuyang.measurement.irt.regression import Place, residual
from shuyang.measurement.irt.unknowns import Unknowns, spread, unknowns_of
from shuyang.measurement.irt.working import Working

if TYPE_CHECKING:
    from shuyang.measurement.irt.estep import GridExpectation

Float = NDArray[np.float64]
MOST_UNKNOWNS = 8000
STEP = 1e-5
SMALLEST_EIGENVALUE = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Information:
    """Observed information of all unknowns and what follows from it.

    covariance, free: of the item parameters, as `ItemParameters` holds them.
    latent_errors: standard errors of free latent parameters by name.
    positive: whether the information is positive definite, the second-order condition of a maximum.
    """

    covariance: Float
    free: tuple[tuple[int, str], ...]
    latent_errors: dict[str, float]
    positive: bool


class Hidden(Protocol):
    """Latent unknowns: their part of the complete-data score and information."""

    count: int

    def group_rows(self, padded: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Float]: ...

    def design_rows(self, padded: int) -> tuple[Float, NDArray[np.int64], Float]: ...

    def information(self, total: int) -> Float: ...

    def errors(self, inverse: Float) -> dict[str, float]: ...


def observed_information(em: GridEM, fitted: Fitted, data: Responses) -> Information:
    """Observed information at the estimates of a grid EM; raises `BadShape` beyond 8000 unknowns."""
    unknowns = unknowns_of(em.layout)
    return information_of(em, fitted, data, unknowns, LatentUnknowns(em, fitted, unknowns.count))


def information_of(
    em: GridEM, fitted: Fitted, data: Responses, unknowns: Unknowns, hidden: Hidden, still: Float | None = None
) -> Information:
    """Observed information of items and of the latent unknowns `hidden`; still: see `inverted`.

    data: the responses, empty where the engine holds them itself.
    """
    total = unknowns.count + hidden.count
    if total > MOST_UNKNOWNS:
        raise BadShape(f"standard errors of {total} parameters need a matrix too large", most=MOST_UNKNOWNS)
    matrix = item_information(em, fitted, unknowns, total) + hidden.information(total)
    matrix -= em.engine.lost(data, _sheet(em, fitted, len(em.layout.ids), unknowns, hidden, total))
    inverse, positive = inverted(matrix, still)
    covariance, free = spread(em.layout, unknowns, inverse)
    return Information(covariance, free, hidden.errors(inverse), positive)


def inverted(matrix: Float, still: Float | None = None) -> tuple[Float, bool]:
    """Covariance of the unknowns from their information, and whether that is positive definite.

    still [C, P]: linear conditions that fix what the likelihood leaves free (a rotation); the covariance is that of
    estimates that satisfy them.
    """
    matrix = 0.5 * (matrix + matrix.T)
    basis = np.eye(len(matrix)) if still is None else np.asarray(null_space(still), float)
    reduced = basis.T @ matrix @ basis
    positive = _positive(reduced)
    inverse: Float = np.asarray(np.linalg.inv(reduced) if positive else np.linalg.pinv(reduced, hermitian=True), float)
    return (inverse if still is None else basis @ inverse @ basis.T), positive


def _positive(matrix: Float) -> bool:
    """Whether a symmetric matrix is positive definite beyond the noise of its differences, in units of its diagonal."""
    diagonal = np.diag(matrix)
    if not (diagonal > 0).all():
        return False
    scale = 1 / np.sqrt(diagonal)
    return bool(np.linalg.eigvalsh(matrix * np.outer(scale, scale)).min(initial=1.0) > SMALLEST_EIGENVALUE)


def rotation_constraints(layout: Working, unknowns: Unknowns, psi: Float, total: int) -> Float:
    """[D(D-1)/2, total]: the slopes stay on their principal axes, a'a diagonal (Lawley & Maxwell, 1971)."""
    dims = layout.dimensions
    rows = []
    for v in range(dims):
        for w in range(v):
            row = np.zeros(total)
            for j, (at, jacobian) in enumerate(zip(unknowns.index, unknowns.jacobian, strict=True)):
                row[at] += psi[j, v] * jacobian[w] + psi[j, w] * jacobian[v]
            rows.append(row)
    return np.array(rows).reshape(len(rows), total)


def item_information(em: GridEM, fitted: Fitted, unknowns: Unknowns, total: int) -> Float:
    """[total, total] minus the second derivative of expected complete-data log-likelihood and log prior, by item."""
    psi, layout = fitted.psi, em.layout
    size, width = psi.shape
    hessian = np.zeros((size, width, width))

    def gradient(at: Float) -> Float:
        value = derivatives(layout, layout.unpack(at), fitted.expected.counts, em.space).gradient
        return value if em.priors.flat else value + prior_terms(layout, at, em.priors)[1].gradient

    for m in np.flatnonzero(layout.free.any(axis=0)):
        step = STEP * np.maximum(1.0, np.abs(psi[:, m]))
        up, down = psi.copy(), psi.copy()
        up[:, m] += step
        down[:, m] -= step
        hessian[:, :, m] = (gradient(up) - gradient(down)) / (2 * step)[:, None]
    matrix = np.zeros((total, total))
    for j in range(size):
        at, jacobian = unknowns.index[j], unknowns.jacobian[j]
        matrix[np.ix_(at, at)] -= jacobian.T @ hessian[j] @ jacobian
    return matrix


class LatentUnknowns:
    """Free means, log standard deviations and regression coefficients, numbered after the items' unknowns."""

    def __init__(self, em: GridEM, fitted: Fitted, offset: int) -> None:
        self.em, self.fitted, self.offset = em, fitted, offset
        latent, free = fitted.latent, em.free
        self.mean = latent.mean[:, 0]
        self.sd = latent.sd[:, 0]
        self.names: list[tuple[str, int]] = []
        for g in range(len(latent.names)):
            self.names += [("mean", g)] * bool(free.mean[g]) + [("log_sd", g)] * bool(free.sd[g])
        if em.design is not None:
            self.names += [("coefficient", k) for k in range(em.design.count)]
        self.count = len(self.names)
        self.place = {name: offset + k for k, name in enumerate(self.names)}

    def group_rows(self, padded: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Float]:
        """(first, column, derivative) of each group's entries of the complete-data score, on the nodes."""
        first, column, rows = [0], [], []
        x = self.em.nodes
        for g in range(len(self.mean)):
            if ("mean", g) in self.place and self.em.design is None:
                column.append(self.place["mean", g])
                rows.append((x - self.mean[g]) / self.sd[g] ** 2)
            if ("log_sd", g) in self.place:
                column.append(self.place["log_sd", g])
                centre = 0.0 if self.em.design is not None else self.mean[g]
                rows.append(((x - centre) / self.sd[g]) ** 2)
            first.append(len(column))
        derivative = np.zeros((len(rows), padded))
        derivative[:, : len(x)] = np.array(rows).reshape(len(rows), len(x))
        return np.array(first, np.int64), np.array(column, np.int64), derivative

    def design_rows(self, padded: int) -> tuple[Float, NDArray[np.int64], Float]:
        """(design, column, derivative) of the regression's part of the score, x_k theta / sd^2."""
        derivative = np.zeros(padded)
        if self.em.design is None:
            return np.zeros((1, 0)), np.zeros(0, np.int64), derivative
        derivative[: len(self.em.nodes)] = self.em.nodes / self.sd[0] ** 2
        place = self.em.place(self.fitted.latent)
        column = [self.place["coefficient", k] for k in range(self.em.design.count)]
        column += [self.place[name, 0] for name in ("mean", "log_sd") if (name, 0) in self.place]
        return self.em.design.score_matrix(place), np.array(column, np.int64), derivative

    def information(self, total: int) -> Float:
        """Complete-data information of the latent unknowns."""
        matrix = np.zeros((total, total))
        if self.em.design is not None:
            self._regression_information(matrix)
            return matrix
        for g in range(len(self.mean)):
            keep = [k for k, name in enumerate(("mean", "log_sd")) if (name, g) in self.place]
            at = [self.place[("mean", "log_sd")[k], g] for k in keep]
            matrix[np.ix_(at, at)] = self._group_information(g)[np.ix_(keep, keep)]
        return matrix

    def _group_information(self, g: int) -> Float:
        persons = self.fitted.expected.prior_counts[g]
        return normal_information(persons, self.em.nodes, float(self.mean[g]), float(self.sd[g]))

    def _regression_information(self, matrix: Float) -> None:
        em, place = self.em, self.em.place(self.fitted.latent)
        assert em.design is not None
        gram, cross = em.design.gram, self.fitted.expected.cross
        rows, at = list(range(1, 1 + em.design.count)), [self.place["coefficient", k] for k in range(em.design.count)]
        if ("mean", 0) in self.place:
            rows, at = [*rows, 0], [*at, self.place["mean", 0]]
        matrix[np.ix_(at, at)] = gram[np.ix_(rows, rows)] / place.sd**2
        if ("log_sd", 0) in self.place:
            k = self.place["log_sd", 0]
            second = float(self.fitted.expected.prior_counts.sum(axis=0) @ em.nodes**2)
            matrix[k, k] = 2 * residual(gram, cross, place.coefficients, second) / place.sd**2
            matrix[at, k] = matrix[k, at] = 2 * (cross - gram @ place.coefficients)[rows] / place.sd**2

    def errors(self, inverse: Float) -> dict[str, float]:
        """Standard errors by name; that of a variance by the delta method."""
        out: dict[str, float] = {}
        for kind, k in self.names:
            with np.errstate(invalid="ignore"):
                se = float(np.sqrt(inverse[self.place[kind, k], self.place[kind, k]]))
            label: Any = k if kind == "coefficient" else self.fitted.latent.names[k]
            name = "variance" if kind == "log_sd" else kind
            out[f"{name}:{label}"] = 2 * float(self.sd[k]) ** 2 * se if kind == "log_sd" else se
        return out


def normal_information(persons: Float, nodes: Float, mean: float, sd: float) -> Float:
    """Minus the second derivative of sum_q n_q log w_q in (mean, log sd), by differences of its gradient, [2, 2]."""

    def gradient(at: Float) -> Float:
        centre, spread = at[0], np.exp(at[1])
        w = np.exp(lat.log_weights(np.array([centre]), np.array([spread]), nodes)[0])
        parts = np.stack([(nodes - centre) / spread**2, ((nodes - centre) / spread) ** 2])
        return np.asarray(parts @ persons - persons.sum() * (parts @ w))

    point = np.array([mean, np.log(sd)])
    steps = STEP * np.eye(2)
    return -np.stack([(gradient(point + step) - gradient(point - step)) / (2 * STEP) for step in steps], axis=1)


class LostSheet(NamedTuple):
    """What persons need to know to sum the posterior covariances of their scores: curves, prior, rows of scores."""

    table: Float
    prior: Float
    tilt: Float
    nodes: Float
    answers: tuple[NDArray[np.int64], NDArray[np.int64], Float]
    groups: tuple[NDArray[np.int64], NDArray[np.int64], Float]
    design: tuple[Float, NDArray[np.int64], Float]
    categories: int
    total: int
    place: Place | None = None


def _sheet(em: GridEM, fitted: Fitted, items: int, unknowns: Unknowns, hidden: Hidden, total: int) -> LostSheet:
    engine, count, categories = em.engine, len(em.nodes), em.layout.width
    padded = -(-count // LANES) * LANES
    table = np.zeros((items * categories, padded))
    table[:, :count] = models.log_probabilities(fitted.items, em.space).reshape(-1, count)
    prior = np.full((engine.group_count, padded), NOTHING)
    tilt, place = NONE_FLOAT, None
    if em.design is None:
        prior[:, :count] = em.log_weights(fitted.latent)
    else:
        sd = float(fitted.latent.sd[0, 0])
        prior[:, :count] = -0.5 * (em.nodes / sd) ** 2
        tilt, place = em.design.means(fitted.latent) / sd**2, em.place(fitted.latent)
    nodes = np.zeros(padded)
    nodes[:count] = em.space[:, 0]
    rows = answer_rows(em, fitted, unknowns, padded), hidden.group_rows(padded), hidden.design_rows(padded)
    return LostSheet(table, prior, tilt, nodes, *rows, categories, total, place)


def lost_information(engine: GridExpectation, data: Responses, sheet: LostSheet, threads: int) -> Float:
    """[P, P] sum over persons of the posterior covariance of their complete-data score."""
    from shuyang.measurement.irt.kernels_se import score_covariance

    code = data.item * np.int32(sheet.categories) + data.category
    shards = 1 if sheet.total > 2000 else 4
    lost = np.zeros((shards, sheet.total, sheet.total))
    cuts = np.linspace(0, data.persons, shards + 1).astype(int)
    rows = (*sheet.answers, *sheet.groups, *sheet.design)

    def shard(s: int) -> None:
        score_covariance(
            cuts[s], cuts[s + 1], data.ptr, code, sheet.table, sheet.prior, engine.group, sheet.tilt, sheet.nodes,
            engine.weight, engine.low, engine.high, *rows, lost[s],
        )  # fmt: skip

    in_threads(shard, shards, threads)
    return np.asarray(lost.sum(axis=0))


def answer_rows(
    em: GridEM, fitted: Fitted, unknowns: Unknowns, padded: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Float]:
    """(first, column, derivative): the score entries of each coded answer (item * K + category)."""
    logs = log_derivatives(em.layout, fitted.items, em.space)
    categories = em.layout.width
    first = np.zeros(len(logs) * categories + 1, np.int64)
    sizes = np.repeat([len(at) for at in unknowns.index], categories)
    np.cumsum(sizes, out=first[1:])
    column = np.concatenate([np.tile(at, categories) for at in unknowns.index]).astype(np.int64)
    derivative = np.zeros((int(first[-1]), padded))
    for j, jacobian in enumerate(unknowns.jacobian):
        block = np.einsum("mu,kmq->kuq", jacobian, logs[j])
        own = slice(first[j * categories], first[(j + 1) * categories])
        derivative[own, : len(em.space)] = block.reshape(-1, len(em.space))
    return first, column, derivative
