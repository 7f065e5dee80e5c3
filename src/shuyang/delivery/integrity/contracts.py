"""Signals, flags, and what is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shuyang.delivery.contracts import CampaignView


class Signal(StrEnum):
    RAPID = "rapid"  # many answers faster than their items can be read
    FIT = "fit"  # answers that contradict each other
    SIMILARITY = "similarity"  # two people alike beyond what ability explains
    KNOWLEDGE = "knowledge"  # fast and right on items that are known to have leaked
    FOCUS = "focus"  # leaving the page, counted only where it was announced


class FlagState(StrEnum):
    OPEN = "open"
    DISMISSED = "dismissed"
    NOTED = "noted"
    OBJECTED = "objected"  # the person objected: another one decides anew
    FINAL = "final"  # decided after an objection


@dataclass(frozen=True, slots=True)
class PlanView:
    """Which signals a campaign uses; `leaked` are keys of the bank. `may_choose`: the actor may change it and search."""

    campaign: CampaignView
    signals: tuple[Signal, ...]
    leaked: tuple[str, ...]
    may_choose: bool


@dataclass(frozen=True, slots=True)
class FlagView:
    """A flag with its evidence. `person` and `other` are candidates' numbers while names are sealed."""

    id: UUID
    campaign_id: UUID
    campaign_name: str
    sitting_id: UUID
    person: str
    other: str
    signal: Signal
    evidence: dict[str, Any]
    at: datetime
    state: FlagState
    words: str
    by: str
    decided_at: datetime | None
    objection: str
    first_words: str
