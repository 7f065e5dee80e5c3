"""What a chart is: one definition for page and paper, never without its numbers and its words.

A chart is a frozen dataclass that holds what it shows, in the words of the user's language. Everything that it draws stands
in its table as well (tests/web/test_charts.py), so that nobody has to see it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuyang.web.charts.theme import Option

LISTED = 8
"""A summary names each row up to so many; beyond, it says their range."""


@dataclass(frozen=True, slots=True)
class DataTable:
    """The numbers behind a chart. The first column names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class KeySign:
    """A line of a chart's key: `sign` is part of a class name (`sy-key-…`), `words` what it stands for."""

    sign: str
    words: str


@dataclass(frozen=True, slots=True)
class Span:
    """A value with its 95 % interval, in whole units of the chart. None: not published, or not known.

    `found`: the value is more than noise, all comparisons taken together; None where that was not asked.
    """

    name: str
    value: int | None = None
    low: int | None = None
    high: int | None = None
    found: bool | None = None

    @property
    def known(self) -> tuple[int, int, int] | None:
        """(value, low, high) where there is one."""
        if self.value is None or self.low is None or self.high is None:
            return None
        return self.value, self.low, self.high


class Chart(ABC):
    """One chart: `option` draws it, `table` holds its numbers, `summary` says it to those who do not look."""

    __slots__ = ()

    @abstractmethod
    def title(self) -> str:
        """What the chart shows, as a caption."""

    @abstractmethod
    def option(self) -> Option:
        """The ECharts option: plain data, no functions, whole numbers as they stand in the table."""

    @abstractmethod
    def table(self) -> DataTable:
        """Every number that the chart draws."""

    @abstractmethod
    def summary(self) -> str:
        """One to three sentences for a screen reader: what stands where. No more is said than the intervals allow."""

    def key(self) -> tuple[KeySign, ...]:
        """What the signs of the chart mean, where its own labels do not say it."""
        return ()

    def height(self) -> int:
        """Height in rem (16 pixels on paper)."""
        return 22

    @property
    def empty(self) -> bool:
        """Nothing to draw."""
        return not self.table().rows


def listed(parts: Sequence[str]) -> str:
    """Parts of a sentence, one after the other."""
    return _("; ").join(parts)


def sentences(*parts: str) -> str:
    """Sentences in a row; empty ones are left out."""
    gap = "" if (get_language() or "zh").startswith("zh") else " "
    return gap.join(p for p in parts if p)


def interval(low: int, high: int) -> str:
    """An interval in words: "480–560", and "−12 to 34" where a dash could be read as a minus."""
    if low < 0 or high < 0:
        return _("%(low)s to %(high)s") % {"low": signed(low), "high": signed(high)}
    return f"{low}–{high}"


def signed(value: int) -> str:
    """A whole number with its sign, a minus as long as a plus; 0 has none."""
    return f"+{value}" if value > 0 else f"−{-value}" if value < 0 else "0"
