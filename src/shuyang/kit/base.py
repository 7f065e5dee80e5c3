"""The base of every table: a time-ordered UUID key, the moment of creation, and a word on personal data per field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from shuyang.kernel.clock import now
from shuyang.kernel.ids import new_id
from shuyang.kit.personal import NONE, Personal


class Base(models.Model):
    """Abstract base. Subclasses extend `personal_data` with a word for each of their own fields."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    personal_data: ClassVar[Mapping[str, Personal]] = {}
    base_personal_data: ClassVar[Mapping[str, Personal]] = {"id": NONE, "created_at": NONE}

    class Meta:
        abstract = True
