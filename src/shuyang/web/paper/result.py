"""The data of the result PDF: the words of the page, and the labels of the sheet."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuyang.feedback.api import PersonReport
from shuyang.kernel.clock import BEIJING
from shuyang.people.api import PersonView
from shuyang.web.result_view import radar


def result_data(
    report: PersonReport,
    words: dict[str, Any],
    who: PersonView,
    organisation: str,
    *,
    growths: list[dict[str, Any]],
    abilities: list[dict[str, Any]],
) -> dict[str, Any]:
    """What the typst template reads: everything is text or a number, nothing is decided there.

    `growths` and `abilities` are those of the page; on paper the newest earlier result stands for all.
    """
    newest = growths[:1]
    return {
        "growths": [
            {"day": g["at"].astimezone(BEIJING).date().isoformat(), "summary": g["summary"], "forces": g["forces"]}
            for g in newest
        ],
        "abilities": abilities,
        "lang": "en" if (get_language() or "").startswith("en") else "zh",
        "organisation": organisation,
        "name": who.name,
        "number": who.number,
        "unit": report.unit_name,
        "date": report.at.astimezone(BEIJING).date().isoformat(),
        "answered": report.answered,
        "minutes": report.minutes,
        "synthetic": report.synthetic,
        "provisional": report.provisional,
        "release": report.release_hash[:12],
        "words": words,
        "text": _labels(report),
    }


def _labels(report: PersonReport) -> dict[str, str]:
    return {
        "title": _("Digital competence: personal result"),
        "synthetic": _("Synthetic data"),
        "summary": _("In one sentence"),
        "forces": _("The five forces"),
        "force": _("Force"),
        "score": _("Score"),
        "interval": _("95 % interval"),
        "level": _("Most likely level"),
        "target": _("Target of your post"),
        "chance": _("Chance of reaching it"),
        "thin": _("not enough evidence"),
        "facets": _("The twelve facets"),
        "facet": _("Facet"),
        "facet_score": _("Score (95 % interval)"),
        "growth": _("Since earlier tests"),
        "against": _("Against"),
        "change": _("Change (points)"),
        "can": _("What you can do now, and what comes next"),
        "now": _("You can now"),
        "following": _("The next level"),
        "items": _("Items"),
        "required": _("Asked for"),
        "modes": _("The three modes"),
        "layers": _("Four layers of shortfall"),
        "layer": _("Layer"),
        "finding": _("Finding"),
        "next": _("Where to begin"),
        "alt": radar(report).summary(),
        "figure": _("%(answered)d items, about %(minutes)d minutes of work")
        % {"answered": report.answered, "minutes": report.minutes},
        "note": _(
            "Scores run from 0 to 1000 (500 is the centre of the reference scale, 100 one standard deviation). The interval holds the true value with about 95 % probability, given the model."
        ),
        "priors": _(
            "Item parameters are expert estimates, not yet calibrated on data; their uncertainty is contained in the intervals."
        ),
        "cuts": _(
            "Cut scores between levels are provisional: no standard setting has confirmed them yet. Not for certification or recruitment."
        ),
        "decision": _("No decision about a person may rest on this sheet alone."),
        "release": _("Release"),
    }
