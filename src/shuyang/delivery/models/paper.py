"""Paper: numbered sheets of fixed forms, the answers read from a workbook before they count, and reminders sent."""

from __future__ import annotations

from django.db import models

from shuyang.delivery.models.campaigns import Campaign
from shuyang.kit.base import Base
from shuyang.kit.personal import LINK, NONE, RESULT


class PaperSheet(Base):
    """A printed booklet: its code says which form it holds; who answered it is known once the answers are in."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=12, unique=True)
    form = models.PositiveSmallIntegerField()
    sitting_id = models.UUIDField(null=True)

    personal_data = {"campaign": NONE, "code": NONE, "form": NONE, "sitting_id": LINK}

    class Meta:
        db_table = "delivery_paper_sheet"


class PaperImport(Base):
    """A workbook of answers, read and checked, waiting to be confirmed. `rows` and `problems` are gone once it is."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    file_name = models.CharField(max_length=200)
    rows = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="checked")
    written = models.PositiveIntegerField(default=0)
    created_by = models.UUIDField(null=True)

    personal_data = {
        "campaign": NONE,
        "held_on": NONE,
        "file_name": NONE,
        "rows": RESULT,
        "problems": RESULT,
        "state": NONE,
        "written": NONE,
        "created_by": LINK,
    }
    about_person = None  # answers of many people, forgotten as soon as they are confirmed or discarded

    class Meta:
        db_table = "delivery_paper_import"


class Reminder(Base):
    """That a person was reminded on a day: once a day for all campaigns together."""

    person_id = models.UUIDField()
    day = models.DateField()

    personal_data = {"person_id": LINK, "day": NONE}

    class Meta:
        db_table = "delivery_reminder"
        constraints = [models.UniqueConstraint(fields=["person_id", "day"], name="delivery_reminder_once_a_day")]
