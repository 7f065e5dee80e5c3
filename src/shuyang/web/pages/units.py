"""A unit's picture for organisers and leaders: sums only, never for fewer than five people."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuyang.delivery import api as delivery
from shuyang.feedback.api import unit_report
from shuyang.frameworks.api import current
from shuyang.kernel.errors import NotFound
from shuyang.kernel.ids import parse_id
from shuyang.people.api import unit_tree
from shuyang.trust.api import Role
from shuyang.web.access import Request, signed_in
from shuyang.web.charts.intervals import interval_chart
from shuyang.web.result_view import names


@signed_in
@require_GET
def units(request: Request) -> HttpResponse:
    """To the uppermost unit the actor may see in sums."""
    reach = request.actor.paths(Role.ORGANISER, Role.LEADER)
    lines = [line for line in unit_tree(actor=request.actor) if any(line.unit.path.startswith(p) for p in reach)]
    if not reach:
        raise NotFound("for organisers and leaders")
    if not lines:
        return render(request, "units/empty.html")
    return redirect("unit_results", unit_id=lines[0].unit.id)


@signed_in
@require_GET
def unit_results(request: Request, unit_id: UUID) -> HttpResponse:
    """Mean, spread and share at target per force, for the unit and its parts."""
    campaign_id = parse_id(request.GET.get("campaign", ""))
    report = unit_report(actor=request.actor, unit_id=unit_id, campaign_id=campaign_id)
    name = names(current())
    chart = None
    if report.whole.shown:
        chart = interval_chart(
            [name[f.force] for f in report.whole.forces],
            [(f.mean.score, f.mean.low, f.mean.high) for f in report.whole.forces],
        )
    reach = request.actor.paths(Role.ORGANISER, Role.LEADER)
    context = {
        "report": report,
        "names": name,
        "chart": chart,
        "campaign_id": campaign_id,
        "title": _("Unit results"),
        "campaigns": delivery.campaigns(actor=request.actor) if request.actor.has_anywhere(Role.ORGANISER) else [],
        "lines": [line for line in unit_tree(actor=request.actor) if any(line.unit.path.startswith(p) for p in reach)],
        "forces": [name[force.id] for force in current().forces],
    }
    return render(request, "units/unit.html", context)


urlpatterns = [path("", units, name="units"), path("<uuid:unit_id>/", unit_results, name="unit_results")]
