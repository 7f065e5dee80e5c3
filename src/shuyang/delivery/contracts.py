"""What a campaign and a sitting look like from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

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
    """A campaign. It invites everyone of its unit and all units below who is in post when he begins."""

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


@dataclass(frozen=True, slots=True)
class CampaignProgress:
    """How far a campaign is."""

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


@dataclass(frozen=True, slots=True)
class ItemPage:
    """The item at hand with all a page needs, or none when the sitting is over."""

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
    """A campaign open to a person, and his sitting in it, if begun."""

    campaign: CampaignView
    sitting: SittingView | None
