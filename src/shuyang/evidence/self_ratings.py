"""Self-ratings: what persons say about themselves, kept beside what was measured and never mixed with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction

from shuyang.evidence.contracts import SelfRating as SelfRatingView
from shuyang.evidence.models import SelfRating
from shuyang.evidence.policies import AggregateSelfRatings, SeeOwnSelfRating
from shuyang.kernel.errors import Invalid, Problem
from shuyang.trust.api import Actor

LEVELS = range(1, 6)


def record_self_ratings(
    *,
    person_id: UUID,
    unit_path: str,
    ratings: Mapping[str, int],
    source: str,
    source_id: UUID,
    at: datetime,
    synthetic: bool,
) -> None:
    """Write one person's ratings of himself, level 1 to 5 by facet, as of one questionnaire (`source`, `source_id`).

    Belongs in the transaction of the act that produced them; the caller has checked the policy and writes the audit
    entry. Raises `Invalid` for a level outside 1 to 5, `IntegrityError` for a second rating from the same source.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("evidence is written in the transaction of the act that produced it")
    wrong = [facet for facet, level in ratings.items() if level not in LEVELS]
    if wrong:
        raise Invalid([Problem(facet, "level_out_of_range") for facet in wrong])
    shared = {"person_id": person_id, "unit_path": unit_path, "source": source, "source_id": source_id}
    SelfRating.objects.bulk_create(
        [SelfRating(facet=facet, level=level, at=at, synthetic=synthetic, **shared) for facet, level in ratings.items()]
    )


def self_ratings_of(*, actor: Actor, person_id: UUID) -> list[SelfRatingView]:
    """All self-ratings of a person that the actor may see (his own), newest first, then by facet."""
    rows = SelfRating.objects.filter(SeeOwnSelfRating().visible_to(actor), person_id=person_id)
    return [_view(row) for row in rows.order_by("-at", "facet")]


def self_ratings_in(*, actor: Actor, unit_path: str, since: datetime | None = None) -> Iterator[SelfRatingView]:
    """Self-ratings in a unit and all below it, for sums: each person's newest per facet, person by person, then by facet.

    They come as they are read: a large organisation never lies in memory as a whole. Show sums of five or more.
    """
    rows = SelfRating.objects.filter(AggregateSelfRatings().visible_to(actor), unit_path__startswith=unit_path)
    if since is not None:
        rows = rows.filter(at__gte=since)
    ordered = rows.order_by("person_id", "at", "id").iterator(chunk_size=5000)
    for _person, own in groupby(ordered, key=lambda row: row.person_id):
        newest = {row.facet: row for row in own}
        yield from (_view(newest[facet]) for facet in sorted(newest))


def _view(r: SelfRating) -> SelfRatingView:
    return SelfRatingView(r.person_id, r.unit_path, r.facet, r.level, r.at, r.source, r.source_id, r.synthetic)
