"""A person's result in words: the one source for the page and for the PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuyang.feedback.api import AgainstTarget, ForceResult, LayerFinding, PersonReport
from shuyang.frameworks.api import Framework, current
from shuyang.web.charts.radar import Axis, ForceRadar


def names(framework: Framework) -> dict[str, str]:
    """Names of forces, facets, modes, layers, rank layers, job categories and levels in the user's language."""
    language = get_language() or "zh-hans"
    groups: tuple[Any, ...] = (
        framework.forces,
        framework.facets,
        framework.dimensions,
        framework.layers,
        framework.rank_layers,
        framework.job_categories,
    )
    found = {one.id: one.name.in_language(language) for group in groups for one in group}
    return found | {
        f"L{level.level}": f"L{level.level} {level.name.in_language(language)}" for level in framework.levels
    }


def radar(report: PersonReport) -> ForceRadar:
    """The five forces with interval and target, for page and PDF."""
    name = names(current())
    axes = (
        Axis(name[f.force], **_score(f.score), target=None if f.target is None else round(f.target))
        for f in report.forces
    )
    return ForceRadar(_("The five forces"), tuple(axes))


def result_words(report: PersonReport) -> dict[str, Any]:
    """Everything the page and the PDF say, as text and numbers in order."""
    framework = current()
    name = names(framework)
    return {
        "forces": [_force(f, name) for f in report.forces],
        "facets": _facets(report, framework, name),
        "modes": [{"name": name[m.mode], **_score(m.score)} for m in report.modes],
        "layers": [
            {
                "name": name[x.layer],
                "items": x.items,
                "earned": round(100 * x.earned),
                "expected": round(100 * x.expected),
                "words": LAYER_WORDS[x.finding](),
            }
            for x in report.layers
        ],
        "strengths": [name[f] for f in report.strengths],
        "thin": [name[f] for f in report.thin],
        "suggestions": _suggestions(report, framework, name),
        "post": f"{name.get(report.rank_layer, '')} · {name.get(report.job_category, '')}" if report.rank_layer else "",
        "stop": STOP_WORDS.get(report.stop_reason, lambda: "")(),
        "summary": _summary(report, name),
    }


def _score(score: Any) -> dict[str, int]:
    return {"score": round(score.score), "low": round(score.low), "high": round(score.high)}


def in_percent(probability: float) -> str:
    """A probability in whole per cent; nothing measured is ever certain, so never 0 or 100."""
    if probability > 0.99:
        return ">99"
    return "<1" if probability < 0.01 else str(round(100 * probability))


def _force(force: ForceResult, name: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": force.force,
        "name": name[force.force],
        **_score(force.score),
        "level": name[f"L{force.level}"],
        "level_percent": in_percent(force.level_probability),
        "items": force.items,
        "precise": force.precise,
        "target": None if force.target is None else round(force.target),
        "target_percent": None if force.target_probability is None else in_percent(force.target_probability),
        "against": force.against_target.value,
        "words": TARGET_WORDS[force.against_target](),
        "levels": [
            {"name": name[f"L{i}"], "percent": in_percent(p)} for i, p in enumerate(force.level_probabilities, 1)
        ],
    }


def _facets(report: PersonReport, framework: Framework, name: Mapping[str, str]) -> list[dict[str, Any]]:
    modes = {facet.id: facet.dimension for facet in framework.facets}
    return [
        {
            "id": f.facet,
            "name": name[f.facet],
            "force": name[f.force],
            "mode": name[modes[f.facet]],
            "items": f.items,
            "score": None if f.score is None else _score(f.score),
            "level": "" if f.level is None else name[f"L{f.level}"],
            "required": "" if f.required_level is None else name[f"L{f.required_level}"],
        }
        for f in report.facets
    ]


def _suggestions(report: PersonReport, framework: Framework, name: Mapping[str, str]) -> list[dict[str, Any]]:
    language = get_language() or "zh-hans"
    found = []
    for s in report.suggestions:
        facet = next(f for f in framework.facets if f.id == s.facet)
        words = next((d for d in facet.descriptors if d.level == s.towards_level), None)
        text = "" if words is None else (words.en if language.startswith("en") else words.zh)
        found.append(
            {
                "facet": s.facet,
                "name": name[s.facet],
                "force": name[s.force],
                "level": name[f"L{s.towards_level}"],
                "can": text,
                "reason": _("%(force)s lies furthest below what your post asks for (by about %(gap)d points).")
                % {"force": name[s.force], "gap": round(s.gap)}
                if s.reason == "gap"
                else _("%(force)s already reaches what your post asks for, or no target is set; this is the next step.")
                % {"force": name[s.force]},
            }
        )
    return found


def _summary(report: PersonReport, name: Mapping[str, str]) -> str:
    """One sentence: strengths first."""
    if report.strengths:
        first = _("Relatively strong: %(forces)s.") % {"forces": _(", ").join(name[f] for f in report.strengths)}
    else:
        first = _("The five forces lie close together; the test can't tell a strongest one.")
    reached = [name[f.force] for f in report.forces if f.against_target == AgainstTarget.REACHED]
    below = [name[f.force] for f in report.forces if f.against_target == AgainstTarget.BELOW]
    parts = [first]
    if reached:
        parts.append(_("What your post asks for is reached in: %(forces)s.") % {"forces": _(", ").join(reached)})
    if below:
        parts.append(_("Not yet reached in: %(forces)s.") % {"forces": _(", ").join(below)})
    return ("" if (get_language() or "zh").startswith("zh") else " ").join(parts)


TARGET_WORDS = {
    AgainstTarget.REACHED: lambda: _("target reached"),
    AgainstTarget.OPEN: lambda: _("can't be told yet"),
    AgainstTarget.BELOW: lambda: _("target not reached yet"),
    AgainstTarget.NONE: lambda: _("no target set"),
}
LAYER_WORDS = {
    LayerFinding.WEAKER: lambda: _("weaker than your overall level lets expect: worth a closer look"),
    LayerFinding.AS_EXPECTED: lambda: _("as your overall level lets expect"),
    LayerFinding.STRONGER: lambda: _("stronger than your overall level lets expect"),
    LayerFinding.THIN: lambda: _("too few items to say"),
}
STOP_WORDS = {
    "precision": lambda: _("It ended because every force was measured precisely enough."),
    "max_items": lambda: _(
        "It ended at the largest number of items; forces marked “not enough evidence” stayed below their precision target."
    ),
    "time": lambda: _(
        "It ended at the time limit; forces marked “not enough evidence” stayed below their precision target."
    ),
    "bank_exhausted": lambda: _("It ended because no suitable item was left."),
    "form_complete": lambda: _("It ended with the last item of the form."),
    "ended_by_supervisor": lambda: _("The supervisor ended it; what you answered counts."),
    "ended_by_person": lambda: _("You ended it early; what you answered counts."),
    "deadline": lambda: _("It ended because the campaign closed; what you answered counts."),
}
