"""The room as the person in it sees it: pause, go on, call for help, and what a supervisor says."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from shuyang.delivery import api as delivery
from shuyang.kernel.errors import Invalid
from shuyang.web.access import Request, signed_in
from shuyang.web.errors import words


@signed_in
@require_POST
def pause(request: Request, sitting_id: UUID) -> HttpResponse:
    """Take a pause."""
    delivery.pause_own(actor=request.actor, sitting_id=sitting_id)
    return redirect("sitting", sitting_id=sitting_id)


@signed_in
@require_POST
def resume(request: Request, sitting_id: UUID) -> HttpResponse:
    """Go on after a pause."""
    delivery.resume_own(actor=request.actor, sitting_id=sitting_id)
    return redirect("sitting", sitting_id=sitting_id)


@signed_in
@require_POST
def call(request: Request, sitting_id: UUID) -> HttpResponse:
    """Call a supervisor."""
    text = request.POST.get("text", "")
    try:
        delivery.call_for_help(actor=request.actor, sitting_id=sitting_id, text=text)
    except Invalid as error:
        return _desk(request, sitting_id, problem=words(error.problems[0]), text=text)
    return _desk(request, sitting_id)


@signed_in
@require_POST
def put_away(request: Request, sitting_id: UUID) -> HttpResponse:
    """The answer to the call has been read."""
    delivery.put_away_reply(actor=request.actor, sitting_id=sitting_id)
    return _desk(request, sitting_id)


@signed_in
@require_GET
def desk(request: Request, sitting_id: UUID) -> HttpResponse:
    """The help desk of the sitting's page, asked for again every half minute while a call waits."""
    shown = delivery.page(actor=request.actor, sitting_id=sitting_id).sitting
    if shown.paused_by or shown.state != delivery.SittingState.RUNNING:  # paused or ended by a supervisor
        return HttpResponse(status=204, headers={"HX-Redirect": f"/sitting/{sitting_id}/"})
    return _desk(request, sitting_id)


@signed_in
@require_GET
def state(request: Request, sitting_id: UUID) -> HttpResponse:
    """Asked for by the page of a paused sitting: sends it back to the test once the clock goes on."""
    shown = delivery.page(actor=request.actor, sitting_id=sitting_id).sitting
    gone_on = not shown.paused_by
    return HttpResponse(status=204, headers={"HX-Redirect": f"/sitting/{sitting_id}/"} if gone_on else {})


@signed_in
@require_GET
def going(request: Request, sitting_id: UUID) -> HttpResponse:
    """Asked for every ten seconds by the page of an item: sends it to where the sitting stands once it stands still."""
    going_on = delivery.is_going(actor=request.actor, sitting_id=sitting_id)
    return HttpResponse(status=204, headers={} if going_on else {"HX-Redirect": f"/sitting/{sitting_id}/"})


def _desk(request: Request, sitting_id: UUID, *, problem: str = "", text: str = "") -> HttpResponse:
    context = {
        "sitting_id": sitting_id,
        "call": delivery.own_call(actor=request.actor, sitting_id=sitting_id),
        "problem": problem,
        "text": text,
    }
    status = 422 if problem else 200
    if request.headers.get("HX-Request"):
        return render(request, "live/desk.html", context, status=200)
    if request.method == "POST" and not problem:
        return redirect("sitting_desk", sitting_id=sitting_id)
    return render(request, "live/desk_page.html", context, status=status)


urlpatterns = [
    path("<uuid:sitting_id>/pause/", pause, name="sitting_pause"),
    path("<uuid:sitting_id>/resume/", resume, name="sitting_resume"),
    path("<uuid:sitting_id>/help/", call, name="sitting_help"),
    path("<uuid:sitting_id>/help/read/", put_away, name="sitting_help_read"),
    path("<uuid:sitting_id>/state/", state, name="sitting_state"),
    path("<uuid:sitting_id>/going/", going, name="sitting_going"),
    path("<uuid:sitting_id>/desk/", desk, name="sitting_desk"),
]
