"""Time in the city: days, working days, working minutes.

The city's books cover 2024 and 2025 (energy, trips) and 2025 (applications); its today is the last day of 2025. Public
holidays and working weekends are those that the State Council's notices name for 2024 and 2025.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np

from shuyang.practice.city.draws import Flags, Ints

START, TODAY = date(2024, 1, 1), date(2025, 12, 31)
YEAR = date(2025, 1, 1)
DAYS = (TODAY - START).days + 1
YEAR_DAY = (YEAR - START).days
# Beyond today the calendar goes on, for due dates; its holidays there are weekends only.
HORIZON = DAYS + 400

HOLIDAYS = (
    ("2024-01-01", "2024-01-01"), ("2024-02-10", "2024-02-17"), ("2024-04-04", "2024-04-06"),
    ("2024-05-01", "2024-05-05"), ("2024-06-10", "2024-06-10"), ("2024-09-15", "2024-09-17"),
    ("2024-10-01", "2024-10-07"), ("2025-01-01", "2025-01-01"), ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"), ("2025-05-01", "2025-05-05"), ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
)  # fmt: skip
WORKING_WEEKENDS = (
    "2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12",
    "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
)  # fmt: skip

# A working day: 9:00–12:00 and 13:30–17:30.
MORNING, AFTERNOON, MORNING_MINUTES, WORK_MINUTES = 540, 810, 180, 420
DAY_MINUTES = 1440


def day_number(of: date | str) -> int:
    """Days since the start of the books."""
    return ((of if isinstance(of, date) else date.fromisoformat(of)) - START).days


@cache
def weekdays() -> Ints:
    """Weekday by day number (0 = Monday)."""
    return (np.arange(HORIZON) + START.weekday()) % 7


@cache
def working() -> Flags:
    """Is it a working day, by day number."""
    open_ = weekdays() < 5
    for first, last in HOLIDAYS:
        open_[day_number(first) : day_number(last) + 1] = False
    open_[[day_number(day) for day in WORKING_WEEKENDS]] = True
    return open_


@cache
def work_days() -> Ints:
    """Day numbers of the working days, in order."""
    return np.flatnonzero(working())


@cache
def _worked_before() -> Ints:
    """How many working days lie before each day."""
    return np.concatenate([[0], np.cumsum(working())])


def work_minute(day: Ints, minute: Ints) -> Ints:
    """The first working minute at or after this minute of this day, counted from the start of the books."""
    morning = np.clip(minute - MORNING, 0, MORNING_MINUTES)
    within = morning + np.clip(minute - AFTERNOON, 0, WORK_MINUTES - MORNING_MINUTES)
    return _worked_before()[day] * WORK_MINUTES + np.where(working()[day], within, 0)


def clock_minute(work: Ints) -> Ints:
    """Minutes on the clock since the start of the books, of a working minute (beyond the horizon: its last day)."""
    days = work_days()
    index, rest = np.divmod(work, WORK_MINUTES)
    shown = np.where(rest < MORNING_MINUTES, MORNING + rest, AFTERNOON + rest - MORNING_MINUTES)
    return days[np.minimum(index, len(days) - 1)] * DAY_MINUTES + shown


def months(days: Ints) -> Ints:
    """Month (1–12) by day number."""
    first = np.datetime64(START.isoformat())
    return (first + days.astype("timedelta64[D]")).astype("datetime64[M]").astype(np.int64) % 12 + 1


def date_of(day: int) -> date:
    """The date of a day number."""
    return START + timedelta(days=int(day))


@cache
def ymd() -> tuple[Ints, date]:
    """Dates as numbers (19700131) by days since the second value, 1900-01-01, up to the city's today."""
    first = date(1900, 1, 1)
    dates = np.arange(np.datetime64(first), np.datetime64(TODAY) + 1)
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    month = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    return years * 10000 + month * 100 + day, first
