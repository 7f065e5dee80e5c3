"""What the room shows: to its supervisors, and to the person who sits in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shuyang.delivery.contracts import CampaignView, SittingState
from shuyang.delivery.live.rules import CallState, EventKind


@dataclass(frozen=True, slots=True)
class CallView:
    """A call for help. `position`: the item at hand when it was made."""

    id: UUID
    sitting_id: UUID
    at: datetime
    position: int
    text: str
    state: CallState
    reply: str
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seat:
    """One sitting as a supervisor sees it: how far, since when quiet, and what it waits for. No answers, no results.

    `number` and `name` are the person's; with sealed names the candidate's number and an empty name.
    """

    sitting_id: UUID
    number: str
    name: str
    unit_name: str
    state: SittingState
    paused_by: str
    paused_at: datetime | None
    answered: int
    remaining: int
    minutes_used: int
    minutes_allowed: int
    shown_at: datetime
    finished_at: datetime | None
    stop_reason: str
    extra_minutes: int
    call: CallView | None
    synthetic: bool

    @property
    def percent(self) -> int:
        return (
            100 if self.state != SittingState.RUNNING else 100 * self.answered // max(self.answered + self.remaining, 1)
        )


@dataclass(frozen=True, slots=True)
class Absent:
    """Someone invited who has not begun; with sealed names the candidate's number and nothing else."""

    number: str
    name: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class RoomCounts:
    """How many sittings of the room the supervisor sees, by state; `calls` wait for an answer, `absent` are invited and
    have not begun."""

    running: int
    paused: int
    finished: int
    void: int
    calls: int
    absent: int

    @property
    def begun(self) -> int:
        return self.running + self.paused + self.finished + self.void


@dataclass(frozen=True, slots=True)
class Room:
    """A campaign's room: one page of its seats, those who wait for help first, or of those who have not begun.

    `closed`: the supervisor, or one above, paused the room, and nobody of these units begins. `may_rule`: the actor may
    rule on faulty items of the campaign.
    """

    campaign: CampaignView
    counts: RoomCounts
    seats: tuple[Seat, ...]
    show: str
    page: int
    pages: int
    at: datetime
    absent: tuple[Absent, ...] = ()
    closed: bool = False
    may_rule: bool = False


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A campaign whose room the actor may enter."""

    campaign: CampaignView
    running: int
    calls: int


@dataclass(frozen=True, slots=True)
class EventView:
    """An act upon a sitting that is no answer; `by` names who did it, empty where it was the person himself."""

    kind: EventKind
    at: datetime
    position: int
    by: str
    own: bool
    reason: str
    minutes: int


@dataclass(frozen=True, slots=True)
class SeatDetail:
    """One seat with everything that happened to it besides answers."""

    campaign: CampaignView
    seat: Seat
    events: tuple[EventView, ...]
    calls: tuple[CallView, ...]
