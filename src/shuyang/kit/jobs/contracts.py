"""What a job looks like to those who wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class JobView:
    """A job at a moment. `done` of `total` steps (`total` 0: not known yet); `error` is an error code."""

    id: UUID
    kind: str
    state: JobState
    done: int
    total: int
    note: str
    result: dict[str, Any]
    error: str
    owner_id: UUID | None
    created_at: datetime

    @property
    def finished(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

    @property
    def percent(self) -> int:
        return 100 if self.state == JobState.DONE else (100 * self.done // self.total if self.total else 0)
