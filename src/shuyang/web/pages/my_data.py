"""My data: see everything stored about oneself, take it away, have it corrected or deleted, withdraw a consent."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuyang.evidence.api import receipt as receipt_of
from shuyang.feedback.api import results
from shuyang.kernel.errors import Conflict, Invalid, NotFound
from shuyang.people import api as people
from shuyang.trust.api import Actor, Records, answer_consent, audit_of, consents_of, note_export, records_about
from shuyang.web.access import Request, signed_in
from shuyang.web.my_data_view import archive, groups
from shuyang.web.pages.people_common import problems_of, require_manager
from shuyang.web.words.my_data import ACTIONS, BY, CONSENTS, KINDS, STATES


def _records(actor: Actor) -> Sequence[Records]:
    if actor.person_id is None:
        raise NotFound("an account without a person has no data about a person")
    account = people.own_account(actor=actor)
    return records_about(actor=actor, person_id=actor.person_id, account_ids=[account.id])


@signed_in
@require_http_methods(["GET", "POST"])
def my_data(request: Request) -> HttpResponse:
    """Everything at a glance, and what one can ask for. A POST is a request about it."""
    records, problems = _records(request.actor), {}
    typed = {"kind": request.POST.get("kind", "correction"), "text": request.POST.get("text", "")}
    if request.method == "POST":
        try:
            people.ask_about_data(actor=request.actor, kind=_kind(typed["kind"]), text=typed["text"])
        except Invalid as error:
            problems = problems_of(error)
        else:
            messages.success(request, _("Your request is on its way. The answer will stand here, in words."))
            return redirect("my_data")
    context = {
        "groups": groups(records),
        "requests": people.own_requests(actor=request.actor),
        "consents": [(c, CONSENTS.get(c.purpose, c.purpose)) for c in consents_of(actor=request.actor)],
        "entries": [(e, ACTIONS.get(e.action, e.action), BY[e.by]) for e in audit_of(actor=request.actor)],
        "kinds": KINDS,
        "states": STATES,
        "typed": typed,
        "problems": problems,
        "title": _("My data"),
    }
    return render(request, "my_data/page.html", context, status=422 if problems else 200)


def _kind(text: str) -> people.RequestKind:
    if text not in set(people.RequestKind):
        raise NotFound("no such kind of request")
    return people.RequestKind(text)


@signed_in
@require_POST
def export(request: Request) -> HttpResponse:
    """Everything as a ZIP: JSON for programs, a page to read, the receipts."""
    records, actor = _records(request.actor), request.actor
    assert actor.person_id is not None
    receipts = [receipt_of(actor=actor, estimate_id=view.id) for view in results(actor=actor)]
    made = archive(
        records,
        name=people.person(actor=actor, person_id=actor.person_id).name,
        receipts=[{"receipt": r.body, "hash": r.hash, "signature": r.signature} for r in receipts],
    )
    note_export(actor=actor)
    response = HttpResponse(made, content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    return response


@signed_in
@require_POST
def withdraw_consent(request: Request) -> HttpResponse:
    """Withdraw one's consent to a purpose: nothing new is based on it from now on."""
    for one in consents_of(actor=request.actor):
        if one.given and one.purpose == request.POST.get("purpose"):
            answer_consent(actor=request.actor, purpose=one.purpose, text_version=one.text_version, given=False)
    messages.success(request, _("Your consent is withdrawn. No new test begins without a new one."))
    return redirect("my_data")


@signed_in
@require_POST
def take_back(request: Request, request_id: UUID) -> HttpResponse:
    people.take_back_request(actor=request.actor, request_id=request_id)
    messages.success(request, _("The request is taken back."))
    return redirect("my_data")


@signed_in
@require_http_methods(["GET", "POST"])
def queue(request: Request) -> HttpResponse:
    """Requests about their data from people of the actor's units: decided in words."""
    require_manager(request.actor)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            _decide(request)
        except (Invalid, Conflict) as error:
            problems = problems_of(error)
        else:
            return redirect("data_requests")
    context = {
        "waiting": people.requests_to_decide(actor=request.actor),
        "decided": people.requests_to_decide(actor=request.actor, done=True),
        "kinds": KINDS,
        "states": STATES,
        "problems": problems,
        "at_fault": request.POST.get("request", ""),
        "typed": request.POST.get("answer", ""),
        "title": _("Requests about personal data"),
    }
    return render(request, "people/requests.html", context, status=422 if problems else 200)


def _decide(request: Request) -> None:
    wanted = {str(r.id): r for r in people.requests_to_decide(actor=request.actor)}
    found = wanted.get(request.POST.get("request", ""))
    if found is None:
        raise Conflict("it was decided already, or is none of yours")
    grant = request.POST.get("decision") == "grant"
    people.decide_request(actor=request.actor, request_id=found.id, grant=grant, answer=request.POST.get("answer", ""))
    messages.success(request, _("The decision is recorded; the person reads your words."))


urlpatterns = [
    path("my-data/", my_data, name="my_data"),
    path("my-data/export/", export, name="my_data_export"),
    path("my-data/consent/", withdraw_consent, name="withdraw_consent"),
    path("my-data/requests/<uuid:request_id>/take-back/", take_back, name="take_back_request"),
    path("people/requests/", queue, name="data_requests"),
]
