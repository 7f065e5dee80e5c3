"""Lessons: the catalogue, the reading view with practice items, notes and progress of one's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuyang.frameworks.api import LEVELS, Framework, current
from shuyang.kernel.errors import Invalid, NotFound, Problem
from shuyang.learning import api as learning
from shuyang.web.access import Request, signed_in
from shuyang.web.errors import words
from shuyang.web.item_view import read_answer
from shuyang.web.lesson_view import catalogue_groups, lesson_context, lesson_rows, practice_context, suggested


@signed_in
@require_GET
def catalogue(request: Request) -> HttpResponse:
    """All lessons in their five groups; before them those that fit one's newest result, and those begun."""
    framework = current()
    where, force, facet = _filter(request, framework)
    filtered = where != learning.LessonFilter()
    rows = lesson_rows(learning.lessons(where=where), learning.readings(actor=request.actor), framework)
    context = {
        "framework": framework,
        "force": force,
        "facet": facet,
        "level": where.level,
        "filtered": filtered,
        "total": len(rows),
        "groups": catalogue_groups(rows),
        "suggested": [] if filtered else suggested(request.actor, framework),
        "begun": [] if filtered else [row for row in rows if row["begun"]],
    }
    return render(request, "learning/catalogue.html", context)


def _filter(request: Request, framework: Framework) -> tuple[learning.LessonFilter, str, str]:
    """The conditions of the address; what the framework does not know is no condition."""
    force = next((f.id for f in framework.forces if f.id == request.GET.get("force")), "")
    facet = next((f.id for f in framework.facets if f.id == request.GET.get("facet")), "")
    level = next((n for n in LEVELS if str(n) == request.GET.get("level")), None)
    facets = (facet,) if facet else tuple(f.id for f in framework.facets_of(force)) if force else ()
    return learning.LessonFilter(facets=facets, level=level), force, facet


@signed_in
@require_GET
def lesson(request: Request, lesson_id: str) -> HttpResponse:
    """One lesson to read."""
    found = learning.lesson(lesson_id=lesson_id)
    return render(request, "learning/lesson.html", lesson_context(request.actor, found, current()))


@signed_in
@require_http_methods(["GET", "POST"])
def practice(request: Request, lesson_id: str, item: str) -> HttpResponse:
    """Grade an answer and say why; a GET gives the item anew. As a fragment to htmx, else within the lesson."""
    found = learning.lesson(lesson_id=lesson_id)
    chosen = next((one for one in learning.practice_of(lesson=found) if one.key == item), None)
    if chosen is None:
        raise NotFound("no such practice item in this lesson")
    fragment = request.headers.get("HX-Request") == "true"
    shown, status = practice_context(found, chosen), 200
    if request.method == "POST":
        raw = read_answer(chosen.content.type, request.POST)
        try:
            result = learning.try_practice(actor=request.actor, lesson_id=lesson_id, item=item, raw=raw)
            shown = practice_context(found, chosen, result=result)
        except Invalid as error:
            shown = practice_context(found, chosen, raw=raw, problem=words(error.problems[0]))
            status = 200 if fragment else 422  # htmx leaves the page as it is on an error
    if fragment:
        return render(request, "learning/practice.html", {"p": shown, "lesson": found})
    context = lesson_context(request.actor, found, current(), instead=shown)
    return render(request, "learning/lesson.html", context, status=status)


@signed_in
@require_POST
def progress(request: Request, lesson_id: str) -> HttpResponse:
    """How many sections one has reached."""
    reached = request.POST.get("sections", "")
    if not reached.isdecimal() or len(reached) > 4:
        raise Invalid([Problem("sections", "broken_form")])
    learning.mark_read(actor=request.actor, lesson_id=lesson_id, sections=int(reached))
    return HttpResponse(status=204)


@signed_in
@require_POST
def note(request: Request, lesson_id: str) -> HttpResponse:
    """Keep the note."""
    fragment = request.headers.get("HX-Request") == "true"
    text = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        learning.write_note(actor=request.actor, lesson_id=lesson_id, text=text)
    except Invalid as error:
        said = words(error.problems[0])
        if fragment:
            return render(request, "learning/note_state.html", {"problem": said})
        context = lesson_context(request.actor, learning.lesson(lesson_id=lesson_id), current())
        return render(request, "learning/lesson.html", context | {"note": text, "note_problem": said}, status=422)
    if fragment:
        return render(request, "learning/note_state.html")
    return redirect(f"/learn/{lesson_id}/#note")


@signed_in
@require_POST
def finish(request: Request, lesson_id: str) -> HttpResponse:
    """Done with this lesson."""
    learning.finish(actor=request.actor, lesson_id=lesson_id)
    messages.success(request, _("Finished. Your notes stay here; come back whenever you need them."))
    return redirect("lesson", lesson_id=lesson_id)


urlpatterns = [
    path("", catalogue, name="learn"),
    path("<str:lesson_id>/", lesson, name="lesson"),
    path("<str:lesson_id>/practice/<str:item>/", practice, name="lesson_practice"),
    path("<str:lesson_id>/progress/", progress, name="lesson_progress"),
    path("<str:lesson_id>/note/", note, name="lesson_note"),
    path("<str:lesson_id>/finish/", finish, name="lesson_finish"),
]
