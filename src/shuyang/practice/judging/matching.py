"""Were the records of several departments put together rightly?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from shuyang.practice.privacy.classes import codes


@dataclass(frozen=True)
class MatchingQuality:
    """Over pairs of records: `precision` of those put together, the share that belongs together; `recall` of those that
    belong together, the share put together; both 1.0 where there is no such pair. `wrongly_merged`: groups with records of
    more than one person; `split`: people whose records lie in more than one group. `unexplained`: share of records in groups
    of two or more for which no reason was given (0.0 if reasons were not asked for)."""

    precision: float
    recall: float
    wrongly_merged: int
    split: int
    unexplained: float


def matching_quality(
    found: Sequence[Hashable], truth: Sequence[Hashable], reasons: Sequence[str | None] | None = None
) -> MatchingQuality:
    """Judge a matching.

    `found`: the group in which each record was put (None: left alone); `truth`: the person whom it is of; `reasons`: why it was
    put there. Pairwise measures as in P. Christen, “Data matching”, 2012. Raises ValueError for different lengths.
    """
    if len(found) != len(truth) or (reasons is not None and len(reasons) != len(found)):
        raise ValueError("groups, people and reasons must be of one length")
    alone = [("alone", i) if group is None else ("group", group) for i, group in enumerate(found)]
    (group, groups), (person, people) = codes(alone), codes(list(truth))
    cells, counts = np.unique(group * max(len(people), 1) + person, return_counts=True)
    sizes, records = np.bincount(group), np.bincount(person)
    both, put, belong = (int(_pairs(x).sum()) for x in (counts, sizes, records))
    merged = np.bincount(cells // max(len(people), 1), minlength=len(groups)) > 1
    split = np.bincount(cells % max(len(people), 1), minlength=len(people)) > 1
    return MatchingQuality(
        both / put if put else 1.0, both / belong if belong else 1.0, int(merged.sum()), int(split.sum()),
        _unexplained(reasons, sizes[group] > 1 if len(group) else np.zeros(0, dtype=bool)),
    )  # fmt: skip


def _pairs(n: np.ndarray) -> np.ndarray:
    return n * (n - 1) // 2


def _unexplained(reasons: Sequence[str | None] | None, together: np.ndarray) -> float:
    if reasons is None or not together.any():
        return 0.0
    silent = np.array([not (reason and reason.strip()) for reason in reasons])
    return float(silent[together].mean())
