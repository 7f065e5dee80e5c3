"""What stands beside a person's result, in words: earlier results, self-rating, the anonymous group, what one can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuyang.feedback.api import (
    ChangeFinding,
    ForceResult,
    ForceSpread,
    Growth,
    Others,
    PersonReport,
    SelfFinding,
    SelfView,
    Working,
)
from shuyang.frameworks.api import Framework, current
from shuyang.web.charts.contract import Span
from shuyang.web.charts.others import Beside, OthersChart
from shuyang.web.charts.spans import Differences
from shuyang.web.result_view import in_percent, names


def abilities(report: PersonReport) -> list[dict[str, Any]]:
    """Per force what the most likely level means in each facet, and what the next level adds. Only where precise."""
    framework = current()
    name = names(framework)
    return [_ability(force, framework, name) for force in report.forces if force.precise]


def _ability(force: ForceResult, framework: Framework, name: Mapping[str, str]) -> dict[str, Any]:
    following = force.level + 1
    return {
        "name": name[force.force],
        "level": name[f"L{force.level}"],
        "percent": in_percent(force.level_probability),
        "next_level": name.get(f"L{following}", ""),
        "now": _descriptors(framework, force.force, force.level, name),
        "next": _descriptors(framework, force.force, following, name),
    }


def _descriptors(framework: Framework, force: str, level: int, name: Mapping[str, str]) -> list[dict[str, str]]:
    english = (get_language() or "").startswith("en")
    return [
        {"facet": name[facet.id], "id": facet.id, "text": words.en if english else words.zh}
        for facet in framework.facets_of(force)
        for words in facet.descriptors
        if words.level == level
    ]


def lattice(facets: Sequence[Mapping[str, Any]], framework: Framework) -> list[dict[str, Any]]:
    """The facets as modes by forces: one row a mode, one cell a force. `facets` are those of `result_words`."""
    name, by_id = names(framework), {f["id"]: f for f in facets}
    return [
        {
            "name": name[mode.id],
            "cells": [
                {"force": name[force.id], "facets": [by_id[f.id] for f in framework.cell(mode.id, force.id)]}
                for force in framework.forces
            ],
        }
        for mode in framework.dimensions
    ]


def growth_words(growths: Sequence[Growth]) -> list[dict[str, Any]]:
    """Each earlier result in words, the newest first; a chart for the newest comparable one."""
    framework = current()
    name = names(framework)
    return [_growth(one, name) for one in growths]


def _growth(one: Growth, name: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": one.earlier_id,
        "at": one.earlier_at,
        "unit": one.unit_name,
        "post": " · ".join(name[x] for x in (one.rank_layer, one.job_category) if x in name),
        "same_post": one.same_post,
        "comparable": one.comparable,
        "forces": [
            {
                "name": name[f.force],
                "change": signed(f.change.score),
                "low": signed(f.change.low),
                "high": signed(f.change.high),
                "finding": f.finding.value,
                "words": CHANGE_WORDS[f.finding](),
            }
            for f in one.forces
        ],
        "summary": _growth_summary(one, name),
    }


def signed(points: float) -> str:
    """Points with their sign, with a real minus."""
    whole = round(points)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole < 0 else "0"


def _growth_summary(one: Growth, name: Mapping[str, str]) -> str:
    if not one.comparable:
        return _("Measured on another scale: the two results can't be compared.")
    told = {ChangeFinding.UP: _("Reliably higher: %(forces)s."), ChangeFinding.DOWN: _("Reliably lower: %(forces)s.")}
    parts = []
    for finding, words in told.items():
        found = [name[f.force] for f in one.forces if f.finding is finding]
        if found:
            parts.append(words % {"forces": _(", ").join(found)})
    gap = "" if (get_language() or "zh").startswith("zh") else " "
    return gap.join(parts) or _("No reliable change yet: what differs lies within what two tests can tell.")


def growth_chart(growths: Sequence[Growth]) -> Differences | None:
    """The change since the newest comparable result."""
    one = next((g for g in growths if g.comparable), None)
    if one is None:
        return None
    name = names(current())
    rows = (Span(name[f.force], round(f.change.score), round(f.change.low), round(f.change.high)) for f in one.forces)
    return Differences(_("Change of each force, in points"), _("Force"), tuple(rows))


def working_words(one: Working) -> dict[str, Any]:
    """The numbers of a working, rounded so that a reader with a pencil arrives at the same score."""
    return {
        "name": names(current())[one.force],
        "items": one.items,
        "earned": round(100 * one.earned),
        "before": round(one.centre + one.unit * one.prior_mean),
        "before_width": round(1.96 * one.unit * one.prior_sd),
        "position": f"{one.mean:+.2f}".replace("-", "−"),
        "error": f"{one.sd:.2f}",
        "centre": round(one.centre),
        "unit": round(one.unit),
        "score": round(one.score.score),
        "points": round(one.score.se),
        "low": round(one.score.low),
        "high": round(one.score.high),
        "known": round(100 * one.known),
        "cuts": [round(cut) for cut in one.cuts],
    }


def self_words(views: Sequence[SelfView]) -> list[dict[str, Any]]:
    """Self-rating and measurement side by side."""
    name = names(current())
    return [
        {
            "name": name[v.force],
            "rated": f"{v.rated:.1f}",
            "facets": v.facets,
            "at": v.rated_at,
            "level": name[f"L{v.level}"],
            "lower": in_percent(v.lower),
            "higher": in_percent(v.higher),
            "finding": v.finding.value,
            "words": SELF_WORDS[v.finding](),
        }
        for v in views
    ]


def others_words(group: Others, report: PersonReport) -> dict[str, Any]:
    """The anonymous group in numbers, beside one's own scores; no place and no percentile of anyone."""
    name = names(current())
    by_force = {f.force: f for f in report.forces}
    rows = tuple(_beside(s, by_force[s.force], name[s.force]) for s in group.forces)
    return {
        "post": " · ".join(name[x] for x in (group.rank_layer, group.job_category) if x in name),
        "chart": OthersChart(_("The group and your own score"), rows),
    }


def _beside(s: ForceSpread, own: ForceResult, name: str) -> Beside:
    mine = (round(own.score.score), round(own.score.low), round(own.score.high))
    return Beside(name, s.p10, s.p25, s.p50, s.p75, s.p90, *mine)


CHANGE_WORDS = {
    ChangeFinding.UP: lambda: _("reliably higher"),
    ChangeFinding.DOWN: lambda: _("reliably lower"),
    ChangeFinding.NOT_YET: lambda: _("not yet reliable"),
}
SELF_WORDS = {
    SelfFinding.OVER: lambda: _("rated higher than measured"),
    SelfFinding.UNDER: lambda: _("rated lower than measured"),
    SelfFinding.AGREES: lambda: _("agrees, as far as the test can tell"),
}
