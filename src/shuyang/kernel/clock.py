"""The one clock. Tests freeze it; nothing else in the product asks the system for the time of day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone

# The product's civil time: dates shown, "today", and chain days are Beijing time.
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The present moment, timezone-aware, UTC."""
    return _source()


def today() -> date:
    """Today's date in Beijing."""
    return now().astimezone(BEIJING).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[Callable[[timedelta], None]]:
    """Hold the clock at `moment` (tests); the yielded function moves it on."""
    global _source
    before, current = _source, [moment]

    def advance(step: timedelta) -> None:
        current[0] += step

    _source = lambda: current[0]  # noqa: E731
    try:
        yield advance
    finally:
        _source = before
