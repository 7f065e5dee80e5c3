"""Shares of people at each level, force by force, as bars of equal length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuyang.web.charts.contract import Chart, DataTable, listed, sentences
from shuyang.web.charts.theme import INK, MUTED, ON_DARK, SHADES, Option, base, name_axis, rows_height, value_axis


@dataclass(frozen=True, slots=True)
class LevelShares:
    """One row: shares in whole per cent, from the lowest level to the highest; empty where they are not published."""

    name: str
    percents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Levels(Chart):
    """How people spread over the levels. `levels`: their names, from the lowest."""

    heading: str
    levels: tuple[str, ...]
    rows: tuple[LevelShares, ...]

    def title(self) -> str:
        return self.heading

    def option(self) -> Option:
        return base(
            tooltip={"show": False},
            legend={"top": 0, "textStyle": {"color": INK, "fontSize": 13}, "itemWidth": 18},
            grid={"left": 8, "right": 20, "top": 68, "bottom": 8, "containLabel": True},
            xAxis=value_axis(min=0, max=100, axisLabel={"formatter": "{value}%"}),
            yAxis=name_axis([row.name for row in self.rows]),
            series=[self._series(place, level) for place, level in enumerate(self.levels)],
        )

    def _series(self, place: int, level: str) -> Option:
        dark = place >= 3
        return {
            "type": "bar",
            "name": level,
            "stack": "levels",
            "barWidth": 24,
            "data": [row.percents[place] if row.percents else None for row in self.rows],
            "itemStyle": {"color": SHADES[place], "borderColor": MUTED, "borderWidth": 0.5},
            "label": {"show": True, "color": ON_DARK if dark else INK, "formatter": "{c}%", "fontSize": 12},
            "labelLayout": {"hideOverlap": True},
            "emphasis": {"disabled": True},
            "silent": True,
        }

    def table(self) -> DataTable:
        lines = ((row.name, *self._cells(row.percents)) for row in self.rows)
        return DataTable((_("Force"), *self.levels), tuple(lines))

    def _cells(self, percents: Sequence[int]) -> tuple[str, ...]:
        return tuple(f"{p}%" for p in percents) or ("–",) * len(self.levels)

    def summary(self) -> str:
        told = [row for row in self.rows if row.percents]
        if not told:
            return _("%(heading)s: nothing to show.") % {"heading": self.heading}
        parts = [
            _("%(name)s: %(level)s %(share)d%%")
            % {"name": row.name, "level": self.levels[_largest(row)], "share": max(row.percents)}
            for row in told
        ]
        words = _("%(heading)s. The level with the largest share: %(rows)s.")
        return sentences(words % {"heading": self.heading, "rows": listed(parts)})

    def height(self) -> int:
        return rows_height([row.name for row in self.rows], rest=6.5)


def _largest(row: LevelShares) -> int:
    return row.percents.index(max(row.percents))
