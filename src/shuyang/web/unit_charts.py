"""The charts of a unit's figures, for page, paper and dashboard."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from shuyang.feedback.api import GroupFigures, MeasureFigures, ScoreView, UnitPicture
from shuyang.insight.api import ChartData, Interval
from shuyang.web.charts.contract import Chart, Span
from shuyang.web.charts.levels import Levels, LevelShares
from shuyang.web.charts.shares import ShareRow, Shares
from shuyang.web.charts.spans import Differences, Means
from shuyang.web.unit_view import Words, group_label


def unit_charts(picture: UnitPicture) -> dict[str, Chart]:
    """By key: means, levels, and gap, growth where they are known. Rounded as in the tables."""
    whole, w = picture.whole.measures, Words.now()
    found: dict[str, Chart] = {"means": means_chart(whole, w), "levels": levels_chart(whole, w)}
    if any(m.gap for m in whole):
        rows = tuple(span(w.measure(m.measure), m.gap) for m in whole)
        found["gap"] = Differences(_("Gap to the targets of the posts, in points"), _("Force"), rows)
    if any(m.growth for m in whole):
        rows = tuple(span(w.measure(m.measure), m.growth) for m in whole)
        found["growth"] = Differences(_("Change since the campaign before, in points"), _("Force"), rows)
    return found


def means_chart(measures: Sequence[MeasureFigures], w: Words) -> Means:
    """Means of the forces and their mean, with intervals."""
    rows = tuple(span(w.measure(m.measure), m.mean) for m in measures)
    return Means(_("Means with 95 % intervals"), _("Force"), rows)


def levels_chart(measures: Sequence[MeasureFigures], w: Words) -> Levels:
    """Shares of people at each level."""
    levels = tuple(w.known[f"L{level}"] for level in range(1, 6))
    rows = (LevelShares(w.measure(m.measure), _percents(m)) for m in measures if m.levels)
    return Levels(_("Shares at each level"), levels, tuple(rows))


def participation_chart(groups: Sequence[GroupFigures]) -> Shares:
    """Who has a result, of those in post, for the groups of which that is known."""
    rows = (ShareRow(group_label(g), g.finished, g.in_post) for g in groups if g.finished is not None and g.in_post)
    return Shares(_("Participation"), _("Unit"), _("With a result"), _("In post"), tuple(rows))


def told_chart(data: ChartData) -> Chart:
    """The chart of a statement, in the statement's own words: the same on dashboard and in the briefing."""
    if data.difference:
        rows = tuple(_row(row.label, row.value, row.found) for row in data.rows)
        return Differences(data.title, _("Force"), rows, data.summary)
    return Means(data.title, _("Force"), tuple(_row(row.label, row.value, None) for row in data.rows), data.summary)


def _row(name: str, value: Interval, found: bool | None) -> Span:
    return Span(name, round(value.value), round(value.low), round(value.high), found)


def span(name: str, view: ScoreView | None) -> Span:
    """A figure as a row of a chart; without figures where none is published."""
    return Span(name) if view is None else Span(name, round(view.score), round(view.low), round(view.high))


def _percents(m: MeasureFigures) -> tuple[int, ...]:
    return tuple(round(100 * s.share) for s in m.levels)
