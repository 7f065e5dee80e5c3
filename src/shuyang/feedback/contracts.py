"""What a person and a unit are told. Scores are on the release's reporting scale (0–1000), intervals are 95 %."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class AgainstTarget(StrEnum):
    """What can honestly be said about a target."""

    REACHED = "reached"  # at least 80 % probable
    OPEN = "open"  # can't be told yet
    BELOW = "below"  # at most 20 % probable
    NONE = "none"  # no target: the post is not recorded


class LayerFinding(StrEnum):
    """How items of a shortfall layer went, against what the person's own forces let expect."""

    WEAKER = "weaker"
    AS_EXPECTED = "as_expected"
    STRONGER = "stronger"
    THIN = "thin"  # too few items to say


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A score with its uncertainty, on the reporting scale."""

    score: float
    low: float
    high: float
    se: float


@dataclass(frozen=True, slots=True)
class ForceResult:
    """One of the five forces. `level` is the most probable one (1–5); `precise`: the precision target was met."""

    force: str
    score: ScoreView
    precise: bool
    level: int
    level_probability: float
    level_probabilities: tuple[float, ...]
    items: int
    target: float | None
    target_probability: float | None
    against_target: AgainstTarget


@dataclass(frozen=True, slots=True)
class FacetResult:
    """One of the twelve facets; `score` and `level` only where its own items are precise enough."""

    facet: str
    force: str
    items: int
    score: ScoreView | None
    level: int | None
    required_level: int | None


@dataclass(frozen=True, slots=True)
class ModeResult:
    """One of the three modes: a weighted view over its facets' forces."""

    mode: str
    score: ScoreView


@dataclass(frozen=True, slots=True)
class LayerResult:
    """One of the four shortfall layers: credit earned and expected, as shares of the highest possible."""

    layer: str
    items: int
    earned: float
    expected: float
    finding: LayerFinding


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where to begin: a facet, the level to work towards, and why it comes first."""

    facet: str
    force: str
    towards_level: int
    reason: str  # gap | next_level
    gap: float


@dataclass(frozen=True, slots=True)
class PersonReport:
    """The result of one sitting for its person."""

    estimate_id: UUID
    at: datetime
    purpose: str
    unit_name: str
    rank_layer: str
    job_category: str
    answered: int
    minutes: int
    stop_reason: str
    forces: tuple[ForceResult, ...]
    facets: tuple[FacetResult, ...]
    modes: tuple[ModeResult, ...]
    layers: tuple[LayerResult, ...]
    strengths: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]
    provisional: bool
    synthetic: bool
    expert_priors: bool
    release_hash: str

    @property
    def thin(self) -> tuple[str, ...]:
        """Forces about which the evidence says too little."""
        return tuple(f.force for f in self.forces if not f.precise)


class ChangeFinding(StrEnum):
    """What can honestly be said about a change between two results."""

    UP = "up"  # the whole 95 % interval lies above zero
    DOWN = "down"  # the whole interval lies below zero
    NOT_YET = "not_yet"  # the interval holds zero: no reliable change


@dataclass(frozen=True, slots=True)
class ForceChange:
    """Later minus earlier score of a force in points of the reporting scale, with its interval."""

    force: str
    change: ScoreView
    finding: ChangeFinding


@dataclass(frozen=True, slots=True)
class Growth:
    """One result against an earlier one of the same person. `forces` is empty where the two are not on one scale."""

    estimate_id: UUID
    earlier_id: UUID
    earlier_at: datetime
    unit_name: str
    rank_layer: str
    job_category: str
    same_post: bool
    forces: tuple[ForceChange, ...]

    @property
    def comparable(self) -> bool:
        return bool(self.forces)


class SelfFinding(StrEnum):
    """A self-rating beside the measurement."""

    OVER = "over"  # at least 80 % probable that the measured level is lower
    UNDER = "under"  # at least 80 % probable that it is higher
    AGREES = "agrees"  # neither: within what the measurement can tell


@dataclass(frozen=True, slots=True)
class SelfView:
    """Own rating of a force (mean level over its `facets` rated) and the probability that the measured level differs."""

    force: str
    rated: float
    facets: int
    rated_at: datetime
    lower: float
    higher: float
    level: int
    finding: SelfFinding


@dataclass(frozen=True, slots=True)
class ForceSpread:
    """How a group is distributed on a force: five quantiles of the modelled distribution, in scores rounded to ten."""

    force: str
    p10: int
    p25: int
    p50: int
    p75: int
    p90: int


@dataclass(frozen=True, slots=True)
class Others:
    """An anonymous group to be compared with: people in the same kind of post. `forces` is empty below `minimum`."""

    unit_name: str
    rank_layer: str
    job_category: str
    count: int  # results the picture rests on, a multiple of ten; 0 when there are too few
    minimum: int
    synthetic: bool
    forces: tuple[ForceSpread, ...]

    @property
    def shown(self) -> bool:
        return bool(self.forces)


@dataclass(frozen=True, slots=True)
class Working:
    """How a force's score came about, to be followed with a pencil: everything on the logit scale unless said.

    `earned` is the share of the credit that its items could give. `known` is the share of the uncertainty before the
    first answer (its variance) that the answers took away. `cuts` are the four cut scores in points.
    """

    force: str
    items: int
    earned: float
    prior_mean: float
    prior_sd: float
    mean: float
    sd: float
    known: float
    centre: float
    unit: float
    score: ScoreView
    cuts: tuple[float, ...]


class CredentialKind(StrEnum):
    """What a credential attests. The two are never confused: their names and pictures differ."""

    DIAGNOSIS = "diagnosis"  # took a diagnosis, measured precisely; no levels, no certification
    CERTIFICATION = "certification"  # levels reached in a certification, on confirmed cut scores


class CredentialState(StrEnum):
    VALID = "valid"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"  # the result was revised since


class Refusal(StrEnum):
    """Why a result gets no credential."""

    NOT_PRECISE = "credential_not_precise"
    PROVISIONAL = "credential_provisional"
    PURPOSE = "credential_purpose"
    REVISED = "credential_revised"
    NO_LEVEL = "credential_no_level"


@dataclass(frozen=True, slots=True)
class CertifiedForce:
    """A force as attested: score with interval; in a certification the highest level that is at least 80 % probable."""

    force: str
    score: int
    low: int
    high: int
    level: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything a certificate, its badge and its public page say. `address` is that page."""

    code: str
    kind: CredentialKind
    name: str
    organisation: str
    unit_name: str
    measured_on: date
    issued_at: datetime
    forces: tuple[CertifiedForce, ...]
    release_hash: str
    receipt_hash: str
    synthetic: bool
    address: str


@dataclass(frozen=True, slots=True)
class CredentialView:
    """A credential with its state now. `reason` is why it was revoked, in the words of who did it."""

    id: UUID
    estimate_id: UUID
    statement: Statement
    state: CredentialState
    revoked_at: datetime | None
    reason: str
