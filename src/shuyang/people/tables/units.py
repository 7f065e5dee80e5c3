"""The organisation tree."""

from __future__ import annotations

from django.db import models

from shuyang.kit.base import Base
from shuyang.kit.personal import NONE


class Unit(Base):
    """A unit. `path` never changes once given: other rooms store it with what happened on a day.

    A merged unit stays, inactive, pointing at the one it went into; who holds a role there also reaches what is
    stored under the old path.
    """

    code = models.CharField(max_length=40, null=True, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=200, unique=True)
    active = models.BooleanField(default=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    personal_data = {
        "code": NONE,
        "name": NONE,
        "kind": NONE,
        "parent": NONE,
        "path": NONE,
        "active": NONE,
        "merged_into": NONE,
    }

    class Meta:
        db_table = "people_unit"
