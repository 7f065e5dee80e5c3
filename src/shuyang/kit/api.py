"""The door of `kit`."""

from shuyang.kit.jobs.contracts import JobState, JobView
from shuyang.kit.jobs.registry import job
from shuyang.kit.jobs.services import Cancelled, Progress, cancel, enqueue, start_due, under_way, view
from shuyang.kit.statements import Rows, run

__all__ = [
    "Cancelled", "JobState", "JobView", "Progress", "Rows", "cancel", "enqueue", "job", "run", "start_due", "under_way", "view",
]  # fmt: skip
