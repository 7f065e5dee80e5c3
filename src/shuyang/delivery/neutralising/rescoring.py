"""Score a finished sitting anew: a new revision in evidence, and a record of what moved."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from shuyang.delivery import engine
from shuyang.delivery.contracts import SittingState
from shuyang.delivery.models import Rescoring, Response, Sitting
from shuyang.delivery.neutralising.rules import Change, change
from shuyang.delivery.neutralising.state import neutralised_in
from shuyang.delivery.services.finishing import write_estimate
from shuyang.evidence.api import EstimateView, estimate, receipt
from shuyang.kernel.clock import now
from shuyang.trust.api import SYSTEM, Actor, record


def rescore(*, actor: Actor, sitting_id: UUID, cause: str, cause_id: UUID, reason: str) -> Change | None:
    """Score a finished sitting by the rulings in force, in a transaction of its own; None where that changes nothing.

    The caller has checked the policy. Doing it twice does it once.
    """
    with transaction.atomic():
        row = Sitting.objects.select_for_update().get(id=sitting_id)
        if row.state != SittingState.FINISHED or row.estimate_id is None:
            return None
        log = list(Response.objects.filter(sitting=row).order_by("position"))
        wanted = neutralised_in(row.campaign_id)
        before = estimate(actor=SYSTEM, estimate_id=row.estimate_id)
        if _stands(row, log, before, wanted):
            return None
        return _write(row, log, wanted, before, actor, cause, cause_id, reason)


def _stands(row: Sitting, log: list[Response], before: EstimateView, wanted: frozenset[int]) -> bool:
    """Was the present score made by these rulings already?"""
    items = engine.release_of(row).items
    now_out = {items[r.item_index].id for r in log if r.item_index in wanted}
    return now_out == set(receipt(actor=SYSTEM, estimate_id=before.id).body.get("neutralised", ()))


def _write(
    row: Sitting, log: list[Response], wanted: frozenset[int], before: EstimateView, actor: Actor, cause: str,
    cause_id: UUID, reason: str,
) -> Change:  # fmt: skip
    row.neutralised = sorted(wanted)
    row.estimate_id = write_estimate(row, log, wanted)
    row.save(update_fields=["estimate_id", "neutralised"])
    after = estimate(actor=SYSTEM, estimate_id=row.estimate_id)
    moved = change(before.estimate, after.estimate, engine.release_of(row).transform)
    Rescoring.objects.create(
        sitting=row, cause=cause, cause_id=cause_id, reason=reason, at=now(), old_estimate=before.id,
        new_estimate=after.id, change=list(moved.points), levels_changed=moved.levels,
    )  # fmt: skip
    record(
        actor=actor, action="sitting.rescored", object_kind="sitting", object_id=row.id, unit_path=row.unit_path,
        subject=row.person_id, details={"cause": cause, "cause_id": str(cause_id), "levels": moved.levels},
    )  # fmt: skip
    return moved
