"""The expectation step on a grid of nodes: coding of the answers, shards, threads.

Two codings of the same data, one kernel. *Plain*: a person's answers, each a row of the table log P[item, category].
*Deviations*, for dense data: every person is first taken to have given each item's usual category, which is one
common curve, and only what differs (another category, or no answer) is a row, of log P differences. On complete
dichotomous data that is a third to a half of the work. Shards depend on the data only, so results do not depend on
the number of threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.data import Responses

if TYPE_CHECKING:
    from shuyang.measurement.irt.se import LostSheet

Float = NDArray[np.float64]
Int32 = NDArray[np.int32]
LANES = 8
NOTHING = -1e30
DENSE = 0.5
NONE_INT = np.zeros(0, np.int32)
NONE_FLOAT = np.zeros(0)


class Expected(NamedTuple):
    """What an expectation step gives.

    loglik: log-likelihood. counts: expected answers [J, K, Q]. prior_counts: expected persons [G, Q].
    centre: posterior mean of each person in (fractional) nodes [N].
    cross: with a latent regression, see `Covariates.cross`.
    """

    loglik: float
    counts: Float
    prior_counts: Float
    centre: Float
    cross: Float = NONE_FLOAT


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Answers as rows of a table with `width` rows an item; `usual` is None for the plain coding."""

    ptr: NDArray[np.int64]
    code: Int32
    width: int
    usual: Int32 | None

    def table(self, logs: Float, padded: int) -> tuple[Float, Float]:
        """(table [J*width, padded], common curve [padded]) from log P [J, K, Q]."""
        size, categories, nodes = logs.shape
        table = np.zeros((size, self.width, padded))
        if self.usual is None:
            table[:, :, :nodes] = logs
            return table.reshape(-1, padded), np.zeros(padded)
        base = logs[np.arange(size), self.usual]
        table[:, :categories, :nodes] = logs - base[:, None]
        table[:, categories, :nodes] = -base
        common = np.zeros(padded)
        common[:nodes] = base.sum(axis=0)
        return table.reshape(-1, padded), common

    def counts(self, rows: Float, persons: Float, categories: int) -> Float:
        """Expected answers [J, K, Q] from the sums over table rows and over persons [Q]."""
        cells = rows.reshape(-1, self.width, rows.shape[1])
        if self.usual is None:
            return cells
        at = np.arange(len(cells)), self.usual
        cells[at] = 0.0
        cells[at] = np.maximum(persons[None, :] - cells.sum(axis=1), 0.0)
        return cells[:, :categories]


def encode(responses: Responses, categories: int) -> Coded:
    """The cheaper of the two codings."""
    if len(responses.item) >= DENSE * responses.persons * responses.items:
        return _deviations(responses, categories)
    return Coded(responses.ptr, responses.item * np.int32(categories) + responses.category, categories, None)


def _deviations(responses: Responses, categories: int) -> Coded:
    from shuyang.measurement.irt.kernels import deviations

    usual = responses.counts(categories).argmax(axis=1).astype(np.int32)
    ptr = np.zeros(responses.persons + 1, np.int64)
    width = categories + 1
    deviations(responses.ptr, responses.item, responses.category, usual, width, ptr, NONE_INT, False)
    code = np.empty(int(ptr[-1]), np.int32)
    deviations(responses.ptr, responses.item, responses.category, usual, width, ptr, code, True)
    return Coded(ptr, code, width, usual)


def worker_threads(threads: int | None) -> int:
    """Threads to use: as asked, else as many as this process may run on."""
    if threads is not None:
        return max(1, threads)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class GridExpectation:
    """Repeated expectation steps on one data set; keeps the coding, the windows and the buffers."""

    def __init__(
        self,
        responses: Responses,
        categories: int,
        nodes: int,
        *,
        groups: Int32 | None = None,
        group_count: int = 1,
        threads: int | None = None,
    ) -> None:
        self.categories = categories
        self.nodes = nodes
        self.padded = -(-nodes // LANES) * LANES
        self.coded = encode(responses, categories)
        self.persons = responses.persons
        self.weight = NONE_FLOAT if responses.weights is None else responses.weights
        self.group = NONE_INT if groups is None else groups
        self.group_count = group_count
        self.threads = worker_threads(threads)
        self.rows = responses.items * self.coded.width
        self.low = np.zeros(self.persons, np.int32)
        self.high = np.full(self.persons, self.padded, np.int32)
        self.centre = np.zeros(self.persons)
        self.bounds = self._shards()
        shards = len(self.bounds) - 1
        self.counts = np.zeros((shards, self.rows, self.padded))
        self.prior_counts = np.zeros((shards, group_count, self.padded))

    def _shards(self) -> list[int]:
        """Bounds of shards of about equal work: at most 32, at most 256 MiB of counts."""
        work = self.coded.ptr + 4 * np.arange(self.persons + 1)
        fit = max(1, 2**28 // (self.rows * self.padded * 8))
        shards = int(max(1, min(32, fit, work[-1] // 100_000)))
        cuts = np.searchsorted(work, np.linspace(0, work[-1], shards + 1)[1:-1])
        return [0, *(int(c) for c in cuts), self.persons]

    def widen(self) -> None:
        """Let every person see all nodes again."""
        self.low[:] = 0
        self.high[:] = self.padded

    def run(
        self, logs: Float, prior: Float, *, reach: float = 0.0, tilt: Float = NONE_FLOAT, line: Float = NONE_FLOAT
    ) -> Expected:
        """One expectation step.

        Args:
            logs: log P [J, K, Q].
            prior: log weights of the nodes [G, Q].
            reach: half width, in posterior sd, of the windows for the next step; 0 keeps them.
            tilt, line: a person's prior gets tilt[i] * line[q] added (latent regression).
        """
        from shuyang.measurement.irt.kernels import expect

        table, common = self.coded.table(logs, self.padded)
        before = np.full((self.group_count, self.padded), NOTHING)
        before[:, : self.nodes] = prior
        before += common
        nodes = np.zeros(self.padded)
        nodes[: len(line)] = line
        self.counts.fill(0.0)
        self.prior_counts.fill(0.0)

        def shard(s: int) -> float:
            out = self.counts[s], self.prior_counts[s], self.centre
            answers = self.coded.ptr, self.coded.code, table, before, self.group, tilt, nodes, self.weight
            return float(expect(self.bounds[s], self.bounds[s + 1], *answers, self.low, self.high, reach, *out))

        loglik = sum(in_threads(shard, len(self.bounds) - 1, self.threads))
        persons = self.prior_counts.sum(axis=0)
        rows = self.counts[0] if len(self.counts) == 1 else self.counts.sum(axis=0)
        counts = self.coded.counts(rows, persons.sum(axis=0), self.categories)
        return Expected(loglik, counts[:, :, : self.nodes], persons[:, : self.nodes], self.centre)

    def lost(self, data: Responses, sheet: LostSheet) -> Float:
        """What `se.lost_information` sums over the persons of data."""
        from shuyang.measurement.irt.se import lost_information

        return lost_information(self, data, sheet, self.threads)


def in_threads(work: Callable[[int], Any], count: int, threads: int) -> list[Any]:
    """[work(0), ..., work(count - 1)], in order, on a few threads."""
    if threads == 1 or count == 1:
        return [work(s) for s in range(count)]
    with ThreadPoolExecutor(min(threads, count)) as pool:
        return list(pool.map(work, range(count)))
