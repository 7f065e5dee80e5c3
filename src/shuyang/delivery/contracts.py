"""What a campaign and a sitting look like from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shuyang.delivery.campaign_contracts import AudienceKind, Showing
from shuyang.itembank.api import Presentation


class Purpose(StrEnum):
    DIAGNOSIS = "diagnosis"  # 诊断
    PRETEST = "pretest"  # 培训前测
    POSTTEST = "posttest"  # 培训后测
    CERTIFICATION = "certification"  # 认证
    RECRUITMENT = "recruitment"  # 招录


HIGH_STAKES = (Purpose.CERTIFICATION, Purpose.RECRUITMENT)


class CampaignState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class SittingState(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"
    VOID = "void"  # closed without a single answer


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign and its frame (see `Frame`)."""

    id: UUID
    name: str
    purpose: Purpose
    unit_id: UUID
    unit_path: str
    unit_name: str
    blueprint: str
    release_hash: str
    opens_at: datetime
    closes_at: datetime
    state: CampaignState
    synthetic: bool
    plan_hash: str = ""
    audience: AudienceKind = AudienceKind.UNIT
    criteria: Mapping[str, Any] = field(default_factory=dict)
    pretest_id: UUID | None = None
    attempts: int = 1
    days_between: int = 0
    showing: Showing = field(default_factory=Showing)
    released_at: datetime | None = None
    needs_code: bool = False
    remind: bool = False


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """One page of a list of campaigns with their progress; `page` counts from 1."""

    rows: tuple[tuple[CampaignView, CampaignProgress], ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class CampaignProgress:
    """How far a campaign is, in persons."""

    invited: int
    running: int
    finished: int


@dataclass(frozen=True, slots=True)
class SittingView:
    """A sitting as its person sees it. `position` is the number of the item at hand, from 1."""

    id: UUID
    campaign_id: UUID
    campaign_name: str
    purpose: Purpose
    state: SittingState
    position: int
    answered: int
    remaining: int
    active_seconds: int
    max_seconds: int
    max_items: int
    deadline: datetime
    stop_reason: str
    estimate_id: UUID | None
    synthetic: bool
    attempt: int = 1
    large_type: bool = False
    watch_focus: bool = False  # leaving the page is counted, and the person is told so
    paused_by: str = ""  # while the clock stands still: person | supervisor
    pauses_left: int | None = None  # None: as many as the person likes

    @property
    def supervised(self) -> bool:
        """Is someone in charge of the room, whose pause the page has to learn of by itself?"""
        return self.purpose in HIGH_STAKES


@dataclass(frozen=True, slots=True)
class ItemPage:
    """The item at hand with all a page needs, or none when the sitting is over or paused."""

    sitting: SittingView
    item_version_id: UUID | None
    presentation: Presentation | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an answer: `recorded` now, or it had been already (`repeated`); and what comes next."""

    recorded: bool
    repeated: bool
    page: ItemPage


@dataclass(frozen=True, slots=True)
class Invitation:
    """A campaign open to a person, and his latest sitting in it, if begun.

    `again_from`: from when he may sit once more (only if attempts are left and the sitting is over).
    `admitted`: he need not show an access code any more. `closes_at`: for him.
    """

    campaign: CampaignView
    sitting: SittingView | None
    closes_at: datetime
    attempts_left: int = 0
    again_from: datetime | None = None
    admitted: bool = True
