"""Access codes of a campaign, issued by its organisers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuyang.delivery import api as delivery
from shuyang.kernel.errors import Conflict, Invalid, NotFound, Problem
from shuyang.people import api as people
from shuyang.web.access import Request, signed_in
from shuyang.web.campaign_form import moment
from shuyang.web.pages.campaign_new import campaign_of
from shuyang.web.pages.people_common import problems_of


@signed_in
@require_http_methods(["GET", "POST"])
def codes(request: Request, campaign_id: UUID) -> HttpResponse:
    """Which codes are good, and the forms that issue them."""
    found = campaign_of(request, campaign_id)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _issued(request, found)
        except (Invalid, Conflict) as error:
            problems = problems_of(error)
    context = {
        "campaign": found,
        "state": delivery.code_state(actor=request.actor, campaign_id=campaign_id),
        "problems": problems,
        "typed": request.POST,
    }
    return render(request, "campaigns/codes.html", context, status=422 if problems else 200)


def _issued(request: Request, found: delivery.CampaignView) -> HttpResponse:
    expires_at = _expiry(request, found)
    link = request.build_absolute_uri("/enter/")
    context = {"campaign": found, "expires_at": expires_at, "link": link}
    if request.POST.get("for") == "room":
        code = delivery.issue_room_code(actor=request.actor, campaign_id=found.id, expires_at=expires_at)
        return render(request, "campaigns/room_code.html", context | {"code": code})
    slips = delivery.issue_personal_codes(
        actor=request.actor, campaign_id=found.id, expires_at=expires_at, person_ids=_persons(request)
    )
    return render(request, "campaigns/personal_codes.html", context | {"slips": slips})


def _expiry(request: Request, found: delivery.CampaignView) -> datetime:
    return moment(request.POST.get("expires_at", ""), "expires_at") or found.closes_at


def _persons(request: Request) -> list[UUID] | None:
    """The one person named, or None for all. Raises `Invalid`."""
    number = request.POST.get("person", "").strip()
    if not number:
        return None
    try:
        return [people.person_by_number(actor=request.actor, number=number).id]
    except NotFound:
        raise Invalid([Problem("person", "number_unknown")]) from None


@signed_in
@require_POST
def end(request: Request, campaign_id: UUID) -> HttpResponse:
    """End all codes of a campaign."""
    delivery.end_codes(actor=request.actor, campaign_id=campaign_id)
    messages.success(request, _("No code of this campaign works any more, and none is asked for."))
    return redirect("campaign_codes", campaign_id=campaign_id)


urlpatterns = [
    path("<uuid:campaign_id>/codes/", codes, name="campaign_codes"),
    path("<uuid:campaign_id>/codes/end/", end, name="campaign_codes_end"),
]
