"""For developers: every chart of the product, on page and on paper, with sample data.

Open to administrators in every installation: the samples are invented, and what a chart looks like there is what a fault
report has to show.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuyang.kernel.errors import NotFound
from shuyang.trust.api import Role
from shuyang.web.access import Request, signed_in
from shuyang.web.charts.contract import Chart
from shuyang.web.charts.samples import registry
from shuyang.web.paper.picture import as_printed
from shuyang.web.paper.svg import drawn_chart


@signed_in
@require_GET
def charts(request: Request) -> HttpResponse:
    """The gallery: one kind at a time, each sample as page, as paper, as table and in words."""
    _administrators_only(request)
    known = registry()
    wanted = request.GET.get("kind", known[0].key)
    kind = next((k for k in known if k.key == wanted), None)
    if kind is None:
        raise NotFound("no such kind of chart")
    context: dict[str, Any] = {
        "kinds": [(k.key, k.kind.__name__) for k in known],
        "kind": kind,
        "about": (kind.kind.__doc__ or "").splitlines()[0],
        "title": _("Charts"),
    }
    return render(request, "developers/charts.html", context)


@signed_in
@require_GET
def printed(request: Request, kind: str, sample: str) -> HttpResponse:
    """A sample as it is printed: through the embedded V8 and typst, in the fonts of the documents."""
    _administrators_only(request)
    return HttpResponse(as_printed(drawn_chart(_sample(kind, sample))), content_type="image/svg+xml")


def _sample(kind: str, sample: str) -> Chart:
    found = next((k.samples.get(sample) for k in registry() if k.key == kind), None)
    if found is None:
        raise NotFound("no such sample")
    return found


def _administrators_only(request: Request) -> None:
    if not request.actor.has_anywhere(Role.ADMINISTRATOR):
        raise NotFound("for administrators")


urlpatterns = [
    path("charts/", charts, name="chart_gallery"),
    path("charts/<slug:kind>/<slug:sample>.svg", printed, name="chart_printed"),
]
