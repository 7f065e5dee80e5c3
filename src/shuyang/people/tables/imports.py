"""A roster on its way in: uploaded, checked, accepted. What it holds is sealed and goes when the import ends."""

from __future__ import annotations

from django.db import models

from shuyang.kernel.clock import now
from shuyang.kit.base import Base
from shuyang.kit.personal import LINK, NONE, SENSITIVE


class ImportBatch(Base):
    """One uploaded workbook: how its columns are read, what the check found, how far the writing is."""

    account_id = models.UUIDField(null=True, db_index=True)
    unit = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    unit_path = models.CharField(max_length=200, db_index=True)
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, default="uploaded")
    reading = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    job_id = models.UUIDField(null=True)
    moved_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    personal_data = {
        "account_id": LINK,
        "unit": NONE,
        "unit_path": NONE,
        "file_name": NONE,
        "state": NONE,
        "reading": NONE,
        "summary": NONE,
        "job_id": NONE,
        "moved_at": NONE,
        "finished_at": NONE,
    }

    class Meta:
        db_table = "people_import_batch"


class ImportPart(Base):
    """A piece of what a batch holds (`kind`: workbook, preview, rejected), sealed under a key of the batch's own."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=10)
    position = models.PositiveIntegerField()
    sealed = models.BinaryField()

    personal_data = {"batch": NONE, "kind": NONE, "position": NONE, "sealed": SENSITIVE}

    about_person = None  # a whole roster under the import's own key, gone within a week

    class Meta:
        db_table = "people_import_part"
        constraints = [models.UniqueConstraint(fields=["batch", "kind", "position"], name="people_import_part_once")]
