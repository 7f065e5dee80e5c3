"""A person's results: the list, the page, the PDF, the receipt, how it was computed."""

from __future__ import annotations

import json
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuyang.delivery import api as delivery
from shuyang.evidence.api import receipt as receipt_of
from shuyang.feedback.api import growth_of, others_like, revised_by, self_views_of, workings_of
from shuyang.feedback.api import result as report_of
from shuyang.feedback.api import results as results_of
from shuyang.frameworks.api import current
from shuyang.people.api import person
from shuyang.trust.api import public_key_pem
from shuyang.web.access import Request, signed_in
from shuyang.web.lesson_view import lessons_towards
from shuyang.web.own_view import abilities, growth_chart, growth_words, lattice, others_words, self_words, working_words
from shuyang.web.paper.pdf import pdf
from shuyang.web.paper.result import result_data
from shuyang.web.paper.svg import drawn_chart
from shuyang.web.result_view import names, radar, result_words


@signed_in
@require_GET
def results(request: Request) -> HttpResponse:
    """All own results, newest first."""
    campaigns = {i.campaign.id: i.campaign for i in delivery.invitations(actor=request.actor)}
    rows = [(view, campaigns.get(view.estimate.campaign_id)) for view in results_of(actor=request.actor)]
    return render(request, "results/list.html", {"rows": rows})


@signed_in
@require_GET
def result(request: Request, estimate_id: UUID) -> HttpResponse:
    """One result: strengths first, then forces, what to do next, growth, facets, and what it can't tell."""
    report = report_of(actor=request.actor, estimate_id=estimate_id)
    growths = growth_of(actor=request.actor, estimate_id=estimate_id)
    words = result_words(report)
    context = {
        "report": report,
        "radar": radar(report),
        "rescorings": delivery.rescorings_of(actor=request.actor, estimate_id=estimate_id),
        "force_names": names(current()),
        "lessons": {s.facet: lessons_towards(s.facet, s.towards_level) for s in report.suggestions},
        "abilities": abilities(report),
        "lattice": lattice(words["facets"], current()),
        "growths": growth_words(growths),
        "growth_chart": growth_chart(growths),
        "revised_by": revised_by(actor=request.actor, estimate_id=estimate_id),
        "self_views": self_words(self_views_of(actor=request.actor, estimate_id=estimate_id)),
        **words,
    }
    return render(request, "results/result.html", context)


@signed_in
@require_GET
def others(request: Request, estimate_id: UUID) -> HttpResponse:
    """The anonymous distribution of people in the same kind of post: asked for, never pushed."""
    report = report_of(actor=request.actor, estimate_id=estimate_id)
    group = others_like(actor=request.actor, estimate_id=estimate_id)
    context = {
        "report": report,
        "group": group,
        "title": _("Beside others in such posts"),
        **others_words(group, report),
    }
    return render(request, "results/others.html", context)


@signed_in
@require_GET
def result_pdf(request: Request, estimate_id: UUID) -> HttpResponse:
    """The same result on paper."""
    report = report_of(actor=request.actor, estimate_id=estimate_id)
    assert request.actor.person_id is not None
    who = person(actor=request.actor, person_id=request.actor.person_id)
    data = result_data(
        report,
        result_words(report),
        who,
        settings.SHUYANG_ORGANISATION,
        growths=growth_words(growth_of(actor=request.actor, estimate_id=estimate_id)),
        abilities=abilities(report),
    )
    made = pdf("result", data, {"radar": drawn_chart(radar(report), width=560)})
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="shuyang-{report.at:%Y%m%d}.pdf"'
    return response


@signed_in
@require_GET
def receipt(request: Request, estimate_id: UUID) -> HttpResponse:
    """The signed receipt, as a file."""
    from openbadgeslib.ob3 import did_key_from_pem  # 25 MB that only this file needs

    found = receipt_of(actor=request.actor, estimate_id=estimate_id)
    body = {
        "receipt": found.body,
        "hash": found.hash,
        "signature": found.signature,
        "key": did_key_from_pem(public_key_pem()),
    }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{estimate_id}.json"'
    return response


@signed_in
@require_GET
def explained(request: Request, estimate_id: UUID) -> HttpResponse:
    """How this result was computed, in words an official can follow."""
    report = report_of(actor=request.actor, estimate_id=estimate_id)
    workings = workings_of(actor=request.actor, estimate_id=estimate_id)
    context = {
        "report": report,
        "receipt": receipt_of(actor=request.actor, estimate_id=estimate_id),
        "workings": [working_words(one) for one in workings],
        "example": working_words(max(workings, key=lambda one: one.items)),
        "growths": growth_words(growth_of(actor=request.actor, estimate_id=estimate_id))[:1],
        "title": _("How this was computed"),
    }
    return render(request, "results/explained.html", context)


urlpatterns = [
    path("", results, name="results"),
    path("<uuid:estimate_id>/", result, name="result"),
    path("<uuid:estimate_id>/others/", others, name="result_others"),
    path("<uuid:estimate_id>/pdf/", result_pdf, name="result_pdf"),
    path("<uuid:estimate_id>/receipt/", receipt, name="receipt"),
    path("<uuid:estimate_id>/explained/", explained, name="explained"),
]
