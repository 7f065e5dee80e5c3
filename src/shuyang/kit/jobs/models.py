"""The table of jobs. Imported by `shuyang.kit.models` so that Django finds it."""

from __future__ import annotations

from django.db import models

from shuyang.kit.base import Base
from shuyang.kit.personal import LINK, NONE


class Job(Base):
    """One run of background work."""

    kind = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="waiting")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    owner_id = models.UUIDField(null=True)
    slot = models.CharField(max_length=100, null=True, unique=True)
    beat_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    personal_data = {
        "kind": NONE,
        "arguments": NONE,
        "state": NONE,
        "done": NONE,
        "total": NONE,
        "note": NONE,
        "result": NONE,
        "error": NONE,
        "attempts": NONE,
        "cancel_requested": NONE,
        "owner_id": LINK,
        "slot": NONE,
        "beat_at": NONE,
        "started_at": NONE,
        "finished_at": NONE,
    }

    class Meta:
        db_table = "kit_job"
        indexes = [models.Index(fields=["owner_id", "kind"], name="kit_job_owner")]
