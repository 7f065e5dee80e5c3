"""What is known about a person: single observations, and estimates with their whole uncertainty."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

Vector = tuple[float, ...]
Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class NewObservation:
    """One item answered: `category` of 0…`max_category`; `conditions` are facts about how it was given (plain JSON)."""

    position: int
    item_version_id: UUID
    category: int
    max_category: int
    omitted: bool
    elapsed_ms: int
    at: datetime
    conditions: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PostOfDay:
    """Where the person stood on the day: results keep it, whatever changes later. Empty strings: not recorded."""

    unit_id: UUID
    unit_path: str
    unit_name: str
    rank_layer: str
    job_category: str
    title: str


@dataclass(frozen=True, slots=True)
class NewEstimate:
    """A posterior over the five forces, in logits: `mean` [5], `covariance` [5][5].

    `counts` is the number of scored items per facet; `level_probabilities` [5][5] the probability of each level per
    force; `reached` says which forces met their precision target; `report` holds what the release adds (scaled scores).
    """

    person_id: UUID
    post: PostOfDay
    campaign_id: UUID
    purpose: str
    release_hash: str
    mean: Vector
    covariance: Matrix
    level_probabilities: Matrix
    reached: tuple[bool, ...]
    counts: dict[str, int]
    stop_reason: str
    answered: int
    seconds: int
    provisional: bool
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Seal:
    """From when an estimate may be read: by its person, and in the sums of units. None: not before it is released."""

    person_from: datetime | None
    unit_from: datetime | None


@dataclass(frozen=True, slots=True)
class EstimateView:
    """An estimate as stored."""

    id: UUID
    source: str
    source_id: UUID
    revision: int
    at: datetime
    estimate: NewEstimate


@dataclass(frozen=True, slots=True)
class Counted:
    """That a person has an estimate, without what it says: enough to decide which sums may be shown."""

    person_id: UUID
    unit_path: str
    release_hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ObservationView:
    """An observation as stored."""

    source: str
    source_id: UUID
    person_id: UUID
    release_hash: str
    synthetic: bool
    observation: NewObservation


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What a person can keep: the signed statement of how his result came about, with opaque item ids."""

    estimate_id: UUID
    body: dict[str, Any]
    hash: str
    signature: str


@dataclass(frozen=True, slots=True)
class SelfRating:
    """How a person rated himself on one facet: `level` from 1 to 5, the levels of the framework."""

    person_id: UUID
    unit_path: str
    facet: str
    level: int
    at: datetime
    source: str
    source_id: UUID
    synthetic: bool
