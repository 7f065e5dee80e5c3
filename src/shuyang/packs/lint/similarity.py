"""Near duplicates: shingles of characters, MinHash to find candidates, exact Jaccard to judge them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

SHINGLE, HASHES = 5, 96
_PRIME = (1 << 31) - 1
# A candidate's estimate may lie this far below the true likeness (about three standard errors).
_MARGIN = 0.15


def shingles(text: str) -> frozenset[str]:
    """All runs of five characters; a shorter text is one run."""
    return frozenset(text[i : i + SHINGLE] for i in range(max(1, len(text) - SHINGLE + 1)))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Common share of two sets, 0 to 1."""
    return len(a & b) / len(a | b) if a or b else 0.0


def similar_pairs(texts: Sequence[str], *, least: float) -> Iterator[tuple[int, int, float]]:
    """Pairs (i < j) of texts whose likeness is at least `least`, with it."""
    if len(texts) < 2:
        return
    sets = [shingles(text) for text in texts]
    signatures = np.stack([_signature(one) for one in sets])
    for i in range(len(texts) - 1):
        alike = (signatures[i + 1 :] == signatures[i]).mean(axis=1)
        for j in np.flatnonzero(alike >= least - _MARGIN) + i + 1:
            likeness = jaccard(sets[i], sets[int(j)])
            if likeness >= least:
                yield i, int(j), likeness


_draw = np.random.default_rng(20261122)
_SLOPES = _draw.integers(1, _PRIME, HASHES, dtype=np.int64)
_SHIFTS = _draw.integers(0, _PRIME, HASHES, dtype=np.int64)


def _signature(found: frozenset[str]) -> npt.NDArray[np.int64]:
    """The least hash of the set under each of the hash functions (a x + b mod p)."""
    values = np.array([zlib.crc32(one.encode()) % _PRIME for one in found], dtype=np.int64)
    least: npt.NDArray[np.int64] = ((values[:, None] * _SLOPES + _SHIFTS) % _PRIME).min(axis=0)
    return least
