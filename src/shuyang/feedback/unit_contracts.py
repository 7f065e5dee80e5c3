"""What is told of units and groups. Figures are on the release's reporting scale (0–1000), intervals are 95 %.

All of it is read from a publication: figures of one campaign, computed once and then fixed
(docs/explanation/group-statistics.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shuyang.feedback.contracts import ScoreView

OVERALL = "overall"
"""The measure beside the five forces: their mean."""


class Breakdown(StrEnum):
    """By what a unit is divided."""

    NONE = ""  # not at all: the unit as a whole
    RANK_LAYER = "rank_layer"
    JOB_CATEGORY = "job_category"
    AGE_BAND = "age_band"
    REGION = "region"  # administrative regions below the unit, and what belongs to none of them


class AgeBand(StrEnum):
    """Age on the day of the sitting."""

    TO_35 = "to_35"
    TO_45 = "to_45"
    TO_55 = "to_55"
    OVER_55 = "over_55"
    UNKNOWN = ""  # no identity number on record


@dataclass(frozen=True, slots=True)
class Share:
    """A share of people, 0 to 1, with its interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Change:
    """A mean change of people measured twice: how many, and by how many points."""

    people: int
    points: ScoreView


@dataclass(frozen=True, slots=True)
class MeasureFigures:
    """A group's figures for one measure: a force, a facet, or `OVERALL`.

    `mean` sees the group together with its sisters (small groups are drawn towards them); `own` rests on its own people alone.
    `spread` is the SD between persons. `gap` is the mean distance to the targets of the people's own posts (negative: below).
    `levels` are the shares at levels 1–5. `growth` is the change of the unit's mean since the campaign before, with whoever came
    and went; `stayed` that of the people who were in the unit both times. `self_rating` is by how many levels the `self_people`
    who were asked place themselves above (positive) or below what was measured. None: not published, or not known.
    """

    measure: str
    people: int
    mean: ScoreView
    own: ScoreView
    spread: float | None = None
    gap: ScoreView | None = None
    at_target: Share | None = None
    levels: tuple[Share, ...] = ()
    growth: ScoreView | None = None
    self_rating: ScoreView | None = None
    stayed: Change | None = None
    self_people: int | None = None


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """A published group: a unit, or (with `dimension`) those of its people who belong to one of `groups` there.

    `measures` holds forces and `OVERALL`, `facets` the facets; both are empty where the group is not published.
    `finished` and `in_post` are participation: how many of the unit's people of today have a result in the campaign.
    """

    unit_id: UUID | None
    path: str
    name: str
    dimension: Breakdown = Breakdown.NONE
    groups: tuple[str, ...] = ()
    people: int | None = None
    measures: tuple[MeasureFigures, ...] = ()
    facets: tuple[MeasureFigures, ...] = ()
    finished: int | None = None
    in_post: int | None = None
    merged_into: str = ""

    @property
    def shown(self) -> bool:
        return bool(self.measures)

    def measure(self, name: str) -> MeasureFigures | None:
        """Figures of one measure, where they are published."""
        return next((m for m in (*self.measures, *self.facets) if m.measure == name), None)


@dataclass(frozen=True, slots=True)
class PublicationView:
    """Which figures these are: one campaign's, of one moment, with their hash.

    `held_back`: people with a result who will be counted later, because counting them now would show fewer than five.
    `before`: the campaign that growth is counted from. `bank_error`: standard error of the scale itself, in points, contained
    in the intervals of means and gaps (not in those of differences, where it cancels).
    """

    id: UUID
    campaign_id: UUID
    campaign_name: str
    number: int
    at: datetime
    people: int
    incomplete: int
    held_back: int
    before: UUID | None
    before_name: str
    bank_error: float
    synthetic: bool
    provisional: bool
    final: bool
    hash: str


@dataclass(frozen=True, slots=True)
class PublishedCampaign:
    """A campaign in the list to choose from."""

    campaign_id: UUID
    name: str
    at: datetime
    people: int


@dataclass(frozen=True, slots=True)
class UnitPicture:
    """Everything the page of a unit says. `whole` and `parts` are of the chosen group (`dimension`, `group`), if any.

    `breakdowns` holds the groups of each dimension that is published for the unit. `publication` is None where nothing has
    been published yet for a campaign that reaches the unit.
    """

    publication: PublicationView | None
    whole: GroupFigures
    parts: tuple[GroupFigures, ...]
    breakdowns: tuple[tuple[Breakdown, tuple[GroupFigures, ...]], ...]
    campaigns: tuple[PublishedCampaign, ...]
    dimension: Breakdown
    group: str
    minimum: int

    def breakdown(self, dimension: Breakdown) -> tuple[GroupFigures, ...]:
        """The groups of a dimension; empty where it is not published for this unit."""
        return next((groups for name, groups in self.breakdowns if name is dimension), ())


class FindingKind(StrEnum):
    """What is compared."""

    UNIT = "unit"  # a part of the unit with all its other people
    GROUP = "group"  # a group of a dimension with all other people of the unit
    GROWTH = "growth"  # the unit or a part of it with itself in the campaign before
    GAP = "gap"  # the unit with the targets of its people's posts


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison and what may be said of it. The effect comes first: `effect` is in SDs between persons.

    `difference` is in points: the group less all others (or now less before, or measured less target). `found`: more than
    noise, all comparisons of the unit taken together (`adjusted` is at most the level), and no smaller than
    `SMALLEST_EFFECT`. `power` is the chance that a true difference of 0.3 SD would have been found by a comparison of this
    size among this many; `smallest_detectable` the difference in SDs that is found four times in five.
    """

    kind: FindingKind
    path: str
    name: str
    dimension: Breakdown
    groups: tuple[str, ...]
    measure: str
    people: int
    others: int
    difference: ScoreView
    effect: float
    effect_low: float
    effect_high: float
    p: float
    adjusted: float
    found: bool
    power: float
    smallest_detectable: float


@dataclass(frozen=True, slots=True)
class Findings:
    """All comparisons of a unit, those that are found first, by size of effect. `level`: chance of any where there is none."""

    publication: PublicationView | None
    unit_id: UUID
    path: str
    name: str
    level: float
    compared: int
    findings: tuple[Finding, ...]

    @property
    def found(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.found)
