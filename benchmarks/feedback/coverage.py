"""Do intervals cover the truth, is noise left alone, is a planted effect found as often as stated?"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy import stats

from benchmarks.feedback.organisations import (
    FORCES,
    MIX,
    WITHIN,
    Organisation,
    organisation,
    posts,
    rows_at,
    scale,
    tree,
)
from shuyang.feedback.api import OVERALL, Finding
from shuyang.feedback.findings import comparisons, decided
from shuyang.feedback.publishing.compute import Published, first_structure, publish
from shuyang.feedback.publishing.growth import Before

SIZES = (5, 6, 8, 10, 15, 20, 30, 60, 60, 120)
TARGET = 0.3


def run(repeats: int, seed: int = 20261122) -> Iterator[tuple[str, str, str]]:
    """Lines of (what, found, wanted), as they are ready."""
    rng = np.random.default_rng(seed)
    yield from _planted(rng, repeats)
    yield from _noise(rng, repeats)
    for spread in (0.1, 0.2, 0.4):
        yield from _coverage(rng, repeats, spread)


def _units() -> tuple[np.ndarray, np.ndarray]:
    return tree(len(SIZES) + 1, len(SIZES)), np.repeat(np.arange(1, len(SIZES) + 1), SIZES)


def _coverage(rng: np.random.Generator, repeats: int, spread: float) -> list[tuple[str, str, str]]:
    parent, unit = _units()
    hits: dict[str, list[np.ndarray]] = {"means": [], "own means": [], "gaps": [], "growth": [], "shares at target": []}
    for _ in range(repeats):
        first = organisation(rng, parent, unit, spread=spread)
        growth = 0.2 + 0.15 * rng.standard_normal((len(parent), FORCES)) @ MIX.T
        second = _again(rng, first, growth)
        structure = first_structure(parent, first.rows)
        before = publish(parent, first.rows, scale(), structure)
        now = publish(parent, second.rows, scale(), structure, Before.of(first.rows, structure, before.between))
        _hits(hits, now, second.truth, growth)
    return [
        (f"coverage of {what}, SD {spread} between units", f"{np.mean(v):.3f}", "0.93-0.97") for what, v in hits.items()
    ]


def _again(rng: np.random.Generator, first: Organisation, growth: np.ndarray) -> Organisation:
    """The same units later: seven in ten of the people are the same, each changed by his unit's growth and his own."""
    unit, truth = first.rows.unit, first.truth + growth
    stay = rng.random(len(unit)) < 0.7
    own = first.rows.forces.value - first.truth[unit]
    keep = 0.84 * own + 0.3 * rng.standard_normal(own.shape) @ MIX.T
    new = WITHIN * rng.standard_normal(own.shape) @ MIX.T
    rows = rows_at(rng, truth[unit] + np.where(stay[:, None], keep, new), unit, posts(rng, len(unit)))
    object.__setattr__(rows, "person", np.where(stay, np.arange(len(unit)), len(unit) + np.arange(len(unit))))
    return Organisation(first.parent, rows, truth)


def _hits(hits: dict[str, list[np.ndarray]], made: Published, truth: np.ndarray, growth: np.ndarray) -> None:
    """Which true values of units (not of the whole, which has no truth of its own) lie inside their intervals."""
    t = made.table
    chosen = (t["dimension"] == "") & (t["unit"] > 0) & np.isin(t["measure"], scale().forces)
    unit = t["unit"][chosen].astype(int)
    force = np.array([scale().forces.index(m) for m in t["measure"][chosen]])
    bar = stats.t.ppf(0.975, t["dof"][chosen])
    wanted = truth[unit, force]
    hits["means"].append(np.abs(t["mean"][chosen] - wanted) <= bar * t["se"][chosen])
    hits["own means"].append(np.abs(t["own"][chosen] - wanted) <= bar * t["own_se"][chosen])
    hits["gaps"].append(np.abs(t["gap"][chosen] - wanted + TARGET) <= bar * t["gap_se"][chosen])
    reach = stats.t.ppf(0.975, t["growth_dof"][chosen]) * t["growth_se"][chosen]
    hits["growth"].append(np.abs(t["growth"][chosen] - growth[unit, force]) <= reach)
    share, n = stats.norm.sf((TARGET - wanted) / WITHIN), t["gap_n"][chosen]
    z, p = 1.96, t["at_target"][chosen]
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    hits["shares at target"].append(
        np.abs(middle - share) <= z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    )


def _noise(rng: np.random.Generator, repeats: int) -> list[tuple[str, str, str]]:
    """No unit, no group and no time differs: how often is anything called a finding?"""
    parent, unit = _units()
    wrong = []
    for _ in range(repeats):
        first = organisation(rng, parent, unit, spread=0.0)
        second = _again(rng, first, np.zeros((len(parent), FORCES)))
        structure = first_structure(parent, first.rows)
        before = publish(parent, first.rows, scale(), structure)
        now = publish(parent, second.rows, scale(), structure, Before.of(first.rows, structure, before.between))
        wrong.append(any(f.found for f in found_in(now)))
    return [("any finding on pure noise", f"{np.mean(wrong):.3f}", "< 0.05")]


def _planted(rng: np.random.Generator, repeats: int) -> list[tuple[str, str, str]]:
    """One unit of sixty among ten lies 0.3 SD lower in all forces."""
    parent, unit = tree(11, 10), np.repeat(np.arange(1, 11), 60)
    shift = np.zeros((11, FORCES))
    shift[1] = -0.3 * WITHIN
    found, stated = [], []
    for _ in range(repeats):
        made = organisation(rng, parent, unit, spread=0.0, shift=shift)
        told = found_in(publish(parent, made.rows, scale(), first_structure(parent, made.rows)))
        weak = [f for f in told if f.path == "1" and f.kind == "unit"]
        found.append(any(f.found for f in weak))
        stated.append(next(f.power for f in weak if f.measure == OVERALL))
    power = f"{np.mean(found):.3f}"
    return [("0.3 SD in a unit of 60 found, among ten units and all groups", power, f"stated {np.mean(stated):.3f}")]


def found_in(made: Published) -> tuple[Finding, ...]:
    """All comparisons of the uppermost unit but that with the targets, decided as the product decides them."""
    lines: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    names = list(made.table)
    for values in zip(*(made.table[n] for n in names), strict=True):
        line = dict(zip(names, values, strict=True)) | {"gap": np.nan}
        lines.setdefault((str(int(line["unit"])), line["dimension"], line["groups"]), []).append(line)
    units = {path: {"name": path} for path, _dimension, _groups in lines}
    parts = [path for path in units if path != "0"]
    book: Any = SimpleNamespace(
        place=SimpleNamespace(path="0"), lines=lines, units=units, parts=parts, forces=scale().forces
    )
    return decided(comparisons(book), (*scale().forces, OVERALL), np.sqrt(made.between), 100.0)
