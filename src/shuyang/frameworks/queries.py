"""Reads. A framework is decoded once per process and hash: it never changes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from shuyang.frameworks.contracts import Citation, CitationStatus, Facet, Framework, TargetProfile
from shuyang.frameworks.models import FrameworkVersion
from shuyang.frameworks.rules import profile_of
from shuyang.kernel.canonical import digest
from shuyang.kernel.errors import NotFound, Tampered


def current() -> Framework:
    """The framework in use. Raises `NotFound` before one was loaded."""
    row = FrameworkVersion.objects.filter(current=True).values_list("hash", flat=True).first()
    if row is None:
        raise NotFound("no framework is loaded")
    return framework(hash=row)


@lru_cache(maxsize=8)
def framework(*, hash: str) -> Framework:
    """The framework with this content address. Raises `NotFound`, or `Tampered` if its body was altered."""
    body = FrameworkVersion.objects.filter(hash=hash).values_list("body", flat=True).first()
    if body is None:
        raise NotFound("no such framework")
    if digest(body.encode()) != hash:
        raise Tampered("the framework's body does not fit its hash")
    return msgspec.structs.replace(msgspec.json.decode(body, type=Framework), hash=hash)


def facet(facet_id: str) -> Facet:
    """A facet of the current framework. Raises `NotFound`."""
    for one in current().facets:
        if one.id == facet_id:
            return one
    raise NotFound(f"no facet {facet_id}")


def profile(*, rank_layer: str, job_category: str) -> TargetProfile:
    """The target profile of a kind of post. Raises `NotFound`."""
    found = profile_of(current().profiles, rank_layer, job_category)
    if found is None:
        raise NotFound(f"no target profile for {rank_layer}/{job_category}")
    return found


def target(*, rank_layer: str, job_category: str) -> Mapping[str, int]:
    """Required level (1–5) per facet id for a kind of post. Raises `NotFound`."""
    return profile(rank_layer=rank_layer, job_category=job_category).levels()


def citations() -> Mapping[str, Citation]:
    """The table of citations of the current framework by id."""
    return {citation.id: citation for citation in current().citations}


def stale_citations() -> tuple[Citation, ...]:
    """Citations no longer in force as cited: what rests on them is to be looked at again."""
    return tuple(one for one in current().citations if one.status is not CitationStatus.IN_FORCE)
