"""The API itself: its areas, its description, its page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI

from shuyang import __version__
from shuyang.web.api import audit, campaigns, me, results, sittings, units
from shuyang.web.api.describing import description_page
from shuyang.web.api.errors import add_handlers

api = NinjaAPI(
    title="Shuyang",
    version=__version__,
    description="Measure, develop and use digital competence. Every operation acts for an account and reaches no "
    "further than its pages do.",
    docs_url=None,
    openapi_url="openapi.json",
    urls_namespace="api",
)
add_handlers(api)
for prefix, area in (
    ("me", me),
    ("units", units),
    ("campaigns", campaigns),
    ("sittings", sittings),
    ("results", results),
    ("audit", audit),
):
    api.add_router(f"/{prefix}", area.router, tags=[prefix])


def description(request: HttpRequest) -> HttpResponse:
    """What the API offers, as a page."""
    return description_page(request, api)


urlpatterns = [path("", description, name="api_description"), path("", api.urls)]
