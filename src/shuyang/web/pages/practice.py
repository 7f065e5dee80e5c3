"""The practice range: the catalogue, the workbench, the debrief."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuyang.kernel.errors import Conflict, Invalid, NotFound
from shuyang.practice import api as practice
from shuyang.web.access import Request, signed_in
from shuyang.web.bench_chart import preview_context
from shuyang.web.bench_forms import read_artifact, read_queries
from shuyang.web.bench_view import (
    bench_context,
    browse_context,
    outcome_context,
    queries_context,
    result_context,
    scenario_rows,
    task_context,
)
from shuyang.web.errors import error_words, words
from shuyang.web.middleware import style_nonce

Context = dict[str, Any]


@signed_in
@require_GET
def catalogue(request: Request) -> HttpResponse:
    """All scenarios, and one's own runs."""
    return render(request, "practice/catalogue.html", scenario_rows(request.actor))


@signed_in
@require_POST
def begin(request: Request, name: str) -> HttpResponse:
    """Begin a run, or go on with the open one."""
    mode = practice.Mode.ASSESSED if request.POST.get("mode") == "assessed" else practice.Mode.PRACTICE
    return redirect("range_run", run_id=practice.begin(actor=request.actor, name=name, mode=mode))


@signed_in
@require_GET
def bench(request: Request, run_id: UUID) -> HttpResponse:
    """The memo and the way through the tasks. A graded run shows its debrief instead."""
    run = practice.run(actor=request.actor, run_id=run_id)
    if not run.open:
        return redirect("range_result", run_id=run_id)
    if run.outdated:
        return render(request, "practice/outdated.html", {"run": run, "spec": run.scenario.spec})
    return render(request, "practice/memo.html", bench_context(run, "memo"))


@signed_in
@require_GET
def data(request: Request, run_id: UUID, table: str = "") -> HttpResponse:
    """Look at a table: filter, sort, pivot."""
    run = _open_run(request, run_id)
    return render(request, "practice/data.html", browse_context(run, table, request.GET))


@signed_in
def queries(request: Request, run_id: UUID) -> HttpResponse:
    """The named queries; a POST keeps them."""
    if request.method != "POST":
        run = _open_run(request, run_id)
        return render(request, "practice/queries.html", queries_context(run, style_nonce(request)))
    given = read_queries(request.POST)
    return _saved(request, run_id, lambda revision: practice.save_queries(
        actor=request.actor, run_id=run_id, revision=revision, queries=given
    ), "practice/queries.html", lambda run: queries_context(run, style_nonce(request), given))  # fmt: skip


@signed_in
@require_POST
def look(request: Request, run_id: UUID) -> HttpResponse:
    """What one query gives, as a fragment; nothing is kept."""
    sql, name = request.POST.get("sql", ""), request.POST.get("look", "")
    run = _open_run(request, run_id)
    found = practice.look(run=run, sql=sql, before=name)
    return render(request, "practice/outcome_table.html", {"o": outcome_context(found)})


@signed_in
@require_POST
def keep(request: Request, run_id: UUID) -> HttpResponse:
    """Keep a look at a table as a named query."""
    run = _open_run(request, run_id)
    added = [{"name": q.name, "sql": q.sql} for q in run.work.queries]
    added.append({"name": request.POST.get("name", ""), "sql": request.POST.get("sql", "")})
    try:
        practice.save_queries(actor=request.actor, run_id=run_id, revision=run.revision, queries=added)
    except Invalid as error:
        messages.error(request, words(error.problems[0]))
        back = request.POST.get("back", "")
        return redirect(back) if _own(back) else redirect("range_data", run_id=run_id)
    return redirect("range_queries", run_id=run_id)


def _own(address: str) -> bool:
    return address.startswith("/range/")


@signed_in
def task(request: Request, run_id: UUID, task_id: str) -> HttpResponse:
    """One task with its workspace; a POST keeps what was made."""
    run = _open_run(request, run_id)
    if task_id not in {t.id for t in run.scenario.spec.tasks}:
        raise NotFound("no such task")
    if request.method != "POST":
        return render(request, "practice/task.html", task_context(run, task_id))
    try:
        raw = read_artifact(run.scenario.spec.task(task_id).workspace, request.POST)
    except Invalid as error:
        context = task_context(run, task_id, problems=error, text=request.POST.get("rules_text"))
        return _answer(request, "practice/task.html", context, error)
    return _saved(request, run_id, lambda revision: practice.save_artifact(
        actor=request.actor, run_id=run_id, revision=revision, task_id=task_id, raw=raw
    ), "practice/task.html", lambda run: task_context(run, task_id, raw=raw))  # fmt: skip


@signed_in
@require_POST
def chart(request: Request, run_id: UUID, task_id: str) -> HttpResponse:
    """The chart that the posted choices give, as a fragment; nothing is kept."""
    run = _open_run(request, run_id)
    space = next((t.workspace for t in run.scenario.spec.tasks if t.id == task_id), None)
    if not isinstance(space, practice.ChartSpace):
        raise NotFound("no such chart")
    try:
        preview = preview_context(run, practice.checked_artifact(space, read_artifact(space, request.POST)))
    except Invalid as error:
        preview = {"lacks": words(error.problems[0])}
    return render(request, "practice/chart_preview.html", preview)


def _saved(
    request: Request,
    run_id: UUID,
    save: Callable[[int], int],
    template: str,
    context: Callable[[practice.RunView], Context],
) -> HttpResponse:
    """Save; as a fragment to htmx (the word and the new revision), else back to the page. Nothing typed is lost."""
    given = request.POST.get("revision", "")
    try:
        revision = save(int(given) if given.isdecimal() and len(given) < 10 else 0)
    except (Invalid, Conflict) as error:
        run = practice.run(actor=request.actor, run_id=run_id)
        return _answer(request, template, context(run), error)
    if request.headers.get("HX-Request") == "true":
        return render(request, "practice/saved.html", {"revision": revision})
    messages.success(request, _("Saved."))
    return redirect(request.path)


def _answer(request: Request, template: str, context: Context, error: Invalid | Conflict) -> HttpResponse:
    said = [words(p) for p in error.problems] if isinstance(error, Invalid) else [error_words(error)]
    if request.headers.get("HX-Request") == "true":
        return render(request, "practice/saved.html", {"problems": said})
    return render(request, template, context | {"said": said}, status=422 if isinstance(error, Invalid) else 409)


def _open_run(request: Request, run_id: UUID) -> practice.RunView:
    """An open run that can be worked on. Raises `NotFound`, `Conflict`."""
    run = practice.run(actor=request.actor, run_id=run_id)
    if run.outdated:
        raise practice.Changed("the scenario has been changed since this run began")
    if not run.open:
        raise Conflict("the run is closed")
    return run


@signed_in
@require_POST
def act(request: Request, run_id: UUID) -> HttpResponse:
    """Undo, redo, checkpoints, hints: one small act, then back to where one was."""
    try:
        said = _acts(request, run_id, request.POST.get("act", ""))
    except Invalid as error:
        messages.error(request, words(error.problems[0]))
    except Conflict as error:
        messages.error(request, error_words(error))
    else:
        if said:
            messages.success(request, said)
    back = request.POST.get("back", "")
    return redirect(back) if _own(back) else redirect("range_run", run_id=run_id)


def _acts(request: Request, run_id: UUID, what: str) -> str:
    actor = request.actor
    match what:
        case "undo":
            return (
                _("Taken back.") if practice.undo(actor=actor, run_id=run_id) else _("There is nothing to take back.")
            )
        case "redo":
            return _("Done again.") if practice.redo(actor=actor, run_id=run_id) else _("There is nothing to do again.")
        case "checkpoint":
            practice.set_checkpoint(actor=actor, run_id=run_id, name=request.POST.get("name", ""))
            return _("Checkpoint set.")
        case "back":
            number = request.POST.get("number", "")
            practice.go_back(
                actor=actor, run_id=run_id, number=int(number) if number.isdecimal() and len(number) < 10 else None
            )
            return _("Your work stands as it was then. You can take this back, too.")
        case "hint":
            practice.take_hint(actor=actor, run_id=run_id, task_id=request.POST.get("task", ""))
            return ""
        case _:
            raise NotFound("no such act")


@signed_in
@require_POST
def notes(request: Request, run_id: UUID) -> HttpResponse:
    """Keep the notes."""
    try:
        practice.write_notes(actor=request.actor, run_id=run_id, text=request.POST.get("notes", ""))
    except (Invalid, Conflict) as error:
        said = [words(p) for p in error.problems] if isinstance(error, Invalid) else [error_words(error)]
        return render(request, "practice/saved.html", {"problems": said})
    if request.headers.get("HX-Request") == "true":
        return render(request, "practice/saved.html", {})
    return redirect("range_run", run_id=run_id)


@signed_in
@require_POST
def submit(request: Request, run_id: UUID) -> HttpResponse:
    """Hand in."""
    practice.submit(actor=request.actor, run_id=run_id)
    return redirect("range_result", run_id=run_id)


@signed_in
@require_POST
def leave(request: Request, run_id: UUID) -> HttpResponse:
    """Give up; begin again at once where that was asked for."""
    practice.leave(actor=request.actor, run_id=run_id)
    if request.POST.get("again"):
        run = practice.run(actor=request.actor, run_id=run_id)
        return redirect("range_run", run_id=practice.begin(actor=request.actor, name=run.scenario.name, mode=run.mode))
    messages.success(request, _("The run was given up. You can begin a new one at any time."))
    return redirect("range")


@signed_in
@require_POST
def ask_again(request: Request, run_id: UUID) -> HttpResponse:
    """Ask once more for the grades."""
    practice.ask_again(actor=request.actor, run_id=run_id)
    return redirect("range_result", run_id=run_id)


@signed_in
@require_GET
def result(request: Request, run_id: UUID) -> HttpResponse:
    """The debrief; while the checkers work, a page that asks again by itself."""
    run = practice.run(actor=request.actor, run_id=run_id)
    if run.open:
        return redirect("range_run", run_id=run_id)
    template = "practice/result.html" if run.state is practice.RunState.GRADED else "practice/waiting.html"
    return render(request, template, result_context(run))


urlpatterns = [
    path("", catalogue, name="range"),
    path("<slug:name>/begin/", begin, name="range_begin"),
    path("run/<uuid:run_id>/", bench, name="range_run"),
    path("run/<uuid:run_id>/data/", data, name="range_data"),
    path("run/<uuid:run_id>/data/<str:table>/", data, name="range_table"),
    path("run/<uuid:run_id>/queries/", queries, name="range_queries"),
    path("run/<uuid:run_id>/look/", look, name="range_look"),
    path("run/<uuid:run_id>/keep/", keep, name="range_keep"),
    path("run/<uuid:run_id>/task/<slug:task_id>/", task, name="range_task"),
    path("run/<uuid:run_id>/task/<slug:task_id>/chart/", chart, name="range_chart"),
    path("run/<uuid:run_id>/act/", act, name="range_act"),
    path("run/<uuid:run_id>/notes/", notes, name="range_notes"),
    path("run/<uuid:run_id>/submit/", submit, name="range_submit"),
    path("run/<uuid:run_id>/leave/", leave, name="range_leave"),
    path("run/<uuid:run_id>/again/", ask_again, name="range_again"),
    path("run/<uuid:run_id>/result/", result, name="range_result"),
]
