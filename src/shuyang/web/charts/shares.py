"""Shares of a whole, row by row: who took part, who reached a target."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuyang.web.charts.contract import LISTED, Chart, DataTable, listed
from shuyang.web.charts.theme import COLOURS, INK, LINE, Option, base, name_axis, rows_height, value_axis


@dataclass(frozen=True, slots=True)
class ShareRow:
    """`count` of `whole` people; None: not published."""

    name: str
    count: int | None = None
    whole: int | None = None

    @property
    def percent(self) -> int | None:
        """In whole per cent, at most 100 (people may have left the unit since)."""
        if self.count is None or not self.whole:
            return None
        return min(100, round(100 * self.count / self.whole))


@dataclass(frozen=True, slots=True)
class Shares(Chart):
    """Bars from 0 to 100 %. `column` heads the names; `counted` and `all_` head the two counts."""

    heading: str
    column: str
    counted: str
    all_: str
    rows: tuple[ShareRow, ...]

    def title(self) -> str:
        return self.heading

    def option(self) -> Option:
        return base(
            tooltip={"show": False},
            grid={"left": 8, "right": 48, "top": 12, "bottom": 8, "containLabel": True},
            xAxis=value_axis(min=0, max=100, axisLabel={"formatter": "{value}%"}),
            yAxis=name_axis([row.name for row in self.rows]),
            series=[
                {
                    "type": "bar",
                    "data": [row.percent for row in self.rows],
                    "barWidth": 16,
                    "itemStyle": {"color": COLOURS[0]},
                    "showBackground": True,
                    "backgroundStyle": {"color": LINE},
                    "label": {"show": True, "position": "right", "formatter": "{c}%", "color": INK, "fontSize": 13},
                    "silent": True,
                }
            ],
        )

    def table(self) -> DataTable:
        return DataTable((self.column, self.all_, self.counted, _("Share")), tuple(_line(r) for r in self.rows))

    def summary(self) -> str:
        told = [(row.name, row.percent) for row in self.rows if row.percent is not None]
        if not told:
            return _("%(heading)s: nothing to show.") % {"heading": self.heading}
        if len(told) <= LISTED:
            parts = [f"{name} {percent}%" for name, percent in told]
            return _("%(heading)s: %(rows)s.") % {"heading": self.heading, "rows": listed(parts)}
        low, high = min(p for _n, p in told), max(p for _n, p in told)
        words = _("%(heading)s: %(n)d rows between %(low)s%% and %(high)s%%; each stands in the table.")
        return words % {"heading": self.heading, "n": len(told), "low": low, "high": high}

    def height(self) -> int:
        return rows_height([row.name for row in self.rows], row=2.2)


def _line(row: ShareRow) -> tuple[str, ...]:
    if row.percent is None:
        return (row.name, "–", "–", "–")
    return (row.name, str(row.whole), str(row.count), f"{row.percent}%")
