"""Responses, bank, latent distribution and abilities, checked once for every statistic of fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from shuyang.measurement.errors import BadShape, NeedsCompleteData
from shuyang.measurement.irt.data import Responses, as_responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent
from shuyang.measurement.irt.result import Calibration

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]
Rows = NDArray[np.int64]
Model = ItemParameters | Calibration
_POINTS = {2: 31, 3: 17, 4: 11}


@dataclass(frozen=True, slots=True)
class Table:
    """Responses as a dense matrix [N, J] (-1 = missing) and how many persons each row stands for, [N]."""

    answers: Codes
    weights: Floats

    @property
    def persons(self) -> float:
        return float(self.weights.sum())


@dataclass(frozen=True, slots=True)
class Case:
    """What every statistic works on: responses, the bank, and the latent distribution."""

    data: Responses
    items: ItemParameters
    latent: Latent

    @property
    def weights(self) -> Floats:
        """How many persons each row stands for, [N]."""
        given = self.data.weights
        return np.ones(self.data.persons) if given is None else np.asarray(given, float)

    def table(self) -> Table:
        """Dense responses, for statistics of complete data; the others keep to the answers given."""
        return Table(self.data.to_matrix(), self.weights)

    def columns(self) -> Iterator[tuple[Rows, Codes]]:
        """For each item the rows of the persons who answered it, and their categories."""
        order = np.argsort(self.data.item, kind="stable")
        who = np.repeat(np.arange(self.data.persons), self.data.answered())[order]
        cuts = np.searchsorted(self.data.item[order], np.arange(1, len(self.items)))
        yield from zip(np.split(who, cuts), np.split(self.data.category[order], cuts), strict=True)

    def grid(self, points: int | None = None) -> Grid:
        """Quadrature of the latent distribution; BadShape where there are several groups or a regression."""
        return quadrature(self.latent, points)

    def abilities(
        self, theta: ArrayLike | None, groups: Sequence[Any] | None, covariates: ArrayLike | None = None
    ) -> Floats:
        """theta as [N, D]: as given, or EAP estimates."""
        if theta is None:
            from shuyang.measurement.irt.scores import score  # its kernels compile: load them when needed

            return score(self.data, self.items, latent=self.latent, groups=groups, covariates=covariates).theta
        given = np.asarray(theta, float).reshape(self.data.persons, -1)
        if given.shape[1] != self.items.dimensions or not np.isfinite(given).all():
            raise BadShape("theta must be finite, one row a person, one column a dimension", shape=given.shape)
        return given


def case_of(responses: Responses | ArrayLike, model: Model, latent: Latent | None, *, complete: str = "") -> Case:
    """Fit responses to a bank or a calibration; the columns of a plain matrix are the bank's items in its order.

    latent: distribution of ability; default the calibration's, or standard normal for a bank alone. complete: name of
    a statistic defined for complete data only: NeedsCompleteData where answers are missing.
    Raises BadShape when the items do not fit, BadCategory for a category an item does not have.
    """
    from shuyang.measurement.irt.scores import align

    items = model.items if isinstance(model, Calibration) else model
    own = model.latent if isinstance(model, Calibration) else Latent.standard(items.dimensions)
    data = align(as_responses(responses, items.ids), items)
    if complete and not data.complete:
        raise NeedsCompleteData(f"{complete} is defined for complete data only", statistic=complete)
    return Case(data, items, latent or own)


@dataclass(frozen=True, slots=True)
class Grid:
    """Quadrature of a latent distribution: nodes [Q, D], weights [Q] summing to 1."""

    nodes: Floats
    weights: Floats


def quadrature(latent: Latent, points: int | None = None) -> Grid:
    """Nodes and weights of one normal distribution.

    points: equally spaced nodes a dimension on mean +- 6, weights proportional to the density. By default, for
    one dimension 61 of these; for two to four products of 31, 17 or 11 Gauss-Hermite nodes; for five and more 8192
    points of a fixed Sobol sequence.
    """
    if len(latent.names) > 1 or latent.coefficients is not None:
        raise BadShape("this statistic is for one group without covariates; take the groups one by one")
    centre, spread = latent.mean[0], latent.covariance[0]
    dimensions = len(centre)
    if points or dimensions == 1:
        return _equally_spaced(centre, spread, points or 61)
    root = _root(spread)
    base, weights = _product_rule(dimensions) if dimensions in _POINTS else _sobol(dimensions)
    return Grid(centre + base @ root.T, weights)


def _root(spread: Floats) -> Floats:
    """A matrix R with R R' = spread; also for a variance of 0, which a testlet without an effect of its own has."""
    try:
        return np.asarray(np.linalg.cholesky(spread))
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(spread)
        return np.asarray(vectors * np.sqrt(np.clip(values, 0, None)))


def _equally_spaced(centre: Floats, spread: Floats, points: int) -> Grid:
    axes = np.meshgrid(*[np.linspace(-6, 6, points)] * len(centre), indexing="ij")
    nodes = np.stack(axes, axis=-1).reshape(-1, len(centre))
    weights = np.exp(-0.5 * np.einsum("qd,de,qe->q", nodes, np.linalg.inv(spread), nodes))
    keep = weights > 1e-15 * weights.sum()
    return Grid(nodes[keep] + centre, weights[keep] / weights[keep].sum())


def _product_rule(dimensions: int) -> tuple[Floats, Floats]:
    x, w = hermegauss(_POINTS[dimensions])
    mesh = np.meshgrid(*[x] * dimensions, indexing="ij")
    mass = np.meshgrid(*[w / w.sum()] * dimensions, indexing="ij")
    nodes, weights = np.stack(mesh, axis=-1).reshape(-1, dimensions), np.prod(mass, axis=0).ravel()
    keep = weights > 1e-14  # corners without mass cost time and tell nothing
    return nodes[keep], weights[keep] / weights[keep].sum()


def _sobol(dimensions: int) -> tuple[Floats, Floats]:
    from scipy.stats import qmc  # 46 MB that only this kind of grid needs

    uniform = qmc.Sobol(dimensions, rng=np.random.default_rng(20)).random_base2(13)
    nodes = ndtri(np.clip(uniform, 1e-12, 1 - 1e-12))
    return np.asarray(nodes, float), np.full(len(nodes), 1 / len(nodes))
