"""The bookmark method: judges mark, among items in order of difficulty, the first a person just at the level misses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.errors import BadCategory, BadShape
from shuyang.measurement.standards.agreement import Floats

Rule = Literal["item", "previous", "between"]


@dataclass(frozen=True, slots=True)
class BookmarkResult:
    """One cut by bookmarks: `cut` (median over judges) and `mean`, on the ability scale.

    se: standard error of the mean over judges, or over tables where tables are given (judges at one table are not
    independent); median_se: 1.2533 times that (normal approximation). judges: each judge's cut, [R].
    """

    cut: float
    mean: float
    se: float
    median_se: float
    judges: Floats
    tables: int

    def to_dict(self) -> dict[str, Any]:
        return {
            "cut": self.cut,
            "mean": self.mean,
            "se": self.se,
            "median_se": self.median_se,
            "judges": self.judges.tolist(),
            "tables": self.tables,
        }

    def to_table(self) -> dict[str, list[float]]:
        return {"cut": self.judges.tolist()}

    def summary(self) -> str:
        return (
            f"bookmark cut {self.cut:.3f} (median of {len(self.judges)} judges), mean {self.mean:.3f}, SE {self.se:.3f}"
        )


def response_location(
    slope: ArrayLike,
    difficulty: ArrayLike,
    guessing: ArrayLike = 0.0,
    upper: ArrayLike = 1.0,
    *,
    probability: float = 2 / 3,
    adjust_guessing: bool = False,
) -> Floats:
    """Ability at which an item is answered right with the response probability (RP67 by default), [J].

    P = g + (u - g) / (1 + exp(-a (theta - b))). adjust_guessing: the probability is that of knowing,
    g + (u - g) * probability, so guessing does not pull items forward. Infinity (or minus infinity) where an item's
    curve lies wholly below (above) the probability. Slopes must be positive. Source: Mitzel et al. (2001).
    """
    a, b, g, u = np.broadcast_arrays(*(np.asarray(x, float) for x in (slope, difficulty, guessing, upper)))
    if not (a > 0).all() or not (g < u).all() or not 0 < probability < 1:
        raise BadShape("slopes must be positive, guessing below the upper asymptote, the probability within (0, 1)")
    share = np.full(a.shape, probability) if adjust_guessing else (probability - g) / (u - g)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = b + np.log(share / (1 - share)) / a
    return np.where(share <= 0, -np.inf, np.where(share >= 1, np.inf, inside))


def ordered_booklet(ids: Sequence[str], locations: ArrayLike) -> tuple[tuple[str, ...], Floats]:
    """Items from easy to hard: (ids, locations), ties kept in the given order."""
    where = np.asarray(locations, float)
    if where.shape != (len(ids),) or np.isnan(where).any():
        raise BadShape("one location an item is needed", items=len(ids))
    order = np.argsort(where, kind="stable")
    return tuple(ids[i] for i in order), where[order]


def bookmark(
    pages: ArrayLike, locations: ArrayLike, *, rule: Rule = "item", tables: Sequence[object] | None = None
) -> BookmarkResult:
    """Cut from bookmarks (Lewis, Mitzel & Green 1996).

    pages: [R] for each judge the 1-based page of the first item that a person just at the level would not answer with
    the response probability; one past the last page means that all are mastered. locations: [J] of the ordered
    booklet, ascending. rule: the cut is the location of the marked item ("item"), of the one before it ("previous"),
    or midway ("between"); at either end of the booklet the nearest item serves. tables: a label a judge.
    Raises BadCategory for a page outside the booklet, BadShape for a booklet out of order or without finite ends.
    """
    marked, ladder = np.asarray(pages, np.int64), np.asarray(locations, float)
    if ladder.ndim != 1 or len(ladder) < 2 or not np.isfinite(ladder).all() or (np.diff(ladder) < 0).any():
        raise BadShape("locations must be finite and in ascending order")
    if marked.ndim != 1 or len(marked) < 2:
        raise BadShape("two judges or more are needed", judges=marked.shape)
    if marked.min() < 1 or marked.max() > len(ladder) + 1:
        raise BadCategory("a bookmark lies outside the booklet", pages=len(ladder))
    cuts = _cuts(marked, ladder, rule)
    groups = _table_means(cuts, tables)
    se = float(groups.std(ddof=1) / np.sqrt(len(groups)))
    return BookmarkResult(
        cut=float(np.median(cuts)),
        mean=float(cuts.mean()),
        se=se,
        median_se=float(np.sqrt(np.pi / 2) * se),
        judges=cuts,
        tables=len(groups),
    )


def _cuts(marked: NDArray[np.int64], ladder: Floats, rule: Rule) -> Floats:
    at = ladder[np.minimum(marked - 1, len(ladder) - 1)]
    before = ladder[np.maximum(marked - 2, 0)]
    if rule == "item":
        return at
    return before if rule == "previous" else (at + before) / 2


def _table_means(cuts: Floats, tables: Sequence[object] | None) -> Floats:
    if tables is None:
        return cuts
    if len(tables) != len(cuts):
        raise BadShape("one table a judge is needed", judges=len(cuts))
    labels = list(dict.fromkeys(tables))
    if len(labels) < 2:
        raise BadShape("two tables or more are needed for a standard error over tables")
    return np.array([cuts[[t == label for t in tables]].mean() for label in labels])
