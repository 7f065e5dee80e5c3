"""What an import shows: fields a column can mean, how a sheet is read, what the check found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shuyang.kernel.errors import Problem


class Field(StrEnum):
    """What a column of a roster can mean."""

    NUMBER = "number"
    NAME = "name"
    UNIT_CODE = "unit_code"
    UNIT = "unit"
    SUBUNIT = "subunit"
    RANK_LAYER = "rank_layer"
    JOB_CATEGORY = "job_category"
    TITLE = "title"
    FROM_DATE = "from_date"
    IDENTITY_NUMBER = "identity_number"
    PHONE = "phone"


class ImportState(StrEnum):
    UPLOADED = "uploaded"  # columns are to be matched
    CHECKING = "checking"
    CHECKED = "checked"  # waits to be accepted
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"  # stopped on the way; what was written stays and can be taken up again
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a sheet is read: which sheet, which row is the header (0-based), which column (0-based) means what."""

    sheet: str
    header_row: int
    columns: Mapping[Field, int]
    create_units: bool = False

    def to_json(self) -> dict[str, Any]:
        columns = {f.value: c for f, c in self.columns.items()}
        return {
            "sheet": self.sheet,
            "header_row": self.header_row,
            "columns": columns,
            "create_units": self.create_units,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reading:
        columns = {Field(f): int(c) for f, c in data["columns"].items()}
        return cls(data["sheet"], int(data["header_row"]), columns, bool(data["create_units"]))


@dataclass(frozen=True, slots=True)
class SheetHead:
    """The first rows of a sheet as text, for matching columns by eye. `rows[0]` is row 1 of the sheet."""

    sheets: tuple[str, ...]
    sheet: str
    rows: tuple[tuple[str, ...], ...]
    width: int


@dataclass(slots=True)
class Row:
    """One row of a roster, read: cleaned values, and what is wrong with its cells."""

    index: int  # 0-based row of the sheet
    cells: tuple[Any, ...]
    number: str = ""
    name: str = ""
    unit_code: str = ""
    unit_parts: tuple[str, ...] = ()
    rank_layer: str = ""
    job_category: str = ""
    title: str = ""
    from_date: date | None = None
    identity_number: str = ""
    identity_index: str = ""  # keyed hash of it
    phone: str = ""
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Counts:
    """How many rows the file has and what became of them (or would)."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    units: int = 0


@dataclass(frozen=True, slots=True)
class RowReport:
    """A row with problems (cell addresses in them): its place as Excel shows it, number and name as read."""

    row: int
    number: str
    name: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import at a moment. `reports`: first rows with problems; `new_units`: first units that would be made."""

    id: UUID
    file_name: str
    unit_id: UUID | None
    unit_name: str
    state: ImportState
    reading: Reading | None
    counts: Counts
    reports: tuple[RowReport, ...]
    new_units: tuple[str, ...]
    has_rejected: bool
    error: str
    job_id: UUID | None
    created_at: datetime
    finished_at: datetime | None
