"""The editor of test designs: what one wishes, what the bank can support, and fixing it for use."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuyang.frameworks.api import current
from shuyang.itembank import api as itembank
from shuyang.kernel.errors import Conflict, Invalid, NotFound, Problem
from shuyang.kit.api import JobView
from shuyang.kit.api import view as job_view
from shuyang.trust.api import Role
from shuyang.web.access import Request, signed_in
from shuyang.web.errors import error_words, words
from shuyang.web.result_view import names
from shuyang.web.words.campaigns import DESIGN_KINDS

ROLES = (Role.PSYCHOMETRICIAN, Role.ORGANISER, Role.ADMINISTRATOR)
WHOLE = ("min_items", "max_items", "minutes", "single_share", "forms", "length")


def _require(request: Request) -> None:
    if not request.actor.has_anywhere(*ROLES):
        raise NotFound("for those who run campaigns or keep the bank")


def _way(request: Request) -> dict[str, bool]:
    """Whether the list of campaigns, of which these pages are a part for organisers, is open to the actor."""
    return {"may_campaign": request.actor.has_anywhere(Role.ORGANISER)}


@signed_in
@require_GET
def designs(request: Request) -> HttpResponse:
    """All designs, newest first."""
    _require(request)
    context = {"rows": itembank.designs(actor=request.actor), "kinds": DESIGN_KINDS, **_way(request)}
    return render(request, "designs/list.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A new draft."""
    _require(request)
    return _edit(request, None)


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: Request, design_id: UUID) -> HttpResponse:
    """Change a draft."""
    _require(request)
    return _edit(request, itembank.design(actor=request.actor, design_id=design_id))


def _edit(request: Request, found: itembank.DesignView | None) -> HttpResponse:
    typed = request.POST if request.method == "POST" else _typed(found)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            saved = itembank.save_design(
                actor=request.actor,
                title=typed.get("title", ""),
                spec=_spec(typed),
                design_id=found.id if found else None,
            )
            if typed.get("then") == "check":
                itembank.start_check(actor=request.actor, design_id=saved.id)
            return redirect("design", design_id=saved.id)
        except Invalid as error:
            problems = {p.where: words(p) for p in reversed(error.problems)}
        except Conflict as error:
            problems = {"title": error_words(error)}
    context = {
        "design": found,
        "typed": typed,
        "problems": problems,
        "kinds": DESIGN_KINDS,
        "forces": _forces(typed, problems),
        "facets": _facets(typed, problems),
        **_way(request),
    }
    return render(request, "designs/edit.html", context, status=422 if problems else 200)


def _forces(typed: QueryDict, problems: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Field, name, value, problem of each force's target."""
    forces, name = current().forces, names(current())
    return [
        (f"target_se_{n}", name[f.id], typed.get(f"target_se_{n}", ""), problems.get(f"target_se_{n}", ""))
        for n, f in enumerate(forces)
    ]


def _facets(typed: QueryDict, problems: dict[str, str]) -> list[tuple[str, str, str, str]]:
    name = names(current())
    return [
        (f"facet_{f.id}", f"{f.id} {name[f.id]}", typed.get(f"facet_{f.id}", ""), problems.get(f"facet_{f.id}", ""))
        for f in current().facets
    ]


def _spec(form: QueryDict) -> itembank.DesignSpec:
    """The form as a wish. Raises `Invalid` naming every field that is no number."""
    problems = list[Problem]()
    if form.get("kind", "") not in list(itembank.DesignKind):
        problems.append(Problem("kind", "unknown_choice", (("value", form.get("kind", "")[:20]),)))
    whole = {name: _number(form, name, problems, int) for name in WHOLE}
    targets = tuple(_number(form, f"target_se_{n}", problems, float) for n in range(len(current().forces)))
    minimums = {f.id: _number(form, f"facet_{f.id}", problems, int) for f in current().facets}
    if problems:
        raise Invalid(problems)
    kind = itembank.DesignKind(form.get("kind", ""))
    return itembank.DesignSpec(kind, targets, facet_minimums=minimums, paper=form.get("paper") == "yes", **whole)


def _number(form: QueryDict, name: str, problems: list[Problem], kind: Any) -> Any:
    text = form.get(name, "").strip() or "0"
    try:
        if len(text) < 8:
            return kind(text)
    except ValueError:
        pass
    problems.append(Problem(name, "not_a_number", (("value", text[:20]),)))
    return 0


def _typed(found: itembank.DesignView | None) -> QueryDict:
    """The form as it opens: a standard diagnosis, or the draft."""
    typed = QueryDict(mutable=True)
    forces, facets = current().forces, current().facets
    spec = (
        found.spec
        if found
        else itembank.DesignSpec(
            itembank.DesignKind.ADAPTIVE, (0.4,) * len(forces), facet_minimums={f.id: 2 for f in facets}
        )
    )
    typed["title"], typed["kind"] = (found.title if found else ""), spec.kind.value
    for name in WHOLE:
        typed[name] = str(getattr(spec, name))
    for number, target in enumerate(spec.target_se):
        typed[f"target_se_{number}"] = f"{target:g}"
    for facet in facets:
        typed[f"facet_{facet.id}"] = str(spec.facet_minimums.get(facet.id, 0))
    if spec.paper:
        typed["paper"] = "yes"
    return typed


@signed_in
@require_GET
def design(request: Request, design_id: UUID) -> HttpResponse:
    """A version: what it wishes, what the bank can support, and what can be done with it."""
    _require(request)
    return _page(request, itembank.design(actor=request.actor, design_id=design_id))


def _page(request: Request, found: itembank.DesignView, said: str = "") -> HttpResponse:
    job = _job(request, found)
    check = found.check if found.checked or found.hash else None
    name = names(current())
    context = {
        "design": found,
        "kinds": DESIGN_KINDS,
        "check": check,
        "outdated": check is not None and not found.hash and check.release_hash != itembank.current_release().hash,
        "rows": [(name.get(c.force, c.force), se, c) for c, se in zip(check.forces, found.spec.target_se, strict=True)]
        if check
        else [],
        "unreachable": [name.get(force, force) for force in check.unreachable] if check else [],
        "facets": [(f"{f.id} {name[f.id]}", found.spec.facet_minimums.get(f.id, 0)) for f in current().facets],
        "targets": [(name[f.id], se) for f, se in zip(current().forces, found.spec.target_se, strict=True)],
        "job": job,
        "running": job is not None and not job.finished,
        "failed": words(Problem("", job.error)) if job is not None and job.error and not check else "",
        "said": said,
        **_way(request),
    }
    return render(request, "designs/design.html", context, status=409 if said else 200)


def _job(request: Request, found: itembank.DesignView) -> JobView | None:
    try:
        return job_view(job_id=found.job_id, owner_id=request.actor.account_id) if found.job_id else None
    except NotFound:
        return None


@signed_in
@require_POST
def check(request: Request, design_id: UUID) -> HttpResponse:
    """Let simulated people take it."""
    try:
        itembank.start_check(actor=request.actor, design_id=design_id)
    except Conflict as error:
        return _page(request, itembank.design(actor=request.actor, design_id=design_id), error_words(error))
    return redirect("design", design_id=design_id)


@signed_in
@require_POST
def fix(request: Request, design_id: UUID) -> HttpResponse:
    """Fix it: from now on campaigns may use it."""
    try:
        itembank.fix_design(actor=request.actor, design_id=design_id)
    except Conflict as error:
        return _page(request, itembank.design(actor=request.actor, design_id=design_id), error_words(error))
    messages.success(request, _("Fixed. New campaigns can use it; it never changes again."))
    return redirect("design", design_id=design_id)


@signed_in
@require_POST
def version(request: Request, design_id: UUID) -> HttpResponse:
    """A new version to edit."""
    made = itembank.new_version(actor=request.actor, design_id=design_id)
    return redirect("design_edit", design_id=made.id)


@signed_in
@require_POST
def retire(request: Request, design_id: UUID) -> HttpResponse:
    """Offer it no more; a draft is deleted."""
    itembank.retire_design(actor=request.actor, design_id=design_id)
    messages.success(request, _("It is offered to new campaigns no more."))
    return redirect("designs")


urlpatterns = [
    path("designs/", designs, name="designs"),
    path("designs/new/", new, name="design_new"),
    path("designs/<uuid:design_id>/", design, name="design"),
    path("designs/<uuid:design_id>/edit/", edit, name="design_edit"),
    path("designs/<uuid:design_id>/check/", check, name="design_check"),
    path("designs/<uuid:design_id>/fix/", fix, name="design_fix"),
    path("designs/<uuid:design_id>/version/", version, name="design_version"),
    path("designs/<uuid:design_id>/retire/", retire, name="design_retire"),
]
