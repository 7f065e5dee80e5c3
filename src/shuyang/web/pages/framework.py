"""The competence framework: the lattice as a picture, a facet, target profiles, sources and credits."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from shuyang.frameworks import api as frameworks
from shuyang.itembank.api import cited_in
from shuyang.kernel.clock import today
from shuyang.kernel.errors import NotFound
from shuyang.people.api import post_on
from shuyang.trust.api import Actor
from shuyang.web.access import Request, signed_in


def _lattice(framework: frameworks.Framework) -> list[dict[str, Any]]:
    return [
        {
            "dimension": dimension,
            "cells": [{"force": force, "facets": framework.cell(dimension.id, force.id)} for force in framework.forces],
        }
        for dimension in framework.dimensions
    ]


@signed_in
@require_GET
def lattice(request: Request) -> HttpResponse:
    """Dimensions by forces, every facet in its one place."""
    framework = frameworks.current()
    return render(request, "framework/lattice.html", {"framework": framework, "rows": _lattice(framework)})


@signed_in
@require_GET
def facet(request: Request, facet_id: str) -> HttpResponse:
    """The lattice with one facet opened: its meaning, its levels, other frameworks, the law its items rest on."""
    framework = frameworks.current()
    found = next((one for one in framework.facets if one.id == facet_id), None)
    if found is None:
        raise NotFound(f"no facet {facet_id}")
    citations = {citation.id: citation for citation in framework.citations}
    context = {
        "framework": framework,
        "rows": _lattice(framework),
        "facet": found,
        "force": next(one for one in framework.forces if one.id == found.force),
        "dimension": next(one for one in framework.dimensions if one.id == found.dimension),
        "levels": list(zip(framework.levels, found.descriptors, strict=False)),
        "crosswalks": [(crosswalk, crosswalk.parts_of(found.id)) for crosswalk in framework.crosswalks],
        "citations": [citations[one] for one in cited_in(facet=found.id) if one in citations],
    }
    return render(request, "framework/lattice.html", context)


@signed_in
@require_GET
def profiles(request: Request) -> HttpResponse:
    """What a kind of post asks for, facet by facet, with the reason for each level."""
    framework = frameworks.current()
    rank, job, own = _kind_of_post(request, framework)
    of_rank = {one.job_category: one for one in framework.profiles if one.rank_layer == rank}
    targets = {name: one.levels() for name, one in of_rank.items()}
    required = {row.facet: row for row in of_rank[job].requirements}
    forces = [
        {"force": force, "rows": [(one, required[one.id]) for one in framework.facets_of(force.id)]}
        for force in framework.forces
    ]
    names = {level.level: level.name for level in framework.levels}
    context = {
        "framework": framework,
        "rank": rank,
        "job": job,
        "forces": forces,
        "level_names": names,
        "levels": [level.level for level in framework.levels],
        "own": own == (rank, job),
        "columns": [(one, targets[one.id]) for one in framework.job_categories],
        "rank_name": next(one.name for one in framework.rank_layers if one.id == rank),
    }
    return render(request, "framework/profiles.html", context)


def _kind_of_post(request: Request, framework: frameworks.Framework) -> tuple[str, str, tuple[str, str] | None]:
    """Rank layer and job category asked for; else those of the actor's own post; else the first of each."""
    own = _own_post(request.actor)
    default = own or (framework.rank_layers[0].id, framework.job_categories[0].id)
    rank, job = request.GET.get("rank", default[0]), request.GET.get("job", default[1])
    if rank not in {one.id for one in framework.rank_layers} or job not in {one.id for one in framework.job_categories}:
        raise NotFound("no such kind of post")
    return rank, job, own


def _own_post(actor: Actor) -> tuple[str, str] | None:
    if actor.person_id is None:
        return None
    post = post_on(person_ids=[actor.person_id], day=today()).get(actor.person_id)
    return (post.rank_layer.value, post.job_category.value) if post else None


@require_GET
def credits(request: Request) -> HttpResponse:
    """On what the framework rests and what is this project's own; open to everyone."""
    try:
        framework = frameworks.current()
    except NotFound:
        return render(request, "framework/credits.html", {"citations": [], "crosswalks": []})
    kinds = ("law", "regulation", "rule", "document", "standard")
    citations = sorted(framework.citations, key=lambda one: (kinds.index(one.kind), one.title))
    return render(request, "framework/credits.html", {"citations": citations, "crosswalks": framework.crosswalks})


urlpatterns = [
    path("", lattice, name="framework"),
    path("profiles/", profiles, name="framework_profiles"),
    path("credits/", credits, name="framework_credits"),
    path("<str:facet_id>/", facet, name="framework_facet"),
]
