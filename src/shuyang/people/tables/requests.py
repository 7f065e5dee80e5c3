"""What a person asks of those who keep his data."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE
from shuyang.people.tables.persons import Person


class DataRequest(Base):
    """A request to correct or delete one's data, and what was decided, in words. One of a kind may be open at a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit_path = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=12)
    text = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=12, default="open")
    answer = models.CharField(max_length=1000, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    personal_data = {
        "person": LINK,
        "unit_path": DIRECT,
        "kind": DIRECT,
        "text": DIRECT,
        "state": DIRECT,
        "answer": DIRECT,
        "decided_by": LINK,
        "decided_at": NONE,
    }

    class Meta:
        db_table = "people_data_request"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(state="open"), name="people_data_request_one_open"
            )
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="people_data_request_state")]
