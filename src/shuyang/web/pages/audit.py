"""Audit: is the log whole, export the heads, export a sitting for recomputation."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from shuyang.delivery import api as delivery
from shuyang.kernel.clock import today
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.trust.api import Role, audit_heads, check_audit, heads_document, read_heads_document
from shuyang.web.access import Request, signed_in
from shuyang.web.errors import words


def _require_auditor(request: Request) -> None:
    if not request.actor.has_anywhere(Role.AUDITOR, Role.ADMINISTRATOR):
        raise NotFound("for auditors")


@signed_in
@require_GET
def audit(request: Request) -> HttpResponse:
    """What can be checked and exported here."""
    _require_auditor(request)
    return render(request, "audit/audit.html", {"sittings": delivery.finished_sittings(actor=request.actor, limit=50)})


@signed_in
@require_POST
def check(request: Request) -> HttpResponse:
    """Recompute all chains, against exported heads if a file is given."""
    _require_auditor(request)
    context: dict[str, Any] = {"sittings": delivery.finished_sittings(actor=request.actor, limit=50)}
    upload = request.FILES.get("heads")
    try:
        heads = read_heads_document(upload.read(20_000_000).decode("utf-8", "replace")) if upload else []
    except Invalid as error:
        return render(request, "audit/audit.html", context | {"problem": words(error.problems[0])}, status=422)
    reports = [check_audit(heads=heads), delivery.check_sittings(heads=heads)]
    context |= {
        "checked": True,
        "chains": sum(r.chains for r in reports),
        "entries": sum(r.entries for r in reports),
        "heads": len(heads),
        "found": [p for r in reports for p in r.problems][:50],
    }
    return render(request, "audit/audit.html", context)


@signed_in
@require_GET
def heads(request: Request) -> HttpResponse:
    """The signed ends of all chains, as a file to be kept elsewhere."""
    _require_auditor(request)
    return _download(heads_document([*audit_heads(), *delivery.sitting_heads()]), f"audit-heads-{today()}.json")


@signed_in
@require_GET
def export(request: Request, sitting_id: UUID) -> HttpResponse:
    """Everything needed to recompute one score elsewhere (`shuyang verify FILE`)."""
    body = delivery.audit_export(actor=request.actor, sitting_id=sitting_id)
    return _download(json.dumps(body, ensure_ascii=False, indent=1), f"sitting-{sitting_id}.json")


def _download(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


urlpatterns = [
    path("", audit, name="audit"),
    path("check/", check, name="audit_check"),
    path("heads/", heads, name="audit_heads"),
    path("sittings/<uuid:sitting_id>/", export, name="audit_export"),
]
