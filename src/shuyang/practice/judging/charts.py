"""What a chart shows, judged by its properties: does it answer the question, does its kind suit the data, does it mislead?"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from shuyang.practice.judging.verdict import Verdict

Points = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class ShownChart:
    """A chart as it is drawn: by (place along, series; "" where there is one series) the value. `problem`: why there is
    none."""

    kind: str = ""
    title: str = ""
    from_zero: bool = False
    points: Points | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ChartAsked:
    """What a right chart has: the points of `truth` (relative `tolerance`), one of these `kinds`, a title in which each of
    `title` is said by one of its words. `along` and `split` read the names on the chart as `truth` has them, for people write
    a month or a place in more than one way. `turnable`: what is along and what is split may change places."""

    truth: Points
    kinds: Collection[str]
    title: Sequence[Sequence[str]]
    tolerance: float = 0.02
    along: Callable[[str], str] = str
    split: Callable[[str], str] = str
    turnable: bool = False


def read_month(text: str) -> str:
    """The month that a name on a chart says, as "1" to "12" ("2025-03", "3月", "2025年3月", "03"); the name itself where it
    says none or more than a month."""
    found = _MONTH.match(text.strip())
    return str(int(found[1])) if found and 1 <= int(found[1]) <= 12 else text


_MONTH = re.compile(r"\A(?:\d{4}\s*[-/.年]?\s*)?(\d{1,2})\s*(?:月份?|[-/]0?1(?: 00:00:00)?)?\Z")


def check_chart(shown: ShownChart, asked: ChartAsked) -> Verdict:
    """What to say of a chart.

    Category 0 where there is none (`no_chart`), where it is not grouped as asked (`grouping`) or shows another measure
    (`measure`); 1 where its kind does not suit (`kind`); 2 where bars do not begin at zero (`axis`) or the title does not say
    what is shown (`title`); 3 for a chart with all of it (`right`). Evidence: `groups` and `values`, how many of the points
    asked for are there at all and with the right value, and `asked`, how many there are.
    """
    if shown.problem or not shown.points:
        return Verdict(0, "no_chart")
    points = _named(shown.points, asked)
    there = [key for key in asked.truth if key in points]
    right = [key for key in there if _close(points[key], asked.truth[key], asked.tolerance)]
    figures = {"groups": len(there), "values": len(right), "asked": len(asked.truth)}
    if len(there) < len(asked.truth) or len(shown.points) > len(asked.truth):
        return Verdict(0, "grouping", figures)
    if len(right) < len(asked.truth):
        return Verdict(0, "measure", figures)
    if shown.kind not in asked.kinds:
        return Verdict(1, "kind", figures)
    if shown.kind == "bar" and not shown.from_zero:
        return Verdict(2, "axis", figures)
    return Verdict(3, "right", figures) if _titled(shown.title, asked.title) else Verdict(2, "title", figures)


def _named(points: Points, asked: ChartAsked) -> Points:
    """The points by the names that `truth` has."""
    named = {(asked.along(along), asked.split(split)): value for (along, split), value in points.items()}
    turned = {(asked.along(split), asked.split(along)): value for (along, split), value in points.items()}
    return turned if asked.turnable and set(turned) == set(asked.truth) else named


def _close(value: float, truth: float, tolerance: float) -> bool:
    return abs(value - truth) <= tolerance * max(abs(truth), 1e-9)


def _titled(title: str, wanted: Sequence[Sequence[str]]) -> bool:
    return all(any(word in title for word in words) for words in wanted)
