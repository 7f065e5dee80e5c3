"""The chart maker of the workbench: what can be chosen, and the chart as it stands, with its table and its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shuyang.itembank.api import Chart as Block
from shuyang.itembank.api import ChartSpec, Series
from shuyang.practice import api as practice
from shuyang.web.bench_words import failure, measures, operators, parts
from shuyang.web.charts.stimulus import Stimulus
from shuyang.web.charts.theme import Option

_KEY_ROW = 3  # series that a row of the key holds where there is little room
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class WorkChart(Stimulus):
    """The chart that a person makes. Bars and lines begin at zero only where he says so, as in the programs people know. A
    long key takes its room from the picture."""

    from_zero: bool

    def option(self) -> Option:
        made = Stimulus.option(self)
        if self.block.chart.type == "pie":
            return made
        tall = len(self.block.chart.series) > _KEY_ROW
        grid = made["grid"] | ({"top": 96} if tall else {})
        return made | {"grid": grid, "yAxis": {**made["yAxis"], "scale": not self.from_zero}}


def chart_context(run: practice.RunView, space: practice.ChartSpace, work: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the maker with what was chosen."""
    columns = _columns(run, str(work.get("source", "")))
    filters = [*work.get("filters", []), *[{}] * practice.CHART_FILTERS][: practice.CHART_FILTERS]
    return {
        "sources": [t.name for t in practice.given_tables(run=run)] + [q.name for q in run.work.queries],
        "chart_kinds": [(kind, label) for kind, label in _kinds() if kind in space.kinds],
        "source_columns": columns,
        "slots": [{"n": n, "filter": one} for n, one in enumerate(filters, 1)],
        "operators": operators(),
        "measures": measures(),
        "parts": parts(),
    }


def preview_context(run: practice.RunView, work: Mapping[str, Any]) -> dict[str, Any]:
    """The chart as it stands, or what it still lacks, in words."""
    columns = {c.name: c for c in _columns(run, str(work.get("source", "")))}
    look = practice.chart_look(work, {name: c.kind for name, c in columns.items()})
    if look is None:
        return {"lacks": _lacks(work, columns)}
    found = practice.look(run=run, sql=practice.look_sql(look, {name: c.kind for name, c in columns.items()}))
    if not found.ok:
        return {"lacks": failure(found)}
    return _drawn(work, look, columns, found)


def _columns(run: practice.RunView, source: str) -> Sequence[practice.GivenColumn]:
    """The columns of a given table or of one of the person's queries; none where it can not be run."""
    for table in practice.given_tables(run=run):
        if table.name == source:
            return table.columns
    if source not in [q.name for q in run.work.queries]:
        return ()
    found = practice.look(run=run, sql=practice.columns_sql(source))
    return [practice.GivenColumn(name, kind, "") for name, kind in zip(found.columns, found.types, strict=True)]


def _lacks(work: Mapping[str, Any], columns: Mapping[str, practice.GivenColumn]) -> str:
    if not work.get("source"):
        return _("Choose what the chart is drawn from.")
    if not columns:
        return _("The query can't be run as it stands. Run it under Queries to see why.")
    if not work.get("type"):
        return _("Choose the kind of chart.")
    if work.get("x") not in columns:
        return _("Choose what is along the horizontal axis.")
    return _("Choose the column that is measured.")


def _drawn(
    work: Mapping[str, Any], look: practice.Look, columns: Mapping[str, practice.GivenColumn], found: practice.Outcome
) -> dict[str, Any]:
    if not found.rows:
        return {"lacks": _("No row fits.")}
    places, series = _series(found.rows, look, columns)
    if len(places) > practice.CHART_PLACES or len(series) > practice.CHART_SERIES:
        said = _("%(places)d places and %(series)d series: nobody can read that. Count dates by month, or filter.")
        return {"lacks": said % {"places": len(places), "series": len(series)}}
    if work["type"] == "scatter" and not all(isinstance(place, int | float) for place in places):
        return {"lacks": _("A scatter plot needs numbers along its horizontal axis.")}
    spec = ChartSpec(
        type=work["type"],
        series=tuple(_scattered(one, places) if work["type"] == "scatter" else one for one in series),
        x=tuple(place if isinstance(place, int | float) else str(place) for place in places),
        x_name=_said(columns, look.rows) if work["type"] == "scatter" else "",
        y_name=_measured(look, columns),
    )
    block = Block(spec, title=str(work.get("title", "")), unit=str(work.get("unit", "")))
    return {"chart": WorkChart(block, work.get("axis") == "zero")}


def _series(
    rows: Rows, look: practice.Look, columns: Mapping[str, practice.GivenColumn]
) -> tuple[list[Any], list[Series]]:
    """Places along, and for each series its value at each of them."""
    places = list(dict.fromkeys("" if row[0] is None else row[0] for row in rows))
    values: dict[str, dict[Any, float | None]] = {}
    for row in rows:
        name = _split_name(row[1], columns[look.columns]) if look.columns else ""
        value = practice.number(row[-1])
        values.setdefault(name, {})["" if row[0] is None else row[0]] = None if value is None else round(value, 4)
    drawn = {name: line for name, line in values.items() if any(v is not None for v in line.values())}
    return places, [Series(tuple(line.get(place) for place in places), name) for name, line in drawn.items()]


def _split_name(value: Any, column: practice.GivenColumn) -> str:
    """A number alone says nothing in a key: it stands with the name of its column."""
    if value is None:
        return _("missing")
    return f"{column.title or column.name} {value}" if isinstance(value, int | float) else str(value)


def _scattered(series: Series, places: Sequence[Any]) -> Series:
    points = ((float(x), y) for x, y in zip(places, series.data, strict=True) if isinstance(y, int | float))
    return Series(tuple(points), series.name)


def _said(columns: Mapping[str, practice.GivenColumn], name: str) -> str:
    return columns[name].title or name


def _measured(look: practice.Look, columns: Mapping[str, practice.GivenColumn]) -> str:
    measure = dict(measures())[look.measure]
    return f"{_said(columns, look.of)} · {measure}" if look.of else measure


def _kinds() -> list[tuple[str, str]]:
    return [("bar", _("Bar chart")), ("line", _("Line chart")), ("pie", _("Pie chart")), ("scatter", _("Scatter plot"))]
