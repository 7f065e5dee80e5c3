"""What paper looks like from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shuyang.itembank.api import Presentation
from shuyang.kernel.errors import Problem


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A form as printed: its number (from 0) and its items in order, options in the order of the print."""

    number: int
    items: tuple[Presentation, ...]

    @property
    def letter(self) -> str:
        """A, B, C…"""
        return chr(65 + self.number)


@dataclass(frozen=True, slots=True)
class SheetView:
    """An answer sheet: its code, the form it belongs to, and whether its answers are in."""

    code: str
    form: int
    used: bool


@dataclass(frozen=True, slots=True)
class PaperState:
    """What can be printed in a campaign, and its sheets; no `forms`: nothing can."""

    forms: tuple[PaperForm, ...]
    sheets: tuple[SheetView, ...]


@dataclass(frozen=True, slots=True)
class PaperCheck:
    """A workbook of answers that was read: rows that can be written, and every problem at its cell."""

    id: UUID
    campaign_id: UUID
    held_on: date
    file_name: str
    good: int
    problems: tuple[Problem, ...]
    state: str
    written: int
