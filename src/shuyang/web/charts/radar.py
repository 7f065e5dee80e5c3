"""The five forces of a person: estimate, interval and target on a radar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shuyang.web.charts.contract import Chart, DataTable, KeySign, interval, listed, sentences
from shuyang.web.charts.theme import COLOURS, INK, LINE, Option, base


@dataclass(frozen=True, slots=True)
class Axis:
    """One force: score with its interval and the target of the post (None: no target), all whole points of 0–1000."""

    name: str
    score: int
    low: int
    high: int
    target: int | None = None


@dataclass(frozen=True, slots=True)
class ForceRadar(Chart):
    """A person's forces. The target is drawn where every force has one."""

    heading: str
    axes: tuple[Axis, ...]

    def title(self) -> str:
        return self.heading

    def option(self) -> Option:
        end = {"type": "dotted", "color": COLOURS[0], "width": 1.5}
        series = [
            _ring(_("95 % interval"), [a.high for a in self.axes], end),
            _ring(_("95 % interval"), [a.low for a in self.axes], end),
        ]
        if self._targets:
            line = {"type": "dashed", "color": COLOURS[1], "width": 2}
            series.append(_ring(_("Target of your post"), self._targets, line))
        line = {"type": "solid", "color": COLOURS[0], "width": 3}
        series.append(_ring(_("Score"), [a.score for a in self.axes], line, symbol=7))
        return base(
            tooltip={"show": False},
            radar={
                "indicator": [{"name": a.name, "min": 0, "max": 1000} for a in self.axes],
                "radius": "70%",
                "center": ["50%", "53%"],
                "splitNumber": 5,
                "axisName": {"color": INK, "fontSize": 14, "fontWeight": "bold"},
                "splitArea": {"show": False},
                "splitLine": {"lineStyle": {"color": LINE}},
                "axisLine": {"lineStyle": {"color": LINE}},
            },
            series=[{"type": "radar", "data": series if self.axes else [], "silent": True}],
        )

    @property
    def _targets(self) -> list[int]:
        found = [a.target for a in self.axes if a.target is not None]
        return found if len(found) == len(self.axes) else []

    def table(self) -> DataTable:
        head = (_("Force"), _("Score"), _("95 % interval"), _("Target of your post"))
        rows = (
            (a.name, str(a.score), interval(a.low, a.high), "–" if a.target is None else str(a.target))
            for a in self.axes
        )
        return DataTable(head, tuple(rows))

    def summary(self) -> str:
        if not self.axes:
            return _("%(heading)s: nothing to show.") % {"heading": self.heading}
        parts = [
            _("%(name)s %(value)s (%(interval)s)")
            % {"name": a.name, "value": a.score, "interval": interval(a.low, a.high)}
            for a in self.axes
        ]
        told = _("%(heading)s, with 95 %% intervals: %(rows)s.") % {"heading": self.heading, "rows": listed(parts)}
        goals = [f"{a.name} {a.target}" for a in self.axes if a.target is not None] if self._targets else []
        return sentences(told, _("Targets of your post: %(rows)s.") % {"rows": listed(goals)} if goals else "")

    def key(self) -> tuple[KeySign, ...]:
        signs = [KeySign("score", _("Score")), KeySign("interval", _("95 % interval"))]
        return (*signs, KeySign("target", _("Target of your post"))) if self._targets else tuple(signs)

    def height(self) -> int:
        return 26


def _ring(name: str, values: Sequence[int], line: dict[str, Any], symbol: int = 0) -> dict[str, Any]:
    return {
        "name": name,
        "value": list(values),
        "lineStyle": line,
        "itemStyle": {"color": line["color"]},
        "symbol": "circle" if symbol else "none",
        "symbolSize": symbol,
    }
