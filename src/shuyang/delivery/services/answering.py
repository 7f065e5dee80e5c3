"""Take an answer: the one place where the log of a sitting grows.

The answer is committed before the reply goes out. What is sent again with the same key is acknowledged again and not
counted again; a second, different answer to the same item is refused, and the first one stands.

No lock is held while the next item is chosen. The sitting is read, everything is computed, and then the entry of the
log and the sitting's own row are written together on the condition that the sitting still stands where it was read
(`_EXPECTED`). Of several requests at once one wins; the others read again and find the answer there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shuyang.delivery import engine
from shuyang.delivery.contracts import Outcome, SittingState
from shuyang.delivery.integrity.rules import check_device
from shuyang.delivery.live.rules import check_going, on_the_clock
from shuyang.delivery.models import Response, Sitting
from shuyang.delivery.rules import AheadOfItself, AlreadyAnswered, OtherAnswer, SittingOver, TryAgain, elapsed_ms
from shuyang.delivery.services.finishing import finish
from shuyang.delivery.services.refusing import refusals_noted
from shuyang.delivery.services.sittings import end_overdue, own_sitting, sittings
from shuyang.delivery.views import item_page, payload_of
from shuyang.itembank.api import Grade, grade, normalise
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Invalid
from shuyang.trust.api import Actor, link

# What this file writes. Nothing else may write these fields of a running sitting, but for ending it under its
# lock, and for the clock that a pause moves on (`presented_at`).
_MOVING = ("answers", "position", "current_index", "presented_at", "active_ms", "remaining", "chain_hash")
_ENDING = ("state", "finished_at", "stop_reason", "estimate_id")
# Where the sitting must still stand for the write to count.
_EXPECTED = ("id", "state", "position", "current_index", "chain_hash", "presented_at", "paused_by")
_TRIES = 8


def answer(
    *, actor: Actor, sitting_id: UUID, position: int, key: UUID, raw: Mapping[str, Any], device: str = ""
) -> Outcome:
    """Record the answer to the item at `position` and say what comes next.

    Raises `NotFound`; `Invalid` for a malformed answer (nothing is written); `AlreadyAnswered`, `OtherAnswer`,
    `AheadOfItself`, `SittingOver`, `SittingPaused`, `OtherDevice`; `TryAgain` when the sitting kept
    changing under it. What only a hostile or broken client sends is audited (`refusing`).
    """
    with refusals_noted(actor, sitting_id):
        return _answer(actor, sitting_id, position, key, raw, device)


def _answer(actor: Actor, sitting_id: UUID, position: int, key: UUID, raw: Mapping[str, Any], device: str) -> Outcome:
    at = now()
    for _ in range(_TRIES):
        row = own_sitting(actor, sitting_id)
        if position < row.position or (position == row.position and row.state != SittingState.RUNNING):
            return _again(row, position, key, raw)
        if row.state != SittingState.RUNNING:
            raise SittingOver("the sitting is finished")
        if position > row.position:
            raise AheadOfItself("this item has not been shown", position=position)
        check_going(row.paused_at, at)
        check_device(row.device, device)
        if at >= row.deadline:
            end_overdue(sitting_id)
            raise SittingOver("the sitting's time has passed")
        if _take(row, actor, key, raw, at):
            return Outcome(recorded=True, repeated=False, page=item_page(row))
    raise TryAgain("the sitting changes too fast")


def _again(row: Sitting, position: int, key: UUID, raw: Mapping[str, Any]) -> Outcome:
    """An answer to an item behind us: the same with the same key is a repetition; anything else comes too late."""
    known = Response.objects.filter(sitting=row, position=position).only("key", "response", "item_version_id").first()
    if known is None and row.state == SittingState.RUNNING:
        raise AheadOfItself("there is no such item in this sitting", position=position)
    if known is None:
        raise SittingOver("the sitting is finished")
    if known.key != key:
        raise AlreadyAnswered("this item has an answer", position=position)
    if not _same(known, raw):
        raise OtherAnswer("the key belongs to another answer", position=position)
    return Outcome(recorded=False, repeated=True, page=item_page(row))


def _same(known: Response, raw: Mapping[str, Any]) -> bool:
    try:
        return bool(normalise(engine.content(known.item_version_id), raw) == known.response)
    except Invalid:
        return False


def _take(row: Sitting, actor: Actor, key: UUID, raw: Mapping[str, Any], at: datetime) -> bool:
    """Write the answer and move `row` on; False, with nothing written, if another request was faster."""
    item = engine.item_at(row)
    content = engine.content(item.version_id)
    response = normalise(content, raw)
    expected = {name: getattr(row, name) for name in _EXPECTED}
    entry = next_entry(row, key, item.version_id, response, grade(content, response), at)
    row.answers = [*row.answers, [entry.item_index, entry.category]]
    row.active_ms += entry.elapsed_ms
    row.chain_hash = entry.hash
    following = engine.step(row, engine.pairs(row))
    if following.choice is None:
        return _take_last(row, actor, entry, str(following.stop), expected)
    row.position += 1
    row.current_index, row.presented_at, row.remaining = following.choice.index, at, following.remaining
    return sittings.append_if_unchanged(entry, row, _MOVING, expected)


def next_entry(
    row: Sitting, key: UUID, version_id: UUID, response: dict[str, Any], graded: Grade, at: datetime
) -> Response:
    """The next entry of the sitting's log, linked to the one before."""
    assert row.current_index is not None
    entry = Response(
        sitting_id=row.id,
        position=row.position,
        key=key,
        item_index=row.current_index,
        item_version_id=version_id,
        response=response,
        category=graded.category,
        max_category=graded.max_category,
        omitted=graded.omitted,
        elapsed_ms=elapsed_ms(row.presented_at, on_the_clock(row.paused_at, at)),
        presented_at=row.presented_at,
        answered_at=at,
        previous_hash=row.chain_hash,
    )
    entry.hash = link(row.chain_hash, payload_of(entry))
    return entry


def _take_last(row: Sitting, actor: Actor, entry: Response, reason: str, expected: Mapping[str, Any]) -> bool:
    """The answer that ends the sitting: entry, estimate, evidence and receipt in one transaction, under its lock."""
    with transaction.atomic():
        if not Sitting.objects.select_for_update().filter(**expected).exists():
            return False
        entry.save(force_insert=True)
        finish(row, actor=actor, reason=reason, save=False)
        row.save(update_fields=[*_MOVING, *_ENDING])
    return True
