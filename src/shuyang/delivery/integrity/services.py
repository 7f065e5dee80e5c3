"""Choose a campaign's signals, look for them by a job, decide on flags, object; bind a sitting to one device."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from shuyang.delivery.contracts import HIGH_STAKES, SittingState
from shuyang.delivery.integrity import computing
from shuyang.delivery.integrity.contracts import FlagState, Signal
from shuyang.delivery.integrity.rules import DEFAULT, MOST_FOCUS_LOSSES, FlagDecided, SameDecider
from shuyang.delivery.models import Campaign, IntegrityFlag, IntegrityPlan, Response, Sitting
from shuyang.delivery.neutralising.services import item_named
from shuyang.delivery.policies import ManageCampaign, ReviewIntegrity, SeeOwnFlag
from shuyang.delivery.recruitment.rules import checked_words
from shuyang.delivery.services.sittings import own_sitting
from shuyang.itembank.api import release
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Invalid, NotFound, Problem
from shuyang.kit.api import Progress, enqueue, job
from shuyang.trust.api import Actor, record


def set_plan(*, actor: Actor, campaign_id: UUID, signals: Sequence[Signal], leaked: Sequence[str]) -> None:
    """Choose the signals and name leaked items by their keys. Focus is counted from sittings begun after it is chosen.

    Raises `NotFound`; `Invalid` for an item the release does not hold.
    """
    campaign = managed(actor, campaign_id)
    found = release(hash=campaign.release_hash)
    problems: list[Problem] = []
    indices: set[int] = set()
    for key in (k for k in leaked if k.strip()):
        try:
            indices.add(item_named(found, key)[0])
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        values = {"signals": [s for s in Signal if s in signals], "leaked": sorted(indices)}
        IntegrityPlan.objects.update_or_create(campaign=campaign, defaults=values)
        _recorded(campaign, actor, "integrity.plan", signals=values["signals"], leaked=len(indices))


def managed(actor: Actor, campaign_id: UUID) -> Campaign:
    row = Campaign.objects.filter(ManageCampaign().visible_to(actor), id=campaign_id).first()
    if row is None:
        raise NotFound("no such campaign")
    return row


def plan_of(campaign: Campaign) -> tuple[list[str], list[int]]:
    """Signals and leaked items of a campaign: as chosen; else the default where stakes are high, and none elsewhere."""
    row = IntegrityPlan.objects.filter(campaign=campaign).first()
    if row is not None:
        return list(row.signals), list(row.leaked)
    return (list(DEFAULT) if campaign.purpose in HIGH_STAKES else []), []


def start_scan(*, actor: Actor, campaign_id: UUID) -> UUID:
    """Queue the search for signals in finished sittings. Returns the job. Raises `NotFound`."""
    campaign = managed(actor, campaign_id)
    with transaction.atomic():
        _recorded(campaign, actor, "integrity.scan")
        return enqueue(
            name="delivery.integrity", arguments={"campaign_id": str(campaign.id)}, owner_id=actor.account_id
        )


@job("delivery.integrity", attempts=2)
def scan(progress: Progress, *, campaign_id: str) -> dict[str, Any]:
    """Compute the chosen signals; what is worth a look goes to the queue once. Safe to repeat."""
    campaign = Campaign.objects.get(id=campaign_id)
    signals, leaked = plan_of(campaign)
    rows = list(Sitting.objects.filter(campaign=campaign, state=SittingState.FINISHED).order_by("id"))
    logs = [(row, _log(row)) for row in rows] if Signal.SIMILARITY in signals else []
    raised = 0
    for number, row in enumerate(rows):
        log = logs[number][1] if logs else _log(row)
        raised += sum(_raise(row, signal, seen) for signal, seen in _signals(row, log, signals, set(leaked)))
        progress.step(number + 1, len(rows))
    for first, second, seen in computing.alike(logs) if logs else []:
        raised += _raise(first, Signal.SIMILARITY, seen, second) + _raise(second, Signal.SIMILARITY, seen, first)
    return {"sittings": len(rows), "flags": raised}


def _log(row: Sitting) -> list[Response]:
    """The answers that count."""
    return [r for r in Response.objects.filter(sitting=row).order_by("position") if r.item_index not in row.neutralised]


def _signals(
    row: Sitting, log: list[Response], signals: Sequence[str], leaked: set[int]
) -> list[tuple[Signal, dict[str, Any]]]:
    found = {
        Signal.RAPID: lambda: computing.rapid(row, log),
        Signal.FIT: lambda: computing.fit(row, log),
        Signal.KNOWLEDGE: lambda: computing.knowledge(row, log, leaked),
        Signal.FOCUS: lambda: {"losses": row.focus_losses} if row.focus_losses > MOST_FOCUS_LOSSES else None,
    }
    seen = [(signal, compute()) for signal, compute in found.items() if signal in signals]
    return [(signal, evidence) for signal, evidence in seen if evidence is not None]


def _raise(row: Sitting, signal: Signal, evidence: dict[str, Any], other: Sitting | None = None) -> int:
    _, new = IntegrityFlag.objects.get_or_create(
        sitting=row, other=other, signal=signal,
        defaults={"campaign_id": row.campaign_id, "unit_path": row.campaign.unit_path, "person_id": row.person_id,
                  "evidence": evidence, "at": now()},
    )  # fmt: skip
    return int(new)


# --- a person decides, and the person concerned may object -----------------------------------------------------------


def decide_flag(*, actor: Actor, flag_id: UUID, noted: bool, words: str) -> None:
    """Decide in words whether a flag means anything; nothing follows by itself. After an objection someone else decides.

    Raises `NotFound`, `Invalid`, `FlagDecided`, `SameDecider`.
    """
    said = checked_words("words", words)
    with transaction.atomic():
        row = IntegrityFlag.objects.select_for_update().filter(ReviewIntegrity().visible_to(actor), id=flag_id).first()
        if row is None:
            raise NotFound("no such flag")
        if row.state not in (FlagState.OPEN, FlagState.OBJECTED):
            raise FlagDecided("it was decided")
        if row.state == FlagState.OBJECTED:
            if actor.account_id == row.decided_by:
                raise SameDecider("someone else decides now")
            row.first_words, row.first_by = row.words, row.decided_by
            row.state = FlagState.FINAL if noted else FlagState.DISMISSED
        else:
            row.state = FlagState.NOTED if noted else FlagState.DISMISSED
        row.words, row.decided_by, row.decided_at = said, actor.account_id, now()
        row.save()
        _recorded(row.campaign, actor, f"integrity.{row.state}", subject=row.person_id, signal=row.signal)


def object_to_flag(*, actor: Actor, flag_id: UUID, words: str) -> None:
    """The person objects, once, to what was noted about him. Raises `NotFound`, `Invalid`, `FlagDecided`."""
    said = checked_words("words", words)
    with transaction.atomic():
        row = IntegrityFlag.objects.select_for_update().filter(SeeOwnFlag().visible_to(actor), id=flag_id).first()
        if row is None:
            raise NotFound("no such flag")
        if row.state != FlagState.NOTED:
            raise FlagDecided("there is nothing to object to")
        row.state, row.objection, row.objected_at = FlagState.OBJECTED, said, now()
        row.save(update_fields=["state", "objection", "objected_at"])
        _recorded(row.campaign, actor, "integrity.objected", subject=row.person_id, signal=row.signal)


def _recorded(campaign: Campaign, actor: Actor, action: str, *, subject: UUID | None = None, **details: object) -> None:
    record(
        actor=actor, action=action, object_kind="campaign", object_id=campaign.id, unit_path=campaign.unit_path,
        subject=subject, details=details,
    )  # fmt: skip


# --- one device, and leaving the page --------------------------------------------------------------------------------


def claim_device(*, actor: Actor, sitting_id: UUID, device: str, take_over: bool = False) -> bool:
    """May this sign-in take the sitting? Only where stakes are high is a sitting bound to one; the first one binds it.

    `take_over`: the person has confirmed that he goes on here; the other device is refused from then on and told.
    Raises `NotFound`.
    """
    row = own_sitting(actor, sitting_id)
    if row.state != SittingState.RUNNING or row.post["purpose"] not in HIGH_STAKES or row.device == device:
        return True
    if row.device and not take_over:
        return False
    with transaction.atomic():
        Sitting.objects.filter(id=row.id, device=row.device).update(device=device)
        record(
            actor=actor, action="sitting.device", object_kind="sitting", object_id=row.id, unit_path=row.unit_path,
            subject=row.person_id, details={"taken_over": bool(row.device)},
        )  # fmt: skip
    return True


def lost_focus(*, actor: Actor, sitting_id: UUID) -> None:
    """Count that the page was left, where the campaign announced it; elsewhere nothing is kept. Raises `NotFound`."""
    row = own_sitting(actor, sitting_id)
    if row.watch_focus and row.state == SittingState.RUNNING and row.focus_losses < 1000:
        Sitting.objects.filter(id=row.id).update(focus_losses=F("focus_losses") + 1)
