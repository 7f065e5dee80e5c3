"""The attack: whatever is added and subtracted of all published sums, no one to four people come out.

The oracle knows nothing of how cells were chosen. It takes the people of every published cell as a vector and asks, for every
set of fewer than five people, whether some combination of the vectors is zero for everyone else.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from shuyang.feedback.disclosure import Cells, People, cells, counts, merged_codes
from shuyang.feedback.disclosure_audit import isolated_units
from shuyang.feedback.rules import SMALLEST_GROUP

GROUPS = (3, 6, 4)


def organisation(rng: np.random.Generator, people: int, units: int) -> People:
    """A random tree; some groups are rare, some units small."""
    parent = np.array([-1] + [int(rng.integers(0, max(1, i // 2))) for i in range(1, units)])
    shares = [np.sort(rng.dirichlet(np.full(g, 1.2))) for g in GROUPS]
    codes = np.stack([rng.choice(g, people, p=s) for g, s in zip(GROUPS, shares, strict=True)], axis=1)
    size = rng.dirichlet(np.full(units, 1.0))
    return People(parent, rng.choice(units, people, p=size), codes, GROUPS)


def views(people: People, found: Cells) -> np.ndarray:
    """Who is in each published cell [cells, people]."""
    rows = []
    for unit in range(len(people.parent)):
        inside = np.array([unit in _line(people.parent, int(u)) for u in people.unit])
        if found.shown[unit]:
            rows.append(inside)
        for d, groups in enumerate(people.groups):
            if found.broken[unit, d]:
                rows += [inside & (people.codes[:, d] == g) for g in range(groups)]
    return np.array([r for r in rows if r.any()], float).reshape(-1, len(people.unit))


def _line(parent: np.ndarray, unit: int) -> set[int]:
    line = {unit}
    while parent[unit] >= 0:
        unit = int(parent[unit])
        line.add(unit)
    return line


def isolated(published: np.ndarray, minimum: int = SMALLEST_GROUP) -> tuple[int, ...] | None:
    """A set of fewer than `minimum` people on whom some combination of the rows lives alone, if there is one."""
    if not len(published):
        return None
    kinds, size = np.unique(published, axis=1, return_counts=True)
    scaled = kinds * np.sqrt(size)
    _, values, vectors = np.linalg.svd(scaled, full_matrices=False)
    basis = vectors[values > 1e-9]
    hat = basis.T @ basis
    small = [i for i in range(kinds.shape[1]) if size[i] < minimum and kinds[:, i].any()]
    for count in range(1, minimum):
        chosen = [c for c in combinations(small, count) if size[list(c)].sum() < minimum]
        for start in range(0, len(chosen), 20_000):
            index = np.array(chosen[start : start + 20_000])
            top = np.linalg.eigvalsh(hat[index[:, :, None], index[:, None, :]])[:, -1]
            if top.max() > 1 - 1e-6:
                return tuple(int(i) for i in index[int(top.argmax())])
    return None


@pytest.mark.parametrize("seed", range(24))
def test_no_combination_of_views_isolates_fewer_than_five(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = organisation(rng, int(rng.integers(12, 90)), int(rng.integers(1, 7)))
    found = cells(people)
    published = views(people, found)
    assert isolated(published) is None
    for one, other in combinations(published, 2):  # and, spelled out, no two views differ by one to four people
        if ((one - other) >= 0).all() or ((other - one) >= 0).all():
            assert np.abs(one - other).sum() == 0 or np.abs(one - other).sum() >= SMALLEST_GROUP
    assert all(v.sum() >= SMALLEST_GROUP for v in published)


@pytest.mark.parametrize("seed", range(12))
def test_the_audit_sees_what_the_attack_sees(seed: int) -> None:
    """On cells chosen at random, without any rule, both must agree: else the audit proves nothing."""
    rng = np.random.default_rng(100 + seed)
    people = organisation(rng, int(rng.integers(15, 60)), int(rng.integers(1, 5)))
    shown = rng.random(len(people.parent)) < 0.7
    broken = rng.random((len(people.parent), len(GROUPS))) < 0.5
    found = Cells(shown, broken)
    assert (len(isolated_units(people, found)) > 0) == (isolated(views(people, found)) is not None)


def crossed() -> People:
    """Every group has five people and more, and yet two views less two others leave the three skilled leaders."""
    pairs = [(0, 0)] * 10 + [(1, 0)] * 12 + [(0, 1)] * 3 + [(2, 1)] * 7 + [(2, 2)] * 6
    codes = np.array([(rank, job, 0) for rank, job in pairs])
    return People(np.array([-1]), np.zeros(len(codes), np.int64), codes, (3, 3, 1))


def test_the_attack_across_two_filters_is_noticed_and_answered() -> None:
    """Leaders (13) less general administration (22) plus general staff (12) are the three leaders in data."""
    people = crossed()
    whole, (ranks, jobs, _) = counts(people)
    assert ranks[0].tolist() == [13, 12, 13]
    assert jobs[0].tolist() == [22, 10, 6]
    everything = Cells(np.array([True]), np.array([[True, True, False]]))
    published = views(people, everything)
    skilled = (people.codes[:, 0] == 0) & (people.codes[:, 1] == 1)
    combination = np.linalg.lstsq(published.T, skilled.astype(float), rcond=None)[0]
    assert published.T @ combination == pytest.approx(skilled.astype(float))
    assert isolated_units(people, everything).tolist() == [0]
    found = cells(people)
    assert found.shown[0]
    assert found.broken[0].sum() == 2  # one of the two crossing dimensions is given up
    assert isolated(views(people, found)) is None
    assert whole[0] == 38


def test_it_still_shows_what_is_large_enough() -> None:
    rng = np.random.default_rng(5)
    parent = np.array([-1, 0, 0, 0])
    codes = np.stack([rng.integers(0, g, 600) for g in GROUPS], axis=1)
    found = cells(People(parent, np.repeat(np.arange(4), 150), codes, GROUPS))
    assert found.shown.all()
    assert found.broken.all()


def test_rare_groups_are_put_together() -> None:
    codes = np.repeat([0, 1, 2, 3, 4], [20, 2, 1, 9, 0])
    new, groups = merged_codes(codes, 5)
    assert groups == [[0], [1, 2, 3]]
    assert np.bincount(new).tolist() == [20, 12]
    assert merged_codes(np.repeat([0, 1], [9, 8]), 3)[1] == [[0], [1]]
    assert merged_codes(np.zeros(2, np.int64), 3)[1] == [[0]]


def test_nobody_is_shown_of_nobody() -> None:
    nobody = People(np.array([-1]), np.zeros(0, np.int64), np.zeros((0, 3), np.int64), GROUPS)
    found = cells(nobody)
    assert not found.shown.any()
    assert not found.broken.any()
