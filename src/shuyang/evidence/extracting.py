"""Reads for the columnar extract: everything written since a moment, in batches, for the system alone.

What is made from them leaves the product only as sums (`feedback`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from shuyang.evidence.contracts import EstimateView
from shuyang.evidence.models import Estimate, Observation
from shuyang.evidence.queries import view_of
from shuyang.kernel.clock import now

BATCH = 500


def estimates_written(
    *, since: datetime | None = None, batch: int = BATCH
) -> Iterator[list[tuple[datetime, EstimateView]]]:
    """All estimates written since a moment (every revision, sealed or not) with the moment of writing, in batches by id."""
    rows = Estimate.objects.order_by("id")
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    last: UUID | None = None
    while True:
        part = list((rows if last is None else rows.filter(id__gt=last))[:batch])
        if not part:
            return
        last = part[-1].id
        yield [(row.created_at, view_of(row)) for row in part]


def categories_of(*, source_ids: Iterable[UUID]) -> dict[tuple[UUID, int], list[tuple[UUID, int]]]:
    """(item version, category) of each observation of some sittings or runs, by (source id, revision)."""
    found: dict[tuple[UUID, int], list[tuple[UUID, int]]] = {}
    rows = Observation.objects.filter(source_id__in=list(source_ids)).order_by("position")
    for source_id, revision, version, category in rows.values_list(
        "source_id", "revision", "item_version_id", "category"
    ):
        found.setdefault((source_id, revision), []).append((version, category))
    return found


def exposures(*, release_hash: str) -> dict[UUID, int]:
    """How often each item version was answered under a release."""
    rows = Observation.objects.filter(release_hash=release_hash).values_list("item_version_id").annotate(n=Count("id"))
    return dict(rows.order_by())


def sealed_for_units(*, campaign_id: UUID) -> set[UUID]:
    """Estimates of a campaign that may not enter the sums of units now."""
    closed = Q(unit_from=None) | Q(unit_from__gt=now())
    return set(Estimate.objects.filter(closed, campaign_id=campaign_id).values_list("id", flat=True))
