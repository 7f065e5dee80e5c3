"""Jobs of practice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shuyang.kit.api import Progress, job
from shuyang.practice.services.grading import grade_run, hand_in_overdue
from shuyang.practice.services.running import GRADE
from shuyang.practice.services.tidying import forget_worlds


@job(GRADE, attempts=3)
def grade(progress: Progress, *, run_id: str) -> dict[str, Any]:
    """Grade a run that was handed in."""
    return {"tasks": grade_run(run_id=UUID(run_id))}


@job("practice.hand_in_overdue", attempts=3, every=60)
def hand_in(progress: Progress) -> dict[str, Any]:
    """Once a minute: hand in assessed runs whose time is over."""
    return {"handed_in": hand_in_overdue()}


@job("practice.forget_worlds", attempts=3, every=24 * 3600)
def forget(progress: Progress) -> dict[str, Any]:
    """Once a day: remove worlds that no open run needs."""
    return {"removed": forget_worlds()}
