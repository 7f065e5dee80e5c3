"""Nobody's result can be worked out from sums: not from one page, and not from several pages together."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuyang.feedback.rules import SMALLEST_GROUP, shown_groups

COUNTS = st.lists(st.integers(0, 12), max_size=7)


@pytest.mark.parametrize(
    ("counts", "rest", "shown"),
    [
        ([], 0, []),
        ([4], 0, [False]),
        ([5], 0, [True]),
        ([9, 3], 0, [False, False]),
        ([9, 8, 3], 0, [True, False, False]),
        ([9, 3, 3], 0, [True, False, False]),
        ([9, 0], 0, [True, False]),
        ([9, 8, 0], 0, [True, True, False]),
        ([9, 8], 2, [True, False]),
        ([9, 8], 5, [True, True]),
        ([9, 3], 2, [True, False]),
        ([2, 2], 0, [False, False]),
        ([1], 9, [False]),
    ],
)
def test_it_hides_what_is_small_and_what_would_give_it_away(counts: list[int], rest: int, shown: list[bool]) -> None:
    assert shown_groups(counts, rest=rest) == shown


@given(COUNTS, st.integers(0, 12))
def test_what_a_whole_leaves_when_its_shown_parts_are_taken_is_nobody_or_enough(counts: list[int], rest: int) -> None:
    shown = shown_groups(counts, rest=rest)
    assert all(n >= SMALLEST_GROUP for n, s in zip(counts, shown, strict=True) if s)
    left = rest + sum(n for n, s in zip(counts, shown, strict=True) if not s)
    if sum(counts) + rest >= SMALLEST_GROUP:
        assert left == 0 or left >= SMALLEST_GROUP


@given(COUNTS, st.integers(0, 12))
def test_it_hides_no_more_than_it_must(counts: list[int], rest: int) -> None:
    """Showing the smallest of those hidden only for the others' sake would give them away."""
    shown = shown_groups(counts, rest=rest)
    sacrificed = [i for i, (n, s) in enumerate(zip(counts, shown, strict=True)) if n >= SMALLEST_GROUP and not s]
    if sacrificed:
        last = max(sacrificed, key=lambda i: counts[i])
        left = rest + sum(n for i, (n, s) in enumerate(zip(counts, shown, strict=True)) if not s and i != last)
        assert 0 < left < SMALLEST_GROUP


# --- several pages together ------------------------------------------------------------------------------------------

TREES = st.recursive(
    st.tuples(st.integers(0, 9), st.just(())),
    lambda below: st.tuples(st.integers(0, 9), st.lists(below, max_size=4).map(tuple)),
    max_leaves=9,
)
Tree = tuple[int, tuple["Tree", ...]]


def _size(tree: Tree) -> int:
    return tree[0] + sum(map(_size, tree[1]))


def _published(tree: Tree, cells: list[int], shown: bool) -> tuple[set[int], list[set[int]]]:
    """(the cells of the tree, the sets of cells whose sums its pages show); a cell is the unit's own people."""
    own = len(cells)
    cells.append(tree[0])
    everyone, sums = {own}, []
    visible = shown_groups([_size(t) for t in tree[1]], rest=tree[0])
    for part, part_shown in zip(tree[1], visible, strict=True):
        inside, below = _published(part, cells, shown and part_shown)
        everyone |= inside
        sums += below
    return everyone, [*sums, everyone] if shown else sums


@settings(deadline=None, max_examples=200)
@given(TREES)
def test_no_page_gives_away_what_another_hides(tree: Tree) -> None:
    """Whatever is added and subtracted of all sums shown in a tree of units, no one to four persons come out."""
    cells: list[int] = []
    _, sums = _published(tree, cells, _size(tree) >= SMALLEST_GROUP)
    peopled = [i for i, n in enumerate(cells) if n]
    known = np.array([[float(i in s) for i in peopled] for s in sums]).reshape(len(sums), len(peopled))
    for few in (1, 2, 3, 4):
        for group in combinations(range(len(peopled)), few):
            if sum(cells[peopled[i]] for i in group) < SMALLEST_GROUP:
                wanted = np.zeros(len(peopled))
                wanted[list(group)] = 1.0
                assert not _follows(known, wanted), (sums, [peopled[i] for i in group])


def _follows(known: np.ndarray, wanted: np.ndarray) -> bool:
    """Is `wanted` a combination of the rows that are known?"""
    if not len(known):
        return False
    weights, *_ = np.linalg.lstsq(known.T, wanted, rcond=None)
    return bool(np.abs(known.T @ weights - wanted).max() < 1e-9)


def test_a_combination_is_noticed() -> None:
    assert _follows(np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([1.0, 0.0]))
    assert not _follows(np.array([[1.0, 1.0]]), np.array([1.0, 0.0]))
