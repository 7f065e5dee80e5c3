"""Frameworks as immutable versions, one of them current."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuyang.kit.base import Base
from shuyang.kit.personal import NONE


class FrameworkVersion(Base):
    """A framework with its profiles, crosswalks and citations; `body` is its canonical JSON, `hash` its address."""

    key = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    hash = models.CharField(max_length=64, unique=True)
    body = models.TextField()
    current = models.BooleanField(default=False)

    personal_data = {"key": NONE, "version": NONE, "hash": NONE, "body": NONE, "current": NONE}

    class Meta:
        db_table = "frameworks_version"
        constraints = [
            models.UniqueConstraint(
                fields=["current"], condition=Q(current=True), name="frameworks_version_one_current"
            )
        ]
