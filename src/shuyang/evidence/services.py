"""Writes of evidence, by the rooms that produce it, inside their own transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shuyang.evidence.contracts import NewEstimate, NewObservation, Seal
from shuyang.evidence.models import Estimate, Observation, Receipt
from shuyang.kernel.canonical import canonical_json, content_hash
from shuyang.kernel.clock import now
from shuyang.trust.api import sign


def record(
    *,
    source: str,
    source_id: UUID,
    estimate: NewEstimate,
    observations: Sequence[NewObservation],
    receipt_body: Mapping[str, Any],
    seal: Seal | None = None,
    at: datetime | None = None,
) -> UUID:
    """Write the observations of one sitting or run, its estimate and its signed receipt, as one new revision.

    The caller's service has checked the policy and writes the audit entry; this belongs in its transaction.
    Without a `seal` a rescore keeps the seal of the revision before, and a first one may be read at once.
    `at` is when the person was measured (default: now); a rescore leaves it. Returns the id of the estimate.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("evidence is written in the transaction of the act that produced it")
    before = Estimate.objects.filter(source=source, source_id=source_id).order_by("-revision").first()
    revision = (before.revision if before else 0) + 1
    Estimate.objects.filter(source=source, source_id=source_id, latest=True).update(latest=False)
    row = _estimate_row(source, source_id, revision, estimate, at or now())
    seal = seal or (Seal(before.person_from, before.unit_from) if before else Seal(row.at, row.at))
    row.person_from, row.unit_from = seal.person_from, seal.unit_from
    row.save(force_insert=True)
    Observation.objects.bulk_create(
        [_observation_row(source, source_id, revision, estimate, o) for o in observations], batch_size=200
    )
    body = {**receipt_body, "estimate": str(row.id), "revision": revision}
    Receipt.objects.create(estimate=row, body=body, hash=content_hash(body), signature=sign(canonical_json(body)))
    return row.id


def set_seal(*, campaign_id: UUID, seal: Seal) -> int:
    """Set the seal of all estimates of a campaign; what was measured stays as it is. Returns how many there are.

    The caller's service has checked the policy and writes the audit entry; this belongs in its transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a seal is set in the transaction of the act that opens or closes it")
    rows = Estimate.objects.filter(campaign_id=campaign_id)
    return rows.update(person_from=seal.person_from, unit_from=seal.unit_from)


def _estimate_row(source: str, source_id: UUID, revision: int, new: NewEstimate, at: datetime) -> Estimate:
    body = {
        "mean": list(new.mean),
        "covariance": [list(r) for r in new.covariance],
        "level_probabilities": [list(r) for r in new.level_probabilities],
        "reached": list(new.reached),
        "counts": new.counts,
        "stop_reason": new.stop_reason,
        "answered": new.answered,
        "seconds": new.seconds,
        "provisional": new.provisional,
    }
    post = new.post
    return Estimate(
        source=source,
        source_id=source_id,
        revision=revision,
        at=at,
        person_id=new.person_id,
        unit_id=post.unit_id,
        unit_path=post.unit_path,
        unit_name=post.unit_name,
        rank_layer=post.rank_layer,
        job_category=post.job_category,
        title=post.title,
        campaign_id=new.campaign_id,
        purpose=new.purpose,
        release_hash=new.release_hash,
        body=body,
        synthetic=new.synthetic,
    )


def _observation_row(
    source: str, source_id: UUID, revision: int, estimate: NewEstimate, new: NewObservation
) -> Observation:
    return Observation(
        person_id=estimate.person_id,
        unit_path=estimate.post.unit_path,
        source=source,
        source_id=source_id,
        revision=revision,
        position=new.position,
        item_version_id=new.item_version_id,
        release_hash=estimate.release_hash,
        category=new.category,
        max_category=new.max_category,
        omitted=new.omitted,
        elapsed_ms=new.elapsed_ms,
        at=new.at,
        conditions=new.conditions,
        synthetic=estimate.synthetic,
    )


def record_observations(
    *,
    source: str,
    source_id: UUID,
    person_id: UUID,
    unit_path: str,
    synthetic: bool,
    observations: Sequence[NewObservation],
) -> None:
    """Write observations that belong to no release: their items have not joined a scale yet, so there is no estimate.

    The caller's service has checked the policy and writes the audit entry; this belongs in its transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("evidence is written in the transaction of the act that produced it")
    Observation.objects.bulk_create(
        [
            Observation(
                person_id=person_id,
                unit_path=unit_path,
                source=source,
                source_id=source_id,
                position=new.position,
                item_version_id=new.item_version_id,
                release_hash="",
                category=new.category,
                max_category=new.max_category,
                omitted=new.omitted,
                elapsed_ms=new.elapsed_ms,
                at=new.at,
                conditions=new.conditions,
                synthetic=synthetic,
            )
            for new in observations
        ],
        batch_size=200,
    )
