"""The organisation tree and the roles in it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuyang.kernel.errors import Conflict, Invalid, NotFound, Problem
from shuyang.kernel.ids import parse_id
from shuyang.people import api as people
from shuyang.trust.api import Role
from shuyang.web.access import Request, signed_in
from shuyang.web.errors import words
from shuyang.web.pages.people_common import MANAGERS, problems_of, require_manager
from shuyang.web.words.people import ROLES


@signed_in
@require_http_methods(["GET", "POST"])
def units(request: Request) -> HttpResponse:
    """The tree, and a form to add a unit."""
    require_manager(request.actor)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            form = request.POST
            made = people.add_unit(
                actor=request.actor,
                parent_id=parse_id(form.get("parent", "")),
                name=form.get("name", ""),
                code=form.get("code", ""),
                kind=form.get("kind", ""),
            )
        except Invalid as error:
            problems = problems_of(error)
        else:
            messages.success(request, _("The unit %(name)s is added.") % {"name": made.name})
            return redirect("org_units")
    context = {
        "lines": people.unit_tree(actor=request.actor, manage=True),
        "typed": request.POST,
        "problems": problems,
        "root": request.actor.has(Role.ADMINISTRATOR, at=""),
    }
    return render(request, "people/units.html", context, status=422 if problems else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def unit(request: Request, unit_id: UUID) -> HttpResponse:
    """Rename a unit or merge it into another."""
    this = people.unit(actor=request.actor, unit_id=unit_id)
    if not request.actor.has(*MANAGERS, at=this.path):
        raise NotFound("for organisers")
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            said = _change(request, this)
        except (Invalid, Conflict) as error:
            problems = problems_of(error)
        else:
            messages.success(request, said)
            return redirect("org_units")
    lines = people.unit_tree(actor=request.actor, manage=True)
    others = [line for line in lines if not line.unit.path.startswith(this.path)]
    context = {"unit": this, "others": others, "typed": request.POST, "problems": problems}
    return render(request, "people/unit.html", context, status=422 if problems else 200)


def _change(request: Request, this: people.UnitView) -> str:
    form = request.POST
    if form.get("do") == "merge":
        into = parse_id(form.get("into", ""))
        if into is None:
            raise Invalid([Problem("into", "required")])
        target = people.merge_units(actor=request.actor, unit_id=this.id, into_id=into)
        return _("%(name)s is merged into %(into)s.") % {"name": this.name, "into": target.name}
    renamed = people.rename_unit(
        actor=request.actor,
        unit_id=this.id,
        name=form.get("name", ""),
        code=form.get("code", ""),
        kind=form.get("kind", ""),
    )
    return _("The unit is now called %(name)s.") % {"name": renamed.name}


@signed_in
@require_http_methods(["GET", "POST"])
def roles(request: Request) -> HttpResponse:
    """Who holds which role over which unit; give another."""
    if not request.actor.has_anywhere(Role.ADMINISTRATOR):
        raise NotFound("for administrators")
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            _grant(request)
        except (Invalid, Conflict) as error:
            problems = problems_of(error)
        except NotFound:
            problems = {"number": words(Problem("number", "number_unknown"))}
        else:
            messages.success(request, _("The role is given."))
            return redirect("roles")
    context = {
        "held": people.roles(actor=request.actor),
        "names": ROLES,
        "units": people.unit_tree(actor=request.actor),
        "problems": problems,
        "typed": request.POST or request.GET,
        "everywhere": request.actor.has(Role.ADMINISTRATOR, at=""),
    }
    return render(request, "people/roles.html", context, status=422 if problems else 200)


def _grant(request: Request) -> None:
    form = request.POST
    unit_id = parse_id(form.get("unit", ""))
    if unit_id is None and form.get("unit") != "all":
        raise Invalid([Problem("unit", "required")])
    person = people.person_by_number(actor=request.actor, number=form.get("number", ""))
    people.grant_role(actor=request.actor, person_id=person.id, role=form.get("role", ""), unit_id=unit_id)


@signed_in
@require_POST
def revoke(request: Request, grant_id: UUID) -> HttpResponse:
    people.revoke_role(actor=request.actor, grant_id=grant_id)
    messages.success(request, _("The role is taken away."))
    return redirect("roles")


urlpatterns = [
    path("units/", units, name="org_units"),
    path("units/<uuid:unit_id>/", unit, name="org_unit"),
    path("roles/", roles, name="roles"),
    path("roles/<uuid:grant_id>/revoke/", revoke, name="revoke_role"),
]
