"""Pure decisions of delivery."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shuyang.delivery.contracts import HIGH_STAKES, CampaignState, Purpose
from shuyang.kernel.errors import Conflict, Problem

# A pause at an item is not working time: beyond this an item's clock stands still (a closed browser, a phone call).
ITEM_CLOCK_LIMIT_MS = 10 * 60 * 1000
NOTHING_REPEATED_FOR = timedelta(days=365)
NAME_LENGTH = 80


def elapsed_ms(presented_at: datetime, answered_at: datetime) -> int:
    """Milliseconds on the server's clock between showing an item and receiving its answer, within the item's limit."""
    passed = int((answered_at - presented_at).total_seconds() * 1000)
    return min(max(passed, 0), ITEM_CLOCK_LIMIT_MS)


def sitting_seed(sitting_id: UUID) -> int:
    """The seed of everything random in a sitting: a restart or another process makes the same choices."""
    return int.from_bytes(hashlib.sha256(sitting_id.bytes).digest()[:6])


def response_payload(
    *,
    sitting_id: UUID,
    position: int,
    key: UUID,
    item_index: int,
    item_version_id: UUID,
    response: Mapping[str, Any],
    category: int,
    max_category: int,
    omitted: bool,
    elapsed_ms: int,
    presented_at: datetime,
    answered_at: datetime,
) -> dict[str, Any]:
    """What a response's link in the chain of its sitting covers: all that is stored of it."""
    return {
        "sitting": str(sitting_id),
        "position": position,
        "key": str(key),
        "index": item_index,
        "version": str(item_version_id),
        "response": dict(response),
        "category": category,
        "max_category": max_category,
        "omitted": omitted,
        "elapsed_ms": elapsed_ms,
        "presented_at": presented_at.isoformat(),
        "answered_at": answered_at.isoformat(),
    }


def campaign_problems(
    *, name: str, opens_at: datetime | None, closes_at: datetime | None, today: datetime
) -> list[Problem]:
    """Why a campaign can't be: no name, no end, an end before its beginning or in the past."""
    problems = []
    if not name.strip():
        problems.append(Problem("name", "required"))
    elif len(name) > NAME_LENGTH:
        problems.append(Problem("name", "too_long", (("most", str(NAME_LENGTH)),)))
    if opens_at is None:
        problems.append(Problem("opens_at", "required"))
    if closes_at is None:
        problems.append(Problem("closes_at", "required"))
    elif opens_at is not None and closes_at <= opens_at:
        problems.append(Problem("closes_at", "closes_before_it_opens"))
    elif closes_at <= today:
        problems.append(Problem("closes_at", "closes_in_the_past"))
    return problems


def check_stakes(purpose: Purpose, *, provisional_cuts: bool) -> None:
    """Certification and recruitment need cut scores from a standard setting. Raises `Conflict`."""
    if purpose in HIGH_STAKES and provisional_cuts:
        raise ProvisionalCuts("cut scores are provisional")


class ProvisionalCuts(Conflict):
    """The release has no confirmed cut scores."""

    code = "provisional_cuts"


class Sealed(Conflict):
    """The results of this campaign have not been released yet."""

    code = "results_sealed"


class NotOpen(Conflict):
    """The campaign is not open now."""

    code = "campaign_not_open"


class NothingLeft(Conflict):
    """The release has no item left that this person has not met within twelve months."""

    code = "nothing_left"


class AlreadyAnswered(Conflict):
    """Another answer to this item is on record; the first one stands."""

    code = "already_answered"


class OtherAnswer(AlreadyAnswered):
    """What came with a key already acknowledged is another answer than the one on record; the first one stands."""

    code = "other_answer"


class AheadOfItself(Conflict):
    """An answer to an item that has not been shown yet."""

    code = "position_ahead"


class SittingOver(Conflict):
    """The sitting is finished; no more answers."""

    code = "sitting_over"


class TryAgain(Conflict):
    """The sitting was changed by others each time; nothing was written."""

    code = "try_again"


def is_open(state: CampaignState, opens_at: datetime, closes_at: datetime, at: datetime) -> bool:
    return state == CampaignState.OPEN and opens_at <= at < closes_at


def worth_an_entry(count: int) -> bool:
    """The first, tenth, hundredth … of a kind: 1 and then each power of ten."""
    return count > 0 and str(count).strip("0") == "1"
