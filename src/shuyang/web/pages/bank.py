"""The item bank for authors, reviewers and psychometricians: list, coverage, one item, reports, releases."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuyang.frameworks import api as frameworks
from shuyang.itembank import api as itembank
from shuyang.kernel.errors import Conflict, Invalid, NotFound
from shuyang.trust.api import Role
from shuyang.web.access import Request, signed_in
from shuyang.web.errors import words
from shuyang.web.item_view import item_context, read_answer, solution

TYPES = {
    itembank.ItemType.SINGLE: _("Single choice"),
    itembank.ItemType.MULTIPLE: _("Multiple choice"),
    itembank.ItemType.ORDER: _("Ordering"),
    itembank.ItemType.MATCH: _("Matching"),
    itembank.ItemType.NUMBER: _("Number entry"),
    itembank.ItemType.MARK: _("Mark cells"),
    itembank.ItemType.CHART: _("Choose on a chart"),
}
PURPOSES = {itembank.Purpose.SECURE: _("Secure item"), itembank.Purpose.PRACTICE: _("Practice item")}
REASONS = {
    itembank.ReportReason.UNCLEAR: _("Unclear"),
    itembank.ReportReason.WRONG: _("The key may be wrong"),
    itembank.ReportReason.NO_ANSWER: _("No answer fits"),
    itembank.ReportReason.DISPLAY: _("Shown wrongly"),
    itembank.ReportReason.OUTDATED: _("Out of date"),
    itembank.ReportReason.OTHER: _("Something else"),
}
REPORT_STATES = {
    itembank.ReportState.OPEN: _("Waiting for a decision"),
    itembank.ReportState.UPHELD: _("Upheld"),
    itembank.ReportState.DISMISSED: _("Not upheld"),
}
LAYERS = {
    itembank.Layer.COGNITION: _("Awareness"),
    itembank.Layer.TECHNIQUE: _("Technical literacy"),
    itembank.Layer.PRACTICE: _("Practical ability"),
    itembank.Layer.VALUES: _("Values"),
}
PER_PAGE = 50


def _require_worker(request: Request) -> None:
    """Hide the area from those who do not work on items; each read asks its policy again."""
    if not request.actor.has_anywhere(Role.AUTHOR, Role.REVIEWER, Role.PSYCHOMETRICIAN):
        raise NotFound("for those who work on items")


@signed_in
@require_GET
def bank(request: Request) -> HttpResponse:
    """Items by facet, level, type, purpose or words."""
    _require_worker(request)
    where, page = _filter(request), _page(request)
    rows, total = itembank.items(actor=request.actor, where=where, page=page, per_page=PER_PAGE)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "rows": rows,
        "total": total,
        "page": page,
        "pages": max(1, -(-total // PER_PAGE)),
        "where": where,
        "query": query.urlencode(),
        "types": TYPES,
        "purposes": PURPOSES,
        "facets": frameworks.current().facets,
        "levels": frameworks.LEVELS,
        "waiting": len(itembank.open_reports(actor=request.actor)),
        "repealed": _resting_on_repealed(request),
    }
    return render(request, "bank/list.html", context)


def _resting_on_repealed(request: Request) -> list[dict[str, Any]]:
    """Repealed citations and the keys of the items in use that rest on them: those are to be looked at again."""
    repealed = [one for one in frameworks.stale_citations() if one.status is frameworks.CitationStatus.REPEALED]
    if not repealed:
        return []
    found = itembank.items_citing(actor=request.actor, citation_ids=[one.id for one in repealed])
    return [{"citation": one, "keys": found[one.id]} for one in repealed if found[one.id]]


def _filter(request: Request) -> itembank.ItemFilter:
    ask = request.GET
    level = ask.get("level", "")
    return itembank.ItemFilter(
        facet=ask.get("facet", ""),
        level=int(level) if level in {"1", "2", "3", "4", "5"} else None,
        type=ask.get("type", ""),
        purpose=ask.get("purpose", ""),
        text=ask.get("text", "").strip()[:80],
        reported=ask.get("reported") == "yes",
        retired=ask.get("retired") == "yes",
    )


def _page(request: Request) -> int:
    asked = request.GET.get("page", "1")
    return max(1, min(int(asked), 10_000)) if asked.isdecimal() and len(asked) < 6 else 1


@signed_in
@require_GET
def coverage(request: Request) -> HttpResponse:
    """How many items each facet has at each level, by type."""
    _require_worker(request)
    purpose = request.GET.get("purpose", "secure")
    if purpose not in list(itembank.Purpose):
        raise NotFound("no such purpose")
    cells = {(c.facet, c.level): c for c in itembank.coverage(actor=request.actor, purpose=purpose)}
    rows = []
    for facet in frameworks.current().facets:
        counts = [cells.get((facet.id, level)) for level in frameworks.LEVELS]
        rows.append({"facet": facet, "cells": [_cell(c) for c in counts], "total": sum(c.total for c in counts if c)})
    types: Counter[itembank.ItemType] = Counter()
    for cell in cells.values():
        types.update(cell.counts)
    total = sum(types.values())
    shares = [(label, types[code], types[code] / total if total else None) for code, label in TYPES.items()]
    context = {
        "rows": rows,
        "levels": frameworks.LEVELS,
        "total": total,
        "shares": shares,
        "purpose": purpose,
        "purposes": PURPOSES,
    }
    return render(request, "bank/coverage.html", context)


def _cell(cell: itembank.CoverageCell | None) -> dict[str, Any]:
    if cell is None:
        return {"total": 0, "types": []}
    return {"total": cell.total, "types": [(TYPES[code], n) for code, n in sorted(cell.counts.items())]}


@signed_in
@require_GET
def item(request: Request, key: str) -> HttpResponse:
    """An item with its key, reasons, prior, history and reports."""
    _require_worker(request)
    detail = itembank.item(actor=request.actor, key=key)
    return render(request, "bank/item.html", _detail_context(detail))


def _detail_context(detail: itembank.ItemDetail) -> dict[str, Any]:
    framework = frameworks.current()
    citations = {citation.id: citation for citation in framework.citations}
    cited = [(one, citations.get(one.partition("#")[0]), one.partition("#")[2]) for one in detail.content.citations]
    return {
        "detail": detail,
        "content": detail.content,
        "row": detail.row,
        "types": TYPES,
        "purposes": PURPOSES,
        "layers": LAYERS,
        "reasons": REASONS,
        "report_states": REPORT_STATES,
        "cited": cited,
        "ranks": [one.name for one in framework.rank_layers if one.id in set(detail.content.rank_layers)],
        "facet": next((one for one in framework.facets if one.id == detail.row.facet), None),
        "answer": solution(detail.content),
        "choices": _choices(detail.content),
        "top": itembank.max_category(detail.content),
        **item_context(itembank.presentation(detail.content, "bank")),
    }


def _choices(content: itembank.ItemContent) -> list[dict[str, Any]]:
    """Options of a choice item with their reasons, the right ones marked; empty for other types."""
    if not isinstance(content, itembank.SingleItem | itembank.MultipleItem):
        return []
    right = {content.key} if isinstance(content, itembank.SingleItem) else set(content.key)
    return [{"text": one.text, "rationale": one.rationale, "right": one.id in right} for one in content.options]


@signed_in
@require_http_methods(["GET", "POST"])
def attempt(request: Request, key: str) -> HttpResponse:
    """Answer an item as a person would, without seeing its key first; nothing is kept."""
    _require_worker(request)
    content = itembank.item(actor=request.actor, key=key).content
    shown = itembank.presentation(content, "bank")
    context: dict[str, Any] = {"key": key}
    if request.method == "POST":
        raw = read_answer(shown.type, request.POST)
        context["chosen"] = raw
        try:
            context["grade"] = itembank.grade(content, itembank.normalise(content, raw))
            context |= {"solution": solution(content), "feedback": content.feedback}
        except Invalid as error:
            context["problem"] = words(error.problems[0])
    context |= item_context(shown, context.get("chosen"))
    return render(request, "bank/try.html", context, status=422 if context.get("problem") else 200)


@signed_in
@require_GET
def reports(request: Request) -> HttpResponse:
    """Reports nobody has decided yet."""
    _require_worker(request)
    return render(request, "bank/reports.html", _reports_context(request))


def _reports_context(request: Request) -> dict[str, Any]:
    may_decide = request.actor.has_anywhere(Role.REVIEWER, Role.PSYCHOMETRICIAN)
    return {"reports": itembank.open_reports(actor=request.actor), "reasons": REASONS, "may_decide": may_decide}


@signed_in
@require_POST
def decide(request: Request, report_id: UUID) -> HttpResponse:
    """Close a report with an answer."""
    _require_worker(request)
    answer, decision = request.POST.get("answer", ""), request.POST.get("decision", "")
    try:
        if decision not in {"uphold", "dismiss"}:
            raise Conflict("no decision chosen")
        itembank.decide_report(actor=request.actor, report_id=report_id, uphold=decision == "uphold", answer=answer)
    except Invalid as error:
        failed = {"failed": report_id, "typed": answer, "problem": words(error.problems[0])}
        context = _reports_context(request) | failed
        return render(request, "bank/reports.html", context, status=422)
    messages.success(request, _t("The report is closed and the decision recorded."))
    return redirect("bank_reports")


@signed_in
@require_GET
def releases(request: Request) -> HttpResponse:
    """What sittings run on, newest first."""
    _require_worker(request)
    return render(request, "bank/releases.html", {"releases": itembank.releases(actor=request.actor)})


urlpatterns = [
    path("", bank, name="bank"),
    path("coverage/", coverage, name="bank_coverage"),
    path("reports/", reports, name="bank_reports"),
    path("reports/<uuid:report_id>/", decide, name="bank_decide"),
    path("releases/", releases, name="bank_releases"),
    path("items/<str:key>/", item, name="bank_item"),
    path("items/<str:key>/try/", attempt, name="bank_try"),
]
