"""A chart in an item or a lesson: from the small language of content files to an ECharts option."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuyang.itembank.api import Chart as Block
from shuyang.itembank.api import ChartSpec
from shuyang.web.charts.contract import Chart, DataTable, listed, sentences
from shuyang.web.charts.theme import DASHES, INK, PATTERNS, SYMBOLS, WHITE, Option, base, category_axis, value_axis

# Points of a scatter keep so far off the axes (a share of their range) that each can be seen and hit whole.
_ROOM = 0.04
_LINE = 8


@dataclass(frozen=True, slots=True)
class Stimulus(Chart):
    """The chart of a block. Its summary names what is drawn and tells no value: it must not answer the item."""

    block: Block

    def title(self) -> str:
        return self.block.title or _("Chart")

    def option(self) -> Option:
        draw = {"pie": _pie, "scatter": _scatter}.get(self.block.chart.type, _cartesian)
        return draw(self.block)

    def table(self) -> DataTable:
        return _table(self.block)

    def summary(self) -> str:
        spec = self.block.chart
        kinds = {"line": _("Line chart"), "bar": _("Bar chart"), "pie": _("Pie chart"), "scatter": _("Scatter plot")}
        named = [s.name for s in spec.series if s.name]
        groups = _("Series: %(names)s.") % {"names": listed(named)} if named else ""
        said = _("%(heading)s: %(rows)s.") % {"heading": kinds[spec.type], "rows": self.title()}
        return sentences(said, groups, self._places())

    def _places(self) -> str:
        spec = self.block.chart
        if not spec.x:
            return ""
        places = [str(x) for x in spec.x]
        if spec.type == "pie":
            return _("Slices: %(names)s.") % {"names": listed(places)}
        words = _("Horizontal axis, %(n)d places from %(first)s to %(last)s.")
        return words % {"n": len(places), "first": places[0], "last": places[-1]}

    def height(self) -> int:
        return 20 if self.block.chart.type == "pie" else 22


def _cartesian(block: Block) -> Option:
    spec = block.chart
    series = [
        {
            "type": spec.type,
            "name": s.name,
            "data": list(s.data),
            "symbolSize": 9,
            "barMaxWidth": 42,
            "lineStyle": {"type": DASHES[i % len(DASHES)], "width": 2},
            "symbol": SYMBOLS[i % len(SYMBOLS)],
            "itemStyle": {"borderColor": WHITE, "borderWidth": 1, "decal": PATTERNS[i % len(PATTERNS)]},
            "emphasis": {"focus": "none"},
            "label": {"show": spec.type == "bar" and len(spec.series) == 1, "position": "top", "color": INK},
        }
        for i, s in enumerate(spec.series)
    ]
    named = len(spec.series) > 1
    return base(
        # patterns beside colours, without ECharts' own description: the summary says it better
        aria={"enabled": named and spec.type == "bar", "label": {"enabled": False}, "decal": {"show": True}},
        grid={"left": 8, "right": 16, "top": 64 if named else 40, "bottom": 8, "containLabel": True},
        legend={"show": named, "top": 0, "textStyle": {"color": INK, "fontSize": 13}},
        xAxis=category_axis([str(x) for x in spec.x], name=spec.x_name, **_long(spec)),
        yAxis=value_axis(block.unit or spec.y_name),
        series=series,
    )


def _long(spec: ChartSpec) -> Option:
    """Names too long to stand in one line under their place."""
    if all(len(str(x)) <= _LINE for x in spec.x):
        return {}
    label = {"color": INK, "fontSize": 13, "lineHeight": 18, "width": 104, "overflow": "break", "hideOverlap": True}
    return {"axisLabel": label}


def _pie(block: Block) -> Option:
    spec = block.chart
    data = [{"name": str(name), "value": value} for name, value in zip(spec.x, spec.series[0].data, strict=False)]
    label = {"formatter": "{b}\n{c}" + (f" {block.unit}" if block.unit else ""), "color": INK, "fontSize": 13}
    slice_look = {"borderColor": WHITE, "borderWidth": 2}
    return base(series=[{"type": "pie", "radius": "62%", "data": data, "label": label, "itemStyle": slice_look}])


def _scatter(block: Block) -> Option:
    spec = block.chart
    series = [
        {
            "type": "scatter",
            "name": s.name,
            "data": [list(p) if isinstance(p, tuple) else p for p in s.data],
            "symbolSize": 12,
            "itemStyle": {"opacity": 1},
            "symbol": SYMBOLS[i % len(SYMBOLS)],
        }
        for i, s in enumerate(spec.series)
    ]
    named = len(spec.series) > 1
    return base(
        grid={"left": 8, "right": 24, "top": 64 if named else 40, "bottom": 28, "containLabel": True},
        legend={"show": named, "top": 0, "textStyle": {"color": INK, "fontSize": 13}},
        xAxis=value_axis(spec.x_name, nameLocation="middle", nameGap=28, **_room(spec, 0)),
        yAxis=value_axis(spec.y_name or block.unit, **_room(spec, 1)),
        series=series,
    )


def _room(spec: ChartSpec, side: int) -> Option:
    """The scale of one axis of a scatter: room beyond the points, but nothing below zero where no value is."""
    values = [p[side] for s in spec.series for p in s.data if isinstance(p, tuple)]
    if not values:
        return {}
    room = _ROOM * (max(values) - min(values))
    gap = f"{_ROOM:.0%}"
    touches_zero = 0 <= min(values) < room
    return {"scale": True, "boundaryGap": [gap, gap]} | ({"min": 0} if touches_zero else {})


def points(block: Block) -> list[dict[str, str]]:
    """Every point that can be chosen: its place ("series,point"), a label that tells it from all others, its series'
    name where there are several, and its own name within the series.
    """
    several = len(block.chart.series) > 1
    grouped = several and max(len(series.data) for series in block.chart.series) > 1
    found = []
    for s, series in enumerate(block.chart.series):
        for i, value in enumerate(series.data):
            if value is None:
                continue
            name = f"({value[0]:g}, {value[1]:g})" if isinstance(value, tuple) else str(block.chart.x[i])
            label = f"{series.name} · {name}" if several else name
            found.append(
                {
                    "place": f"{s},{i}",
                    "label": label,
                    "series": series.name if grouped else "",
                    "name": name if grouped else label,
                }
            )
    return found


def _table(block: Block) -> DataTable:
    spec = block.chart
    if spec.type == "scatter":
        head = ("", spec.x_name or "x", spec.y_name or block.unit or "y")
        points_ = ((s.name, *(f"{v:g}" for v in p)) for s in spec.series for p in s.data if isinstance(p, tuple))
        return DataTable(head, tuple(points_))
    rows = []
    for i, x in enumerate(spec.x):
        values = [s.data[i] if i < len(s.data) else None for s in spec.series]
        rows.append((str(x), *("" if v is None or isinstance(v, tuple) else f"{v:g}" for v in values)))
    return DataTable(("", *(s.name or block.unit for s in spec.series)), tuple(rows))
