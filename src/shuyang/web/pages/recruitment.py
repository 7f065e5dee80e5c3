"""Recruitment: the rule and its risk, two signatures, the published sums, appeals, files of evidence."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuyang.delivery import api as delivery
from shuyang.kernel.errors import Conflict, Invalid, NotFound
from shuyang.kernel.ids import parse_id
from shuyang.web.access import Request, signed_in
from shuyang.web.errors import error_words, words
from shuyang.web.standards_view import names_here
from shuyang.web.words.recruitment import APPEALS


@signed_in
@require_GET
def recruitment(request: Request, campaign_id: UUID) -> HttpResponse:
    """Where a recruitment stands. `?level=&force=` shows what a rule would risk before it is chosen."""
    return _page(request, campaign_id)


def _page(
    request: Request, campaign_id: UUID, *, problems: dict[str, str] | None = None, said: str = ""
) -> HttpResponse:
    view = delivery.recruitment(actor=request.actor, campaign_id=campaign_id)
    asked = request.POST if "level" in request.POST else request.GET
    level, forces = _level(asked.get("level", "")), asked.getlist("force")
    wrong, risk = dict(problems or {}), None
    if view.rule is None and "level" in asked and not wrong and not said:
        try:
            risk = delivery.risk_of_rule(actor=request.actor, campaign_id=campaign_id, level=level, forces=forces)
        except Invalid as error:
            wrong = {p.where: words(p) for p in error.problems}
        except Conflict as error:
            said = error_words(error)
    context: dict[str, Any] = {
        "view": view,
        "name": names_here(),
        "risk": risk,
        "level": level,
        "forces": forces or list(view.forces),
        "levels": range(2, 6),
        "problems": wrong,
        "said": said,
        "appeals": APPEALS,
    }
    return render(request, "recruitment/recruitment.html", context, status=422 if wrong or said else 200)


def _level(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == 1 else None


@signed_in
@require_POST
def act(request: Request, campaign_id: UUID) -> HttpResponse:
    """Choose the rule, or sign the release."""
    actor, what = request.actor, request.POST.get("act", "")
    try:
        if what == "rule":
            level, forces = _level(request.POST.get("level", "")), request.POST.getlist("force")
            delivery.choose_rule(actor=actor, campaign_id=campaign_id, level=level, forces=forces)
            messages.success(request, _("The rule is chosen, with its risk on record."))
        elif what == "sign":
            opened = delivery.sign_release(actor=actor, campaign_id=campaign_id)
            done = _("The results are released.") if opened else _("Signed. A second person has to sign too.")
            messages.success(request, done)
        else:
            raise NotFound("no such act")
    except Invalid as error:
        return _page(request, campaign_id, problems={p.where: words(p) for p in error.problems})
    except Conflict as error:
        return _page(request, campaign_id, said=error_words(error))
    return redirect("recruitment", campaign_id=campaign_id)


@signed_in
@require_GET
def evidence(request: Request, sitting_id: UUID) -> HttpResponse:
    """The file of evidence of one candidate."""
    data = delivery.evidence_file(actor=request.actor, sitting_id=sitting_id)
    response = HttpResponse(data, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="evidence-{sitting_id}.zip"'
    return response


@signed_in
@require_http_methods(["GET", "POST"])
def own(request: Request, sitting_id: UUID) -> HttpResponse:
    """The candidate's own page: number, outcome, published sums, appeal."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            delivery.appeal(actor=request.actor, sitting_id=sitting_id, reason=request.POST.get("reason", ""))
            return redirect("recruitment_own", sitting_id=sitting_id)
        except Invalid as error:
            problems = {p.where: words(p) for p in error.problems}
        except Conflict as error:
            problems = {"": error_words(error)}
    told = delivery.own_outcome(actor=request.actor, sitting_id=sitting_id)
    if told is None:
        raise NotFound("no such recruitment")
    context = {
        "told": told,
        "sums": delivery.published(actor=request.actor, campaign_id=told["campaign_id"]),
        "name": names_here(),
        "appeals": APPEALS,
        "problems": problems,
        "typed": request.POST,
        "sitting_id": sitting_id,
    }
    return render(request, "recruitment/own.html", context, status=422 if problems else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def appeals(request: Request) -> HttpResponse:
    """Appeals that wait for someone who was not involved."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            _decide(request)
            messages.success(request, _("Decided and recorded."))
            return redirect("appeals")
        except Invalid as error:
            problems = {p.where: words(p) for p in error.problems}
        except Conflict as error:
            problems = {"words": error_words(error)}
    found = delivery.appeals_to_review(actor=request.actor)
    context = {"found": found, "problems": problems, "typed": request.POST}
    return render(request, "recruitment/appeals.html", context, status=422 if problems else 200)


def _decide(request: Request) -> None:
    appeal_id, decision = parse_id(request.POST.get("id", "")), request.POST.get("decision")
    if appeal_id is None or decision not in ("upheld", "refused"):
        raise NotFound("no such appeal")
    delivery.decide_appeal(
        actor=request.actor, appeal_id=appeal_id, upheld=decision == "upheld", words=request.POST.get("words", "")
    )


urlpatterns = [
    path("appeals/", appeals, name="appeals"),
    path("own/<uuid:sitting_id>/", own, name="recruitment_own"),
    path("evidence/<uuid:sitting_id>/", evidence, name="recruitment_evidence"),
    path("<uuid:campaign_id>/", recruitment, name="recruitment"),
    path("<uuid:campaign_id>/act/", act, name="recruitment_act"),
]
