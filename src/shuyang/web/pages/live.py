"""The live room for organisers and invigilators: who is in, who calls, pause, extend, end."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from shuyang.delivery import api as delivery
from shuyang.kernel.errors import Conflict, Invalid, NotFound
from shuyang.trust.api import Role
from shuyang.web.access import Request, signed_in
from shuyang.web.errors import error_words, words
from shuyang.web.words.live import EVENTS

SHOW = {"": _("All"), "running": _("At it"), "paused": _("Paused"), "finished": _("Finished"), "absent": _("Not begun")}


@signed_in
@require_GET
def rooms(request: Request) -> HttpResponse:
    """Campaigns that run now."""
    if not request.actor.has_anywhere(Role.ORGANISER, Role.INVIGILATOR):
        raise NotFound("for supervisors")
    return render(request, "live/rooms.html", {"lines": delivery.rooms(actor=request.actor)})


@signed_in
@require_GET
def room(request: Request, campaign_id: UUID) -> HttpResponse:
    """One campaign's room; with htmx only its moving part."""
    return _room(request, campaign_id)


def _room(
    request: Request, campaign_id: UUID, *, problems: dict[str, str] | None = None, act: str = ""
) -> HttpResponse:
    page = request.GET.get("page", "")
    found = delivery.room(
        actor=request.actor,
        campaign_id=campaign_id,
        show=request.GET.get("show", ""),
        page=int(page) if page.isdecimal() and len(page) < 6 else 1,
    )
    context = {"room": found, "shows": SHOW, "problems": problems or {}, "act": act, "typed": request.POST}
    moving = bool(request.headers.get("HX-Request"))
    return render(request, "live/moving.html" if moving else "live/room.html", context, status=422 if problems else 200)


@signed_in
@require_POST
def act_on_all(request: Request, campaign_id: UUID) -> HttpResponse:
    """Pause, resume, extend or end everyone in the room."""
    act = request.POST.get("act", "")
    try:
        said = _act_on_all(request, campaign_id, act)
    except Invalid as error:
        return _room(request, campaign_id, problems={p.where: words(p) for p in error.problems}, act=act)
    messages.success(request, said)
    return redirect("room", campaign_id=campaign_id)


def _act_on_all(request: Request, campaign_id: UUID, act: str) -> str:
    actor, reason = request.actor, request.POST.get("reason", "")
    if act == "end":
        delivery.end_all(actor=actor, campaign_id=campaign_id, reason=reason)
        return str(_("All running sittings are being ended; this takes a moment."))
    if act == "pause":
        changed = delivery.pause_all(actor=actor, campaign_id=campaign_id, reason=reason)
    elif act == "resume":
        changed = delivery.resume_all(actor=actor, campaign_id=campaign_id)
    elif act == "extend":
        changed = delivery.extend_all(actor=actor, campaign_id=campaign_id, minutes=_minutes(request), reason=reason)
    else:
        raise NotFound("no such act")
    return ngettext("Done for %(n)s sitting.", "Done for %(n)s sittings.", changed) % {"n": changed}


def _minutes(request: Request) -> int | None:
    text = request.POST.get("minutes", "").strip()
    return int(text) if text.isdecimal() and len(text) < 6 else None


@signed_in
@require_GET
def seat(request: Request, sitting_id: UUID) -> HttpResponse:
    """One person's sitting: what happened, and what one can do."""
    return _seat(request, sitting_id)


def _seat(
    request: Request, sitting_id: UUID, *, problems: dict[str, str] | None = None, act: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "detail": delivery.seat(actor=request.actor, sitting_id=sitting_id),
        "events": EVENTS,
        "problems": problems or {},
        "act": act,
        "typed": request.POST,
    }
    return render(request, "live/seat.html", context, status=status)


@signed_in
@require_POST
def act_on_one(request: Request, sitting_id: UUID) -> HttpResponse:
    """Pause, resume, extend or end one sitting; answer or close its call."""
    act = request.POST.get("act", "")
    try:
        _act_on_one(request, sitting_id, act)
    except Invalid as error:
        return _seat(request, sitting_id, problems={p.where: words(p) for p in error.problems}, act=act, status=422)
    except Conflict as error:
        return _seat(request, sitting_id, problems={"": error_words(error)}, act=act, status=409)
    messages.success(request, _("Done and recorded."))
    return redirect("seat", sitting_id=sitting_id)


def _act_on_one(request: Request, sitting_id: UUID, act: str) -> None:
    actor, reason = request.actor, request.POST.get("reason", "")
    if act == "pause":
        delivery.pause(actor=actor, sitting_id=sitting_id, reason=reason)
    elif act == "resume":
        delivery.resume(actor=actor, sitting_id=sitting_id)
    elif act == "extend":
        delivery.extend(actor=actor, sitting_id=sitting_id, minutes=_minutes(request), reason=reason)
    elif act == "end":
        delivery.end(actor=actor, sitting_id=sitting_id, reason=reason)
    elif act in ("reply", "close"):
        _answer_call(request, sitting_id, act, reason)
    else:
        raise NotFound("no such act")


def _answer_call(request: Request, sitting_id: UUID, act: str, reason: str) -> None:
    call = delivery.seat(actor=request.actor, sitting_id=sitting_id).seat.call
    if call is None:
        raise NotFound("no call waits")
    if act == "reply":
        delivery.reply_to_call(actor=request.actor, call_id=call.id, text=reason)
    else:
        delivery.close_call(actor=request.actor, call_id=call.id)


urlpatterns = [
    path("", rooms, name="rooms"),
    path("<uuid:campaign_id>/", room, name="room"),
    path("<uuid:campaign_id>/act/", act_on_all, name="room_act"),
    path("seat/<uuid:sitting_id>/", seat, name="seat"),
    path("seat/<uuid:sitting_id>/act/", act_on_one, name="seat_act"),
]
