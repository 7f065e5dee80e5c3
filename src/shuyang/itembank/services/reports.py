"""Report an item, and decide about a report."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from shuyang.itembank.contracts import ReportReason, ReportState
from shuyang.itembank.models import ItemReport, ItemVersion
from shuyang.itembank.policies import DecideReports
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from shuyang.trust.api import Actor, record

LONGEST = 1000


def report_item(*, actor: Actor, version_id: UUID, reason: str, text: str = "", sitting_id: UUID | None = None) -> UUID:
    """Record a person's word about an item he met. A second word while the first is open replaces it.

    The caller knows that the person met the item. Raises `Invalid` for an unknown reason or a text over 1000
    characters, `NotFound`, `Forbidden` for an account without a person.
    """
    if actor.person_id is None:
        raise Forbidden("an item is reported by a person")
    _check(reason, text)
    if not ItemVersion.objects.filter(id=version_id).exists():
        raise NotFound("no such item version")
    with transaction.atomic():
        row, _ = ItemReport.objects.update_or_create(
            version_id=version_id,
            person_id=actor.person_id,
            state=ReportState.OPEN.value,
            defaults={"reason": reason, "text": text.strip(), "sitting_id": sitting_id},
        )
        record(
            actor=actor,
            action="item.reported",
            object_kind="item_version",
            object_id=version_id,
            unit_path=actor.unit_path,
            subject=actor.person_id,
            details={"reason": reason},
        )
    return row.id


def _check(reason: str, text: str) -> None:
    problems = []
    if reason not in set(ReportReason):
        problems.append(Problem("reason", "unknown_reason"))
    if len(text) > LONGEST:
        problems.append(Problem("text", "too_long", (("most", str(LONGEST)),)))
    if reason == ReportReason.OTHER and not text.strip():
        problems.append(Problem("text", "required"))
    if problems:
        raise Invalid(problems)


def decide_report(*, actor: Actor, report_id: UUID, uphold: bool, answer: str) -> None:
    """Close a report with a written answer.

    Raises `Conflict` when it is closed already, `Invalid` without an answer, `NotFound`, `Forbidden`.
    """
    DecideReports().demand(actor)
    if not answer.strip() or len(answer) > LONGEST:
        code = "too_long" if answer.strip() else "required"
        raise Invalid([Problem("answer", code, (("most", str(LONGEST)),))])
    with transaction.atomic():
        row = ItemReport.objects.select_for_update().filter(id=report_id).first()
        if row is None:
            raise NotFound("no such report")
        if row.state != ReportState.OPEN:
            raise Conflict("the report is closed")
        row.state = (ReportState.UPHELD if uphold else ReportState.DISMISSED).value
        row.answer, row.decided_by, row.decided_at = answer.strip(), actor.account_id, now()
        row.save(update_fields=["state", "answer", "decided_by", "decided_at"])
        record(actor=actor, action=f"item_report.{row.state}", object_kind="item_report", object_id=row.id)
