"""Paper: print forms and answer sheets, bring the answers in from a workbook."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shuyang.delivery import api as delivery
from shuyang.kernel.errors import Conflict, Invalid, NotFound, Problem
from shuyang.people.api import TextBook
from shuyang.web.access import Request, signed_in
from shuyang.web.errors import error_words, words
from shuyang.web.pages.campaign_new import campaign_of
from shuyang.web.pages.people_common import download, problems_of, whole
from shuyang.web.paper.booklet import booklet_data, sheets_data
from shuyang.web.paper.pdf import pdf

MAX_UPLOAD = 10 * 1024 * 1024


@signed_in
@require_http_methods(["GET", "POST"])
def paper(request: Request, campaign_id: UUID) -> HttpResponse:
    """What can be printed, the sheets there are, and the upload of answers."""
    found = campaign_of(request, campaign_id)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _acted(request, campaign_id)
        except (Invalid, Conflict) as error:
            problems = problems_of(error)
    state = delivery.paper_state(actor=request.actor, campaign_id=campaign_id)
    context = {
        "campaign": found,
        "state": state,
        "unused": sum(not sheet.used for sheet in state.sheets),
        "used": sum(sheet.used for sheet in state.sheets),
        "problems": problems,
        "typed": request.POST,
    }
    return render(request, "campaigns/paper.html", context, status=422 if problems else 200)


def _acted(request: Request, campaign_id: UUID) -> HttpResponse:
    if request.POST.get("then") == "sheets":
        copies = whole(request.POST.get("copies"), 0)
        delivery.make_sheets(actor=request.actor, campaign_id=campaign_id, copies=copies)
        messages.success(request, _("The sheets are numbered. Print them below."))
        return redirect("campaign_paper", campaign_id=campaign_id)
    file = request.FILES.get("file")
    if file is None:
        raise Invalid([Problem("file", "file_missing")])
    if (file.size or 0) > MAX_UPLOAD:
        raise Invalid([Problem("file", "file_too_big", (("megabytes", str(MAX_UPLOAD >> 20)),))])
    import_id = delivery.read_answers(
        actor=request.actor,
        campaign_id=campaign_id,
        held_on=_day(request.POST.get("held_on", "")),
        file_name=file.name or "",
        data=file.read(),
        agreed=request.POST.get("agreed") == "yes",
    )
    return redirect("campaign_paper_check", campaign_id=campaign_id, import_id=import_id)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise Invalid([Problem("held_on", "not_a_date", (("value", text[:20]),))]) from error


@signed_in
@require_http_methods(["GET", "POST"])
def check(request: Request, campaign_id: UUID, import_id: UUID) -> HttpResponse:
    """A workbook that was read: every problem at its cell, and the button that writes the good rows."""
    found, said = campaign_of(request, campaign_id), ""
    if request.method == "POST":
        if request.POST.get("then") == "discard":
            delivery.discard_answers(actor=request.actor, campaign_id=campaign_id, import_id=import_id)
            return redirect("campaign_paper", campaign_id=campaign_id)
        try:
            only = request.POST.get("good_rows_only") == "yes"
            delivery.write_answers(
                actor=request.actor, campaign_id=campaign_id, import_id=import_id, good_rows_only=only
            )
            return redirect("campaign_paper_check", campaign_id=campaign_id, import_id=import_id)
        except Conflict as error:
            said = error_words(error)
    seen = delivery.paper_check(actor=request.actor, campaign_id=campaign_id, import_id=import_id)
    lines = [(p.where, words(p)) for p in seen.problems]
    context = {"campaign": found, "check": seen, "lines": lines, "said": said}
    return render(request, "campaigns/paper_check.html", context, status=409 if said else 200)


@signed_in
@require_GET
def booklet(request: Request, campaign_id: UUID, number: int) -> HttpResponse:
    """A form to print."""
    found = campaign_of(request, campaign_id)
    forms = delivery.paper_state(actor=request.actor, campaign_id=campaign_id).forms
    if not 0 <= number < len(forms):
        raise NotFound("no such form")
    data, pictures = booklet_data(found, forms[number], settings.SHUYANG_ORGANISATION)
    return _pdf(pdf("booklet", data, pictures), f"form-{forms[number].letter}.pdf")


@signed_in
@require_GET
def sheets(request: Request, campaign_id: UUID) -> HttpResponse:
    """The answer sheets that have not come back yet, to print."""
    found = campaign_of(request, campaign_id)
    state = delivery.paper_state(actor=request.actor, campaign_id=campaign_id)
    open_sheets = [sheet for sheet in state.sheets if not sheet.used]
    if not open_sheets:
        raise NotFound("no sheets")
    data = sheets_data(found, state.forms, open_sheets, settings.SHUYANG_ORGANISATION)
    return _pdf(pdf("sheets", data, {}), "answer-sheets.pdf")


def _pdf(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@signed_in
@require_GET
def template(request: Request, campaign_id: UUID) -> HttpResponse:
    """The workbook to type answers into: a row for each sheet that has not come back."""
    campaign_of(request, campaign_id)
    state = delivery.paper_state(actor=request.actor, campaign_id=campaign_id)
    longest = max((len(form.items) for form in state.forms), default=0)
    book = TextBook()
    headings = ["卷号", "人员编号", *(str(n) for n in range(1, longest + 1))]
    rows = [[sheet.code] for sheet in state.sheets if not sheet.used]
    book.sheet("答案", headings, rows, [12, 16, *([8] * longest)])
    return download(book.bytes(), "paper-answers.xlsx")


urlpatterns = [
    path("<uuid:campaign_id>/paper/", paper, name="campaign_paper"),
    path("<uuid:campaign_id>/paper/template/", template, name="campaign_paper_template"),
    path("<uuid:campaign_id>/paper/sheets/", sheets, name="campaign_paper_sheets"),
    path("<uuid:campaign_id>/paper/form/<int:number>/", booklet, name="campaign_paper_form"),
    path("<uuid:campaign_id>/paper/<uuid:import_id>/", check, name="campaign_paper_check"),
]
