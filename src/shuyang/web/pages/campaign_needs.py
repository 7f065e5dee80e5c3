"""What is granted to single persons of a campaign: more time, larger type, pauses, a later end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuyang.delivery import api as delivery
from shuyang.kernel.errors import Invalid, NotFound, Problem
from shuyang.people.api import person_by_number
from shuyang.web.access import Request, signed_in
from shuyang.web.campaign_form import moment
from shuyang.web.pages.campaign_new import campaign_of
from shuyang.web.pages.people_common import problems_of


@signed_in
@require_http_methods(["GET", "POST"])
def needs(request: Request, campaign_id: UUID) -> HttpResponse:
    """The list of what is granted, and the form that grants more."""
    found = campaign_of(request, campaign_id)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            _grant(request, campaign_id)
        except Invalid as error:
            problems = problems_of(error)
        else:
            messages.success(request, _("Granted. The person sees it before beginning, and it holds at once."))
            return redirect("campaign_needs", campaign_id=campaign_id)
    context = {
        "campaign": found,
        "rows": delivery.accommodations(actor=request.actor, campaign_id=campaign_id),
        "problems": problems,
        "typed": request.POST,
    }
    return render(request, "campaigns/needs.html", context, status=422 if problems else 200)


def _grant(request: Request, campaign_id: UUID) -> None:
    form = request.POST
    try:
        who = person_by_number(actor=request.actor, number=form.get("person", ""))
    except NotFound:
        raise Invalid([Problem("person", "number_unknown")]) from None
    delivery.grant_accommodation(
        actor=request.actor,
        person_id=who.id,
        campaign_id=None if form.get("for_all") == "yes" else campaign_id,
        given=delivery.Accommodation(
            time_factor=1 + _whole(form, "extra_time") / 100,
            large_type=form.get("large_type") == "yes",
            pauses=_whole(form, "pauses"),
            until=moment(form.get("until", ""), "until"),
        ),
        reason=form.get("reason", ""),
    )


def _whole(form: Any, name: str) -> int:
    text = form.get(name, "").strip()
    if not text:
        return 0
    if not text.isdecimal() or len(text) > 4:
        raise Invalid([Problem(name, "not_whole", (("value", text[:20]),))])
    return int(text)


@signed_in
@require_POST
def withdraw(request: Request, campaign_id: UUID, accommodation_id: UUID) -> HttpResponse:
    """Take back what was granted."""
    delivery.withdraw_accommodation(actor=request.actor, accommodation_id=accommodation_id)
    messages.success(request, _("Taken back. A sitting under way keeps what it began with."))
    return redirect("campaign_needs", campaign_id=campaign_id)


@signed_in
@require_POST
def reason(request: Request, campaign_id: UUID, accommodation_id: UUID) -> HttpResponse:
    """Show the sealed reason; that it was read is recorded."""
    found = campaign_of(request, campaign_id)
    text = delivery.accommodation_reason(actor=request.actor, accommodation_id=accommodation_id)
    return render(request, "campaigns/reason.html", {"campaign": found, "reason": text})


urlpatterns = [
    path("<uuid:campaign_id>/needs/", needs, name="campaign_needs"),
    path("<uuid:campaign_id>/needs/<uuid:accommodation_id>/withdraw/", withdraw, name="campaign_need_withdraw"),
    path("<uuid:campaign_id>/needs/<uuid:accommodation_id>/reason/", reason, name="campaign_need_reason"),
]
