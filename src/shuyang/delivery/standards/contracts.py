"""What a standard setting shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shuyang.measurement.standards.risk import CutRisk


class Method(StrEnum):
    ANGOFF = "angoff"  # expected share of credit of a person just at the level, item by item
    BOOKMARK = "bookmark"  # first page of the ordered booklet that a person just at the level would miss


@dataclass(frozen=True, slots=True)
class PanelItem:
    """An item before the panel: what a row of its form is. `page` is its place in a bookmark booklet (from 1).

    `step` is the credit that counts as mastered there (1: any credit).
    """

    id: str
    key: str
    force: str
    facet: str
    level: int
    page: int
    step: int
    location: float


@dataclass(frozen=True, slots=True)
class ForceCuts:
    """The four cuts of a force in logits and points, with standard errors over judges."""

    force: str
    cuts: tuple[float, ...]
    se: tuple[float, ...]
    points: tuple[float, ...]
    points_se: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ForceRisk:
    """What the cuts of a force risk, and the share of people each level would get (impact)."""

    force: str
    risks: tuple[CutRisk, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """Risk and impact of the present cuts. `people` None: computed from the release's population model, not from data."""

    people: int | None
    forces: tuple[ForceRisk, ...]


@dataclass(frozen=True, slots=True)
class SettingView:
    """A standard setting with the present round's judges and, from two judges on, its cuts."""

    id: UUID
    name: str
    method: Method
    release_hash: str
    forces: tuple[str, ...]
    items: tuple[PanelItem, ...]
    round: int
    closed_at: datetime | None
    hash: str
    judges: tuple[str, ...]
    cuts: tuple[ForceCuts, ...]
    problem: str
    earlier: tuple[tuple[int, tuple[ForceCuts, ...]], ...]
    adopted: bool
