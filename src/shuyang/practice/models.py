"""Runs of scenarios: the work as it stands, each change that led to it, what the checkers said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE, RESULT, AboutPerson


class Run(Base):
    """One person at one scenario. `work` is the sum of the changes; `revision` counts them, so that a second window that
    has not seen the newest is told so instead of writing over it. `hints` counts the hints taken, by task. `grading_job` is
    the job that was last asked to grade it."""

    person_id = models.UUIDField()
    unit_path = models.CharField(max_length=200)
    scenario = models.CharField(max_length=40)
    scenario_hash = models.CharField(max_length=64)
    seed = models.PositiveIntegerField()
    mode = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="open")
    deadline = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    graded_at = models.DateTimeField(null=True)
    grading_job = models.UUIDField(null=True)
    work = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    hints = models.JSONField(default=dict)
    notes = models.TextField(blank=True)
    synthetic = models.BooleanField(default=False)

    personal_data = {
        "person_id": LINK,
        "unit_path": DIRECT,
        "scenario": NONE,
        "scenario_hash": NONE,
        "seed": NONE,
        "mode": NONE,
        "state": RESULT,
        "deadline": NONE,
        "submitted_at": RESULT,
        "graded_at": RESULT,
        "grading_job": NONE,
        "work": RESULT,
        "revision": NONE,
        "hints": RESULT,
        "notes": DIRECT,
        "synthetic": NONE,
    }

    class Meta:
        db_table = "practice_run"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "scenario", "mode"], condition=Q(state="open"), name="practice_run_one_open"
            )
        ]
        indexes = [models.Index(fields=["person_id", "created_at"], name="practice_run_person")]


class Change(Base):
    """One change of a part of the work: `part` is "queries" or "artifact:<task>". Undoing marks the change and puts
    `before` back. A checkpoint is a change of nothing, with a name."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    part = models.CharField(max_length=60)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undone = models.BooleanField(default=False)
    checkpoint = models.CharField(max_length=60, blank=True)

    personal_data = {
        "run": LINK,
        "number": NONE,
        "part": NONE,
        "before": RESULT,
        "after": RESULT,
        "undone": NONE,
        "checkpoint": DIRECT,
    }
    about_person = AboutPerson("run__person_id")

    class Meta:
        db_table = "practice_change"
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="practice_change_number")]


class Graded(Base):
    """What a checker said of one task of a submitted run. Never changed."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    task = models.CharField(max_length=40)
    category = models.PositiveSmallIntegerField()
    max_category = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=60)
    evidence = models.JSONField(default=dict)
    clause = models.CharField(max_length=60, blank=True)

    personal_data = {
        "run": LINK,
        "task": NONE,
        "category": RESULT,
        "max_category": NONE,
        "reason": RESULT,
        "evidence": RESULT,
        "clause": NONE,
    }
    about_person = AboutPerson("run__person_id")

    class Meta:
        db_table = "practice_graded"
        constraints = [models.UniqueConstraint(fields=["run", "task"], name="practice_graded_once")]
