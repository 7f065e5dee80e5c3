"""The chart maker: from what a person chose to a query, and from its rows to what the chart shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shuyang.practice.browsing import BUCKETS, MEASURES, OPERATORS, WITHOUT_COLUMN, Filter, Look, is_date
from shuyang.practice.judging.charts import ShownChart
from shuyang.practice.spec import ChartKind

AXES = ("zero", "fit")
FILTERS = 2
PLACES, SERIES = 400, 30  # more can't be drawn so that anyone reads it


def chart_look(artifact: Mapping[str, Any], types: Mapping[str, str]) -> Look | None:
    """The pivot that a chart draws, None while it has no source, no kind, nothing along, or a measure that lacks its column;
    columns that its source does not have are left out."""
    if not artifact.get("source") or not artifact.get("type") or artifact.get("x") not in types:
        return None
    measure = artifact.get("measure", "count")
    if measure not in WITHOUT_COLUMN and artifact.get("y") not in types:
        return None
    filters = [Filter(**one) for one in artifact.get("filters", []) if one["column"] in types]
    return Look(
        table=artifact["source"],
        filters=tuple(filters),
        rows=artifact["x"],
        columns=_known(artifact.get("split"), types),
        measure=measure,
        of=_known(artifact.get("y"), types),
        per=artifact.get("per", "") if is_date(types[artifact["x"]]) else "",
    )


def _known(name: Any, types: Mapping[str, str]) -> str:
    return str(name) if name in types else ""


def shown_chart(artifact: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> ShownChart:
    """What a chart shows, from the rows of its query: (along, [split,] value)."""
    points = {(str(row[0]), str(row[1]) if len(row) > 2 else ""): number(row[-1]) for row in rows}
    return ShownChart(
        kind=str(artifact.get("type", "")),
        title=str(artifact.get("title", "")),
        from_zero=artifact.get("axis") == "zero",
        points={key: value for key, value in points.items() if value is not None},
    )


def number(value: Any) -> float | None:
    """A value of the engine as a number (exact decimals come as text); None where it is none."""
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except ValueError:
        return None


CHOICES: Mapping[str, Sequence[str]] = {
    "type": tuple(ChartKind), "measure": MEASURES, "per": tuple(BUCKETS), "axis": AXES, "op": OPERATORS,
}  # fmt: skip
"""What may be chosen, by the name of the field."""
