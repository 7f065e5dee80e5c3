"""The schema of an item, as authors write it in content files.

Contents: msgspec structs decoded strictly: an unknown key, a wrong type or a missing field is an error with its path.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

Cell = str | int | float | None


class ItemType(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    ORDER = "order"
    MATCH = "match"
    NUMBER = "number"
    MARK = "mark"
    CHART = "chart"


class Purpose(StrEnum):
    """Secure items are given in sittings only, practice items in learning only: never both."""

    SECURE = "secure"
    PRACTICE = "practice"


class ReviewState(StrEnum):
    """Of an item's content, as its author states it. Only reviewed content enters a release."""

    DRAFT = "draft"
    REVIEWED = "reviewed"


class Layer(StrEnum):
    """The four shortfall layers."""

    COGNITION = "cognition"
    TECHNIQUE = "technique"
    PRACTICE = "practice"
    VALUES = "values"


class Rank(StrEnum):
    LEADER = "leader"
    GENERAL = "general"
    SPECIALIST = "specialist"


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of everything decoded from content files."""


# --- the stimulus: what the person reads before the question ---------------------------------------------------------


class Text(Strict, frozen=True, tag_field="kind", tag="text"):
    body: str
    title: str = ""


class Document(Strict, frozen=True, tag_field="kind", tag="document"):
    """An official document or material; it has a title."""

    title: str
    body: str


class Screen(Strict, frozen=True, tag_field="kind", tag="screen"):
    """Words on a system's screen."""

    body: str
    title: str = ""


class AiAnswer(Strict, frozen=True, tag_field="kind", tag="ai"):
    """An answer made by AI, shown with its label."""

    body: str
    title: str = ""


class Table(Strict, frozen=True, tag_field="kind", tag="table"):
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    unit: str = ""
    note: str = ""


class ChartKind(StrEnum):
    BAR = "bar"
    LINE = "line"
    PIE = "pie"
    SCATTER = "scatter"


class Series(Strict, frozen=True):
    """Values of a series: numbers (None: a gap), or [x, y] pairs for a scatter."""

    data: tuple[float | tuple[float, float] | None, ...]
    name: str = ""


class ChartSpec(Strict, frozen=True):
    """A small part of ECharts: categories `x` (slice names of a pie), series, axis names."""

    type: ChartKind
    series: tuple[Series, ...]
    x: tuple[str | int | float, ...] = ()
    x_name: str = ""
    y_name: str = ""


class Chart(Strict, frozen=True, tag_field="kind", tag="chart"):
    chart: ChartSpec
    title: str = ""
    unit: str = ""
    note: str = ""


Block = Text | Document | Screen | AiAnswer | Table | Chart


# --- the item --------------------------------------------------------------------------------------------------------


class Option(Strict, frozen=True):
    id: str
    text: str
    rationale: str = ""


class NumberKey(Strict, frozen=True):
    value: float
    tolerance: float


class CommonError(Strict, frozen=True):
    """A wrong number that tells what was misunderstood."""

    value: float
    tolerance: float
    rationale: str


class ExpertPrior(Strict, frozen=True):
    """Expert belief: difficulty in logits among officials, slope, chance of a lucky answer, and why."""

    difficulty: float
    slope: float
    guessing: float
    reason: str


class ItemBase(Strict, frozen=True, kw_only=True):
    """What all items say, whatever their type."""

    id: str
    facet: str
    level: int
    level_reason: str
    layer: Layer
    rank_layers: tuple[Rank, ...]
    stem: str
    feedback: str
    expected_seconds: int
    prior: ExpertPrior
    stimulus: tuple[Block, ...] = ()
    rationale: str | dict[str, str] = ""
    citations: tuple[str, ...] = ()
    enemies: tuple[str, ...] = ()
    fixed_order: bool = False
    state: ReviewState = ReviewState.DRAFT

    @property
    def type(self) -> ItemType:
        """The item's type; in files it is the tag `type`."""
        return ItemType(str(self.__struct_config__.tag))

    @property
    def purpose(self) -> Purpose:
        return Purpose.PRACTICE if self.id.startswith("P-") else Purpose.SECURE


class SingleItem(ItemBase, frozen=True, kw_only=True, tag_field="type", tag="single"):
    options: tuple[Option, ...]
    key: str


class MultipleItem(ItemBase, frozen=True, kw_only=True, tag_field="type", tag="multiple"):
    options: tuple[Option, ...]
    key: tuple[str, ...]


class OrderItem(ItemBase, frozen=True, kw_only=True, tag_field="type", tag="order"):
    """`key` lists all options in the one right order."""

    options: tuple[Option, ...]
    key: tuple[str, ...]


class MatchItem(ItemBase, frozen=True, kw_only=True, tag_field="type", tag="match"):
    """`key` maps each left id to a right id; with `reuse` one right may serve several lefts."""

    left: tuple[Option, ...]
    right: tuple[Option, ...]
    key: dict[str, str]
    reuse: bool = False


class NumberItem(ItemBase, frozen=True, kw_only=True, tag_field="type", tag="number"):
    key: NumberKey
    unit: str = ""
    hint_format: str = ""
    common_errors: tuple[CommonError, ...] = ()


class MarkItem(ItemBase, frozen=True, kw_only=True, tag_field="type", tag="mark"):
    """`target` is the index of the table among the stimulus blocks; `key` its wrong cells as (row, column) from 0."""

    target: int
    key: tuple[tuple[int, int], ...]


class ChartItem(ItemBase, frozen=True, kw_only=True, tag_field="type", tag="chart"):
    """`target` is the index of the chart among the stimulus blocks; `key` its right (series, point)s from 0."""

    target: int
    key: tuple[tuple[int, int], ...]


ItemContent = SingleItem | MultipleItem | OrderItem | MatchItem | NumberItem | MarkItem | ChartItem
