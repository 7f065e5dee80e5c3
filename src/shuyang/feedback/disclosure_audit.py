"""The audit of published cells: does any combination of them concern one to four people only?

A combination of sums gives each person a weight: the sum of the weights of the cells he is in. A small set of people S can be
isolated exactly when some combination is zero for everyone else and not for S, that is, when the hat matrix H of the cells has
an eigenvalue 1 on S. People of the same unit and the same groups have the same weight, so S is made of whole "atoms" of such
people. Every cell is a unit's indicator times a group's indicator, so H is found from the leaves of the tree to its root by
small projections (Frisch, Waugh & Lovell), whatever the size of the organisation. An atom is surely safe where its row of H is
small (Gershgorin); where that does not settle it, all small sets around it are tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from shuyang.feedback.disclosure import Cells, People
from shuyang.feedback.rules import SMALLEST_GROUP

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
SmallArray = npt.NDArray[np.float32]

ISOLATED = 0.999
"""An eigenvalue from here on counts as 1: almost isolated is refused too."""
CHUNK = 1200
"""Atoms whose mutual rows of H are computed exactly at a time; larger trees are cut into subtrees of at most this size."""
BLOCK = 100_000
"""Atoms whose features are worked on at a time."""
_NEIGHBOURS = 24
_SINGULAR = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class _Atoms:
    """People alike in unit and groups: `size` [A], `unit` [A] as place in depth-first order, `codes` [A, D]."""

    size: IntArray
    place: IntArray
    codes: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class _Tree:
    """Depth-first order of the units: `place` [U] of each, `end` [U]: the place after the last below it, `order`: back."""

    place: IntArray
    end: IntArray
    order: IntArray


Piece = tuple[int, int, SmallArray]
"""First atom, end, values [atoms, r]; single precision is enough to tell 0.999 from less."""


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    """Small atoms of a subtree (or of one large unit alone): the units `inside` it, and the unit above them all."""

    atoms: IntArray
    inside: IntArray
    top: int


def audited(people: People, found: Cells, *, minimum: int = SMALLEST_GROUP) -> Cells:
    """The cells with breakdowns taken back until no combination concerns fewer than `minimum` people."""
    broken = found.broken.copy()
    while True:
        unsafe = isolated_units(people, Cells(found.shown, broken), minimum=minimum)
        if not len(unsafe) or not broken.any():
            return Cells(found.shown, broken)
        for unit in unsafe:
            _take_back(people, broken, int(unit))


def _take_back(people: People, broken: BoolArray, unit: int) -> None:
    """The breakdown with the most groups, at the lowest unit above the isolated people that has one."""
    while unit >= 0 and not broken[unit].any():
        unit = int(people.parent[unit])
    if unit >= 0:
        sizes = [size if has else -1 for size, has in zip(people.groups, broken[unit], strict=True)]
        broken[unit, int(np.argmax(sizes))] = False


def isolated_units(people: People, found: Cells, *, minimum: int = SMALLEST_GROUP) -> IntArray:
    """Units in which some combination of the published cells isolates fewer than `minimum` people; empty: all is safe."""
    tree = _depth_first(people.parent)
    atoms = _atoms(people, tree)
    if not len(atoms.size):
        return np.zeros(0, np.int64)
    pieces = _pieces(people, found, atoms, tree)
    small = np.flatnonzero(atoms.size < minimum)
    leverage = np.zeros(len(atoms.size))
    for start, end, z in pieces.values():
        leverage[start:end] += np.einsum("ar,ar->a", z, z, dtype=np.float64) * atoms.size[start:end]
    bad: set[int] = set()
    for chunk in _chunks(people, tree, atoms, small):
        near = [pieces[u] for u in chunk.inside if u in pieces]
        over = [pieces[u] for u in _upwards(people.parent, chunk.top) if u in pieces]
        bad.update(_isolated_in(chunk.atoms, near, over, atoms, leverage, minimum))
    return np.unique(tree.order[atoms.place[sorted(bad)]]) if bad else np.zeros(0, np.int64)


def _depth_first(parent: IntArray) -> _Tree:
    size = np.ones(len(parent), np.int64)
    for unit in range(len(parent) - 1, 0, -1):
        size[parent[unit]] += size[unit]
    place, used = np.zeros(len(parent), np.int64), np.ones(len(parent), np.int64)
    for unit in range(1, len(parent)):
        above = int(parent[unit])
        place[unit] = place[above] + used[above]
        used[above] += size[unit]
    return _Tree(place, place + size, np.argsort(place))


def _atoms(people: People, tree: _Tree) -> _Atoms:
    key = tree.place[people.unit]
    for d, size in enumerate(people.groups):
        key = key * size + people.codes[:, d]
    _, first, count = np.unique(key, return_index=True, return_counts=True)
    return _Atoms(count.astype(np.int64), tree.place[people.unit[first]], people.codes[first])


def _pieces(people: People, found: Cells, atoms: _Atoms, tree: _Tree) -> dict[int, Piece]:
    """Orthonormal parts of the span of all cells, by unit, from the leaves to the root.

    Weighted by the atoms' sizes they are orthonormal to each other, so H of two atoms is the sum of their products.
    """
    offsets = np.concatenate([[1], 1 + np.cumsum(people.groups)])
    features = np.zeros((len(atoms.size), int(offsets[-1])))
    features[:, 0] = 1.0
    for d in range(len(people.groups)):
        features[np.arange(len(features)), offsets[d] + atoms.codes[:, d]] = 1.0
    weight = atoms.size.astype(float)
    pieces: dict[int, Piece] = {}
    for unit in range(len(people.parent) - 1, -1, -1):
        columns = [0] if found.shown[unit] else []
        for dimension in np.flatnonzero(found.broken[unit]):
            columns += range(int(offsets[dimension]), int(offsets[dimension + 1]))
        start, end = np.searchsorted(atoms.place, [tree.place[unit], tree.end[unit]])
        if columns and end > start:
            z = _new_directions(features[start:end], columns, weight[start:end])
            pieces[unit] = (int(start), int(end), z)
    return pieces


def _new_directions(rows: FloatArray, columns: list[int], weight: FloatArray) -> SmallArray:
    """An orthonormal basis of what the columns add; it is taken out of all columns of `rows`, in place.

    Block by block: the uppermost unit of a large organisation has all atoms in it.
    """
    blocks = [slice(start, start + BLOCK) for start in range(0, len(rows), BLOCK)]
    gram = sum(_inner(rows[b][:, columns], rows[b][:, columns], weight[b]) for b in blocks)
    values, vectors = np.linalg.eigh(gram)
    kept = values > _SINGULAR
    turn = vectors[:, kept] / np.sqrt(values[kept])
    shared = sum(_inner(rows[b][:, columns] @ turn, rows[b], weight[b]) for b in blocks)
    z = np.empty((len(rows), turn.shape[1]), np.float32)
    for b in blocks:
        part = rows[b][:, columns] @ turn
        rows[b] -= part @ shared
        z[b] = part
    return z


def _inner(one: FloatArray, other: FloatArray, weight: FloatArray) -> FloatArray:
    return np.asarray((one * weight[:, None]).T @ other)


def _chunks(people: People, tree: _Tree, atoms: _Atoms, small: IntArray) -> list[_Chunk]:
    """Small atoms in subtrees of at most `CHUNK`; the own people of units above them stand for themselves."""
    places = atoms.place[small]
    starts, ends = np.searchsorted(places, tree.place), np.searchsorted(places, tree.end)
    own_ends = np.searchsorted(places, tree.place + 1)
    found, nothing = [], np.zeros(0, np.int64)
    for unit in range(len(people.parent)):
        above = int(people.parent[unit])
        whole = ends[unit] - starts[unit] <= CHUNK
        if whole and (above < 0 or ends[above] - starts[above] > CHUNK):
            inside = tree.order[tree.place[unit] : tree.end[unit]]
            found.append(_Chunk(small[starts[unit] : ends[unit]], inside, above))
        elif not whole:
            found.append(_Chunk(small[starts[unit] : own_ends[unit]], nothing, unit))
    return [chunk for chunk in found if len(chunk.atoms)]


def _upwards(parent: IntArray, unit: int) -> list[int]:
    """A unit and all above it."""
    line = []
    while unit >= 0:
        line.append(unit)
        unit = int(parent[unit])
    return line


def _isolated_in(
    chunk: IntArray, near: list[Piece], over: list[Piece], atoms: _Atoms, leverage: FloatArray, minimum: int
) -> list[int]:
    """Atoms of the chunk that belong to a set that can be isolated; `near`, `over`: pieces inside it and above it."""
    inner, _ = _rows_of_h(chunk, near, atoms)
    outer, up = _rows_of_h(chunk, over, atoms)
    h, size, own = inner + outer, atoms.size[chunk], leverage[chunk]
    outside = np.sqrt(up * up.max()) if over else np.zeros(len(chunk))
    off = np.abs(h - np.diag(np.diag(h)))
    bad = []
    for a in np.flatnonzero(own > 0):
        others = minimum - 1 - int(size[a])
        if own[a] >= ISOLATED:
            bad.append(int(chunk[a]))
            continue
        rivals = np.maximum(np.sort(off[a])[::-1][:others], outside[a])
        if own[a] + rivals.sum() >= ISOLATED and _some_set_isolated(int(a), h, off, size, float(outside[a]), minimum):
            bad.append(int(chunk[a]))
    return bad


def _rows_of_h(chunk: IntArray, pieces: list[Piece], atoms: _Atoms) -> tuple[FloatArray, FloatArray]:
    """What some pieces add to H among the chunk's atoms, scaled by their sizes [A, A], and to its diagonal [A]."""
    h = np.zeros((len(chunk), len(chunk)))
    root = np.sqrt(atoms.size.astype(float)[chunk])[:, None]
    for start, end, z in pieces:
        low, high = np.searchsorted(chunk, [start, end])
        if high > low:
            rows = z[chunk[low:high] - start] * root[low:high]
            h[low:high, low:high] += rows @ rows.T
    return h, np.diag(h).copy()


def _some_set_isolated(a: int, h: FloatArray, off: FloatArray, size: IntArray, outside: float, minimum: int) -> bool:
    """Is there a set around atom `a`, of fewer than `minimum` people in all, on which H reaches 1?"""
    near = [int(b) for b in np.argsort(off[a])[::-1][:_NEIGHBOURS] if off[a, b] > 0]
    room = minimum - 1 - int(size[a])
    margin = ISOLATED - room * outside
    for count in range(1, room + 1):
        chosen = [c for c in combinations(near, count) if size[list(c)].sum() <= room]
        if chosen:
            index = np.array([(a, *c) for c in chosen])
            blocks = h[index[:, :, None], index[:, None, :]]
            if np.linalg.eigvalsh(blocks)[:, -1].max() >= margin:
                return True
    return False
