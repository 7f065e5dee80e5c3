"""The door of `kit`."""

from shuyang.kit.jobs.contracts import JobState, JobView
from shuyang.kit.jobs.registry import job
from shuyang.kit.jobs.services import Cancelled, Progress, cancel, enqueue, start_due, view

__all__ = ["Cancelled", "JobState", "JobView", "Progress", "cancel", "enqueue", "job", "start_due", "view"]
