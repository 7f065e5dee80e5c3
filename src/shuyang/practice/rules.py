"""Pure decisions of the range: credit, hints, limits of a run."""

from __future__ import annotations

from datetime import datetime, timedelta

from shuyang.kit.api import JobView
from shuyang.practice.contracts import Grading, Mode, RunState
from shuyang.practice.spec import ScenarioSpec, Task

TIME_FACTOR = 1.5  # an assessed run may take half as long again as the author reckons
LATE_AFTER = timedelta(minutes=2)  # grading takes some seconds
LONGEST_NOTES = 8_000
LARGEST_WORK = 400_000  # characters of a work as JSON


def credit(task: Task, category: int, hints: int) -> float:
    """The share of the task's credit earned: the share of the highest category, less what the hints taken cost; never below 0."""
    cost = sum(hint.cost for hint in task.hints[:hints])
    return max(0.0, category / (len(task.categories) - 1) - cost) if category else 0.0


def deadline(spec: ScenarioSpec, mode: Mode, start: datetime) -> datetime | None:
    """When an assessed run ends; a practice run has no end."""
    return start + timedelta(minutes=spec.minutes * TIME_FACTOR) if mode is Mode.ASSESSED else None


def may_change(state: RunState, end: datetime | None, moment: datetime) -> bool:
    """May the work of a run still change?"""
    return state is RunState.OPEN and (end is None or moment <= end)


def overall(credits: list[float]) -> float | None:
    """The mean credit over the tasks of a run; None for no tasks."""
    return sum(credits) / len(credits) if credits else None


def grading(job: JobView | None, moment: datetime, *, outdated: bool) -> Grading:
    """How a run stands that was handed in; `job` is the one last asked to grade it."""
    if outdated:
        return Grading.IMPOSSIBLE
    if job is None or job.finished:
        return Grading.FAILED
    return Grading.LATE if moment - job.created_at > LATE_AFTER else Grading.GOING
