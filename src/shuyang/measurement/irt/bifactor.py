"""Bifactor and testlet models by dimension reduction.

Every item loads on the general factor and on at most one specific factor; all factors are independent. Bifactor: the
slopes are free (Gibbons & Hedeker, 1992). Testlet: an item's specific slope equals its general one and the variance of
each specific factor is free (Bradlow, Wainer & Wang, 1999).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt import latent as lat
from shuyang.measurement.irt import models
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.em import GridEM, Options
from shuyang.measurement.irt.estep import NONE_FLOAT, Coded, Expected, in_threads, worker_threads
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent, LatentFree
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.working import Tie, Working

Float = NDArray[np.float64]


class BifactorExpectation:
    """Expectation steps on nodes (general, specific) for plain coded answers."""

    def __init__(
        self, responses: Responses, categories: int, specific: NDArray[np.int64], nodes: int, threads: int | None
    ) -> None:
        self.coded = Coded(responses.ptr, responses.item * np.int32(categories) + responses.category, categories, None)
        self.specific = np.repeat(specific, categories)
        self.factors = int(specific.max()) + 1
        self.nodes, self.persons = nodes, responses.persons
        self.weight = NONE_FLOAT if responses.weights is None else responses.weights
        self.threads = worker_threads(threads)
        rows = responses.items * categories
        fit = max(1, 2**28 // (rows * nodes**2 * 8))
        self.shards = int(max(1, min(16, fit, len(responses.item) // 20_000)))
        self.counts = np.zeros((self.shards, rows, nodes**2))
        self.specific_counts = np.zeros((self.factors, nodes))

    def widen(self) -> None:
        """Nothing to do: there are no windows."""

    def run(self, logs: Float, general: Float, specific: Float) -> Expected:
        """One step; `prior_counts` is [1, G] of the general factor, those of the others are in `specific_counts`."""
        from shuyang.measurement.irt.kernels_bifactor import expect_bifactor

        self.counts.fill(0.0)
        table = np.ascontiguousarray(logs.reshape(-1, logs.shape[2]))
        general_counts = np.zeros((self.shards, self.nodes))
        specific_counts = np.zeros((self.shards, self.factors, self.nodes))
        cuts = np.linspace(0, self.persons, self.shards + 1).astype(int)

        def shard(s: int) -> float:
            return float(
                expect_bifactor(
                    cuts[s], cuts[s + 1], self.coded.ptr, self.coded.code, self.specific, table, general, specific,
                    self.weight, self.counts[s], general_counts[s], specific_counts[s],
                )
            )  # fmt: skip

        loglik = sum(in_threads(shard, self.shards, self.threads))
        self.specific_counts = specific_counts.sum(axis=0)
        counts = self.counts.sum(axis=0).reshape(logs.shape)
        return Expected(loglik, counts, general_counts.sum(axis=0)[None], np.zeros(0))


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


class BifactorEM(GridEM):
    """`GridEM` whose layout has two slope columns, general and specific."""

    def __init__(
        self, responses: Responses, layout: Working, structure: Structure, nodes: Float, priors: Priors, options: Options,
        *, testlet: bool, threads: int | None,
    ) -> None:  # fmt: skip
        self.structure, self.testlet, self.line = structure, testlet, nodes
        self.spaces = BifactorExpectation(responses, layout.width, structure.specific, len(nodes), threads)
        space = np.stack([g.ravel() for g in np.meshgrid(nodes, nodes, indexing="ij")], axis=1)
        free = LatentFree(np.zeros(1, bool), np.zeros(1, bool))
        factors = tuple(range(self.spaces.factors + 1))
        latent = Latent.standard(1, factors)
        super().__init__(self.spaces, layout, space, latent, free, priors, options)  # type: ignore[arg-type]
        self.expand = options.expand and priors.flat and not testlet and self._scale_is_free()

    def _scale_is_free(self) -> bool:
        present = ~np.isnan(self.layout.template.intercepts)
        wanted = np.stack([np.ones(len(present), bool), self.structure.loads], axis=1)
        slopes = (self.layout.free[:, self.layout.a] == wanted).all()
        return bool(slopes and (self.layout.free[:, self.layout.d] == present).all()) and not self.layout.ties

    def _expect(self, items: ItemParameters, latent: Latent, *, reach: float, logs: Float | None = None) -> Expected:
        table = models.log_probabilities(items, self.space) if logs is None else logs
        weights = lat.log_weights(latent.mean[:, 0], latent.sd[:, 0], self.line)
        return self.spaces.run(table, weights[0], weights[1:])

    def _latent_step(self, latent: Latent, expected: Expected) -> Latent:
        if not self.testlet:
            return latent
        size = len(latent.names)
        free = LatentFree(np.zeros(size, bool), np.arange(size) > 0)
        free.sd[1 + len(self.structure.names) :] = False
        free.sd[0] = not self.layout.free[:, 0].any()
        persons = np.concatenate([expected.prior_counts, self.spaces.specific_counts])
        return lat.fit_groups(latent, free, persons, self.line)

    def _absorb(self, psi: Float, expected: Expected) -> Float:
        """Working means and sds of the general and of every specific factor go into slopes and intercepts."""
        persons = np.concatenate([expected.prior_counts, self.spaces.specific_counts])
        share = persons / persons.sum(axis=1, keepdims=True)
        mean = share @ self.line
        sd = np.sqrt(share @ self.line**2 - mean**2)
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
