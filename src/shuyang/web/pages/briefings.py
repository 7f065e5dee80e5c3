"""The leaders' briefing 决策参阅: draft, edit, sign, archive."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuyang.feedback.api import unit_picture
from shuyang.insight import api as insight
from shuyang.kernel.errors import Conflict, Invalid, NotFound
from shuyang.kernel.ids import parse_id
from shuyang.people.api import UnitLine, unit_tree
from shuyang.trust.api import Role
from shuyang.web.access import Request, signed_in
from shuyang.web.briefing_view import LANGUAGES, STATES, fields, read_edit, shown, typed
from shuyang.web.errors import error_words, words
from shuyang.web.paper.briefing import briefing_pdf
from shuyang.web.words.briefings import CHECKS

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
READERS = (Role.ORGANISER, Role.LEADER)


@signed_in
@require_GET
def briefings(request: Request) -> HttpResponse:
    """What waits, drafts, and the issues by year; `?year=` shows one year."""
    if not request.actor.has_anywhere(*READERS):
        raise NotFound("for organisers and leaders")
    heads = insight.briefings(actor=request.actor)
    waiting = {h.id for h in insight.waiting(actor=request.actor)}
    issued = [h for h in heads if h.number is not None]
    years = sorted({h.year for h in issued if h.year is not None}, reverse=True)
    year = _year(request.GET.get("year", ""), years)
    context = {
        "waiting": [h for h in heads if h.id in waiting],
        "drafts": [h for h in heads if h.number is None and h.id not in waiting],
        "years": years,
        "year": year,
        "by_year": [(y, [h for h in issued if h.year == y]) for y in years if year in (None, y)],
        "states": STATES,
        "drafts_here": request.actor.has_anywhere(Role.ORGANISER),
        "title": _("Briefings for decisions"),
    }
    return render(request, "briefings/list.html", context)


def _year(text: str, years: list[int]) -> int | None:
    return next((y for y in years if str(y) == text), None)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Choose unit, campaign and language; the draft is written by rules."""
    lines = _units(request)
    if not lines:
        raise NotFound("for organisers")
    asked = request.POST if request.method == "POST" else request.GET
    chosen = parse_id(asked.get("unit", "")) or lines[0].unit.id
    campaign = parse_id(asked.get("campaign", ""))
    said: str | Promise = ""
    if request.method == "POST":
        language = insight.Language.of(asked.get("language") or get_language())
        try:
            made = insight.draft(actor=request.actor, unit_id=chosen, campaign_id=campaign, language=language)
            return redirect("briefing_edit", briefing_id=made.head.id)
        except Conflict as error:
            said = error_words(error)
    picture = unit_picture(actor=request.actor, unit_id=chosen)
    context = {
        "lines": lines,
        "unit_id": chosen,
        "campaign_id": campaign,
        "picture": picture,
        "preview": _preview(
            request, chosen, campaign if campaign in {c.campaign_id for c in picture.campaigns} else None
        ),
        "languages": LANGUAGES.items(),
        "language": insight.Language.of(get_language()),
        "said": said,
        "title": _("New briefing"),
    }
    return render(request, "briefings/new.html", context, status=409 if said else 200)


def _units(request: Request) -> list[UnitLine]:
    reach = request.actor.paths(Role.ORGANISER)
    return [line for line in unit_tree(actor=request.actor) if any(line.unit.path.startswith(p) for p in reach)]


def _preview(request: Request, unit_id: UUID, campaign_id: UUID | None) -> list[insight.Statement]:
    """The findings that the draft would hold."""
    told = insight.statements(actor=request.actor, unit_id=unit_id, campaign_id=campaign_id)
    kinds = (insight.StatementKind.FINDING, insight.StatementKind.NOTHING, insight.StatementKind.ABSENT)
    return [s for s in told if s.kind in kinds]


@signed_in
@require_GET
def briefing(request: Request, briefing_id: UUID) -> HttpResponse:
    """The document as it is (or would be) printed, and what may be done with it. `?check` computes it again."""
    view = insight.briefing(actor=request.actor, briefing_id=briefing_id)
    return _page(request, view)


def _page(request: Request, view: insight.BriefingView, problems: dict[str, str] | None = None) -> HttpResponse:
    check = insight.verify(actor=request.actor, briefing_id=view.head.id) if "check" in request.GET else None
    context = {
        "view": view,
        "head": view.head,
        "d": view.document,
        "blocks": shown(view.document),
        "state": STATES[view.head.state],
        "check": check,
        "faults": [(CHECKS[code], piece) for code, piece in check.problems] if check else [],
        "problems": problems or {},
        "typed": request.POST,
        "title": _("Briefing for decisions"),
    }
    return render(request, "briefings/briefing.html", context, status=422 if problems else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: Request, briefing_id: UUID) -> HttpResponse:
    """Reword the draft; its figures are marks that can only be moved or left out."""
    view = insight.briefing(actor=request.actor, briefing_id=briefing_id)
    if not view.may.edit:
        return redirect("briefing", briefing_id=briefing_id)
    entered, problems, said = typed(view), {}, ""
    if request.method == "POST":
        entered = read_edit(request.POST, view.content)
        try:
            saved = insight.save(
                actor=request.actor, briefing_id=briefing_id, revision=_revision(request), edit=entered
            )
        except Invalid as error:
            problems = _problems(error)
        except Conflict as error:
            said = error_words(error)
        else:
            return _after_saving(request, saved)
    context: dict[str, Any] = {
        "view": view,
        "revision": request.POST.get("revision", view.revision),
        "sections": fields(view.content, entered, problems),
        "figures": view.content.bindings,
        "problems": problems,
        "said": said,
        "title": _("Edit the briefing"),
    }
    return render(request, "briefings/edit.html", context, status=422 if problems else 409 if said else 200)


def _after_saving(request: Request, saved: insight.BriefingView) -> HttpResponse:
    messages.success(request, _("Saved."))
    if request.POST.get("then") == "stay":
        return redirect("briefing_edit", briefing_id=saved.head.id)
    return redirect("briefing", briefing_id=saved.head.id)


def _problems(error: Invalid) -> dict[str, str]:
    """The words of all problems of each field."""
    found: dict[str, list[str]] = {}
    for problem in error.problems:
        found.setdefault(problem.where, []).append(words(problem))
    return {where: " ".join(dict.fromkeys(told)) for where, told in found.items()}


def _revision(request: Request) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


@signed_in
@require_POST
def act(request: Request, briefing_id: UUID) -> HttpResponse:
    """Submit, sign, send back, withdraw, or discard."""
    actor, what, reason = request.actor, request.POST.get("act", ""), request.POST.get("reason", "")
    at: dict[str, Any] = {"actor": actor, "briefing_id": briefing_id}
    try:
        if what == "submit":
            insight.submit(**at, revision=_revision(request))
            messages.success(request, _("Handed in for signature."))
        elif what == "sign":
            made = insight.sign(**at, revision=_revision(request))
            messages.success(request, _("Signed and issued: %(issue)s.") % {"issue": made.document.issue})
        elif what == "send_back":
            insight.send_back(**at, revision=_revision(request), reason=reason)
            messages.success(request, _("Sent back to be edited."))
            return redirect("briefings")
        elif what == "withdraw":
            insight.withdraw(**at, reason=reason)
            messages.success(request, _("Withdrawn. The issue stays in the list, with the reason."))
        elif what == "discard":
            insight.discard(**at, revision=_revision(request))
            messages.success(request, _("The draft is deleted."))
            return redirect("briefings")
        else:
            raise NotFound("no such act")
    except Invalid as error:
        view = insight.briefing(actor=actor, briefing_id=briefing_id)
        return _page(request, view, {f"{what}-{where}": text for where, text in _problems(error).items()})
    return redirect("briefing", briefing_id=briefing_id)


@signed_in
@require_GET
def file(request: Request, briefing_id: UUID, kind: str) -> HttpResponse:
    """The document as PDF or Word; the archive as JSON."""
    if kind == "json":
        response: HttpResponse = JsonResponse(insight.archive(actor=request.actor, briefing_id=briefing_id))
    else:
        view = insight.briefing(actor=request.actor, briefing_id=briefing_id)
        response = _paper(view, kind)
    response.headers["Content-Disposition"] = f'attachment; filename="briefing-{str(briefing_id)[-8:]}.{kind}"'
    return response


def _paper(view: insight.BriefingView, kind: str) -> HttpResponse:
    withdrawn = view.head.withdrawn_reason
    if kind == "pdf":
        return HttpResponse(briefing_pdf(view.document, withdrawn=withdrawn), content_type="application/pdf")
    if kind == "docx":
        from shuyang.web.briefing_files import briefing_document  # 17 MB that only this format needs

        return HttpResponse(briefing_document(view.document, withdrawn=withdrawn), content_type=DOCX)
    raise NotFound("no such kind of file")


urlpatterns = [
    path("", briefings, name="briefings"),
    path("new/", new, name="briefing_new"),
    path("<uuid:briefing_id>/", briefing, name="briefing"),
    path("<uuid:briefing_id>/edit/", edit, name="briefing_edit"),
    path("<uuid:briefing_id>/act/", act, name="briefing_act"),
    path("<uuid:briefing_id>/file.<str:kind>", file, name="briefing_file"),
]
