"""What is asked of the sandbox and what it answers."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

Value = str | int | float | bool | None


class Failure(StrEnum):
    """Why a query gave no result."""

    REFUSED = "refused"  # not a query that may be run here
    WRONG = "wrong"  # the engine could not run it: `detail` is its message
    TOO_LONG = "too_long"  # wall time
    TOO_MUCH = "too_much"  # memory or processor time: the process was killed
    BUSY = "busy"  # the sandbox could not be reached in time


class Limits(msgspec.Struct, frozen=True):
    """What one query may use: seconds of wall and processor time, MiB of memory, rows and columns handed back."""

    seconds: float = 5.0
    cpu_seconds: int = 4
    memory_mib: int = 256
    rows: int = 1_000
    columns: int = 100
    text: int = 2_000  # characters of one value
    reply_bytes: int = 4_000_000


class NamedQuery(msgspec.Struct, frozen=True):
    """A query kept under a name; later queries read it like a table."""

    name: str
    sql: str


class Request(msgspec.Struct, frozen=True):
    """One query over a database file that is only read, with the named queries it may use."""

    database: str
    sql: str
    named: tuple[NamedQuery, ...] = ()
    limits: Limits = Limits()


class Outcome(msgspec.Struct, frozen=True):
    """The answer: columns with their types and rows, or a failure. `truncated`: there are more rows than the limit."""

    columns: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    rows: tuple[tuple[Value, ...], ...] = ()
    truncated: bool = False
    failure: Failure | None = None
    detail: str = ""
    cpu_ms: int = 0

    @property
    def ok(self) -> bool:
        return self.failure is None


def plain(value: Any, longest: int) -> Value:
    """A value of the engine as JSON can hold it: dates in ISO form, long texts cut, everything else by its text."""
    if value is None or isinstance(value, bool | int | float):
        return value if not isinstance(value, float) or value == value else None
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text if len(text) <= longest else text[:longest] + "…"
