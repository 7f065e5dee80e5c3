"""Pure decisions about clocks, reasons and calls."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from shuyang.kernel.errors import Conflict, Invalid, Problem

# An answer sent before the pause began may arrive a little later: it counts, and the clock stands where the pause began.
IN_FLIGHT = timedelta(seconds=20)
EXTENSION_MINUTES = range(1, 241)
REASON_LENGTH = 300
CALL_LENGTH = 200


class PausedBy(StrEnum):
    PERSON = "person"
    SUPERVISOR = "supervisor"


# How long a pause stops the clock. Beyond it the clock runs again, so that no sitting stands still for ever.
LONGEST_PAUSE = {PausedBy.PERSON: timedelta(minutes=30), PausedBy.SUPERVISOR: timedelta(hours=4)}


class EventKind(StrEnum):
    """Acts upon a sitting that are no answers."""

    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    ENDED = "ended"


class CallState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"  # with words the person has not put away yet
    CLOSED = "closed"


class SittingPaused(Conflict):
    """The clock of the sitting stands still; no answer is taken until it goes on."""

    code = "sitting_paused"


class RoomPaused(Conflict):
    """A supervisor paused the room: nobody begins until it goes on."""

    code = "room_paused"


class NoPauseLeft(Conflict):
    """The person has taken all the pauses he may take."""

    code = "no_pause_left"


class NotYours(Conflict):
    """A supervisor stopped the clock; only a supervisor starts it again."""

    code = "paused_by_supervisor"


def check_going(paused_at: datetime | None, at: datetime) -> None:
    """Raise `SittingPaused` for an answer that can't have been on its way when the pause began."""
    if paused_at is not None and at > paused_at + IN_FLIGHT:
        raise SittingPaused("the sitting is paused")


def on_the_clock(paused_at: datetime | None, at: datetime) -> datetime:
    """The moment as the sitting's clock shows it: a stopped clock does not go on."""
    return at if paused_at is None else min(at, paused_at)


def pauses_left(taken: int, allowed: int | None) -> int | None:
    """How many more pauses the person may take; None: as many as he likes."""
    return None if allowed is None else max(allowed - taken, 0)


def deadline_in_pause(deadline: datetime, by: PausedBy, before: PausedBy | None = None) -> datetime:
    """The deadline while paused: later by the longest the pause may last. `before`: who had paused it already."""
    return deadline + LONGEST_PAUSE[by] - (LONGEST_PAUSE[before] if before else timedelta())


def deadline_after_pause(deadline: datetime, by: PausedBy, paused_at: datetime, at: datetime) -> datetime:
    """The deadline once the clock goes on: moved by the time paused, and no more than a pause may last."""
    return deadline - max(LONGEST_PAUSE[by] - (at - paused_at), timedelta())


def item_clock_after_pause(presented_at: datetime, paused_at: datetime, at: datetime) -> datetime:
    """When the item at hand counts as shown, so that the time paused is not working time."""
    return min(presented_at + (at - paused_at), at)


def checked_reason(reason: str) -> str:
    """The reason, tidied. Raises `Invalid` where it is missing or too long: an act upon a sitting says why."""
    said = " ".join(reason.split())
    if not said:
        raise Invalid([Problem("reason", "reason_needed")])
    if len(said) > REASON_LENGTH:
        raise Invalid([Problem("reason", "too_long", (("most", str(REASON_LENGTH)),))])
    return said


def checked_minutes(minutes: int | None) -> int:
    """Minutes of an extension, 1 to 240. Raises `Invalid`."""
    if minutes is None or minutes not in EXTENSION_MINUTES:
        raise Invalid([Problem("minutes", "minutes_out_of_range", (("most", str(EXTENSION_MINUTES[-1])),))])
    return minutes


def checked_call(text: str) -> str:
    """What the person writes with a call: may be empty. Raises `Invalid` where it is too long."""
    said = " ".join(text.split())
    if len(said) > CALL_LENGTH:
        raise Invalid([Problem("text", "too_long", (("most", str(CALL_LENGTH)),))])
    return said
