"""The independent unknowns behind psi: one a free entry, ties counted once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.working import Working

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Unknowns:
    """Sparse Jacobian of psi in the unknowns: for item j, psi_j changes by jacobian[j] along the unknowns index[j].

    index: one int array an item. jacobian: one [M, len(index[j])] matrix an item. count: number of unknowns.
    """

    index: tuple[NDArray[np.int64], ...]
    jacobian: tuple[Float, ...]
    count: int


def unknowns_of(layout: Working) -> Unknowns:
    """Number the unknowns: items in order, own ones first; shared ones of ties last."""
    size, width = layout.free.shape
    index: list[NDArray[np.int64]] = [np.zeros(0, np.int64)] * size
    jacobian: list[Float] = [np.zeros((width, 0))] * size
    tied = {int(j): (tie, at) for tie in layout.ties for at, j in enumerate(tie.rows)}
    count = 0
    for j in range(size):
        if j in tied:
            tie, at = tied[j]
            block = tie.own[at][:, np.any(tie.own[at] != 0, axis=0)]
        else:
            block = np.eye(width)[:, layout.free[j]]
        index[j] = np.arange(count, count + block.shape[1])
        jacobian[j] = block
        count += block.shape[1]
    for tie in layout.ties:
        used = np.any(tie.shared != 0, axis=(0, 1))
        shared = np.arange(count, count + int(used.sum()))
        for at, j in enumerate(tie.rows):
            index[j] = np.concatenate([index[j], shared])
            jacobian[j] = np.concatenate([jacobian[j], tie.shared[at][:, used]], axis=1)
        count += len(shared)
    return Unknowns(tuple(index), tuple(jacobian), count)


def spread(layout: Working, unknowns: Unknowns, covariance: Float) -> tuple[Float, tuple[tuple[int, str], ...]]:
    """Covariance of the free entries of psi, with their names, from that of the unknowns [P, P]."""
    names = layout.column_names()
    entries: list[tuple[int, str]] = []
    rows = []
    for j in range(len(layout.ids)):
        for m in np.flatnonzero(layout.free[j] & np.any(unknowns.jacobian[j] != 0, axis=1)):
            line = np.zeros(unknowns.count)
            line[unknowns.index[j]] = unknowns.jacobian[j][m]
            rows.append(line)
            entries.append((j, names[m]))
    whole = np.array(rows).reshape(len(rows), unknowns.count)
    return whole @ covariance[: unknowns.count, : unknowns.count] @ whole.T, tuple(entries)
