"""What a browser may see of an item, how an answer is graded, what the bank lists, and what a release holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shuyang.itembank.content import Block, ItemContent, ItemType, Layer, Purpose, ReviewState
from shuyang.measurement.cat.contracts import Blueprint, CatItem, LevelCuts, Prior, ScaleTransform

# --- what the browser sees, and what comes back ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as shown: its id says nothing of its place in the author's file."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Presentation:
    """An item as a person sees it: no key, no rationale, options in the order of his seed."""

    type: ItemType
    stem: str
    stimulus: tuple[Block, ...]
    options: tuple[Choice, ...] = ()
    left: tuple[Choice, ...] = ()
    right: tuple[Choice, ...] = ()
    reuse: bool = False
    unit: str = ""
    hint_format: str = ""
    target: int | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """The category reached (from 0), the highest one, and whether the person chose not to answer."""

    category: int
    max_category: int
    omitted: bool = False

    @property
    def full(self) -> bool:
        return self.category == self.max_category


# --- the bank --------------------------------------------------------------------------------------------------------


class ReportReason(StrEnum):
    """Why a person reports an item."""

    UNCLEAR = "unclear"  # 表述不清
    WRONG = "wrong"  # 答案可能有误
    NO_ANSWER = "no_answer"  # 没有合适的选项
    DISPLAY = "display"  # 显示有问题
    OUTDATED = "outdated"  # 内容过时
    OTHER = "other"


class ReportState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load changed: item keys."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    retired: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.added or self.changed or self.retired)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A line of the bank's list. `open_reports` counts those nobody has decided yet."""

    id: UUID
    version_id: UUID
    key: str
    number: int
    facet: str
    level: int
    type: ItemType
    purpose: Purpose
    state: ReviewState
    retired: bool
    stem: str
    difficulty: float
    slope: float
    seconds: int
    open_reports: int = 0


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items to list; empty fields do not restrict."""

    facet: str = ""
    level: int | None = None
    type: str = ""
    purpose: str = ""
    state: str = ""
    text: str = ""
    reported: bool = False
    retired: bool = False


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of an item: its number (from 1), content address, and the moment it came."""

    id: UUID
    number: int
    content_hash: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report by a person about an item; the person is not named to those who work on items."""

    id: UUID
    item_key: str
    version_id: UUID
    number: int
    reason: ReportReason
    text: str
    state: ReportState
    answer: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """An item with its content, history and reports."""

    row: ItemRow
    content: ItemContent
    content_hash: str
    versions: tuple[VersionRow, ...]
    reports: tuple[ReportView, ...]
    in_current_release: bool = False


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """How many items of a purpose a facet has at a level, by type."""

    facet: str
    level: int
    counts: Mapping[ItemType, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task of the range as a polytomous item. `content_hash` addresses all that its grade depends on; `categories` says
    what each category from 0 up means."""

    key: str
    facet: str
    level: int
    categories: tuple[str, ...]
    content_hash: str


# --- releases --------------------------------------------------------------------------------------------------------


class ReleaseState(StrEnum):
    CURRENT = "current"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class ReleaseItem:
    """An item of a release. `id` is opaque (a keyed hash for this release alone), as in `cat.id` and `cat.enemies`."""

    id: str
    version_id: UUID
    content_hash: str
    key: str
    facet: str
    force: str
    level: int
    layer: Layer
    type: ItemType
    max_category: int
    cat: CatItem


@dataclass(frozen=True, slots=True)
class Release:
    """Everything a score rests on, immutable, named by the hash of its body.

    `forces` gives the order of the measured dimensions (`cat.dim`). `cuts` holds four ascending cut scores per force in
    logits (between levels 1|2, 2|3, 3|4, 4|5). `provisional_cuts`: no standard setting has confirmed them yet.
    `calibrated`: parameters were estimated from data rather than given by experts.
    """

    hash: str
    published_at: datetime
    framework_hash: str
    citations_hash: str
    forces: tuple[str, ...]
    items: tuple[ReleaseItem, ...]
    prior: Prior
    cuts: Mapping[str, LevelCuts]
    provisional_cuts: bool
    calibrated: bool
    transform: ScaleTransform
    blueprints: Mapping[str, Blueprint]
    algorithm: str
    tolerance: float
    body: Mapping[str, Any] = field(repr=False)
    by_id: Mapping[str, ReleaseItem] = field(repr=False)
    by_version: Mapping[UUID, ReleaseItem] = field(repr=False)

    @property
    def cat_items(self) -> tuple[CatItem, ...]:
        return tuple(item.cat for item in self.items)


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A release in a list, without its items."""

    hash: str
    state: ReleaseState
    published_at: datetime
    items: int
    provisional_cuts: bool
    calibrated: bool
    new: bool = False


@dataclass(frozen=True, slots=True)
class Todo:
    """Something waiting for the actor: a code (the web has its words), how many, and the page."""

    code: str
    count: int
