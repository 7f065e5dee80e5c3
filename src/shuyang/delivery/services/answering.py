"""Take an answer: the one place where the log of a sitting grows.

The answer is committed before the reply goes out. What is sent again with the same key is acknowledged again and not
counted again; a second, different answer to the same item is refused, and the first one stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shuyang.delivery import engine
from shuyang.delivery.contracts import Outcome, SittingState
from shuyang.delivery.models import Response, Sitting
from shuyang.delivery.rules import AheadOfItself, AlreadyAnswered, SittingOver, elapsed_ms
from shuyang.delivery.services.finishing import finish
from shuyang.delivery.services.sittings import end_overdue, own_sitting
from shuyang.delivery.views import item_page, payload_of
from shuyang.itembank.api import Grade, grade, normalise
from shuyang.kernel.clock import now
from shuyang.trust.api import Actor, link

_CACHE_FIELDS = (
    "answers",
    "position",
    "current_index",
    "presented_at",
    "active_ms",
    "remaining",
    "chain_hash",
    "state",
    "finished_at",
    "stop_reason",
    "estimate_id",
)


def answer(*, actor: Actor, sitting_id: UUID, position: int, key: UUID, raw: Mapping[str, Any]) -> Outcome:
    """Record the answer to the item at `position` and say what comes next.

    Raises `NotFound`; `Invalid` for a malformed answer (nothing is written); `AlreadyAnswered`, `AheadOfItself`,
    `SittingOver`.
    """
    at = now()
    with transaction.atomic():
        row = own_sitting(actor, sitting_id, lock=True)
        if position < row.position or (position == row.position and row.state != SittingState.RUNNING):
            return _again(row, position, key)
        if row.state != SittingState.RUNNING:
            raise SittingOver("the sitting is finished")
        if position > row.position:
            raise AheadOfItself("this item has not been shown", position=position)
        if at < row.deadline:
            return _take(row, actor, key, raw, at)
    end_overdue(sitting_id)
    raise SittingOver("the sitting's time has passed")


def _again(row: Sitting, position: int, key: UUID) -> Outcome:
    """An answer to an item behind us: the same key is a repetition; another key comes too late."""
    known = Response.objects.filter(sitting=row, position=position).values_list("key", flat=True).first()
    if known is None and row.state == SittingState.RUNNING:
        raise AheadOfItself("there is no such item in this sitting", position=position)
    if known is None:
        raise SittingOver("the sitting is finished")
    if known != key:
        raise AlreadyAnswered("this item has an answer", position=position)
    return Outcome(recorded=False, repeated=True, page=item_page(row))


def _take(row: Sitting, actor: Actor, key: UUID, raw: Mapping[str, Any], at: datetime) -> Outcome:
    item = engine.item_at(row)
    content = engine.content(item.version_id)
    response = normalise(content, raw)
    graded = grade(content, response)
    _append(row, key, item.version_id, response, graded, at)
    _move_on(row, actor, at)
    row.save(update_fields=_CACHE_FIELDS)
    return Outcome(recorded=True, repeated=False, page=item_page(row))


def _append(row: Sitting, key: UUID, version_id: UUID, response: dict[str, Any], graded: Grade, at: datetime) -> None:
    assert row.current_index is not None
    spent = elapsed_ms(row.presented_at, at)
    entry = Response(
        sitting=row,
        position=row.position,
        key=key,
        item_index=row.current_index,
        item_version_id=version_id,
        response=response,
        category=graded.category,
        max_category=graded.max_category,
        omitted=graded.omitted,
        elapsed_ms=spent,
        presented_at=row.presented_at,
        answered_at=at,
        previous_hash=row.chain_hash,
    )
    entry.hash = link(row.chain_hash, payload_of(entry))
    entry.save(force_insert=True)
    row.answers = [*row.answers, [row.current_index, graded.category]]
    row.active_ms += spent
    row.chain_hash = entry.hash


def _move_on(row: Sitting, actor: Actor, at: datetime) -> None:
    following = engine.step(row, engine.pairs(row))
    if following.choice is None:
        finish(row, actor=actor, reason=str(following.stop), save=False)
        return
    row.position += 1
    row.current_index, row.presented_at, row.remaining = following.choice.index, at, following.remaining
