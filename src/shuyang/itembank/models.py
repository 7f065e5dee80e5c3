"""Items, their immutable versions, reports about them, releases, and what was loaded from where."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE


class Item(Base):
    """An item through its life. `current_number` names its present version; a retired item is given no more."""

    key = models.CharField(max_length=40, unique=True)
    facet = models.CharField(max_length=10)
    purpose = models.CharField(max_length=10)
    source = models.CharField(max_length=40)
    current_number = models.PositiveIntegerField()
    retired = models.BooleanField(default=False)

    personal_data = {
        "key": NONE,
        "facet": NONE,
        "purpose": NONE,
        "source": NONE,
        "current_number": NONE,
        "retired": NONE,
    }

    class Meta:
        db_table = "itembank_item"
        indexes = [models.Index(fields=["facet", "purpose"], name="itembank_item_facet")]


class ItemVersion(Base):
    """What an item said at a time; never changed. Its id follows from its content, so it is the same everywhere."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.TextField()
    content_hash = models.CharField(max_length=64, unique=True)
    level = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    stem = models.TextField()

    personal_data = {
        "item": NONE,
        "number": NONE,
        "content": NONE,
        "content_hash": NONE,
        "level": NONE,
        "type": NONE,
        "state": NONE,
        "stem": NONE,
    }

    class Meta:
        db_table = "itembank_version"
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="itembank_version_number")]


class ItemReport(Base):
    """A person's word about an item he met."""

    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="reports")
    person_id = models.UUIDField()
    sitting_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=12)
    text = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, default="open")
    answer = models.CharField(max_length=1000, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    personal_data = {
        "version": NONE,
        "person_id": LINK,
        "sitting_id": LINK,
        "reason": NONE,
        "text": DIRECT,
        "state": NONE,
        "answer": NONE,
        "decided_by": LINK,
        "decided_at": NONE,
    }

    class Meta:
        db_table = "itembank_report"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "person_id"], condition=Q(state="open"), name="itembank_report_one_open"
            )
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="itembank_report_state")]


class ReleaseRow(Base):
    """A release: `body` is its canonical JSON, `hash` its address. One is current."""

    hash = models.CharField(max_length=64, unique=True)
    body = models.TextField()
    published_at = models.DateTimeField()
    current = models.BooleanField(default=False)
    items = models.PositiveIntegerField()
    provisional_cuts = models.BooleanField()
    calibrated = models.BooleanField()

    personal_data = {
        "hash": NONE,
        "body": NONE,
        "published_at": NONE,
        "current": NONE,
        "items": NONE,
        "provisional_cuts": NONE,
        "calibrated": NONE,
    }

    class Meta:
        db_table = "itembank_release"
        constraints = [
            models.UniqueConstraint(fields=["current"], condition=Q(current=True), name="itembank_release_one_current")
        ]


class DesignRow(Base):
    """A version of a design of a test: a draft while `hash` is empty, then never changed but for being retired."""

    family_id = models.UUIDField()
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=80)
    spec = models.JSONField()
    check_body = models.JSONField(null=True)
    job_id = models.UUIDField(null=True)
    hash = models.CharField(max_length=64, blank=True, db_index=True)
    body = models.TextField(blank=True)
    fixed_at = models.DateTimeField(null=True)
    retired = models.BooleanField(default=False)
    created_by = models.UUIDField(null=True)

    personal_data = {
        "family_id": NONE, "number": NONE, "title": NONE, "spec": NONE, "check_body": NONE, "job_id": NONE, "hash": NONE,
        "body": NONE, "fixed_at": NONE, "retired": NONE, "created_by": LINK,
    }  # fmt: skip

    class Meta:
        db_table = "itembank_design"
        constraints = [models.UniqueConstraint(fields=["family_id", "number"], name="itembank_design_number")]


class Source(models.Model):
    """Where items come from, and the hash of what was loaded last."""

    name = models.CharField(primary_key=True, max_length=40)
    hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    personal_data = {"name": NONE, "hash": NONE, "loaded_at": NONE}

    class Meta:
        db_table = "itembank_source"


class TaskVersion(Base):
    """A task of the range as a polytomous item: what each category means. Given by no sitting; its id follows from its
    content, so it is the same everywhere. `key` is "<scenario>/<task>"."""

    key = models.CharField(max_length=90, db_index=True)
    facet = models.CharField(max_length=10)
    level = models.PositiveSmallIntegerField()
    categories = models.JSONField()
    content_hash = models.CharField(max_length=64, unique=True)

    personal_data = {"key": NONE, "facet": NONE, "level": NONE, "categories": NONE, "content_hash": NONE}

    class Meta:
        db_table = "itembank_task_version"
