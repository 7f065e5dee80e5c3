"""A new campaign: one form, and before it is opened a look at whom it invites."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from shuyang.delivery import api as delivery
from shuyang.itembank.api import fixed_designs
from shuyang.kernel.clock import BEIJING, now
from shuyang.kernel.errors import Conflict, Invalid, NotFound, Problem
from shuyang.people.api import unit_tree
from shuyang.trust.api import Role
from shuyang.web.access import Request, signed_in
from shuyang.web.campaign_form import fingerprint, numbers_from_workbook, read_form
from shuyang.web.errors import error_words, words
from shuyang.web.words.campaigns import AUDIENCES, BLUEPRINTS, DESIGN_KINDS, PURPOSES, SHOWN_WHEN
from shuyang.web.words.people import JOB_CATEGORIES, RANK_LAYERS

MAX_LIST = 5 * 1024 * 1024


def require_organiser(request: Request) -> None:
    """Pages of organisers do not exist for others."""
    if not request.actor.has_anywhere(Role.ORGANISER):
        raise NotFound("for organisers")


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Make a campaign. What was typed stays, problems stand at their fields; nobody opens one unseen."""
    require_organiser(request)
    if request.method == "GET":
        typed = _suggested()
        if request.GET.get("plan"):
            typed["blueprint"] = f"plan:{request.GET['plan'][:64]}"
        return _page(request, typed)
    typed = request.POST.copy()
    try:
        typed["numbers"] = _with_upload(request, typed.get("numbers", ""))
        draft = read_form(typed)
        if typed.get("then") == "open" and typed.get("seen") == fingerprint(typed):
            return redirect("campaign", campaign_id=delivery.create_campaign(actor=request.actor, draft=draft).id)
        return _previewed(request, typed, draft)
    except Invalid as error:
        return _page(request, typed, error.problems)
    except Conflict as error:
        return _page(request, typed, [Problem("purpose", error.code)], said={"purpose": error_words(error)})


def _with_upload(request: Request, numbers: str) -> str:
    """The list as typed, with the numbers of an uploaded workbook below it. Raises `Invalid`."""
    file = request.FILES.get("file")
    if file is None:
        return numbers
    if (file.size or 0) > MAX_LIST:
        raise Invalid([Problem("file", "file_too_big", (("megabytes", str(MAX_LIST >> 20)),))])
    return "\n".join(filter(None, [numbers.strip(), numbers_from_workbook(file.read())]))


def _previewed(request: Request, typed: QueryDict, draft: delivery.CampaignDraft) -> HttpResponse:
    preview = delivery.preview_campaign(actor=request.actor, draft=draft)
    problems = list(preview.problems)
    if typed.get("then") == "open" and not problems:
        problems.append(Problem("seen", "audience_changed"))
    return _page(request, typed, problems, preview=preview)


def _page(
    request: Request,
    typed: Any,
    problems: Any = (),
    *,
    preview: delivery.AudiencePreview | None = None,
    said: dict[str, str] | None = None,
) -> HttpResponse:
    lines = [words(p) if p.where.startswith("numbers:") else f"{p.where}：{words(p)}" for p in problems if _in_list(p)]
    context = {
        "typed": typed,
        "problems": {p.where: words(p) for p in reversed(list(problems)) if not _in_list(p)} | (said or {}),
        "lines": lines,
        "preview": preview,
        "seen": fingerprint(typed) if preview is not None and not preview.problems else "",
        **_choices(request, typed),
    }
    return render(request, "campaigns/new.html", context, status=422 if problems else 200)


def _in_list(problem: Problem) -> bool:
    """Does it stand at a line of the list or a cell of its workbook?"""
    return problem.where.startswith("numbers:") or (problem.where[:1].isupper() and problem.where[-1:].isdigit())


def _choices(request: Request, typed: QueryDict) -> dict[str, Any]:
    return {
        "purposes": PURPOSES,
        "blueprints": [*BLUEPRINTS.items(), *_plans(request)],
        "audiences": AUDIENCES,
        "shown_when": SHOWN_WHEN,
        "rank_layers": RANK_LAYERS,
        "job_categories": JOB_CATEGORIES,
        "chosen_layers": typed.getlist("rank_layers"),
        "chosen_categories": typed.getlist("job_categories"),
        "units": unit_tree(actor=request.actor),
        "pretests": delivery.pretests(actor=request.actor),
    }


def _plans(request: Request) -> list[tuple[str, str]]:
    """Own designs that campaigns may use."""
    found = fixed_designs(actor=request.actor)
    return [(f"plan:{one.hash}", f"{one.title} v{one.number} · {DESIGN_KINDS[one.spec.kind]}") for one in found]


def _suggested() -> QueryDict:
    today = now().astimezone(BEIJING).replace(hour=9, minute=0)
    typed = QueryDict(mutable=True)
    typed.update(
        {
            "opens_at": today.strftime("%Y-%m-%dT%H:%M"),
            "closes_at": (today + timedelta(days=14)).replace(hour=18).strftime("%Y-%m-%dT%H:%M"),
            "purpose": "diagnosis",
            "blueprint": "diagnosis",
            "audience": "unit",
            "shown_when": "at_once",
            "shown_to_person": "yes",
            "shown_to_unit": "yes",
            "attempts": "1",
            "days_between": "0",
        }
    )
    return typed


def campaign_of(request: Request, campaign_id: UUID) -> delivery.CampaignView:
    """The campaign of an organiser's page. Raises `NotFound`."""
    require_organiser(request)
    return delivery.campaign(actor=request.actor, campaign_id=campaign_id)
