"""Rows of values with their intervals: means on the reporting scale, and differences around zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shuyang.web.charts.contract import LISTED as _LISTED
from shuyang.web.charts.contract import Chart, DataTable, KeySign, Span, interval, listed, sentences, signed
from shuyang.web.charts.theme import COLOURS, INK, WHITE, Option, base, name_axis, row_name, rows_height, value_axis

_HOLLOW = {"opacity": 1, "color": WHITE, "borderColor": COLOURS[0], "borderWidth": 2}


@dataclass(frozen=True, slots=True)
class Means(Chart):
    """Means (or scores) on the 0–1000 scale, each with its interval. `column` heads the names in the table.

    `said` is a summary that was worded elsewhere, so that page and briefing say the same.
    """

    heading: str
    column: str
    rows: tuple[Span, ...]
    said: str = ""

    def title(self) -> str:
        return self.heading

    def option(self) -> Option:
        ends = [end for row in self.rows if row.known for end in row.known[1:]]
        return spans_option(self.rows, score_axis(ends))

    def table(self) -> DataTable:
        head = (self.column, _("Mean"), _("95 % interval"))
        return DataTable(head, tuple(_line(row, str) for row in self.rows))

    def summary(self) -> str:
        return self.said or sentences(*_said(self.heading, self.rows, str))

    def key(self) -> tuple[KeySign, ...]:
        return (KeySign("point", _("Mean")), KeySign("whisker", _("95 % interval")))

    def height(self) -> int:
        return rows_height([row.name for row in self.rows])


@dataclass(frozen=True, slots=True)
class Differences(Chart):
    """Differences in points around zero, each with its interval: growth, gaps to a target, groups against others.

    Where it is known which rows are more than noise, the others have a hollow point. `said` as in `Means`.
    """

    heading: str
    column: str
    rows: tuple[Span, ...]
    said: str = ""

    def title(self) -> str:
        return self.heading

    def option(self) -> Option:
        reach = max([50, *(abs(end) for row in self.rows if row.known for end in row.known)])
        step = _step(2 * reach)
        limit = -(-(reach + 1) // step) * step
        made = spans_option(self.rows, value_axis(min=-limit, max=limit, interval=step))
        made["series"][-1]["markLine"] = _zero()
        return made

    def table(self) -> DataTable:
        head = (self.column, _("Difference (points)"), _("95 % interval"))
        if not self._decided:
            return DataTable(head, tuple(_line(row, signed) for row in self.rows))
        words = {True: _("yes"), False: _("no"), None: "–"}
        rows = ((*_line(row, signed), words[row.found]) for row in self.rows)
        return DataTable((*head, _("More than chance")), tuple(rows))

    @property
    def _decided(self) -> bool:
        return any(row.found is not None for row in self.rows)

    def summary(self) -> str:
        if self.said:
            return self.said
        above = [row.name for row in self.rows if row.known and row.known[1] > 0]
        below = [row.name for row in self.rows if row.known and row.known[2] < 0]
        told = [
            _("Wholly above zero: %(names)s.") % {"names": listed(above)} if above else "",
            _("Wholly below zero: %(names)s.") % {"names": listed(below)} if below else "",
        ]
        if self.rows and not above and not below:
            told.append(_("Every interval holds zero: no difference can be told."))
        return sentences(*_said(self.heading, self.rows, signed), *told)

    def key(self) -> tuple[KeySign, ...]:
        points = [KeySign("point", _("More than chance")), KeySign("hollow", _("May be chance"))]
        signs = points if self._decided else [KeySign("point", _("Difference"))]
        return (*signs, KeySign("whisker", _("95 % interval")))

    def height(self) -> int:
        return rows_height([row.name for row in self.rows])


def score_axis(ends: Sequence[int]) -> Option:
    """An axis of the 0–1000 scale with room around `ends`; the whole scale without any."""
    lowest, highest = max(0, min(ends, default=0) - 30), min(1000, max(ends, default=1000) + 30)
    step = _step(highest - lowest)
    return value_axis(min=lowest // step * step, max=-(-highest // step) * step, interval=step)


def _step(length: int) -> int:
    """Between two marks of an axis of so many points."""
    return next((step for step in (50, 100) if length <= 6 * step), 200)


def spans_option(rows: Sequence[Span], axis: Option) -> Option:
    """Rows from top to bottom: a line for each interval, a point with its number on it."""
    known = [(row_name(row.name), row.known, row.found) for row in rows if row.known]
    signed_ = axis["min"] < 0
    points = {
        "type": "scatter",
        "data": [
            {"value": [value, name], "label": {"formatter": signed(value) if signed_ else str(value)}}
            | ({"itemStyle": _HOLLOW} if found is False else {})
            for name, (value, _low, _high), found in known
        ],
        "symbolSize": 12,
        "itemStyle": {"color": COLOURS[0], "opacity": 1},
        "label": {"show": True, "position": "top", "distance": 4, "color": INK, "fontSize": 13, "fontWeight": "bold"}
        | {"textBorderColor": WHITE, "textBorderWidth": 3},
        "silent": True,
        "z": 5,
    }
    return base(
        tooltip={"show": False},
        grid={"left": 8, "right": 24, "top": 12, "bottom": 8, "containLabel": True},
        xAxis=axis,
        yAxis=name_axis([row.name for row in rows]),
        series=[*(bar(name, low, high, 3, COLOURS[0], caps=True) for name, (_v, low, high), _found in known), points],
    )


def bar(name: str, low: int, high: int, width: int, colour: str, *, caps: bool = False) -> dict[str, Any]:
    """A line from `low` to `high` in the row of `name`; with `caps` its ends are marked."""
    return {
        "type": "line",
        "data": [[low, name], [high, name]],
        "lineStyle": {"width": width, "color": colour, "cap": "butt"},
        "itemStyle": {"color": colour},
        "symbol": "rect" if caps else "none",
        "symbolSize": [2, 12],
        "silent": True,
    }


def _zero() -> dict[str, Any]:
    return {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": {"color": INK, "type": "solid", "width": 1},
        "data": [{"xAxis": 0}],
    }


def _line(row: Span, number: Any) -> tuple[str, ...]:
    if row.known is None:
        return (row.name, "–", _("not published"))
    value, low, high = row.known
    return (row.name, number(value), interval(low, high))


def _said(heading: str, rows: Sequence[Span], number: Any) -> tuple[str, ...]:
    known = [(row.name, row.known) for row in rows if row.known]
    hidden = len(rows) - len(known)
    left_out = _("Not published: %(n)d.") % {"n": hidden} if hidden else ""
    if not known:
        return (_("%(heading)s: nothing to show.") % {"heading": heading}, left_out)
    if len(known) <= _LISTED:
        parts = [
            _("%(name)s %(value)s (%(interval)s)") % {"name": n, "value": number(v), "interval": interval(low, high)}
            for n, (v, low, high) in known
        ]
        told = _("%(heading)s, with 95 %% intervals: %(rows)s.") % {"heading": heading, "rows": listed(parts)}
        return (told, left_out)
    values = [v for _n, (v, _low, _high) in known]
    words = _("%(heading)s: %(n)d rows between %(low)s and %(high)s; each stands in the table with its interval.")
    return (
        words % {"heading": heading, "n": len(known), "low": number(min(values)), "high": number(max(values))},
        left_out,
    )
