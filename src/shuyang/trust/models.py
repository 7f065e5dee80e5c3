"""Audit chains, the keys of persons, and consents."""

from __future__ import annotations

from django.db import models

from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE, SENSITIVE, AboutPerson


class AuditChain(models.Model):
    """The current end of one chain; the row is locked while an entry is appended."""

    chain = models.CharField(primary_key=True, max_length=200)
    sequence = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64)

    personal_data = {"chain": NONE, "sequence": NONE, "hash": NONE}

    class Meta:
        db_table = "trust_audit_chain"


class AuditEntry(Base):
    """One thing done. Append-only: never updated or deleted; people stand in it under pseudonyms."""

    chain = models.CharField(max_length=200)
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    action = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    subject = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    personal_data = {
        "chain": NONE,
        "sequence": NONE,
        "at": NONE,
        "actor": LINK,
        "action": NONE,
        "object_kind": NONE,
        "object_id": LINK,
        "subject": LINK,
        "details": NONE,
        "previous_hash": NONE,
        "hash": NONE,
    }

    about_person = AboutPerson("subject", by="pseudonym")

    class Meta:
        db_table = "trust_audit_entry"
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="trust_audit_entry_sequence")]
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="trust_audit_entry_object"),
            models.Index(fields=["subject", "at"], name="trust_audit_entry_subject"),
        ]


class PersonKey(models.Model):
    """A person's own key, wrapped by the master key. Destroying it makes his encrypted fields and pseudonyms unreadable."""

    person_id = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField(max_length=80)

    personal_data = {"person_id": LINK, "wrapped": SENSITIVE}

    class Meta:
        db_table = "trust_person_key"


class Consent(Base):
    """A person's answer to one purpose and one version of its text. A withdrawal is a new row."""

    person_id = models.UUIDField(db_index=True)
    purpose = models.CharField(max_length=40)
    text_version = models.CharField(max_length=20)
    given = models.BooleanField()

    personal_data = {"person_id": LINK, "purpose": NONE, "text_version": NONE, "given": DIRECT}

    class Meta:
        db_table = "trust_consent"
