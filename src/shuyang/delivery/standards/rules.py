"""Pure decisions of standard setting: the panel's items, what a rating is, and the cuts that follow."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from shuyang.delivery.standards.contracts import ForceCuts, Method, PanelItem
from shuyang.itembank.api import Release, ReleaseItem
from shuyang.kernel.errors import Conflict, Invalid, Problem
from shuyang.measurement.cat.bank import marginal_curves
from shuyang.measurement.cat.contracts import LevelCuts, ScaleTransform
from shuyang.measurement.standards import angoff, bookmark, response_location

BOUNDARIES = 4
FEWEST_JUDGES = 5
MOST_ITEMS = 20
GRID = np.linspace(-6.0, 6.0, 241)
Ratings = Mapping[str, Mapping[str, Sequence[float]]]


class SettingClosed(Conflict):
    """The record is closed: nothing in it changes any more."""

    code = "setting_closed"


class NoCuts(Conflict):
    """The ratings give no usable cuts."""

    code = "no_cuts"


def panel_items(found: Release, per_force: int) -> dict[str, list[str]]:
    """Items for the panel, by force: spread evenly over difficulty, the same for every call."""
    chosen = {}
    for force in found.forces:
        items = sorted((i for i in found.items if i.force == force), key=lambda i: (i.cat.thresholds[0], i.id))
        places = np.unique(np.linspace(0, len(items) - 1, min(per_force, len(items))).round().astype(int))
        chosen[force] = [items[k].id for k in places]
    return chosen


def booklet(found: Release, items: Mapping[str, Sequence[str]], method: Method) -> tuple[PanelItem, ...]:
    """The rows of the panel's form: for Angoff one an item, for bookmark one a score point in order of difficulty."""
    rows: list[PanelItem] = []
    for force in found.forces:
        points = [point for id_ in items[force] for point in _points(found.by_id[id_], method)]
        points.sort(key=lambda p: (p[2], p[0].id, p[1]))
        rows += [
            PanelItem(item.id, item.key, force, item.facet, item.level, page, step, where)
            for page, (item, step, where) in enumerate(points, 1)
        ]
    return tuple(rows)


def _points(item: ReleaseItem, method: Method) -> list[tuple[ReleaseItem, int, float]]:
    cat = item.cat
    where = response_location([cat.slope] * len(cat.thresholds), cat.thresholds, cat.guessing)
    steps = list(enumerate(map(float, where), 1))
    return [(item, step, at) for step, at in (steps if method == Method.BOOKMARK else steps[:1])]


def checked_ratings(
    method: Method, rows: Sequence[PanelItem], values: Mapping[str, Sequence[Any]]
) -> dict[str, list[float]]:
    """One judge's ratings, complete and in range: percentages by item (Angoff), pages by force (bookmark).

    Over the four boundaries they may not fall: who is just at a higher level does at least as well. Raises `Invalid`
    at each place.
    """
    wanted = [r.id for r in rows] if method == Method.ANGOFF else list(dict.fromkeys(r.force for r in rows))
    pages = {force: sum(r.force == force for r in rows) for force in wanted}
    found: dict[str, list[float]] = {}
    problems = []
    for name in wanted:
        top = 100.0 if method == Method.ANGOFF else float(pages[name] + 1)
        low = 0.0 if method == Method.ANGOFF else 1.0
        read = [_number(v) for v in values.get(name, ())]
        if len(read) != BOUNDARIES or any(v is None or not low <= v <= top for v in read):
            problems.append(Problem(name, "rating_out_of_range", (("low", f"{low:g}"), ("high", f"{top:g}"))))
            continue
        numbers = [float(v) for v in read if v is not None]
        if any(b < a for a, b in itertools.pairwise(numbers)):
            problems.append(Problem(name, "rating_falls"))
        elif method == Method.BOOKMARK and any(v != int(v) for v in numbers):
            problems.append(Problem(name, "rating_out_of_range", (("low", "1"), ("high", f"{top:g}"))))
        found[name] = numbers
    if problems:
        raise Invalid(problems)
    return found


def _number(raw: Any) -> float | None:
    try:
        value = float(str(raw).strip().rstrip("%"))
    except ValueError:
        return None
    return round(value, 6) if np.isfinite(value) else None


def cuts_of(found: Release, rows: Sequence[PanelItem], method: Method, ratings: Ratings) -> tuple[ForceCuts, ...]:
    """Cuts and standard errors by force from two judges on. Raises `NoCuts` where ratings leave no cut on the scale."""
    return tuple(
        _force_cuts(found, force, [r for r in rows if r.force == force], method, ratings) for force in found.forces
    )


def _force_cuts(found: Release, force: str, rows: Sequence[PanelItem], method: Method, ratings: Ratings) -> ForceCuts:
    by_boundary = [_cut(found, force, rows, method, ratings, k) for k in range(BOUNDARIES)]
    cuts, se = tuple(c for c, _ in by_boundary), tuple(s for _, s in by_boundary)
    if any(b <= a for a, b in itertools.pairwise(cuts)):
        raise NoCuts("the cuts of a force do not rise", force=force)
    scale: ScaleTransform = found.transform
    return ForceCuts(force, cuts, se, tuple(map(scale.score, cuts)), tuple(map(scale.se, se)))


def _cut(
    found: Release, force: str, rows: Sequence[PanelItem], method: Method, ratings: Ratings, boundary: int
) -> tuple[float, float]:
    judges = sorted(ratings)
    if method == Method.BOOKMARK:
        pages = [int(ratings[j][force][boundary]) for j in judges]
        marked = bookmark(pages, [r.location for r in rows], rule="between")
        return marked.cut, marked.median_se
    table = [[ratings[j][r.id][boundary] / 100 for r in rows] for j in judges]
    curve = sum(_expected(found.by_id[r.id]) for r in rows)
    result = angoff(table, true_score=lambda t: float(np.interp(t, GRID, curve)), bounds=(-6.0, 6.0))
    if result.theta is None or result.theta_se is None:
        raise NoCuts("the judged score lies outside of what the items can show", force=force)
    return result.theta, result.theta_se


def _expected(item: ReleaseItem) -> Any:
    """Expected share of credit on `GRID` with the uncertainty of the item's parameters integrated."""
    prob, _ = marginal_curves(item.cat, GRID)
    return np.arange(len(prob)) @ prob / (len(prob) - 1)


def level_cuts(cuts: Sequence[ForceCuts]) -> dict[str, LevelCuts]:
    """The cuts as a release holds them."""
    return {
        one.force: LevelCuts(tuple(round(c, 6) for c in one.cuts), tuple(round(s, 6) for s in one.se)) for one in cuts
    }
