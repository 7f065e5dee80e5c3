"""Standard settings: begin one, enter or import ratings, see cuts, risk and impact, close the record, adopt it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuyang.delivery import api as delivery
from shuyang.kernel.errors import Conflict, Invalid, NotFound, Problem
from shuyang.kernel.ids import parse_id
from shuyang.trust.api import Role
from shuyang.web.access import Request, signed_in
from shuyang.web.errors import error_words, words
from shuyang.web.standards_view import names_here, rated_rows, read_workbook, template, typed_ratings
from shuyang.web.survey_view import XLSX
from shuyang.web.words.recruitment import METHODS


def _require(request: Request) -> None:
    if not request.actor.has_anywhere(Role.PSYCHOMETRICIAN):
        raise NotFound("for psychometricians")


@signed_in
@require_http_methods(["GET", "POST"])
def settings(request: Request) -> HttpResponse:
    """All standard settings, and a form to begin one."""
    _require(request)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            return redirect("standard", setting_id=_start(request))
        except Invalid as error:
            problems = {p.where: words(p) for p in error.problems}
    context = {
        "settings": delivery.settings(actor=request.actor),
        "methods": METHODS,
        "problems": problems,
        "typed": request.POST or {"per_force": "8"},
    }
    return render(request, "standards/list.html", context, status=422 if problems else 200)


def _start(request: Request) -> UUID:
    form = request.POST
    count = form.get("per_force", "")
    if form.get("method") not in list(delivery.Method):
        raise Invalid([Problem("method", "required")])
    return delivery.start_setting(
        actor=request.actor,
        name=form.get("name", ""),
        method=delivery.Method(form["method"]),
        per_force=int(count) if count.isdecimal() and len(count) < 4 else 0,
    )


@signed_in
@require_GET
def setting(request: Request, setting_id: UUID) -> HttpResponse:
    """One standard setting."""
    return _setting(request, setting_id)


def _setting(
    request: Request, setting_id: UUID, *, problems: list[tuple[str, str]] | None = None, said: str = ""
) -> HttpResponse:
    view = delivery.setting(actor=request.actor, setting_id=setting_id)
    name = names_here()
    campaign_id = parse_id(request.GET.get("campaign", ""))
    context: dict[str, Any] = {
        "view": view,
        "rows": _typed_rows(request, rated_rows(view, name)),
        "name": name,
        "methods": METHODS,
        "problems": problems or [],
        "said": said,
        "typed": request.POST,
        "boundaries": range(1, delivery.BOUNDARIES + 1),
        "campaigns": delivery.campaigns(actor=request.actor, limit=30),
        "chosen": str(campaign_id or ""),
    }
    if view.cuts:
        context["impact"] = delivery.impact(actor=request.actor, setting_id=setting_id, campaign_id=campaign_id)
    return render(request, "standards/setting.html", context, status=422 if problems or said else 200)


def _typed_rows(request: Request, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with what was typed into them, so that nothing is lost."""
    for row in rows:
        row["cells"] = [(k, request.POST.get(f"{row['id']}-{k}", "")) for k in range(1, delivery.BOUNDARIES + 1)]
    return rows


@signed_in
@require_POST
def act(request: Request, setting_id: UUID) -> HttpResponse:
    """Enter or import ratings; next round; close; adopt."""
    try:
        _act(request, setting_id, request.POST.get("act", ""))
    except Invalid as error:
        labels = {row["id"]: row["label"] for row in rated_rows(
            delivery.setting(actor=request.actor, setting_id=setting_id), names_here())}  # fmt: skip
        found = [(_place(p.where, labels), words(p)) for p in error.problems[:20]]
        return _setting(request, setting_id, problems=found)
    except Conflict as error:
        return _setting(request, setting_id, said=error_words(error))
    return redirect("standard", setting_id=setting_id)


def _place(where: str, labels: dict[str, str]) -> str:
    judge, found, place = where.rpartition(": ")
    return f"{judge}{found}{labels.get(place, place)}"


def _act(request: Request, setting_id: UUID, what: str) -> None:
    actor = request.actor
    view = delivery.setting(actor=actor, setting_id=setting_id)
    match what:
        case "rate":
            values = typed_ratings(view, request.POST)
            delivery.rate(actor=actor, setting_id=setting_id, judge=request.POST.get("judge", ""), values=values)
            messages.success(request, _("The ratings are entered."))
        case "import":
            file = request.FILES.get("file")
            if file is None:
                raise Invalid([Problem("file", "required")])
            ratings = read_workbook(view, file.read())
            delivery.rate_many(actor=actor, setting_id=setting_id, ratings=ratings)
            messages.success(request, _("Ratings of %(n)s judges are entered.") % {"n": len(ratings)})
        case "round":
            delivery.next_round(actor=actor, setting_id=setting_id)
        case "close":
            delivery.close_setting(actor=actor, setting_id=setting_id)
            messages.success(request, _("The record is closed."))
        case "adopt":
            delivery.adopt_setting(actor=actor, setting_id=setting_id)
            messages.success(request, _("New campaigns run on these cut scores."))
        case _:
            raise NotFound("no such act")


@signed_in
@require_GET
def sheet(request: Request, setting_id: UUID) -> HttpResponse:
    """The empty workbook for ratings."""
    view = delivery.setting(actor=request.actor, setting_id=setting_id)
    response = HttpResponse(template(view), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="ratings.xlsx"'
    return response


@signed_in
@require_GET
def record(request: Request, setting_id: UUID) -> HttpResponse:
    """The closed record, to be filed."""
    found = delivery.setting_record(actor=request.actor, setting_id=setting_id)
    text = json.dumps(found, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="standard-setting.json"'
    return response


urlpatterns = [
    path("", settings, name="standards"),
    path("<uuid:setting_id>/", setting, name="standard"),
    path("<uuid:setting_id>/act/", act, name="standard_act"),
    path("<uuid:setting_id>/ratings.xlsx", sheet, name="standard_sheet"),
    path("<uuid:setting_id>/record/", record, name="standard_record"),
]
