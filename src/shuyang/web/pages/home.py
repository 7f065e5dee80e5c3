"""Home: what waits for this person now. And the small switches of the shell."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from shuyang.delivery import api as delivery
from shuyang.evidence.api import estimates_of_person
from shuyang.insight.api import waiting
from shuyang.itembank.api import current_release
from shuyang.itembank.api import todos as bank_todos
from shuyang.kernel.clock import now
from shuyang.people.api import person, requests_to_decide
from shuyang.trust.api import Role
from shuyang.web.access import Request, signed_in

YEAR = 365 * 24 * 3600


@signed_in
@require_GET
def home(request: Request) -> HttpResponse:
    """One glance: the test to take or to go on with, the last result, and what waits for an organiser."""
    actor = request.actor
    invitations = delivery.invitations(actor=actor)
    results = estimates_of_person(actor=actor, person_id=actor.person_id) if actor.person_id else []
    context = {
        "person": person(actor=actor, person_id=actor.person_id) if actor.person_id else None,
        "current": [i for i in invitations if i.sitting is None or i.sitting.state == "running"],
        "again": [i for i in invitations if i.again_from is not None],
        "now": now(),
        "sealed": _sealed(invitations, {r.source_id for r in results}),
        "results": results[:3],
        "candidatures": [i for i in invitations if i.sitting and i.campaign.purpose == delivery.Purpose.RECRUITMENT],
        "surveys": delivery.open_surveys(actor=actor),
        "names": {i.campaign.id: i.campaign.name for i in invitations},
        "campaigns": delivery.campaigns(actor=actor, limit=5) if actor.has_anywhere(Role.ORGANISER) else None,
        "todos": bank_todos(actor),
        "to_sign": waiting(actor=actor),
        "waiting": delivery.waiting(actor=actor),
        "data_requests": len(requests_to_decide(actor=actor)),
        "administrator": actor.has_anywhere(Role.ADMINISTRATOR),
    }
    return render(request, "home/home.html", context)


def _sealed(invitations: list[delivery.Invitation], shown: set[UUID]) -> list[delivery.Invitation]:
    """Finished sittings whose result will be shown to the person, but not yet."""
    finished = [i for i in invitations if i.sitting is not None and i.sitting.estimate_id is not None]
    return [i for i in finished if i.sitting and i.sitting.id not in shown and i.campaign.showing.to_person]


@require_GET
def ready(request: Request) -> HttpResponse:
    """For start scripts and load balancers: this process answers and reaches its database."""
    current_release()
    return HttpResponse("ready", content_type="text/plain")


@require_GET
def privacy(request: Request) -> HttpResponse:
    """The notice on personal data."""
    return render(request, "home/privacy.html")


@require_POST
def language(request: Request) -> HttpResponse:
    """Switch the language."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=YEAR,
            samesite="Lax",
            httponly=True,
            secure=settings.SHUYANG_HTTPS,
        )
    return response


@require_POST
def type_size(request: Request) -> HttpResponse:
    """Switch the large-type mode (关怀模式)."""
    response = _back(request)
    chosen = "large" if request.POST.get("type") == "large" else "normal"
    response.set_cookie(
        "shuyang_type", chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SHUYANG_HTTPS
    )
    return response


def _back(request: Request) -> HttpResponse:
    target = request.POST.get("next", "/")
    return redirect(target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else "/")


urlpatterns = [
    path("", home, name="home"),
    path("ready/", ready, name="ready"),
    path("privacy/", privacy, name="privacy"),
    path("language/", language, name="language"),
    path("type/", type_size, name="type"),
]
