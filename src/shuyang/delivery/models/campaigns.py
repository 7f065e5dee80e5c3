"""Campaigns: occasions to be measured."""

from __future__ import annotations

from django.db import models

from shuyang.kit.base import Base
from shuyang.kit.personal import LINK, NONE


class Campaign(Base):
    """An occasion to be measured, for everyone in a unit and below."""

    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=20)
    unit_id = models.UUIDField()
    unit_path = models.CharField(max_length=200, db_index=True)
    unit_name = models.CharField(max_length=100)
    blueprint = models.CharField(max_length=30)
    release_hash = models.CharField(max_length=64)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="draft")
    synthetic = models.BooleanField(default=False)
    created_by = models.UUIDField(null=True)

    personal_data = {
        "name": NONE,
        "purpose": NONE,
        "unit_id": NONE,
        "unit_path": NONE,
        "unit_name": NONE,
        "blueprint": NONE,
        "release_hash": NONE,
        "opens_at": NONE,
        "closes_at": NONE,
        "state": NONE,
        "synthetic": NONE,
        "created_by": LINK,
    }

    class Meta:
        db_table = "delivery_campaign"
