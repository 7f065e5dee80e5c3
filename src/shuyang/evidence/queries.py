"""Reads of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shuyang.evidence.contracts import (
    Counted,
    EstimateView,
    NewEstimate,
    NewObservation,
    ObservationView,
    PostOfDay,
    ReceiptView,
)
from shuyang.evidence.models import Estimate, Observation, Receipt
from shuyang.evidence.policies import AggregateEstimates, SeeOwnEstimate
from shuyang.kernel.errors import NotFound
from shuyang.trust.api import Actor


def estimate(*, actor: Actor, estimate_id: UUID) -> EstimateView:
    """One estimate. Raises `NotFound` where it is not the actor's own."""
    row = Estimate.objects.filter(SeeOwnEstimate().visible_to(actor), id=estimate_id).first()
    if row is None:
        raise NotFound("no such estimate")
    return view_of(row)


def estimate_of(*, actor: Actor, source: str, source_id: UUID) -> EstimateView | None:
    """The latest revision of the estimate of one sitting or run, if there is one that the actor may see."""
    rows = Estimate.objects.filter(SeeOwnEstimate().visible_to(actor), source=source, source_id=source_id, latest=True)
    row = rows.first()
    return view_of(row) if row else None


def estimates_of_person(*, actor: Actor, person_id: UUID) -> list[EstimateView]:
    """All latest estimates of a person, newest first."""
    rows = Estimate.objects.filter(SeeOwnEstimate().visible_to(actor), person_id=person_id, latest=True).order_by("-at")
    return [view_of(row) for row in rows]


def estimates_in(*, actor: Actor, unit_path: str, campaign_id: UUID | None = None) -> list[EstimateView]:
    """Latest estimates of a unit and all below it, for sums. The caller may show sums of them only."""
    return [view_of(row) for row in _for_sums(actor, unit_path, campaign_id)]


def counted_in(*, actor: Actor, unit_path: str, campaign_id: UUID | None = None) -> list[Counted]:
    """Who would be in `estimates_in`, without what the estimates say: some columns instead of the whole evidence."""
    fields = ("person_id", "unit_path", "release_hash", "at")
    return [Counted(*row) for row in _for_sums(actor, unit_path, campaign_id).values_list(*fields)]


def _for_sums(actor: Actor, unit_path: str, campaign_id: UUID | None) -> QuerySet[Estimate]:
    rows = Estimate.objects.filter(AggregateEstimates().visible_to(actor), unit_path__startswith=unit_path, latest=True)
    if campaign_id is not None:
        rows = rows.filter(campaign_id=campaign_id)
    return rows.order_by("person_id", "at")


def observations_of(*, source: str, source_id: UUID) -> list[ObservationView]:
    """The latest revision of the observations of one sitting that count, in order. For rooms that own the source.

    Answers to items found faulty afterwards (condition `neutralised`) stay stored and are left out here.
    """
    rows = list(Observation.objects.filter(source=source, source_id=source_id).order_by("revision", "position"))
    last = max((row.revision for row in rows), default=0)
    return [_observation(row) for row in rows if row.revision == last and not row.conditions.get("neutralised")]


def items_met_since(*, person_id: UUID, since: Any) -> set[UUID]:
    """Item versions a person has answered since a moment: not to be repeated within twelve months."""
    return set(Observation.objects.filter(person_id=person_id, at__gte=since).values_list("item_version_id", flat=True))


def receipt(*, actor: Actor, estimate_id: UUID) -> ReceiptView:
    """The receipt of an estimate of the actor's own. Raises `NotFound`."""
    visible = Estimate.objects.filter(SeeOwnEstimate().visible_to(actor), id=estimate_id)
    row = Receipt.objects.filter(estimate__in=visible).first()
    if row is None:
        raise NotFound("no such receipt")
    return ReceiptView(row.estimate_id, row.body, row.hash, row.signature)


def _observation(row: Observation) -> ObservationView:
    new = NewObservation(
        position=row.position,
        item_version_id=row.item_version_id,
        category=row.category,
        max_category=row.max_category,
        omitted=row.omitted,
        elapsed_ms=row.elapsed_ms,
        at=row.at,
        conditions=row.conditions,
    )
    return ObservationView(row.source, row.source_id, row.person_id, row.release_hash, row.synthetic, new)


def _matrix(rows: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in rows)


def view_of(row: Estimate) -> EstimateView:
    """What others see of a row."""
    body = row.body
    new = NewEstimate(
        person_id=row.person_id,
        post=PostOfDay(row.unit_id, row.unit_path, row.unit_name, row.rank_layer, row.job_category, row.title),
        campaign_id=row.campaign_id,
        purpose=row.purpose,
        release_hash=row.release_hash,
        mean=tuple(body["mean"]),
        covariance=_matrix(body["covariance"]),
        level_probabilities=_matrix(body["level_probabilities"]),
        reached=tuple(body["reached"]),
        counts=dict(body["counts"]),
        stop_reason=body["stop_reason"],
        answered=body["answered"],
        seconds=body["seconds"],
        provisional=body["provisional"],
        synthetic=row.synthetic,
    )
    return EstimateView(row.id, row.source, row.source_id, row.revision, row.at, new)
