"""Questionnaires: make one, answer one, read the sums."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuyang.delivery import api as delivery
from shuyang.kernel.clock import BEIJING, now
from shuyang.kernel.errors import Conflict, Invalid, NotFound, Problem
from shuyang.kernel.ids import parse_id
from shuyang.people.api import unit_tree
from shuyang.trust.api import Role
from shuyang.web.access import Request, signed_in
from shuyang.web.campaign_form import moment
from shuyang.web.errors import error_words, words
from shuyang.web.survey_view import XLSX, form_lines, read_answers, results_tables, workbook
from shuyang.web.words.survey import KINDS, STATES


@signed_in
@require_GET
def surveys(request: Request) -> HttpResponse:
    """Questionnaires of the actor's units."""
    if not request.actor.has_anywhere(Role.ORGANISER, Role.LEADER):
        raise NotFound("for organisers and leaders")
    context = {
        "lines": delivery.surveys(actor=request.actor),
        "states": STATES,
        "may_make": request.actor.has_anywhere(Role.ORGANISER),
    }
    return render(request, "survey/list.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Make a questionnaire."""
    if not request.actor.has_anywhere(Role.ORGANISER):
        raise NotFound("for organisers")
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            return redirect("survey", survey_id=_create(request).id)
        except Invalid as error:
            problems = {p.where: words(p) for p in error.problems}
    suggested = {"closes_at": (now().astimezone(BEIJING) + timedelta(days=14)).strftime("%Y-%m-%dT18:00")}
    context = {"typed": request.POST or suggested, "problems": problems, "units": unit_tree(actor=request.actor)}
    return render(request, "survey/new.html", context, status=422 if problems else 200)


def _create(request: Request) -> delivery.SurveyView:
    form = request.POST
    unit_id = parse_id(form.get("unit", ""))
    if unit_id is None:
        raise Invalid([Problem("unit", "required")])
    return delivery.create_survey(
        actor=request.actor,
        name=form.get("name", ""),
        unit_id=unit_id,
        closes_at=moment(form.get("closes_at", ""), "closes_at"),
        introduction=form.get("introduction", ""),
    )


@signed_in
@require_GET
def survey(request: Request, survey_id: UUID) -> HttpResponse:
    """The editor, while it is a draft; then what is asked."""
    return _editor(request, survey_id)


def _editor(request: Request, survey_id: UUID, *, problems: dict[str, str] | None = None) -> HttpResponse:
    found = delivery.survey(actor=request.actor, survey_id=survey_id)
    at_hand = request.POST.get("id", "") or request.GET.get("edit", "")
    chosen = next((q for q in found.questions if q.id == at_hand), None)
    typed: Any = request.POST
    if not problems:
        typed = {"text": chosen.text, "kind": chosen.kind, "options": "\n".join(chosen.options)} if chosen else {}
        typed |= {"required": "yes"} if chosen is None or chosen.required else {}
    context = {
        "survey": found,
        "kinds": KINDS,
        "states": STATES,
        "problems": problems or {},
        "typed": typed,
        "at_hand": chosen,
    }
    return render(request, "survey/editor.html", context, status=422 if problems else 200)


@signed_in
@require_POST
def act(request: Request, survey_id: UUID) -> HttpResponse:
    """Add, change, move or remove a question; open or close the questionnaire."""
    try:
        _act(request, survey_id, request.POST.get("act", ""))
    except Invalid as error:
        return _editor(request, survey_id, problems={p.where: words(p) for p in error.problems})
    except Conflict as error:
        return _editor(request, survey_id, problems={"": error_words(error)})
    return redirect("survey", survey_id=survey_id)


def _act(request: Request, survey_id: UUID, what: str) -> None:
    actor, form = request.actor, request.POST
    question_id = form.get("id", "")
    match what:
        case "put":
            delivery.put_question(actor=actor, survey_id=survey_id, question=_question(request))
        case "up" | "down":
            by = -1 if what == "up" else 1
            delivery.move_question(actor=actor, survey_id=survey_id, question_id=question_id, by=by)
        case "remove":
            delivery.remove_question(actor=actor, survey_id=survey_id, question_id=question_id)
        case "open":
            delivery.open_survey(actor=actor, survey_id=survey_id)
            messages.success(request, _("It is open: everyone in the unit finds it on the home page."))
        case "close":
            delivery.close_survey(actor=actor, survey_id=survey_id)
        case _:
            raise NotFound("no such act")


def _question(request: Request) -> delivery.Question:
    form = request.POST
    kind = form.get("kind", "")
    if kind not in list(delivery.QuestionKind):
        raise Invalid([Problem("kind", "required")])
    options = tuple(form.get("options", "").splitlines())
    required = form.get("required") == "yes"
    return delivery.Question(form.get("id", ""), delivery.QuestionKind(kind), form.get("text", ""), options, required)


@signed_in
@require_http_methods(["GET", "POST"])
def answer(request: Request, survey_id: UUID) -> HttpResponse:
    """Answer a questionnaire; drafts are kept while one writes."""
    own = delivery.own_survey(actor=request.actor, survey_id=survey_id)
    if own.submitted_at is not None or own.survey.state != delivery.SurveyState.OPEN:
        return render(request, "survey/over.html", {"own": own})
    answers, problems = own.answers, dict[str, str]()
    if request.method == "POST":
        answers = read_answers(own.survey.questions, request.POST)
        try:
            delivery.submit_answers(actor=request.actor, survey_id=survey_id, answers=answers)
            return redirect("survey_answer", survey_id=survey_id)
        except Invalid as error:
            problems = {p.where: words(p) for p in error.problems}
    context = {"own": own, "lines": form_lines(own, answers, problems), "problems": problems}
    return render(request, "survey/answer.html", context, status=422 if problems else 200)


@signed_in
@require_POST
def save(request: Request, survey_id: UUID) -> HttpResponse:
    """Keep a draft: a line that says so."""
    own = delivery.own_survey(actor=request.actor, survey_id=survey_id)
    try:
        answers = read_answers(own.survey.questions, request.POST)
        at = delivery.save_answers(actor=request.actor, survey_id=survey_id, answers=answers)
        context: dict[str, Any] = {"at": at}
    except Invalid as error:
        context = {"problem": words(error.problems[0])}
    except Conflict as error:
        context = {"problem": error_words(error)}
    if not request.headers.get("HX-Request"):
        return redirect("survey_answer", survey_id=survey_id)
    return render(request, "survey/saved.html", context)


@signed_in
@require_GET
def results(request: Request, survey_id: UUID) -> HttpResponse:
    """The sums."""
    found = delivery.survey_results(actor=request.actor, survey_id=survey_id)
    return render(request, "survey/results.html", {"results": found, "tables": results_tables(found)})


@signed_in
@require_GET
def export(request: Request, survey_id: UUID) -> HttpResponse:
    """The sums as an Excel file."""
    found = delivery.survey_results(actor=request.actor, survey_id=survey_id)
    response = HttpResponse(workbook(found), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="survey-{found.survey.closes_at:%Y%m%d}.xlsx"'
    return response


urlpatterns = [
    path("", surveys, name="surveys"),
    path("new/", new, name="survey_new"),
    path("<uuid:survey_id>/", survey, name="survey"),
    path("<uuid:survey_id>/act/", act, name="survey_act"),
    path("<uuid:survey_id>/answer/", answer, name="survey_answer"),
    path("<uuid:survey_id>/save/", save, name="survey_save"),
    path("<uuid:survey_id>/results/", results, name="survey_results"),
    path("<uuid:survey_id>/export/", export, name="survey_export"),
]
