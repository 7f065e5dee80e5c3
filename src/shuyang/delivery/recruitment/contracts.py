"""What recruitment shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shuyang.delivery.contracts import CampaignView


class AppealState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RuleRisk:
    """What a rule risks, as shares of the candidates, from their posteriors; each with a 95 % interval [value, low, high].

    `passing`: share that passes; `false_positive`: passes and truly lies below somewhere; `false_negative`: the other
    way; `consistency`: two such tests decide alike.
    """

    candidates: int
    passing: tuple[float, float, float]
    accuracy: tuple[float, float, float]
    consistency: tuple[float, float, float]
    false_positive: tuple[float, float, float]
    false_negative: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class RuleView:
    """The rule in force: at least `level` (2 to 5) in each of `forces`, and the risk shown when it was chosen."""

    level: int
    forces: tuple[str, ...]
    risk: RuleRisk
    by: str
    at: datetime
    standard_setting: str


@dataclass(frozen=True, slots=True)
class SignatureView:
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal as its person and its reviewers see it: `candidate` is a number, never a name."""

    id: UUID
    campaign_id: UUID
    campaign_name: str
    candidate: str
    reason: str
    at: datetime
    state: AppealState
    words: str
    by: str
    decided_at: datetime | None
    rescored: bool


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A finished candidate in the list of evidence; `name` stays empty while names are sealed, `passed` before release."""

    sitting_id: UUID
    number: str
    name: str
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What is published: how many, how many passed, the spread of levels; None and empty under five candidates."""

    candidates: int | None
    passed: int | None
    levels: tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True, slots=True)
class RecruitmentView:
    """A recruitment campaign as its keepers see it."""

    campaign: CampaignView
    finished: int
    running: int
    forces: tuple[str, ...]
    rule: RuleView | None
    signatures: tuple[SignatureView, ...]
    released: bool
    aggregate: Aggregate | None
    candidates: tuple[CandidateLine, ...]
    appeals: tuple[AppealView, ...]
    standard_setting: str
