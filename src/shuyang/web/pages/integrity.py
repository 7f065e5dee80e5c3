"""Integrity: a campaign's signals and its queue of flags; what was noted about oneself; one device; leaving the page."""

from __future__ import annotations

import hashlib
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
from shuyang.web.words.integrity import EVIDENCE, SIGNALS, STATES


def device_of(request: Request) -> str:
    """A short name of this sign-in, from which its secret can't be told."""
    return hashlib.sha256((request.session.session_key or "").encode()).hexdigest()[:32]


@signed_in
@require_GET
def queue(request: Request, campaign_id: UUID) -> HttpResponse:
    """The signals of a campaign, and what they raised."""
    return _queue(request, campaign_id)


def _queue(
    request: Request, campaign_id: UUID, *, problems: dict[str, str] | None = None, at: str = ""
) -> HttpResponse:
    plan = delivery.integrity_plan(actor=request.actor, campaign_id=campaign_id)
    context = {
        "campaign": plan.campaign,
        "plan": plan,
        "chosen": request.POST.getlist("signal") if "leaked" in request.POST else list(plan.signals),
        "leaked": request.POST.get("leaked", "\n".join(plan.leaked)),
        "lines": [_line(f) for f in delivery.flags(actor=request.actor, campaign_id=campaign_id)],
        "signals": SIGNALS,
        "states": STATES,
        "problems": problems or {},
        "at": at,
        "typed": request.POST,
    }
    return render(request, "integrity/queue.html", context, status=422 if problems else 200)


def _line(flag: delivery.FlagView) -> dict[str, Any]:
    return {"flag": flag, "evidence": [(EVIDENCE.get(k, k), _shown(v)) for k, v in flag.evidence.items()]}


def _shown(value: Any) -> str:
    return f"{value:.2g}" if isinstance(value, float) else str(value)


@signed_in
@require_POST
def act(request: Request, campaign_id: UUID) -> HttpResponse:
    """Choose signals, search, decide."""
    actor, what, form = request.actor, request.POST.get("act", ""), request.POST
    try:
        if what == "plan":
            chosen = [delivery.Signal(s) for s in form.getlist("signal") if s in list(delivery.Signal)]
            leaked = form.get("leaked", "").split()
            delivery.set_plan(actor=actor, campaign_id=campaign_id, signals=chosen, leaked=leaked)
            messages.success(request, _("The signals are chosen."))
        elif what == "scan":
            delivery.start_scan(actor=actor, campaign_id=campaign_id)
            messages.success(request, _("The search is under way; load this page again in a while."))
        elif what in ("noted", "dismissed"):
            flag_id = parse_id(form.get("id", ""))
            if flag_id is None:
                raise NotFound("no such flag")
            delivery.decide_flag(actor=actor, flag_id=flag_id, noted=what == "noted", words=form.get("words", ""))
            messages.success(request, _("Decided and recorded."))
        else:
            raise NotFound("no such act")
    except Invalid as error:
        found = {p.where: words(p) for p in error.problems}
        return _queue(request, campaign_id, problems=found, at=form.get("id", ""))
    except Conflict as error:
        return _queue(request, campaign_id, problems={"words": error_words(error)}, at=form.get("id", ""))
    return redirect("integrity", campaign_id=campaign_id)


@signed_in
@require_http_methods(["GET", "POST"])
def mine(request: Request) -> HttpResponse:
    """What was noted about oneself, and the objection."""
    problems: dict[str, str] = {}
    flag_id = parse_id(request.POST.get("id", ""))
    if request.method == "POST":
        if flag_id is None:
            raise NotFound("no such flag")
        try:
            delivery.object_to_flag(actor=request.actor, flag_id=flag_id, words=request.POST.get("words", ""))
            return redirect("integrity_mine")
        except Invalid as error:
            problems = {p.where: words(p) for p in error.problems}
        except Conflict as error:
            problems = {"words": error_words(error)}
    context = {
        "lines": [_line(f) for f in delivery.own_flags(actor=request.actor)],
        "signals": SIGNALS,
        "states": STATES,
        "problems": problems,
        "typed": request.POST,
    }
    return render(request, "integrity/mine.html", context, status=422 if problems else 200)


@signed_in
@require_POST
def take_over(request: Request, sitting_id: UUID) -> HttpResponse:
    """Go on with the sitting on this device."""
    delivery.claim_device(actor=request.actor, sitting_id=sitting_id, device=device_of(request), take_over=True)
    return redirect("sitting", sitting_id=sitting_id)


@signed_in
@require_POST
def focus(request: Request, sitting_id: UUID) -> HttpResponse:
    """The page was left."""
    delivery.lost_focus(actor=request.actor, sitting_id=sitting_id)
    return HttpResponse(status=204)


urlpatterns = [
    path("mine/", mine, name="integrity_mine"),
    path("<uuid:campaign_id>/", queue, name="integrity"),
    path("<uuid:campaign_id>/act/", act, name="integrity_act"),
    path("device/<uuid:sitting_id>/", take_over, name="integrity_device"),
    path("focus/<uuid:sitting_id>/", focus, name="integrity_focus"),
]
