"""Append-only tables: nothing here is ever changed; a rescore is a new revision."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import models
from django.db.models import Q

from shuyang.kernel.clock import now
from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE, RESULT, AboutPerson


def _sealed(prefix: str) -> Callable[[UUID], Q]:
    """Results that their person may not see yet."""
    return lambda person_id: Q(**{f"{prefix}person_from": None}) | Q(**{f"{prefix}person_from__gt": now()})


def _of_sealed_results(person_id: UUID) -> Q:
    """Observations of such results: they would say what was right."""
    sealed = Estimate.objects.filter(_sealed("")(person_id), person_id=person_id)
    return Q(source_id__in=sealed.values("source_id"))


class Observation(Base):
    """One item or task answered by one person."""

    person_id = models.UUIDField(db_index=True)
    unit_path = models.CharField(max_length=200)
    source = models.CharField(max_length=20)
    source_id = models.UUIDField()
    revision = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField()
    item_version_id = models.UUIDField(db_index=True)
    release_hash = models.CharField(max_length=64)
    category = models.PositiveSmallIntegerField()
    max_category = models.PositiveSmallIntegerField()
    omitted = models.BooleanField()
    elapsed_ms = models.PositiveIntegerField()
    at = models.DateTimeField()
    conditions = models.JSONField(default=dict)
    synthetic = models.BooleanField()

    personal_data = {
        "person_id": LINK,
        "unit_path": DIRECT,
        "source": NONE,
        "source_id": LINK,
        "revision": NONE,
        "position": NONE,
        "item_version_id": NONE,
        "release_hash": NONE,
        "category": RESULT,
        "max_category": NONE,
        "omitted": RESULT,
        "elapsed_ms": RESULT,
        "at": RESULT,
        "conditions": RESULT,
        "synthetic": NONE,
    }

    about_person = AboutPerson("person_id", hidden=_of_sealed_results)

    class Meta:
        db_table = "evidence_observation"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id", "revision", "position"], name="evidence_observation_once"
            )
        ]


class Estimate(Base):
    """A posterior over the five forces with the post of its day."""

    source = models.CharField(max_length=20)
    source_id = models.UUIDField()
    revision = models.PositiveSmallIntegerField()
    latest = models.BooleanField(default=True)
    at = models.DateTimeField()
    person_id = models.UUIDField()
    unit_id = models.UUIDField()
    unit_path = models.CharField(max_length=200)
    unit_name = models.CharField(max_length=100)
    rank_layer = models.CharField(max_length=20)
    job_category = models.CharField(max_length=30)
    title = models.CharField(max_length=100, blank=True)
    campaign_id = models.UUIDField(db_index=True)
    purpose = models.CharField(max_length=20)
    release_hash = models.CharField(max_length=64)
    body = models.JSONField()
    synthetic = models.BooleanField()
    # the seal: no door shows the result to its person, or in sums, before these moments (null: not yet released)
    person_from = models.DateTimeField(null=True)
    unit_from = models.DateTimeField(null=True)

    personal_data = {
        "person_from": NONE,
        "unit_from": NONE,
        "source": NONE,
        "source_id": LINK,
        "revision": NONE,
        "latest": NONE,
        "at": RESULT,
        "person_id": LINK,
        "unit_id": DIRECT,
        "unit_path": DIRECT,
        "unit_name": DIRECT,
        "rank_layer": DIRECT,
        "job_category": DIRECT,
        "title": DIRECT,
        "campaign_id": NONE,
        "purpose": NONE,
        "release_hash": NONE,
        "body": RESULT,
        "synthetic": NONE,
    }

    about_person = AboutPerson("person_id", hidden=_sealed(""))

    class Meta:
        db_table = "evidence_estimate"
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id", "revision"], name="evidence_estimate_once")
        ]
        indexes = [
            models.Index(fields=["person_id", "at"], name="evidence_estimate_person"),
            models.Index(fields=["unit_path", "latest"], name="evidence_estimate_unit"),
        ]


class Receipt(Base):
    """The signed statement that goes with an estimate."""

    estimate = models.OneToOneField(Estimate, on_delete=models.PROTECT, related_name="receipt")
    body = models.JSONField()
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    personal_data = {"estimate": LINK, "body": RESULT, "hash": NONE, "signature": NONE}

    about_person = AboutPerson("estimate__person_id", hidden=_sealed("estimate__"))

    class Meta:
        db_table = "evidence_receipt"


class SelfRating(Base):
    """What a person said about himself: one facet, a level from 1 to 5, in one questionnaire. Never changed."""

    person_id = models.UUIDField()
    unit_path = models.CharField(max_length=200)
    source = models.CharField(max_length=20)
    source_id = models.UUIDField()
    facet = models.CharField(max_length=10)
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    synthetic = models.BooleanField()

    personal_data = {
        "person_id": LINK,
        "unit_path": DIRECT,
        "source": NONE,
        "source_id": LINK,
        "facet": NONE,
        "level": RESULT,
        "at": RESULT,
        "synthetic": NONE,
    }

    class Meta:
        db_table = "evidence_self_rating"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id", "person_id", "facet"], name="evidence_self_rating_once"
            )
        ]
        indexes = [
            models.Index(fields=["person_id", "at"], name="evidence_self_rating_person"),
            models.Index(fields=["unit_path"], name="evidence_self_rating_unit"),
        ]
