"""Bifactor and testlet models by dimension reduction.

Every item loads on the general factor and on at most one specific factor; all factors are independent. Bifactor: the
slopes are free (Gibbons & Hedeker, 1992). Testlet: an item's specific slope equals its general one and the variance of
each specific factor is free (Bradlow, Wainer & Wang, 1999). Further groups have their own mean of the general factor
and their own variances of all factors (Cai, Yang & Hansen, 2011); covariates shift the general factor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import BadShape
from shuyang.measurement.irt import latent as lat
from shuyang.measurement.irt import models
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.em import GridEM, Options
from shuyang.measurement.irt.estep import NONE_FLOAT, NONE_INT, Coded, Expected, in_threads, worker_threads
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent, LatentFree
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.regression import Covariates
from shuyang.measurement.irt.working import Tie, Working

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]
Int32 = NDArray[np.int32]


class Population(NamedTuple):
    """Who the persons are: group names, each person's group (empty: one), covariates or None."""

    names: tuple[Any, ...] = ("all",)
    group: Int32 = NONE_INT
    design: Covariates | None = None


class BifactorExpectation:
    """Expectation steps on nodes (general, specific) for plain coded answers."""

    def __init__(
        self, responses: Responses, categories: int, specific: NDArray[np.int64], nodes: Float, people: Population,
        threads: int | None,
    ) -> None:  # fmt: skip
        self.coded = Coded(responses.ptr, responses.item * np.int32(categories) + responses.category, categories, None)
        self.specific = np.repeat(specific, categories)
        self.factors = int(specific.max()) + 1
        self.line, self.nodes, self.persons = nodes, len(nodes), responses.persons
        self.weight = NONE_FLOAT if responses.weights is None else responses.weights
        self.group, self.group_count = people.group, len(people.names)
        self.threads = worker_threads(threads)
        rows = responses.items * categories
        fit = max(1, 2**28 // (rows * self.nodes**2 * 8))
        self.shards = int(max(1, min(16, fit, len(responses.item) // 20_000)))
        self.counts = np.zeros((self.shards, rows, self.nodes**2))
        self.specific_counts = np.zeros((self.group_count, self.factors, self.nodes))

    def widen(self) -> None:
        """Nothing to do: there are no windows."""

    def run(self, logs: Float, general: Float, specific: Float, tilt: Float = NONE_FLOAT) -> Expected:
        """One step from log weights general [Gr, G] and specific [Gr, F, S]; tilt: as in `GridExpectation.run`.

        `prior_counts` is [Gr, G] of the general factor, `centre` its posterior means; the counts of the others are in
        `specific_counts`."""
        from shuyang.measurement.irt.kernels_bifactor import expect_bifactor

        self.counts.fill(0.0)
        table = np.ascontiguousarray(logs.reshape(-1, logs.shape[2]))
        general_counts = np.zeros((self.shards, self.group_count, self.nodes))
        specific_counts = np.zeros((self.shards, self.group_count, self.factors, self.nodes))
        centre = np.empty(self.persons)
        cuts = np.linspace(0, self.persons, self.shards + 1).astype(int)

        def shard(s: int) -> float:
            return float(
                expect_bifactor(
                    cuts[s], cuts[s + 1], self.coded.ptr, self.coded.code, self.specific, table, general, specific,
                    self.group, self.weight, tilt, self.line, self.counts[s], general_counts[s], specific_counts[s],
                    centre,
                )
            )  # fmt: skip

        loglik = sum(in_threads(shard, self.shards, self.threads))
        self.specific_counts = specific_counts.sum(axis=0)
        counts = self.counts.sum(axis=0).reshape(logs.shape)
        return Expected(loglik, counts, general_counts.sum(axis=0), centre)


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """Which specific factor each item loads on; items without one have `loads` False and a factor of their own."""

    specific: NDArray[np.int64]
    loads: NDArray[np.bool_]
    names: tuple[object, ...]

    @classmethod
    def of(cls, assignment: list[object]) -> Structure:
        """From one label an item, None for items of the general factor only."""
        names = tuple(dict.fromkeys(a for a in assignment if a is not None))
        place = {name: k for k, name in enumerate(names)}
        specific = np.array([place.get(a, len(names)) for a in assignment], np.int64)
        return cls(specific, np.array([a is not None for a in assignment], bool), names)

    @property
    def factors(self) -> int:
        """Number of specific factors, the one of the items without a loading included."""
        return int(self.specific.max()) + 1


def narrowed(anchors: ItemParameters, structure: Structure, ids: tuple[str, ...]) -> ItemParameters:
    """Anchors with columns general, specific from anchors with columns general, specific 1, specific 2, ...

    Raises `BadShape` where their specific factors are not those of the structure.
    """
    place = {name: j for j, name in enumerate(ids)}
    slopes = np.zeros((len(anchors), 2))
    slopes[:, 0] = anchors.slopes[:, 0]
    seen: dict[int, int] = {}  # factor of the structure -> column of the anchors
    for row, name in enumerate(anchors.ids):
        columns = np.flatnonzero(anchors.slopes[row, 1:]) + 1
        if name not in place or not len(columns):
            continue
        j, column = place[name], int(columns[0])
        factor = int(structure.specific[j])
        if len(columns) > 1 or not structure.loads[j] or seen.setdefault(factor, column) != column:
            raise BadShape("an anchor loads on another specific factor than here", item=name)
        slopes[row, 1] = anchors.slopes[row, column]
    if len(set(seen.values())) < len(seen):
        raise BadShape("anchors of one specific factor have different ones here", factors=sorted(seen))
    return replace(anchors, slopes=slopes, covariance=None, free=())


class BifactorEM(GridEM):
    """`GridEM` whose layout has two slope columns, general and specific.

    `free` is what is estimated of the general factor in each group, `own` [Gr, F] which standard deviations of specific
    factors are.
    """

    def __init__(
        self, responses: Responses, layout: Working, structure: Structure, nodes: Float, priors: Priors, options: Options,
        *, testlet: bool, threads: int | None, people: Population | None = None,
    ) -> None:  # fmt: skip
        people = people or Population()
        self.structure, self.testlet = structure, testlet
        self.spaces = BifactorExpectation(responses, layout.width, structure.specific, nodes, people, threads)
        fixed: Bool = ~np.asarray(layout.free.any(axis=1))
        later: Bool = np.arange(len(people.names)) > 0
        unit = not layout.free[:, 0].any()
        free = LatentFree(mean=later | fixed.any(), sd=later | fixed.any() | unit)
        latent = Latent.standard(1 + structure.factors, people.names)
        if people.design is not None:
            latent = replace(latent, coefficients=np.zeros((people.design.count, 1 + structure.factors)))
        super().__init__(self.spaces, layout, nodes, latent, free, priors, options, people.design)  # type: ignore[arg-type]
        self.space = np.stack([g.ravel() for g in np.meshgrid(nodes, nodes, indexing="ij")], axis=1)
        self.own = self._own_free(responses, fixed, later)
        self.expand = self.expand and not self.own.any()

    def _own_free(self, responses: Responses, fixed: Bool, later: Bool) -> Bool:
        """Free where a group saw the factor: in later groups, in testlet models, and where fixed items load on it."""
        groups, factors = len(later), self.structure.factors
        who = np.repeat(self.spaces.group, responses.answered()) if len(self.spaces.group) else 0
        seen = np.zeros((groups, factors), bool)
        seen[who, self.structure.specific[responses.item]] = True
        seen[:, len(self.structure.names) :] = False
        held = np.zeros(factors, bool)
        held[self.structure.specific[fixed & (self.layout.template.slopes[:, 1] != 0)]] = True
        return np.asarray(seen & (later[:, None] | held | self.testlet))

    def _scale_is_free(self) -> bool:
        present = ~np.isnan(self.layout.template.intercepts)
        wanted = np.stack([np.ones(len(present), bool), self.structure.loads], axis=1)
        slopes = (self.layout.free[:, self.layout.a] == wanted).all()
        alone = len(self.latent.names) == 1 and self.design is None
        return bool(alone and slopes and (self.layout.free[:, self.layout.d] == present).all()) and not self.layout.ties

    def _pack_latent(self, latent: Latent) -> Float:
        parts = [latent.mean[:, 0], np.log(latent.sd).ravel()]
        if latent.coefficients is not None:
            parts.append(latent.coefficients[:, 0])
        return np.concatenate(parts)

    def _unpack_latent(self, vector: Float) -> Latent:
        groups, dims = self.latent.mean.shape
        cut = groups * (1 + dims)
        sd = np.exp(vector[groups:cut]).reshape(groups, dims)
        return self._latent(vector[:groups], sd, vector[cut:])

    def _latent(self, mean: Float, sd: Float, beta: Float) -> Latent:
        """Means [Gr] of the general factor, standard deviations [Gr, 1 + F], coefficients [C] (of the general one)."""
        means = np.zeros(sd.shape)
        means[:, 0] = mean
        covariance = np.stack([np.diag(row**2) for row in sd])
        coefficients = None
        if self.latent.coefficients is not None:
            coefficients = np.zeros(self.latent.coefficients.shape)
            coefficients[:, 0] = beta
        return replace(self.latent, mean=means, covariance=covariance, coefficients=coefficients)

    def _expect(self, items: ItemParameters, latent: Latent, *, reach: float, logs: Float | None = None) -> Expected:
        table = models.log_probabilities(items, self.space) if logs is None else logs
        weights = self.factor_weights(latent)
        if self.design is None:
            return self.spaces.run(table, weights[:, 0], weights[:, 1:])
        common, tilt, constant = self.regression_prior(latent)
        expected = self.spaces.run(table, common[None], weights[:, 1:], tilt)
        return self.with_cross(expected, constant)

    def factor_weights(self, latent: Latent) -> Float:
        """[Gr, 1 + F, Q] log weights of the nodes of each factor."""
        logs = lat.log_weights(latent.mean.ravel(), latent.sd.ravel(), self.nodes)
        return np.ascontiguousarray(logs.reshape(*latent.mean.shape, -1))

    def persons(self, expected: Expected) -> Float:
        """[Gr, 1 + F, Q] expected persons at the nodes of each factor, of the last step."""
        return np.concatenate([expected.prior_counts[:, None], self.spaces.specific_counts], axis=1)

    def _latent_step(self, latent: Latent, expected: Expected) -> Latent:
        general = self.design is None
        mean = np.zeros(latent.mean.shape, bool)
        mean[:, 0] = self.free.mean & general
        sd = np.concatenate([(self.free.sd & general)[:, None], self.own], axis=1)
        flat = Latent(tuple(range(mean.size)), latent.mean.reshape(-1, 1), latent.sd.reshape(-1, 1, 1) ** 2)
        persons = self.persons(expected).reshape(mean.size, -1)
        found = lat.fit_groups(flat, LatentFree(mean.ravel(), sd.ravel()), persons, self.nodes)
        means, sds, beta = found.mean.reshape(mean.shape)[:, 0], found.sd.reshape(mean.shape), np.zeros(0)
        if not general:
            means[0], beta, variance = self.regressed(latent, expected)
            sds[0, 0] = variance**0.5
        return self._latent(means, sds, beta)

    def _absorb(self, psi: Float, expected: Expected) -> Float:
        """Working means and sds of the general and of every specific factor go into slopes and intercepts."""
        persons = self.persons(expected)[0]
        share = persons / persons.sum(axis=1, keepdims=True)
        mean = share @ self.nodes
        sd = np.sqrt(share @ self.nodes**2 - mean**2)
        own = 1 + self.structure.specific
        after = psi.copy()
        moved = psi[:, 0] * mean[0] + psi[:, 1] * mean[own]
        weight = self.layout.free[:, self.layout.d].astype(float)
        for family, rows in self.layout.family_rows:
            if family == "total":
                weight[rows] *= np.nan_to_num(self.layout.unpack(psi).scores[rows, 1:])
        after[:, self.layout.d] += weight * moved[:, None]
        after[:, 0] *= sd[0]
        after[:, 1] *= sd[own]
        return after


def testlet_layout(layout: Working, structure: Structure, column: NDArray[np.int64]) -> Working:
    """The layout with each item's specific slope, in the given column of psi [J], tied to its general one."""
    rows = np.flatnonzero(structure.loads & layout.free[:, 0])
    if not len(rows):
        return layout
    width = layout.free.shape[1]
    own = np.zeros((len(rows), width, width))
    for at, j in enumerate(rows):
        keep = layout.free[j].copy()
        keep[column[j]] = False
        own[at][keep, keep] = 1.0
        own[at, column[j], 0] = 1.0
    tie = Tie(rows, own, np.zeros((len(rows), width, 0)))
    return replace(layout, ties=(*layout.ties, tie))


testlet_layout.__test__ = False  # type: ignore[attr-defined]


def expanded(items: ItemParameters, structure: Structure, ids: tuple[str, ...]) -> ItemParameters:
    """Items with columns general, specific 1, specific 2, ... from items with columns general, specific."""
    slopes = np.zeros((len(items), 1 + len(structure.names)))
    slopes[:, 0] = items.slopes[:, 0]
    rows = np.flatnonzero(structure.loads)
    slopes[rows, 1 + structure.specific[rows]] = items.slopes[rows, 1]
    return replace(ItemParameters.from_dict(items.to_dict()), slopes=slopes, ids=ids)
