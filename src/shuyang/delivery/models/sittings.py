"""Sittings, and the append-only log of responses."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import models
from django.db.models import Q

from shuyang.delivery.models.campaigns import Campaign
from shuyang.evidence.api import sealed_sources
from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE, RESULT, AboutPerson


def not_yet(prefix: str) -> Callable[[UUID], Q]:
    """Sittings of which the person may not see yet what was right: running ones, and those with a sealed result."""

    def hidden(person_id: UUID) -> Q:
        sealed = Q(**{f"{prefix}id__in": sealed_sources(person_id=person_id)})
        return Q(**{f"{prefix}state": "running"}) | sealed

    return hidden


class Sitting(Base):
    """One person's sitting. Everything here but the log is a cache: it can be rebuilt from the responses.

    `paused_at`: the clock stands still since then, stopped by `paused_by`; `deadline` already holds the longest time the
    pause may last and is set right when it ends. `pauses` counts the person's own pauses, of `pauses_allowed` (None: as
    many as he likes). `extra_seconds` is working time beyond the blueprint's: an accommodation, or an extension.
    `device` is a short hash of the sign-in that may answer, where only one may; `focus_losses` is counted only where
    `watch_focus` announced it. `neutralised` caches the indices of items that no longer count in the campaign.
    `answers` caches the log as [[item index, category], …]; `position` is the item at hand (from 1), `current_index`
    its index in the release, `excluded` the indices this person has met within twelve months.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField()
    unit_path = models.CharField(max_length=200)
    post = models.JSONField()
    release_hash = models.CharField(max_length=64)
    blueprint = models.CharField(max_length=30)
    state = models.CharField(max_length=10, default="running")
    deadline = models.DateTimeField()
    position = models.PositiveSmallIntegerField(default=1)
    current_index = models.PositiveIntegerField(null=True)
    presented_at = models.DateTimeField()
    answers = models.JSONField(default=list)
    excluded = models.JSONField(default=list)
    active_ms = models.PositiveIntegerField(default=0)
    remaining = models.PositiveSmallIntegerField(default=0)
    chain_hash = models.CharField(max_length=64)
    finished_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=20, blank=True)
    estimate_id = models.UUIDField(null=True)
    synthetic = models.BooleanField(default=False)
    attempt = models.PositiveSmallIntegerField(default=1)
    mode = models.CharField(max_length=10, default="adaptive")
    plan_hash = models.CharField(max_length=64, blank=True)
    form = models.PositiveSmallIntegerField(null=True)
    time_factor = models.FloatField(default=1.0)
    large_type = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=10, blank=True)
    pauses = models.PositiveSmallIntegerField(default=0)
    pauses_allowed = models.PositiveSmallIntegerField(null=True)
    device = models.CharField(max_length=32, blank=True)
    watch_focus = models.BooleanField(default=False)
    focus_losses = models.PositiveSmallIntegerField(default=0)
    neutralised = models.JSONField(default=list)
    extra_seconds = models.PositiveIntegerField(default=0)

    personal_data = {
        "campaign": NONE,
        "person_id": LINK,
        "unit_path": DIRECT,
        "post": DIRECT,
        "release_hash": NONE,
        "blueprint": NONE,
        "state": RESULT,
        "deadline": NONE,
        "position": RESULT,
        "current_index": RESULT,
        "presented_at": RESULT,
        "answers": RESULT,
        "excluded": RESULT,
        "active_ms": RESULT,
        "remaining": RESULT,
        "chain_hash": NONE,
        "finished_at": RESULT,
        "stop_reason": RESULT,
        "estimate_id": LINK,
        "synthetic": NONE,
        "attempt": RESULT,
        "mode": NONE,
        "plan_hash": NONE,
        "form": NONE,
        "time_factor": DIRECT,
        "large_type": DIRECT,
        "paused_at": RESULT,
        "paused_by": RESULT,
        "pauses": RESULT,
        "pauses_allowed": RESULT,
        "device": LINK,
        "watch_focus": NONE,
        "focus_losses": RESULT,
        "neutralised": NONE,
        "extra_seconds": RESULT,
    }

    about_person = AboutPerson("person_id", hidden=not_yet(""))

    class Meta:
        db_table = "delivery_sitting"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "person_id", "attempt"], name="delivery_sitting_once")
        ]
        indexes = [
            models.Index(fields=["person_id"], name="delivery_sitting_person"),
            models.Index(fields=["state", "deadline"], name="delivery_sitting_due"),
        ]


class Response(Base):
    """One acknowledged answer. Never changed, never deleted; each links to the one before it."""

    # the constraint below is an index on the sitting already
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    key = models.UUIDField()
    item_index = models.PositiveIntegerField()
    item_version_id = models.UUIDField()
    response = models.JSONField()
    category = models.PositiveSmallIntegerField()
    max_category = models.PositiveSmallIntegerField()
    omitted = models.BooleanField()
    elapsed_ms = models.PositiveIntegerField()
    presented_at = models.DateTimeField()
    answered_at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    personal_data = {
        "sitting": LINK,
        "position": NONE,
        "key": NONE,
        "item_index": NONE,
        "item_version_id": NONE,
        "response": RESULT,
        "category": RESULT,
        "max_category": NONE,
        "omitted": RESULT,
        "elapsed_ms": RESULT,
        "presented_at": RESULT,
        "answered_at": RESULT,
        "previous_hash": NONE,
        "hash": NONE,
    }

    about_person = AboutPerson("sitting__person_id", hidden=not_yet("sitting__"))

    class Meta:
        db_table = "delivery_response"
        constraints = [models.UniqueConstraint(fields=["sitting", "position"], name="delivery_response_once")]
