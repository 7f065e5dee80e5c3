"""Calls for help: a person asks, a supervisor answers or comes, the person puts the answer away."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from shuyang.delivery.contracts import SittingState
from shuyang.delivery.live.contracts import CallView
from shuyang.delivery.live.rules import CallState, checked_call, checked_reason
from shuyang.delivery.models import HelpCall
from shuyang.delivery.policies import SuperviseSitting
from shuyang.delivery.rules import SittingOver
from shuyang.delivery.services.sittings import own_sitting
from shuyang.kernel.clock import now
from shuyang.kernel.errors import NotFound
from shuyang.trust.api import Actor, record


def call_for_help(*, actor: Actor, sitting_id: UUID, text: str = "") -> CallView:
    """Call a supervisor. A call that waits already stays the one. Raises `NotFound`, `SittingOver`, `Invalid`."""
    said, row = checked_call(text), own_sitting(actor, sitting_id)
    if row.state != SittingState.RUNNING:
        raise SittingOver("the sitting is finished")
    call = HelpCall(
        sitting=row, campaign_id=row.campaign_id, unit_path=row.unit_path, person_id=row.person_id, at=now(),
        position=row.position, text=said,
    )  # fmt: skip
    try:
        with transaction.atomic():
            call.save(force_insert=True)
            _recorded(call, actor, "help.called")
    except IntegrityError:  # a call waits already
        call = HelpCall.objects.get(sitting=row, state=CallState.OPEN)
    return call_view(call)


def reply_to_call(*, actor: Actor, call_id: UUID, text: str) -> None:
    """Answer a call in words; the person sees them on his page. Raises `NotFound`, `Invalid`."""
    said = checked_reason(text)
    with transaction.atomic():
        call = _open_call(actor, call_id)
        call.state, call.reply, call.replied_by, call.replied_at = CallState.ANSWERED, said, actor.account_id, now()
        call.save(update_fields=["state", "reply", "replied_by", "replied_at"])
        _recorded(call, actor, "help.answered")


def close_call(*, actor: Actor, call_id: UUID) -> None:
    """Close a call without words: help was given at the place. Raises `NotFound`."""
    with transaction.atomic():
        call = _open_call(actor, call_id)
        call.state, call.replied_by, call.replied_at = CallState.CLOSED, actor.account_id, now()
        call.save(update_fields=["state", "replied_by", "replied_at"])
        _recorded(call, actor, "help.closed")


def put_away_reply(*, actor: Actor, sitting_id: UUID) -> None:
    """The person has read the answer to his call. Raises `NotFound`."""
    row = own_sitting(actor, sitting_id)
    HelpCall.objects.filter(sitting=row, state=CallState.ANSWERED).update(state=CallState.CLOSED)


def own_call(*, actor: Actor, sitting_id: UUID) -> CallView | None:
    """The person's call that waits, or the answer he has not put away. Raises `NotFound`."""
    row = own_sitting(actor, sitting_id)
    calls = HelpCall.objects.filter(sitting=row).exclude(state=CallState.CLOSED)
    newest = calls.order_by("-at").first()
    return call_view(newest) if newest else None


def call_view(call: HelpCall) -> CallView:
    return CallView(
        id=call.id, sitting_id=call.sitting_id, at=call.at, position=call.position, text=call.text,
        state=CallState(call.state), reply=call.reply, replied_at=call.replied_at,
    )  # fmt: skip


def _open_call(actor: Actor, call_id: UUID) -> HelpCall:
    rows = HelpCall.objects.select_for_update().filter(SuperviseSitting().visible_to(actor), state=CallState.OPEN)
    call = rows.filter(id=call_id).first()
    if call is None:
        raise NotFound("no such open call")
    return call


def _recorded(call: HelpCall, actor: Actor, action: str) -> None:
    record(
        actor=actor, action=action, object_kind="sitting", object_id=call.sitting_id, unit_path=call.unit_path,
        subject=call.person_id,
    )  # fmt: skip
