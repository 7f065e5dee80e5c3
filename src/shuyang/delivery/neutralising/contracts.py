"""What is told of rulings on items and of rescored results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shuyang.delivery.neutralising.rules import RulingKind


@dataclass(frozen=True, slots=True)
class RulingOutcome:
    """What a ruling did: sittings scored anew, how many moved (by half a point or more on any force), the mean and the
    largest move in points of the reporting scale, and how many got another most likely level somewhere."""

    rescored: int
    changed: int
    mean_change: float
    largest_change: float
    levels_changed: int
    running: int


@dataclass(frozen=True, slots=True)
class RulingView:
    """A ruling on an item of a campaign. `outcome` is None while the job is under way."""

    id: UUID
    campaign_id: UUID
    item_key: str
    item_version_id: UUID
    kind: RulingKind
    reason: str
    by: str
    at: datetime
    outcome: RulingOutcome | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class ItemInCampaign:
    """An item as met in a campaign: who answered it, and how well it went (None under five answers)."""

    item_key: str
    neutralised: bool
    finished: int
    running: int
    full_credit: float | None


@dataclass(frozen=True, slots=True)
class RescoringView:
    """What the person is told: his result was computed anew, why, and how each force moved (points, by force)."""

    at: datetime
    cause: str
    reason: str
    old_estimate: UUID
    new_estimate: UUID
    change: tuple[tuple[str, float], ...]
    levels_changed: int
