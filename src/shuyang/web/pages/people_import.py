"""The import of a roster, step by step: file, columns, check, accept, result."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuyang.kernel.errors import Invalid, NotFound, Problem
from shuyang.kernel.ids import parse_id
from shuyang.kit.api import JobView
from shuyang.kit.api import view as job_view
from shuyang.people import api as people
from shuyang.web.access import Request, signed_in
from shuyang.web.errors import words
from shuyang.web.pages.people_common import MANAGERS, download, problems_of, require_manager, whole
from shuyang.web.words.people import EXPLANATIONS, FIELDS, STATES

MAX_UPLOAD = 40 * 1024 * 1024
State = people.ImportState


@signed_in
@require_http_methods(["GET", "POST"])
def start(request: Request) -> HttpResponse:
    """First step: choose unit and file. Below it the latest imports."""
    require_manager(request.actor)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            return redirect("import_columns", batch_id=_upload(request))
        except Invalid as error:
            problems = problems_of(error)
    context = {
        "units": people.unit_tree(actor=request.actor, manage=True),
        "everywhere": request.actor.has(*MANAGERS, at=""),
        "imports": people.imports(actor=request.actor),
        "states": STATES,
        "problems": problems,
        "unit": request.POST.get("unit", ""),
    }
    return render(request, "people/import_start.html", context, status=422 if problems else 200)


def _upload(request: Request) -> UUID:
    file, unit_id = request.FILES.get("file"), parse_id(request.POST.get("unit", ""))
    if unit_id is None and request.POST.get("unit") != "all":
        raise Invalid([Problem("unit", "required")])
    if file is None:
        raise Invalid([Problem("file", "file_missing")])
    if (file.size or 0) > MAX_UPLOAD:
        raise Invalid([Problem("file", "file_too_big", (("megabytes", str(MAX_UPLOAD >> 20)),))])
    return people.upload_import(actor=request.actor, file_name=file.name or "", data=file.read(), unit_id=unit_id)


@signed_in
@require_GET
def template(request: Request) -> HttpResponse:
    """The empty roster with drop-down lists and explanations."""
    data = people.template_workbook(
        explanation={field: str(text) for field, text in EXPLANATIONS.items()},
        sheet="人员名单",
        explanation_sheet="填写说明",
        headings=(_("Column"), _("How to fill it in")),
    )
    return download(data, "roster-template.xlsx")


@signed_in
@require_http_methods(["GET", "POST"])
def columns(request: Request, batch_id: UUID) -> HttpResponse:
    """Second step: which row is the header, which column means what. Guessed, and changeable."""
    asked = request.POST if request.method == "POST" else request.GET
    head, reading = people.import_head(actor=request.actor, batch_id=batch_id, sheet=asked.get("sheet", ""))
    row = whole(asked.get("header"), reading.header_row + 1) - 1
    matched, problems = dict(reading.columns), dict[str, str]()
    create_units = reading.create_units
    if request.method == "POST":
        matched, create_units = _matched(request), bool(request.POST.get("create_units"))
        try:
            people.check_import(
                actor=request.actor,
                batch_id=batch_id,
                sheet=head.sheet,
                header_row=row,
                matched=matched,
                create_units=create_units,
            )
            return redirect("import", batch_id=batch_id)
        except Invalid as error:
            problems = problems_of(error)
    context = {
        "view": people.import_view(actor=request.actor, batch_id=batch_id),
        "head": head,
        "row": row,
        "problems": problems,
        "fields": [(f, label, matched.get(f)) for f, label in FIELDS.items()],
        "create_units": create_units,
        "choices": _choices(head, row),
        "numbered": list(enumerate(head.rows[:15])),
    }
    return render(request, "people/import_columns.html", context, status=422 if problems else 200)


def _matched(request: Request) -> dict[people.Field, int]:
    chosen = {field: request.POST.get(field.value, "") for field in people.Field}
    return {field: int(text) for field, text in chosen.items() if text.isdecimal() and len(text) < 5}


def _choices(head: people.SheetHead, row: int) -> list[tuple[int, str, str]]:
    """Columns as one chooses among them: index, letters and heading, an example from below."""
    rows = head.rows
    heading = rows[row] if 0 <= row < len(rows) else ()
    choices = []
    for column in range(head.width):
        text = heading[column] if column < len(heading) else ""
        example = next((r[column] for r in rows[row + 1 :] if column < len(r) and r[column]), "")
        if text or example:
            choices.append((column, f"{people.column_letters(column)} {text}".strip(), example[:30]))
    return choices


@signed_in
@require_GET
def progress(request: Request, batch_id: UUID) -> HttpResponse:
    """How an import stands: progress while a job runs, else the check to accept, or the result."""
    view = people.import_view(actor=request.actor, batch_id=batch_id)
    if view.state == State.UPLOADED:
        return redirect("import_columns", batch_id=batch_id)
    if view.state == State.DISCARDED:
        return redirect("import_start")
    context = {
        "view": view,
        "reports": _said(view),
        "job": _job(request, view),
        "running": view.state in (State.CHECKING, State.WRITING),
        "why": words(Problem("", view.error)) if view.error else "",
    }
    return render(request, "people/import.html", context)


def _job(request: Request, view: people.ImportView) -> JobView | None:
    try:
        return job_view(job_id=view.job_id, owner_id=request.actor.account_id) if view.job_id else None
    except NotFound:
        return None


def _said(view: people.ImportView) -> list[tuple[people.RowReport, list[tuple[str, str]]]]:
    return [(report, [(p.where, words(p)) for p in report.problems]) for report in view.reports]


@signed_in
@require_POST
def accept(request: Request, batch_id: UUID) -> HttpResponse:
    people.accept_import(actor=request.actor, batch_id=batch_id)
    return redirect("import", batch_id=batch_id)


@signed_in
@require_POST
def stop(request: Request, batch_id: UUID) -> HttpResponse:
    people.stop_import(actor=request.actor, batch_id=batch_id)
    return redirect("import", batch_id=batch_id)


@signed_in
@require_POST
def discard(request: Request, batch_id: UUID) -> HttpResponse:
    people.discard_import(actor=request.actor, batch_id=batch_id)
    return redirect("import_start")


@signed_in
@require_GET
def rejected(request: Request, batch_id: UUID) -> HttpResponse:
    """The rejected rows with their cells as they were and the reasons, to be corrected and imported again."""
    heading, rows = people.rejected_rows(actor=request.actor, batch_id=batch_id)
    lines = ((r.row, "；".join(f"{p.where}：{words(p)}" for p in r.problems), cells) for r, cells in rows)
    data = people.rejected_workbook(
        heading=heading,
        rows=lines,
        sheet=_("Rejected rows"),
        row_heading=_("Row in the file"),
        reason_heading=_("Why rejected"),
    )
    return download(data, "rejected-rows.xlsx")


urlpatterns = [
    path("", start, name="import_start"),
    path("template/", template, name="import_template"),
    path("<uuid:batch_id>/", progress, name="import"),
    path("<uuid:batch_id>/columns/", columns, name="import_columns"),
    path("<uuid:batch_id>/accept/", accept, name="import_accept"),
    path("<uuid:batch_id>/stop/", stop, name="import_stop"),
    path("<uuid:batch_id>/discard/", discard, name="import_discard"),
    path("<uuid:batch_id>/rejected/", rejected, name="import_rejected"),
]
