"""A unit's picture for organisers and leaders: published sums only, never for fewer than five people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuyang.delivery import api as delivery
from shuyang.feedback.api import Breakdown, Findings, UnitPicture, findings, request_publication, unit_picture
from shuyang.kernel.errors import NotFound
from shuyang.kernel.ids import parse_id
from shuyang.trust.api import Role
from shuyang.web.access import Request, signed_in
from shuyang.web.paper.unit import unit_pdf
from shuyang.web.unit_charts import unit_charts
from shuyang.web.unit_files import unit_workbook
from shuyang.web.unit_places import merged_into, places, uppermost
from shuyang.web.unit_view import Words, dimension_names, nothing_sentence, power_sentence, tables
from shuyang.web.unit_waiting import on_the_way

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@signed_in
@require_GET
def units(request: Request) -> HttpResponse:
    """To the figures of the uppermost unit the actor may see in sums."""
    return to_uppermost(request, "unit_results")


def to_uppermost(request: Request, address: str) -> HttpResponse:
    """To this page of the uppermost unit the actor may see in sums; says so where there is none yet."""
    if not request.actor.paths(Role.ORGANISER, Role.LEADER):
        raise NotFound("for organisers and leaders")
    top = uppermost(request.actor)
    if top is None:
        return render(request, "units/empty.html")
    return redirect(address, unit_id=top.id)


@signed_in
@require_GET
def unit_results(request: Request, unit_id: UUID) -> HttpResponse:
    """What was published of the unit and its parts; the choice of campaign and group stands in the address."""
    picture, found = _asked(request, unit_id)
    if picture.publication and request.headers.get("HX-Request"):  # the page that waited for figures: they are there
        return HttpResponse(headers={"HX-Refresh": "true"})
    shown = {t.key: t for t in tables(picture, found)}
    context = {
        "picture": picture,
        "tables": shown,
        "charts": unit_charts(picture) if picture.whole.shown else {},
        "nothing": nothing_sentence(found),
        "power": power_sentence(found),
        "places": places(request.actor, unit_id),
        "choices": _choices(picture),
        "chosen": f"{picture.dimension}:{picture.group}" if picture.dimension else "",
        "campaign_id": picture.publication.campaign_id if picture.publication else None,
        "drafts_here": request.actor.has(Role.ORGANISER, at=picture.whole.path),
        "merged": merged_into(request.actor, unit_id),
        "open": _publishable(request, picture) if request.actor.has_anywhere(Role.ORGANISER) else [],
        "query": _query(request),
        "waiting": ()
        if picture.publication
        else on_the_way(request.actor, picture.whole.path, minimum=picture.minimum),
        "title": _("Unit results"),
    }
    return render(request, "units/unit.html", context)


@signed_in
@require_GET
def unit_file(request: Request, unit_id: UUID, kind: str) -> HttpResponse:
    """The same tables as Excel, Word or PDF."""
    picture, found = _asked(request, unit_id)
    if picture.publication is None or not picture.whole.shown:
        raise NotFound("nothing is published of this unit")
    made = tables(picture, found)
    organisation, power = settings.SHUYANG_ORGANISATION, nothing_sentence(found) + power_sentence(found)
    if kind == "xlsx":
        body, media = unit_workbook(picture, made, organisation), XLSX
    elif kind == "docx":
        from shuyang.web.unit_word import unit_document  # 17 MB that only this format needs

        body, media = unit_document(picture, made, organisation, power), DOCX
    else:
        body, media = unit_pdf(picture, made, unit_charts(picture), organisation, power), "application/pdf"
    response = HttpResponse(body, content_type=media)
    stamp = f"{picture.publication.at:%Y%m%d}"
    response.headers["Content-Disposition"] = f'attachment; filename="shuyang-unit-{stamp}.{kind}"'
    return response


@signed_in
@require_GET
def explained(request: Request) -> HttpResponse:
    """How the figures of units come about, and why some are not shown."""
    return render(request, "units/explained.html", {"title": _("How unit results are made")})


@signed_in
@require_POST
def publish(request: Request, unit_id: UUID) -> HttpResponse:
    """The organiser asks for a campaign to be published before it closes."""
    campaign_id = parse_id(request.POST.get("campaign", ""))
    if campaign_id is None:
        raise NotFound("no such campaign")
    request_publication(actor=request.actor, campaign_id=campaign_id)
    messages.success(
        request,
        _("The figures are being computed. They appear here in a moment, if five people or more have a result."),
    )
    return redirect(f"{reverse('unit_results', args=[unit_id])}?campaign={campaign_id}")


def _asked(request: Request, unit_id: UUID) -> tuple[UnitPicture, Findings]:
    """The picture that the address asks for; an unknown choice falls back to everyone."""
    campaign_id = parse_id(request.GET.get("campaign", ""))
    dimension, _colon, group = request.GET.get("people", "").partition(":")
    known = dimension in [str(d) for d in Breakdown]
    try:
        picture = unit_picture(
            actor=request.actor,
            unit_id=unit_id,
            campaign_id=campaign_id,
            dimension=Breakdown(dimension) if known else Breakdown.NONE,
            group=group if known else "",
        )
    except NotFound:  # the campaign is not published here yet: the unit itself raises again
        picture = unit_picture(actor=request.actor, unit_id=unit_id)
        campaign_id = None
    return picture, findings(actor=request.actor, unit_id=unit_id, campaign_id=campaign_id)


def _choices(picture: UnitPicture) -> list[dict[str, Any]]:
    """Groups of people that may be looked at alone: only published ones are offered."""
    w = Words.now()
    return [
        {
            "name": dimension_names()[dimension],
            "groups": [(f"{dimension}:{'+'.join(g.groups)}", w.group(g.groups)) for g in groups],
        }
        for dimension, groups in picture.breakdowns
        if dimension is not Breakdown.REGION
    ]


def _publishable(request: Request, picture: UnitPicture) -> list[delivery.CampaignView]:
    """Campaigns of the actor that reach the unit and are not final yet."""
    done = {picture.publication.campaign_id} if picture.publication and picture.publication.final else set()
    mine = delivery.campaigns(actor=request.actor)
    return [c for c in mine if picture.whole.path.startswith(c.unit_path) and c.id not in done and c.state != "draft"][
        :5
    ]


def _query(request: Request) -> str:
    """The present choice as the tail of an address."""
    kept = QueryDict(mutable=True)
    for name in ("campaign", "people"):
        if request.GET.get(name):
            kept[name] = request.GET[name]
    return f"?{kept.urlencode()}" if kept else ""


urlpatterns = [
    path("", units, name="units"),
    path("explained/", explained, name="units_explained"),
    path("<uuid:unit_id>/", unit_results, name="unit_results"),
    path("<uuid:unit_id>/publish/", publish, name="unit_publish"),
    path("<uuid:unit_id>/file.<str:kind>", unit_file, name="unit_file"),
]
