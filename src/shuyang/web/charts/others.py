"""One's own score beside an anonymous group: its middle 80 % and 50 %, its median, and on it the own interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shuyang.web.charts.contract import Chart, DataTable, KeySign, interval, listed
from shuyang.web.charts.spans import bar, score_axis
from shuyang.web.charts.theme import BAND, COLOURS, INK, WHITE, Option, base, name_axis, row_name, rows_height


@dataclass(frozen=True, slots=True)
class Beside:
    """A force: five quantiles of the group and the own score with its interval, in whole points."""

    name: str
    p10: int
    p25: int
    p50: int
    p75: int
    p90: int
    score: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class OthersChart(Chart):
    """How a group of thirty or more is spread, and where one's own result lies on it."""

    heading: str
    rows: tuple[Beside, ...]

    def title(self) -> str:
        return self.heading

    def option(self) -> Option:
        ends = [end for r in self.rows for end in (r.p10, r.p90, r.low, r.high)]
        return base(
            tooltip={"show": False},
            grid={"left": 8, "right": 24, "top": 12, "bottom": 8, "containLabel": True},
            xAxis=score_axis(ends),
            yAxis=name_axis([r.name for r in self.rows]),
            series=self._series(),
        )

    def _series(self) -> list[dict[str, Any]]:
        rows = [(row_name(r.name), r) for r in self.rows]
        return [
            *(bar(name, r.p10, r.p90, 6, BAND) for name, r in rows),
            *(bar(name, r.p25, r.p75, 24, BAND) for name, r in rows),
            _points([(r.p50, name) for name, r in rows], WHITE, "rect", [3, 24]),
            *(bar(name, r.low, r.high, 3, INK, caps=True) for name, r in rows),
            _points([(r.score, name) for name, r in rows], COLOURS[1], "diamond", 16),
        ]

    def table(self) -> DataTable:
        head = (_("Force"), _("Middle 80 % of the group"), _("Middle 50 %"), _("Median"), _("You (95 % interval)"))
        rows = (
            (r.name, f"{r.p10}–{r.p90}", f"{r.p25}–{r.p75}", str(r.p50), f"{r.score} ({interval(r.low, r.high)})")
            for r in self.rows
        )
        return DataTable(head, tuple(rows))

    def summary(self) -> str:
        if not self.rows:
            return _("%(heading)s: nothing to show.") % {"heading": self.heading}
        words = _("%(name)s: you %(score)d (%(interval)s), median of the group %(median)d")
        parts = [
            words % {"name": r.name, "score": r.score, "interval": interval(r.low, r.high), "median": r.p50}
            for r in self.rows
        ]
        return _("%(heading)s: %(rows)s.") % {"heading": self.heading, "rows": listed(parts)}

    def key(self) -> tuple[KeySign, ...]:
        return (
            KeySign("band", _("Middle 80 % of the group")),
            KeySign("box", _("Middle 50 %, the median in white")),
            KeySign("own", _("You, with your 95 % interval")),
        )

    def height(self) -> int:
        return rows_height([r.name for r in self.rows], row=4.0)


def _points(data: Sequence[tuple[int, str]], colour: str, symbol: str, size: int | list[int]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "data": [list(one) for one in data],
        "symbol": symbol,
        "symbolSize": size,
        "itemStyle": {"color": colour, "borderColor": WHITE, "borderWidth": 1, "opacity": 1},
        "silent": True,
        "z": 5,
    }
