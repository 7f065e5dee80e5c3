"""Finish a sitting: from its log to an estimate, its observations and its receipt."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from shuyang.delivery import engine
from shuyang.delivery.contracts import SittingState
from shuyang.delivery.models import Response, Sitting
from shuyang.delivery.neutralising.state import neutralised_in
from shuyang.delivery.showing import seal_of
from shuyang.evidence.api import NewEstimate, NewObservation, PostOfDay
from shuyang.evidence.api import record as record_evidence
from shuyang.itembank.api import Release
from shuyang.kernel.clock import now
from shuyang.measurement.cat.contracts import Posterior
from shuyang.measurement.cat.levels import levels
from shuyang.measurement.cat.posterior import posterior
from shuyang.trust.api import Actor, record


def finish(row: Sitting, *, actor: Actor, reason: str, save: bool = True) -> None:
    """End a locked, running sitting in the caller's transaction. Without a single answer it is void: no estimate."""
    row.finished_at, row.stop_reason, row.current_index, row.remaining = now(), reason, None, 0
    row.state = SittingState.FINISHED if row.answers else SittingState.VOID
    if row.answers:
        log = list(Response.objects.filter(sitting=row).order_by("position"))
        row.estimate_id = write_estimate(row, log, neutralised_in(row.campaign_id))
    if save:
        row.save()
    record(
        actor=actor,
        action="sitting.finished",
        object_kind="sitting",
        object_id=row.id,
        unit_path=row.unit_path,
        subject=row.person_id,
        details={"reason": reason, "answered": len(row.answers), "chain": row.chain_hash},
    )


def write_estimate(row: Sitting, log: list[Response], neutralised: frozenset[int]) -> UUID:
    """Score the log itself, not its cache, with the exact posterior; write evidence, as a new revision if there is one.

    Answers to neutralised items stay in the log and in evidence, marked; they count for nothing.
    """
    release = engine.release_of(row)
    counted = [r for r in log if r.item_index not in neutralised]
    pairs = [(r.item_index, r.category) for r in counted]
    belief = posterior(engine.compiled(row.release_hash), pairs, release.prior, accuracy="final")
    new = _new_estimate(row, counted, release, belief)
    observations = [_observation(r, row.mode, r.item_index in neutralised) for r in log]
    return record_evidence(
        source="delivery",
        source_id=row.id,
        estimate=new,
        observations=observations,
        receipt_body=receipt_body(row, log, release, new, neutralised),
        at=row.finished_at,
        seal=seal_of(row.campaign, finished_at=row.finished_at or now()),
    )


def _new_estimate(row: Sitting, log: list[Response], release: Release, belief: Posterior) -> NewEstimate:
    targets = engine.blueprint_of(row).target_se
    post = row.post
    return NewEstimate(
        person_id=row.person_id,
        campaign_id=row.campaign_id,
        purpose=post["purpose"],
        release_hash=row.release_hash,
        post=PostOfDay(
            unit_id=UUID(post["unit_id"]),
            unit_path=row.unit_path,
            unit_name=post["unit_name"],
            rank_layer=post["rank_layer"],
            job_category=post["job_category"],
            title=post["title"],
        ),
        mean=tuple(map(float, belief.mean)),
        covariance=tuple(tuple(map(float, line)) for line in belief.cov),
        level_probabilities=tuple(levels(belief, [release.cuts[force] for force in release.forces])),
        reached=tuple(bool(sd <= target) for sd, target in zip(belief.sd, targets, strict=True)),
        counts=dict(Counter(release.items[r.item_index].facet for r in log)),
        stop_reason=row.stop_reason,
        answered=len(log),
        seconds=row.active_ms // 1000,
        provisional=release.provisional_cuts,
        synthetic=row.synthetic,
    )


def _observation(r: Response, mode: str, neutralised: bool) -> NewObservation:
    return NewObservation(
        position=r.position,
        item_version_id=r.item_version_id,
        category=r.category,
        max_category=r.max_category,
        omitted=r.omitted,
        elapsed_ms=r.elapsed_ms,
        at=r.answered_at,
        conditions={"mode": mode} | ({"neutralised": True} if neutralised else {}),
    )


def receipt_body(
    row: Sitting, log: list[Response], release: Release, new: NewEstimate, neutralised: frozenset[int]
) -> dict[str, Any]:
    """What the person may keep: opaque item ids, categories and the result, but nothing that gives the bank away."""
    return {
        "kind": "shuyang-receipt",
        "sitting": str(row.id),
        "release": row.release_hash,
        "chain": row.chain_hash,
        "finished_at": row.finished_at.isoformat() if row.finished_at else "",
        "forces": list(release.forces),
        "responses": [[release.items[r.item_index].id, r.category, r.max_category] for r in log],
        "neutralised": [release.items[r.item_index].id for r in log if r.item_index in neutralised],
        "mean": list(new.mean),
        "sd": [new.covariance[i][i] ** 0.5 for i in range(len(new.mean))],
        "algorithm": release.algorithm,
        **({"plan": row.plan_hash} if row.plan_hash else {}),
        "provisional": new.provisional,
        "synthetic": new.synthetic,
    }
