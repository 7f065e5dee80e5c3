"""Campaigns for organisers: list, make one, see how it goes, close it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

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
from shuyang.web.errors import error_words, words

PURPOSES = {
    delivery.Purpose.DIAGNOSIS: _("Diagnosis"),
    delivery.Purpose.PRETEST: _("Before training"),
    delivery.Purpose.POSTTEST: _("After training"),
    delivery.Purpose.CERTIFICATION: _("Certification"),
    delivery.Purpose.RECRUITMENT: _("Recruitment"),
}
BLUEPRINTS = {
    "diagnosis": _("Diagnosis: about 55 items, precise enough to plan learning"),
    "certification": _("Certification: up to 75 items, more precise"),
}


def _require_organiser(request: Request) -> None:
    if not request.actor.has_anywhere(Role.ORGANISER):
        raise NotFound("for organisers")


@signed_in
@require_GET
def campaigns(request: Request) -> HttpResponse:
    """All campaigns of the actor's units with their progress."""
    _require_organiser(request)
    found = delivery.campaign_page(actor=request.actor, chosen=delivery.CampaignFilter())
    return render(request, "campaigns/list.html", {"rows": found.rows, "purposes": PURPOSES})


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Make a campaign. What was typed stays, problems stand at their fields."""
    _require_organiser(request)
    typed, problems = request.POST or _suggested(), {}
    if request.method == "POST":
        try:
            return redirect("campaign", campaign_id=_create(request).id)
        except Invalid as error:
            problems = {p.where: words(p) for p in error.problems}
        except Conflict as error:
            problems = {"purpose": error_words(error)}
    context = {
        "typed": typed,
        "problems": problems,
        "purposes": PURPOSES,
        "blueprints": BLUEPRINTS,
        "units": unit_tree(actor=request.actor),
    }
    return render(request, "campaigns/new.html", context, status=422 if problems else 200)


def _suggested() -> dict[str, str]:
    today = now().astimezone(BEIJING).replace(hour=9, minute=0)
    return {
        "opens_at": today.strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (today + timedelta(days=14)).replace(hour=18).strftime("%Y-%m-%dT%H:%M"),
        "purpose": "diagnosis",
        "blueprint": "diagnosis",
    }


def _create(request: Request) -> delivery.CampaignView:
    form = request.POST
    unit_id, purpose = parse_id(form.get("unit", "")), form.get("purpose", "")
    if unit_id is None:
        raise Invalid([Problem("unit", "required")])
    if purpose not in list(delivery.Purpose):
        raise Invalid([Problem("purpose", "unknown_choice", (("value", purpose),))])
    return delivery.create_campaign(
        actor=request.actor,
        name=form.get("name", ""),
        purpose=delivery.Purpose(purpose),
        unit_id=unit_id,
        blueprint=form.get("blueprint", ""),
        opens_at=_moment(form.get("opens_at", ""), "opens_at"),
        closes_at=_moment(form.get("closes_at", ""), "closes_at"),
    )


def _moment(text: str, where: str) -> datetime | None:
    """A date and time as the browser's field gives it, in Beijing time. Raises `Invalid`."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=BEIJING)
    except ValueError as error:
        raise Invalid([Problem(where, "not_a_date", (("value", text),))]) from error


@signed_in
@require_GET
def campaign(request: Request, campaign_id: UUID) -> HttpResponse:
    """One campaign: its frame and its progress. Progress is in counts; single results are not shown."""
    found = delivery.campaign(actor=request.actor, campaign_id=campaign_id)
    context = {
        "campaign": found,
        "progress": delivery.progress(actor=request.actor, campaign_id=campaign_id),
        "purposes": PURPOSES,
        "blueprint": delivery.blueprint(campaign=found),
        "now": now(),
        "link": request.build_absolute_uri(f"/sitting/start/{found.id}/"),
    }
    return render(request, "campaigns/campaign.html", context)


@signed_in
@require_POST
def close(request: Request, campaign_id: UUID) -> HttpResponse:
    """End a campaign now."""
    delivery.close_campaign(actor=request.actor, campaign_id=campaign_id)
    return redirect("campaign", campaign_id=campaign_id)


urlpatterns = [
    path("", campaigns, name="campaigns"),
    path("new/", new, name="campaign_new"),
    path("<uuid:campaign_id>/", campaign, name="campaign"),
    path("<uuid:campaign_id>/close/", close, name="campaign_close"),
]
