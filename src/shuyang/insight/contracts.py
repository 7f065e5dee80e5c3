"""What the room says to others: sentences whose numbers are bound to data, and briefings made of them.

A sentence is text with marks, as in "{{n1|支付科}}与其他人员相比，{{n2|五力均值低31分}}。" Each mark is bound to a named query
over archived data (`figures`), so that it can be computed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shuyang.insight.source import Interval
from shuyang.insight.text import Mark, split


@dataclass(frozen=True, slots=True)
class Binding:
    """A figure or a name in a text. `mark` names it in its document; `text` is what stands there.

    `query` with `parameters` gives it from what was published under the hash `source`. `value` with `low` and `high` is
    the number itself (None for a name); `note` says its interval in words, empty where it has none (counts and names).
    """

    mark: str
    query: str
    parameters: tuple[tuple[str, str], ...]
    text: str
    source: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def token(self) -> str:
        """The mark as it stands in a text that is edited."""
        return f"{{{{{self.mark}|{self.text}}}}}"


class BriefingState(StrEnum):
    """From a draft to an issue."""

    DRAFT = "draft"  # 拟稿: may be edited
    SUBMITTED = "submitted"  # 送签: waits for a signature, may not be edited
    ISSUED = "issued"  # 签发: never changes
    WITHDRAWN = "withdrawn"  # 撤回: stays in the list with its reason


class StatementKind(StrEnum):
    """What a sentence is for."""

    SITUATION = "situation"  # who was measured, and where the unit stands
    FINDING = "finding"  # a difference that is more than noise
    NOTHING = "nothing"  # nothing stands out, and what could have been seen
    CERTAIN = "certain"
    UNCERTAIN = "uncertain"
    ABSENT = "absent"  # there are no figures: none published, or none that may be shown


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A line of a chart: a difference or a mean with its interval. `found`: it is more than noise."""

    label: str
    value: Interval
    found: bool


@dataclass(frozen=True, slots=True)
class ChartData:
    """What a chart shows. `difference`: values are signed and zero means no difference; else they are scores.

    `title` and `unit` are words; `summary` says the chart for those who don't see it.
    """

    title: str
    unit: str
    rows: tuple[ChartRow, ...]
    difference: bool
    summary: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence (or two) about a unit, worded in one language, with the bindings of its marks and a chart where one helps.

    `key` stays the same for the same comparison from day to day.
    """

    key: str
    kind: StatementKind
    text: str
    bindings: tuple[Binding, ...] = ()
    chart: ChartData | None = None

    @property
    def parts(self) -> tuple[str | Binding, ...]:
        """The text in pieces: words, and what is bound."""
        bound = {b.mark: b for b in self.bindings}
        return tuple(bound[p.name] if isinstance(p, Mark) else p for p in split(self.text))

    @property
    def plain(self) -> str:
        """The text as it is read."""
        return "".join(p if isinstance(p, str) else p.text for p in self.parts)

    @property
    def notes(self) -> tuple[str, ...]:
        """The intervals of its numbers in words, in order."""
        return tuple(p.note for p in self.parts if isinstance(p, Binding) and p.note)
