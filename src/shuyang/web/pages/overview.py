"""The leaders' dashboard: what stands out in a unit, live, in the very sentences of the briefing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuyang.feedback.api import UnitPicture, findings, unit_picture
from shuyang.insight.api import statements
from shuyang.kernel.errors import NotFound
from shuyang.kernel.ids import parse_id
from shuyang.web.access import Request, signed_in
from shuyang.web.overview_view import glance, headlines, hidden_parts
from shuyang.web.pages.units import to_uppermost
from shuyang.web.unit_charts import participation_chart
from shuyang.web.unit_places import places
from shuyang.web.unit_waiting import on_the_way

MOST_PARTS = 30
"""Beyond so many rows a chart says less than the table of the unit page."""


@signed_in
@require_GET
def overviews(request: Request) -> HttpResponse:
    """To the overview of the uppermost unit the actor may see in sums."""
    return to_uppermost(request, "overview")


@signed_in
@require_GET
def overview(request: Request, unit_id: UUID) -> HttpResponse:
    """One unit: head figures, where it stands, what stands out, who took part, what is sure and what is not."""
    picture = _picture(request, unit_id)
    if picture.publication and request.headers.get("HX-Request"):  # the page that waited for figures: they are there
        return HttpResponse(headers={"HX-Refresh": "true"})
    campaign_id = picture.publication.campaign_id if picture.publication else None
    asked: dict[str, Any] = {"actor": request.actor, "unit_id": unit_id, "campaign_id": campaign_id}
    told = glance(statements(**asked), findings(**asked), picture)
    parts = (picture.whole, *picture.parts)
    context = {
        "picture": picture,
        "told": told,
        "headlines": headlines(picture),
        "participation": participation_chart(parts) if len(parts) <= MOST_PARTS else None,
        "hidden": hidden_parts(picture),
        "places": places(request.actor, unit_id),
        "campaign_id": campaign_id,
        "waiting": on_the_way(request.actor, picture.whole.path, minimum=picture.minimum)
        if campaign_id is None
        else (),
        "title": _("Overview"),
    }
    return render(request, "units/overview.html", context)


def _picture(request: Request, unit_id: UUID) -> UnitPicture:
    """Of the campaign in the address, or the newest where that one is unknown here."""
    campaign_id = parse_id(request.GET.get("campaign", ""))
    try:
        return unit_picture(actor=request.actor, unit_id=unit_id, campaign_id=campaign_id)
    except NotFound:  # the campaign is not published here: the unit itself raises again
        return unit_picture(actor=request.actor, unit_id=unit_id)


urlpatterns = [path("", overviews, name="overviews"), path("<uuid:unit_id>/", overview, name="overview")]
