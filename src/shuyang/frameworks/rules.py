"""Pure rules: the address of a framework, its inner consistency, and whether a citation may be used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from shuyang.frameworks.contracts import LEVELS, Citation, CitationStatus, Facet, Framework, TargetProfile
from shuyang.kernel.canonical import content_hash
from shuyang.kernel.errors import Problem

_LISTS = ("forces", "dimensions", "facets", "layers", "rank_layers", "job_categories", "crosswalks", "citations")
_REFERENCE = re.compile(r"(?P<id>[a-z0-9-]+)(#(?P<article>[1-9]\d*))?")


def builtins(framework: Framework) -> dict[str, Any]:
    """The framework as plain JSON values, without its own hash."""
    body: dict[str, Any] = msgspec.to_builtins(framework)
    body.pop("hash")
    return body


def framework_hash(framework: Framework) -> str:
    """Content address of a framework."""
    return content_hash(builtins(framework))


def citations_hash(framework: Framework) -> str:
    """Content address of its table of citations."""
    return content_hash(msgspec.to_builtins(framework.citations))


def problems_of(framework: Framework) -> list[Problem]:
    """Everything inconsistent: double ids, facets outside the lattice, gaps in descriptors, profiles, crosswalks."""
    found: list[Problem] = []
    for name in _LISTS:
        found += _doubles(name, (row.id for row in getattr(framework, name)))
    for facet in framework.facets:
        found += _facet_problems(framework, facet)
    found += _profile_problems(framework)
    for crosswalk in framework.crosswalks:
        parts = {part.id for part in crosswalk.parts}
        for facet in framework.facets:
            used = crosswalk.map.get(facet.id, ())
            if not used or set(used) - parts:
                found.append(Problem(f"crosswalks/{crosswalk.id}/{facet.id}", "crosswalk_incomplete"))
    return found


def _doubles(name: str, ids: Iterable[str]) -> list[Problem]:
    seen: set[str] = set()
    found = []
    for one in ids:
        if one in seen:
            found.append(Problem(f"{name}/{one}", "double_id"))
        seen.add(one)
    return found


def _facet_problems(framework: Framework, facet: Facet) -> list[Problem]:
    found = []
    if facet.force not in {force.id for force in framework.forces}:
        found.append(Problem(f"facets/{facet.id}", "unknown_force", (("force", facet.force),)))
    if facet.dimension not in {dimension.id for dimension in framework.dimensions}:
        found.append(Problem(f"facets/{facet.id}", "unknown_dimension", (("dimension", facet.dimension),)))
    if facet.descriptors and tuple(row.level for row in facet.descriptors) != LEVELS:
        found.append(Problem(f"descriptors/{facet.id}", "descriptor_levels"))
    return found


def _profile_problems(framework: Framework) -> list[Problem]:
    found = []
    facets = {facet.id for facet in framework.facets}
    wanted = {(rank.id, job.id) for rank in framework.rank_layers for job in framework.job_categories}
    given = [(profile.rank_layer, profile.job_category) for profile in framework.profiles]
    if framework.profiles and (set(given) != wanted or len(given) != len(wanted)):
        found.append(Problem("profiles", "profiles_incomplete"))
    for profile in framework.profiles:
        where = f"profiles/{profile.rank_layer}/{profile.job_category}"
        levels = profile.levels()
        if set(levels) != facets or len(profile.requirements) != len(facets):
            found.append(Problem(where, "profile_facets"))
        if not all(level in LEVELS for level in levels.values()):
            found.append(Problem(where, "profile_level"))
    return found


def profile_of(profiles: Iterable[TargetProfile], rank_layer: str, job_category: str) -> TargetProfile | None:
    for profile in profiles:
        if profile.rank_layer == rank_layer and profile.job_category == job_category:
            return profile
    return None


def citation_problem(reference: str, citations: Mapping[str, Citation]) -> str | None:
    """Why `reference` (`id` or `id#article`) may not be used: a problem code, or None where it may.

    Codes: `citation_malformed`, `citation_unknown`, `citation_repealed`, `citation_amended` (an article of a law whose
    text has changed since), `citation_name_only` (no article may be cited), `citation_no_such_article`.
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return "citation_malformed"
    citation = citations.get(match["id"])
    if citation is None:
        return "citation_unknown"
    if citation.status is CitationStatus.REPEALED:
        return "citation_repealed"
    return _article_problem(citation, int(match["article"])) if match["article"] else None


def _article_problem(citation: Citation, article: int) -> str | None:
    if citation.articles == 0:
        return "citation_name_only"
    if citation.status is CitationStatus.AMENDED:
        return "citation_amended"
    return "citation_no_such_article" if article > citation.articles else None
