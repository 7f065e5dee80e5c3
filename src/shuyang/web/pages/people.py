"""People: the list, one person, one-time codes; units and roles and the import have their own files."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuyang.kernel.errors import Conflict, Invalid, NotFound, Problem
from shuyang.kernel.ids import parse_id
from shuyang.people import api as people
from shuyang.trust.api import Role
from shuyang.web.access import Request, signed_in
from shuyang.web.pages.people_common import MANAGERS, READERS, download, problems_of, require_manager, whole
from shuyang.web.words.people import JOB_CATEGORIES, RANK_LAYERS, ROLES

Choice = TypeVar("Choice", bound=StrEnum)
CHOICES = {"rank_layers": RANK_LAYERS, "job_categories": JOB_CATEGORIES}


@signed_in
@require_GET
def people_list(request: Request) -> HttpResponse:
    """Who is in my units: searched by name, pinyin or number, filtered, page by page."""
    if not request.actor.has_anywhere(*READERS):
        raise NotFound("for organisers")
    asked = {k: v.strip() for k, v in request.GET.dict().items() if k in ("q", "unit", "rank", "job", "state")}
    found = people.people_in(
        actor=request.actor,
        unit_path=asked.get("unit", ""),
        text=asked.get("q", "")[:80],
        rank_layer=_member(people.RankLayer, asked.get("rank")),
        job_category=_member(people.JobCategory, asked.get("job")),
        active=asked.get("state") != "inactive",
        page=whole(request.GET.get("page"), 1),
    )
    context = {
        "found": found,
        "asked": asked,
        "units": people.unit_tree(actor=request.actor),
        "manages": request.actor.has_anywhere(*MANAGERS),
        "administers": request.actor.has_anywhere(Role.ADMINISTRATOR),
        "query": urlencode({k: v for k, v in asked.items() if v}),
    }
    return render(request, "people/list.html", context | CHOICES)


def _member(kind: type[Choice], text: str | None) -> Choice | None:
    return kind(text) if text in set(kind) else None


@signed_in
@require_http_methods(["GET", "POST"])
def new_person(request: Request) -> HttpResponse:
    """Add one person by hand."""
    require_manager(request.actor)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = people.add_person(
                actor=request.actor,
                number=request.POST.get("number", ""),
                name=request.POST.get("name", ""),
                unit_id=_unit_id(request),
                identity_number=request.POST.get("identity_number", ""),
                phone=request.POST.get("phone", ""),
            )
        except Invalid as error:
            problems = problems_of(error)
        else:
            messages.success(request, _("The person is added. Give them a post, and a one-time code to sign in."))
            return redirect("person", person_id=made.id)
    context = {"typed": request.POST, "problems": problems, "units": people.unit_tree(actor=request.actor, manage=True)}
    return render(request, "people/new.html", context, status=422 if problems else 200)


def _unit_id(request: Request) -> UUID:
    unit_id = parse_id(request.POST.get("unit", ""))
    if unit_id is None:
        raise Invalid([Problem("unit", "required")])
    return unit_id


@signed_in
@require_http_methods(["GET", "POST"])
def person(request: Request, person_id: UUID) -> HttpResponse:
    """One person: posts, account, roles; for the organiser the changes, each a small form."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            said = _change(request, person_id)
        except (Invalid, Conflict) as error:
            problems = problems_of(error)
        else:
            messages.success(request, said)
            return redirect("person", person_id=person_id)
    detail = people.person_detail(actor=request.actor, person_id=person_id)
    context = {
        "detail": detail,
        "problems": problems,
        "typed": request.POST,
        "roles": ROLES,
        "manages": request.actor.has(*MANAGERS, at=detail.person.unit_path),
        "units": people.unit_tree(actor=request.actor, manage=True),
    }
    return render(request, "people/person.html", context | CHOICES, status=422 if problems else 200)


def _change(request: Request, person_id: UUID) -> str:
    """Do what the small form asks for; returns what to say."""
    form, actor = request.POST, request.actor
    match form.get("do"):
        case "post":
            people.change_post(
                actor=actor,
                person_id=person_id,
                unit_id=_unit_id(request),
                rank_layer=form.get("rank_layer", ""),
                job_category=form.get("job_category", ""),
                title=form.get("title", ""),
                from_date=_day(form.get("from_date", "")),
            )
            return _("The post is recorded. Earlier results keep the post of their day.")
        case "correct":
            people.correct_person(
                actor=actor,
                person_id=person_id,
                name=form.get("name", ""),
                identity_number=form.get("identity_number", ""),
                phone=form.get("phone", ""),
            )
            return _("The correction is saved.")
        case "deactivate":
            people.deactivate_person(actor=actor, person_id=person_id)
            return _("The person is inactive and can no longer sign in. Everything recorded stays.")
        case "reactivate":
            people.reactivate_person(actor=actor, person_id=person_id)
            return _("The person is active again. Give them their present post.")
    raise NotFound("no such change")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid([Problem("from_date", "not_a_date", (("value", text),))]) from None


@signed_in
@require_POST
def reset(request: Request, person_id: UUID) -> HttpResponse:
    """A new one-time code for one person, shown once."""
    issued = people.reset_sign_in(actor=request.actor, person_id=person_id)
    return render(request, "people/slips.html", {"codes": [issued], "back": person_id})


@signed_in
@require_http_methods(["GET", "POST"])
def codes(request: Request) -> HttpResponse:
    """One-time codes for all of a unit who never set a password: as a workbook or as slips to print."""
    require_manager(request.actor)
    asked = request.POST if request.method == "POST" else request.GET
    unit_path, renew = asked.get("unit", ""), bool(asked.get("renew"))
    waiting = people.without_password(actor=request.actor, unit_path=unit_path, with_code=renew)
    if request.method == "POST" and waiting:
        issued = people.issue_codes(actor=request.actor, person_ids=waiting)
        if request.POST.get("as") == "print":
            return render(request, "people/slips.html", {"codes": issued})
        headings = (_("Person number"), _("Name"), _("Unit"), _("User name"), _("One-time code"), _("Good until"))
        return download(people.codes_workbook(codes=issued, sheet=_("One-time codes"), headings=headings), "codes.xlsx")
    context = {
        "units": people.unit_tree(actor=request.actor, manage=True),
        "unit": unit_path,
        "renew": renew,
        "count": len(waiting),
    }
    return render(request, "people/codes.html", context)


urlpatterns = [
    path("", people_list, name="people"),
    path("new/", new_person, name="new_person"),
    path("codes/", codes, name="codes"),
    path("import/", include("shuyang.web.pages.people_import")),
    path("", include("shuyang.web.pages.people_units")),
    path("<uuid:person_id>/", person, name="person"),
    path("<uuid:person_id>/reset/", reset, name="reset_sign_in"),
]
