"""Writes: audit entries, and consents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from shuyang.kernel.clock import now
from shuyang.kernel.errors import Forbidden
from shuyang.trust.contracts import Actor
from shuyang.trust.crypto import pseudonym
from shuyang.trust.models import AuditChain, AuditEntry, Consent
from shuyang.trust.rules import GENESIS, link


def record(
    *,
    actor: Actor,
    action: str,
    object_kind: str,
    object_id: object,
    unit_path: str = "",
    subject: UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Append an audit entry to the chain of a unit, in the caller's transaction: it stands or falls with the act.

    `details` must be plain JSON without personal data: field names and counts, not values.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit entry belongs in the transaction of the act it records")
    chain = f"unit:{unit_path}"
    AuditChain.objects.get_or_create(chain=chain, defaults={"hash": GENESIS})
    end = AuditChain.objects.select_for_update().get(chain=chain)
    entry = AuditEntry(
        chain=chain,
        sequence=end.sequence + 1,
        at=now(),
        actor=_actor_name(actor),
        action=action,
        object_kind=object_kind,
        object_id=str(object_id),
        subject=pseudonym(subject) if subject else "",
        details=dict(details or {}),
        previous_hash=end.hash,
    )
    entry.hash = link(end.hash, entry_payload(entry))
    entry.save(force_insert=True)
    AuditChain.objects.filter(chain=chain).update(sequence=entry.sequence, hash=entry.hash)


def entry_payload(entry: AuditEntry) -> dict[str, Any]:
    """What the hash of an entry covers: everything it says, and its place."""
    return {
        "id": str(entry.id),
        "chain": entry.chain,
        "sequence": entry.sequence,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "subject": entry.subject,
        "details": entry.details,
    }


def _actor_name(actor: Actor) -> str:
    if actor.system:
        return "system"
    if actor.person_id is not None:
        return pseudonym(actor.person_id)
    return f"account:{actor.account_id}" if actor.account_id else "nobody"


def answer_consent(*, actor: Actor, purpose: str, text_version: str, given: bool) -> None:
    """Record that the acting person gives or withdraws consent to one purpose, in one version of its text."""
    if actor.person_id is None:
        raise Forbidden("consent is given by a person")
    with transaction.atomic():
        Consent.objects.create(person_id=actor.person_id, purpose=purpose, text_version=text_version, given=given)
        record(
            actor=actor,
            action="consent.given" if given else "consent.withdrawn",
            object_kind="consent",
            object_id=purpose,
            unit_path=actor.unit_path,
            subject=actor.person_id,
            details={"text_version": text_version},
        )


def note_export(*, actor: Actor) -> None:
    """Record that the acting person has taken a copy of his data."""
    if actor.person_id is None:
        raise Forbidden("one exports one's own data")
    with transaction.atomic():
        record(
            actor=actor,
            action="data.exported",
            object_kind="person",
            object_id=actor.person_id,
            unit_path=actor.unit_path,
            subject=actor.person_id,
        )
