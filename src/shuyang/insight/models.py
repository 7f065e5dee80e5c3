"""Briefings: drafts that are edited, and issues that never change."""

from __future__ import annotations

from django.db import models

from shuyang.insight.contracts import BriefingState
from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE


class Briefing(Base):
    """A briefing of a unit. `source` (the data), `content` (what was edited) and `document` (what is read) are canonical JSON.

    From signing on only `state` and the columns of a withdrawal change. `number` counts the issues of a unit in a year without
    gaps, `running` all its issues.
    """

    unit_id = models.UUIDField()
    unit_path = models.CharField(max_length=200, db_index=True)
    unit_name = models.CharField(max_length=120)
    language = models.CharField(max_length=2)
    campaign_id = models.UUIDField()
    synthetic = models.BooleanField()
    state = models.CharField(max_length=12, default=BriefingState.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    source = models.TextField()
    source_hash = models.CharField(max_length=64)
    content = models.TextField()
    document = models.TextField(blank=True)
    document_hash = models.CharField(max_length=64, blank=True)
    drafted_by = models.UUIDField()
    edited_by = models.UUIDField()
    drafter_name = models.CharField(max_length=60)
    returned = models.CharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    running = models.PositiveIntegerField(null=True)
    signed_by = models.UUIDField(null=True)
    signer_name = models.CharField(max_length=60, blank=True)
    signed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    personal_data = {
        "unit_id": NONE,
        "unit_path": NONE,
        "unit_name": NONE,
        "language": NONE,
        "campaign_id": NONE,
        "synthetic": NONE,
        "state": NONE,
        "revision": NONE,
        "title": NONE,
        "source": NONE,
        "source_hash": NONE,
        "content": DIRECT,
        "document": DIRECT,
        "document_hash": NONE,
        "drafted_by": LINK,
        "edited_by": LINK,
        "drafter_name": DIRECT,
        "returned": NONE,
        "year": NONE,
        "number": NONE,
        "running": NONE,
        "signed_by": LINK,
        "signer_name": DIRECT,
        "signed_at": NONE,
        "withdrawn_at": NONE,
        "withdrawn_by": LINK,
        "withdrawn_reason": NONE,
    }
    # a document of the organisation; it names who drafted, costed and signed it in office, and stays as it was signed
    about_person = None

    class Meta:
        db_table = "insight_briefing"
        constraints = [
            models.UniqueConstraint(fields=["unit_id", "year", "number"], name="insight_briefing_number"),
            models.UniqueConstraint(fields=["unit_id", "running"], name="insight_briefing_running"),
        ]
