"""The frame of a campaign: whom it invites, how often, and what is shown to whom and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from shuyang.kernel.errors import Problem
from shuyang.people.api import JobCategory, PersonView, RankLayer

if TYPE_CHECKING:
    from shuyang.delivery.contracts import CampaignView, Purpose


class AudienceKind(StrEnum):
    UNIT = "unit"  # everyone of the unit and below, also who comes later
    FILTER = "filter"  # those of them who fit rank layer, job category, age
    LIST = "list"  # persons by number


class ShownWhen(StrEnum):
    AT_ONCE = "at_once"  # as soon as the sitting ends
    AFTER_CLOSE = "after_close"  # once the campaign has closed
    ON_RELEASE = "on_release"  # when someone releases the results


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a campaign invites within its unit. `age_from` and `age_to` are full years, both included.

    `numbers` are person numbers as they were typed or pasted, one a line; only lists use them, only filters the rest.
    """

    kind: AudienceKind = AudienceKind.UNIT
    rank_layers: tuple[RankLayer, ...] = ()
    job_categories: tuple[JobCategory, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    numbers: str = ""


@dataclass(frozen=True, slots=True)
class AudiencePreview:
    """Whom an audience would invite now: how many, the first of them, and each line of a list that can't be taken.

    `unknown_age` counts those left out of an age band because no identity number is recorded.
    """

    count: int
    first: tuple[PersonView, ...]
    problems: tuple[Problem, ...] = ()
    unknown_age: int = 0


@dataclass(frozen=True, slots=True)
class Showing:
    """When results may be read, and whether by their persons and in the sums of units."""

    when: ShownWhen = ShownWhen.AT_ONCE
    to_person: bool = True
    to_unit: bool = True


@dataclass(frozen=True, slots=True)
class Frame:
    """What a campaign is beyond its name, unit and time.

    `plan_hash` names a fixed blueprint of the item bank (empty: one of the release). A person may sit `attempts`
    times, with `days_between` days from the end of one to the beginning of the next. `pretest_id` names the campaign
    before training that a campaign after training belongs to. `needs_code`: only with an access code one may begin.
    """

    plan_hash: str = ""
    audience: Audience = field(default_factory=Audience)
    showing: Showing = field(default_factory=Showing)
    attempts: int = 1
    days_between: int = 0
    pretest_id: UUID | None = None
    needs_code: bool = False
    remind: bool = False


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """A campaign as its organiser wishes it, not yet checked. `blueprint` names one of the release; `frame.plan_hash`
    takes its place where it is set."""

    name: str
    purpose: Purpose
    unit_id: UUID
    blueprint: str
    opens_at: datetime | None
    closes_at: datetime | None
    frame: Frame = field(default_factory=Frame)


@dataclass(frozen=True, slots=True)
class CampaignFilter:
    """Which campaigns to list; empty fields do not restrict. `state`: open | later | closed."""

    text: str = ""
    purpose: str = ""
    state: str = ""
    unit_path: str = ""


@dataclass(frozen=True, slots=True)
class Accommodation:
    """What is granted to one person: the time limit is multiplied by `time_factor` (1 to 4), type is larger, `pauses`
    may be taken, and the campaign stays open for him `until`. Empty values grant nothing."""

    time_factor: float = 1.0
    large_type: bool = False
    pauses: int = 0
    until: datetime | None = None

    @property
    def extra_percent(self) -> int:
        """How much more time, in percent."""
        return round(100 * (self.time_factor - 1))

    @property
    def nothing(self) -> bool:
        return self == Accommodation()


@dataclass(frozen=True, slots=True)
class AccommodationView:
    """An accommodation in the organiser's list. The reason stays sealed; `for_all`: it holds in every campaign."""

    id: UUID
    person: PersonView | None
    granted: Accommodation
    for_all: bool
    has_reason: bool


@dataclass(frozen=True, slots=True)
class PersonalCode:
    """An access code of one person in plain text: exists only in this answer, to be handed to the person."""

    person_id: UUID
    number: str
    name: str
    unit_name: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CodeState:
    """Which access codes of a campaign are good: until when the one for the room is, and how many personal ones."""

    room_until: datetime | None
    personal: int


@dataclass(frozen=True, slots=True)
class Entered:
    """Where a code leads. `account_id`: the account it signs in; `sign_in_first`: it does not say who this is."""

    campaign_id: UUID
    account_id: UUID | None
    sign_in_first: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person is to be reminded of: campaigns not finished that end soon."""

    person_id: UUID
    campaigns: tuple[CampaignView, ...]
