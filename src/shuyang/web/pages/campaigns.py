"""Campaigns for organisers: list, see how one goes, prolong, close, release."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuyang.delivery import api as delivery
from shuyang.itembank.api import title_of_plan
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict, Invalid
from shuyang.people.api import unit_tree
from shuyang.web.access import Request, signed_in
from shuyang.web.campaign_form import moment
from shuyang.web.errors import error_words
from shuyang.web.pages import campaign_access, campaign_needs, campaign_paper, designs
from shuyang.web.pages.campaign_new import campaign_of, new, require_organiser
from shuyang.web.pages.people_common import problems_of, whole
from shuyang.web.words.campaigns import AUDIENCES, DESIGN_KINDS, PURPOSES, SHOWN_WHEN, STATES
from shuyang.web.words.people import JOB_CATEGORIES, RANK_LAYERS


@signed_in
@require_GET
def campaigns(request: Request) -> HttpResponse:
    """Campaigns of the actor's units with their progress, filtered and in pages."""
    require_organiser(request)
    asked = request.GET
    chosen = delivery.CampaignFilter(
        text=asked.get("q", "")[:80],
        purpose=asked.get("purpose", ""),
        state=asked.get("state", ""),
        unit_path=asked.get("unit", "")[:200],
    )
    found = delivery.campaign_page(actor=request.actor, chosen=chosen, page=whole(asked.get("page"), 1))
    query = asked.copy()
    query.pop("page", None)
    context = {
        "found": found,
        "asked": asked,
        "query": query.urlencode(),
        "filtered": any(asked.get(name) for name in ("q", "purpose", "state", "unit")),
        "purposes": PURPOSES,
        "states": STATES,
        "units": unit_tree(actor=request.actor),
        "now": now(),
    }
    return render(request, "campaigns/list.html", context)


@signed_in
@require_GET
def campaign(request: Request, campaign_id: UUID) -> HttpResponse:
    """One campaign: its frame and its progress. Progress is in counts; single results are not shown."""
    return _page(request, campaign_of(request, campaign_id))


def _page(request: Request, found: delivery.CampaignView, problems: dict[str, str] | None = None) -> HttpResponse:
    actor, at = request.actor, now()
    before = delivery.campaign(actor=actor, campaign_id=found.pretest_id) if found.pretest_id else None
    context = {
        "campaign": found,
        "progress": delivery.progress(actor=actor, campaign_id=found.id),
        "blueprint": delivery.blueprint(campaign=found),
        "on_paper": delivery.kind(campaign=found) == "forms",
        "plan_title": title_of_plan(hash=found.plan_hash) if found.plan_hash else "",
        "kind": DESIGN_KINDS[delivery.kind(campaign=found)],
        "criteria": _criteria(found),
        "purposes": PURPOSES,
        "audiences": AUDIENCES,
        "shown_when": SHOWN_WHEN,
        "before": before,
        "after": delivery.posttests_of(actor=actor, campaign_id=found.id),
        "codes": delivery.code_state(actor=actor, campaign_id=found.id),
        "needs": len(delivery.accommodations(actor=actor, campaign_id=found.id)),
        "over": found.state == "closed" or found.closes_at <= at,
        "now": at,
        "link": request.build_absolute_uri(f"/sitting/start/{found.id}/"),
        "problems": problems or {},
        "typed": request.POST,
    }
    return render(request, "campaigns/campaign.html", context, status=422 if problems else 200)


def _criteria(found: delivery.CampaignView) -> list[str]:
    """The filter of a campaign in words."""
    stored: Any = found.criteria
    parts = [str(RANK_LAYERS[one]) for one in stored.get("rank_layers", ())]
    parts += [str(JOB_CATEGORIES[one]) for one in stored.get("job_categories", ())]
    low, high = stored.get("age_from"), stored.get("age_to")
    if low is not None and high is not None:
        parts.append(_("%(low)d to %(high)d years old") % {"low": low, "high": high})
    elif low is not None:
        parts.append(_("from %(low)d years on") % {"low": low})
    elif high is not None:
        parts.append(_("up to %(high)d years old") % {"high": high})
    return parts


@signed_in
@require_POST
def close(request: Request, campaign_id: UUID) -> HttpResponse:
    """End a campaign now."""
    delivery.close_campaign(actor=request.actor, campaign_id=campaign_id)
    messages.success(request, _("The campaign is closed."))
    return redirect("campaign", campaign_id=campaign_id)


@signed_in
@require_POST
def prolong(request: Request, campaign_id: UUID) -> HttpResponse:
    """Move the end of a campaign."""
    found = campaign_of(request, campaign_id)
    try:
        closes_at = moment(request.POST.get("closes_at", ""), "closes_at")
        delivery.prolong_campaign(actor=request.actor, campaign_id=campaign_id, closes_at=closes_at)
    except Invalid as error:
        return _page(request, found, problems_of(error))
    messages.success(request, _("The new end is set; sittings under way follow it."))
    return redirect("campaign", campaign_id=campaign_id)


@signed_in
@require_http_methods(["GET", "POST"])
def release(request: Request, campaign_id: UUID) -> HttpResponse:
    """Release sealed results, after a look at what that means."""
    found = campaign_of(request, campaign_id)
    said = ""
    if request.method == "POST":
        try:
            delivery.release_results(actor=request.actor, campaign_id=campaign_id)
        except Conflict as error:
            said = error_words(error)
        else:
            messages.success(request, _("The results are released."))
            return redirect("campaign", campaign_id=campaign_id)
    progress = delivery.progress(actor=request.actor, campaign_id=campaign_id)
    context = {"campaign": found, "progress": progress, "said": said}
    return render(request, "campaigns/release.html", context, status=409 if said else 200)


@signed_in
@require_GET
def qr(request: Request, campaign_id: UUID) -> HttpResponse:
    """The address of the test as a QR code."""
    found = campaign_of(request, campaign_id)
    target = request.build_absolute_uri(f"/sitting/start/{found.id}/")
    drawn = BytesIO()
    segno.make(target, error="m").save(drawn, kind="svg", scale=6, border=2)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@signed_in
@require_GET
def sheet(request: Request, campaign_id: UUID) -> HttpResponse:
    """A sheet to put up in the room or send round: what, when, and the QR code that leads there."""
    found = campaign_of(request, campaign_id)
    link = request.build_absolute_uri(f"/sitting/start/{found.id}/")
    enter = request.build_absolute_uri("/enter/")
    return render(request, "campaigns/sheet.html", {"campaign": found, "link": link, "enter": enter})


urlpatterns = [
    path("", campaigns, name="campaigns"),
    path("new/", new, name="campaign_new"),
    path("<uuid:campaign_id>/", campaign, name="campaign"),
    path("<uuid:campaign_id>/close/", close, name="campaign_close"),
    path("<uuid:campaign_id>/prolong/", prolong, name="campaign_prolong"),
    path("<uuid:campaign_id>/release/", release, name="campaign_release"),
    path("<uuid:campaign_id>/qr.svg", qr, name="campaign_qr"),
    path("<uuid:campaign_id>/sheet/", sheet, name="campaign_sheet"),
    *designs.urlpatterns,
    *campaign_needs.urlpatterns,
    *campaign_paper.urlpatterns,
    *campaign_access.urlpatterns,
]
