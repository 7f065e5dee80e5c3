"""Stop and start the clock of a sitting, give it more time, end it: by the person himself or by a supervisor.

Each act takes the lock of the sitting's row, as an answer does: it happens before or after an answer, never amid one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from shuyang.delivery.contracts import SittingState, SittingView
from shuyang.delivery.live.absent import close_door, open_door
from shuyang.delivery.live.rules import (
    EventKind,
    NoPauseLeft,
    NotYours,
    PausedBy,
    checked_minutes,
    checked_reason,
    deadline_after_pause,
    deadline_in_pause,
    item_clock_after_pause,
    pauses_left,
)
from shuyang.delivery.models import Campaign, Sitting, SittingEvent
from shuyang.delivery.policies import EnterRoom, SuperviseSitting
from shuyang.delivery.rules import SittingOver
from shuyang.delivery.services.finishing import finish
from shuyang.delivery.services.sittings import own_sitting
from shuyang.delivery.views import sitting_view
from shuyang.kernel.clock import now
from shuyang.kernel.errors import NotFound
from shuyang.kit.api import Progress, enqueue, job
from shuyang.people.api import actor_of
from shuyang.trust.api import Actor, record

BATCH = 200
_CLOCK_FIELDS = ("paused_at", "paused_by", "pauses", "deadline", "presented_at", "extra_seconds")


# --- the person himself ----------------------------------------------------------------------------------------------


def pause_own(*, actor: Actor, sitting_id: UUID) -> SittingView:
    """Take a pause: the clock stands still for up to half an hour. Asking twice takes one.

    Raises `NotFound`, `SittingOver`, `NoPauseLeft`.
    """
    with transaction.atomic():
        row = _running(own_sitting(actor, sitting_id, lock=True))
        if row.paused_at is None:
            if pauses_left(row.pauses, row.pauses_allowed) == 0:
                raise NoPauseLeft("all pauses are taken")
            row.pauses += 1
            _stop(row, actor, PausedBy.PERSON, "")
    return sitting_view(row)


def resume_own(*, actor: Actor, sitting_id: UUID) -> SittingView:
    """Go on after a pause. Raises `NotFound`, `SittingOver`, and `NotYours` where a supervisor stopped the clock."""
    with transaction.atomic():
        row = _running(own_sitting(actor, sitting_id, lock=True))
        if row.paused_by == PausedBy.SUPERVISOR:
            raise NotYours("a supervisor paused this sitting")
        if row.paused_at is not None:
            _start(row, actor, "")
    return sitting_view(row)


# --- a supervisor, one sitting ---------------------------------------------------------------------------------------


def pause(*, actor: Actor, sitting_id: UUID, reason: str) -> None:
    """Stop the clock of a sitting until a supervisor starts it. Raises `NotFound`, `SittingOver`, `Invalid`."""
    said = checked_reason(reason)
    with transaction.atomic():
        _stop(_supervised(actor, sitting_id), actor, PausedBy.SUPERVISOR, said)


def resume(*, actor: Actor, sitting_id: UUID) -> None:
    """Start the clock again, whoever stopped it. Raises `NotFound`, `SittingOver`."""
    with transaction.atomic():
        _start(_supervised(actor, sitting_id), actor, "")


def extend(*, actor: Actor, sitting_id: UUID, minutes: int | None, reason: str) -> None:
    """Give a sitting more working time and as much later a deadline. Raises `NotFound`, `SittingOver`, `Invalid`."""
    more, said = checked_minutes(minutes), checked_reason(reason)
    with transaction.atomic():
        _extend(_supervised(actor, sitting_id), actor, more, said)


def end(*, actor: Actor, sitting_id: UUID, reason: str) -> None:
    """End a sitting; what was answered counts. Raises `NotFound`, `SittingOver`, `Invalid`."""
    said = checked_reason(reason)
    with transaction.atomic():
        _end(_supervised(actor, sitting_id), actor, said)


# --- a supervisor, the whole room ------------------------------------------------------------------------------------


def pause_all(*, actor: Actor, campaign_id: UUID, reason: str) -> int:
    """Stop the clocks of all running sittings that the actor supervises, and let nobody begin. Returns how many stopped.

    Raises `NotFound`, `Invalid`.
    """
    said = checked_reason(reason)
    close_door(actor, _room(actor, campaign_id), said)
    return _each(actor, campaign_id, EventKind.PAUSED, lambda row: _stop(row, actor, PausedBy.SUPERVISOR, said, False))


def resume_all(*, actor: Actor, campaign_id: UUID) -> int:
    """Start all clocks again that supervisors stopped, and let people begin; a person's own pause stays.

    Returns how many went on. Raises `NotFound`.
    """

    def act(row: Sitting) -> bool:
        return row.paused_by == PausedBy.SUPERVISOR and _start(row, actor, "", False)

    open_door(actor, _room(actor, campaign_id))
    return _each(actor, campaign_id, EventKind.RESUMED, act)


def extend_all(*, actor: Actor, campaign_id: UUID, minutes: int | None, reason: str) -> int:
    """Give all running sittings more time. Returns how many. Raises `NotFound`, `Invalid`."""
    more, said = checked_minutes(minutes), checked_reason(reason)
    return _each(actor, campaign_id, EventKind.EXTENDED, lambda row: _extend(row, actor, more, said, False))


def end_all(*, actor: Actor, campaign_id: UUID, reason: str) -> UUID:
    """Queue the end of all running sittings that the actor supervises. Returns the job. Raises `NotFound`, `Invalid`."""
    said = checked_reason(reason)
    campaign = _room(actor, campaign_id)
    with transaction.atomic():
        record(
            actor=actor, action="room.ended", object_kind="campaign", object_id=campaign.id,
            unit_path=campaign.unit_path,
        )  # fmt: skip
        arguments = {"campaign_id": str(campaign.id), "account_id": str(actor.account_id), "reason": said}
        return enqueue(name="delivery.end_room", arguments=arguments, owner_id=actor.account_id)


@job("delivery.end_room", attempts=3)
def end_room(progress: Progress, *, campaign_id: str, account_id: str, reason: str) -> dict[str, Any]:
    """End the running sittings of a campaign one by one, each in its own transaction; safe to repeat."""
    actor = actor_of(UUID(account_id))
    running = Sitting.objects.filter(
        SuperviseSitting().visible_to(actor), campaign_id=campaign_id, state=SittingState.RUNNING
    )
    ids = list(running.order_by("id").values_list("id", flat=True))
    for number, sitting_id in enumerate(ids):
        with transaction.atomic():
            row = Sitting.objects.select_for_update().get(id=sitting_id)
            if row.state == SittingState.RUNNING:
                _end(row, actor, reason)
        progress.step(number + 1, len(ids))
    return {"ended": len(ids)}


def _each(actor: Actor, campaign_id: UUID, kind: EventKind, act: Callable[[Sitting], bool]) -> int:
    """Do something to every running sitting of the room, some hundred in a transaction, so that no answer waits long."""
    campaign = _room(actor, campaign_id)
    running = Sitting.objects.filter(
        SuperviseSitting().visible_to(actor), campaign=campaign, state=SittingState.RUNNING
    )
    ids, changed = list(running.order_by("id").values_list("id", flat=True)), 0
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            rows = running.filter(id__in=ids[start : start + BATCH]).defer("answers", "excluded", "post")
            touched = [row for row in rows.select_for_update().order_by("id") if act(row)]
            Sitting.objects.bulk_update(touched, _CLOCK_FIELDS, batch_size=50)
            record(
                actor=actor, action=f"room.{kind}", object_kind="campaign", object_id=campaign.id,
                unit_path=campaign.unit_path, details={"sittings": len(touched)},
            )  # fmt: skip
        changed += len(touched)
    return changed


# --- one row, locked -------------------------------------------------------------------------------------------------


def _room(actor: Actor, campaign_id: UUID) -> Campaign:
    row = Campaign.objects.filter(EnterRoom().visible_to(actor), id=campaign_id).first()
    if row is None:
        raise NotFound("no such room")
    return row


def _supervised(actor: Actor, sitting_id: UUID) -> Sitting:
    rows = Sitting.objects.select_for_update().filter(SuperviseSitting().visible_to(actor), id=sitting_id)
    row = rows.first()
    if row is None:
        raise NotFound("no such sitting")
    return _running(row)


def _running(row: Sitting) -> Sitting:
    """The row, if it still runs. The minutely job or the person's next look finishes one past its deadline."""
    if row.state != SittingState.RUNNING or now() >= row.deadline:
        raise SittingOver("the sitting is finished")
    return row


def _stop(row: Sitting, actor: Actor, by: PausedBy, reason: str, save: bool = True) -> bool:
    """Stop the clock; a supervisor takes over a person's own pause. False: it was stopped like this already."""
    at, before = now(), PausedBy(row.paused_by) if row.paused_by else None
    if before in (by, PausedBy.SUPERVISOR):
        return False
    row.deadline = deadline_in_pause(row.deadline, by, before)
    row.paused_at, row.paused_by = row.paused_at or at, by
    _written(row, actor, EventKind.PAUSED, reason, save=save)
    return True


def _start(row: Sitting, actor: Actor, reason: str, save: bool = True) -> bool:
    at, stopped = now(), row.paused_at
    if stopped is None:
        return False
    row.deadline = deadline_after_pause(row.deadline, PausedBy(row.paused_by), stopped, at)
    row.presented_at = item_clock_after_pause(row.presented_at, stopped, at)
    row.paused_at, row.paused_by = None, ""
    _written(row, actor, EventKind.RESUMED, reason, seconds=_seconds(stopped, at), save=save)
    return True


def _extend(row: Sitting, actor: Actor, minutes: int, reason: str, save: bool = True) -> bool:
    row.deadline += timedelta(minutes=minutes)
    row.extra_seconds += 60 * minutes
    _written(row, actor, EventKind.EXTENDED, reason, seconds=60 * minutes, save=save)
    return True


def _end(row: Sitting, actor: Actor, reason: str) -> None:
    _written(row, actor, EventKind.ENDED, reason, save=False)
    finish(row, actor=actor, reason="ended_by_supervisor")


def _seconds(start: datetime, end_: datetime) -> int:
    return int((end_ - start).total_seconds())


def _written(row: Sitting, actor: Actor, kind: EventKind, reason: str, *, save: bool, seconds: int = 0) -> None:
    """The act in the sitting's own list; and, where it concerns this sitting alone, the row and an audit entry."""
    own = actor.is_person(row.person_id)
    SittingEvent.objects.create(
        sitting=row, campaign_id=row.campaign_id, kind=kind, at=now(), position=row.position, by_person=own,
        account_id=actor.account_id, reason=reason, seconds=seconds, chain_hash=row.chain_hash,
    )  # fmt: skip
    if save:
        row.save(update_fields=_CLOCK_FIELDS)
        record(
            actor=actor, action=f"sitting.{kind}", object_kind="sitting", object_id=row.id, unit_path=row.unit_path,
            subject=row.person_id, details={"own": own, "seconds": seconds, "chain": row.chain_hash},
        )  # fmt: skip
