"""A person's own mail address for reminders: given and taken back by himself, sealed under his key."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from shuyang.kernel.errors import Forbidden, Invalid, Problem
from shuyang.people.models import MailAddress
from shuyang.trust.api import Actor, encrypt_for, open_for_many, person_keys, record

FIELD = "mail_address"
LONGEST = 254


def set_mail_address(*, actor: Actor, address: str) -> None:
    """Keep the acting person's address, or (empty) forget it. Raises `Invalid` for what is no address."""
    if actor.person_id is None:
        raise Forbidden("an address belongs to a person")
    address = address.strip()
    if address:
        _check(address)
    with transaction.atomic():
        MailAddress.objects.filter(person_id=actor.person_id).delete()
        if address:
            sealed = encrypt_for(person_keys([actor.person_id])[actor.person_id], address, field=FIELD)
            MailAddress.objects.create(person_id=actor.person_id, address=sealed)
        record(
            actor=actor,
            action="mail_address.set" if address else "mail_address.removed",
            object_kind="person",
            object_id=actor.person_id,
            unit_path=actor.unit_path,
            subject=actor.person_id,
        )


def _check(address: str) -> None:
    try:
        if len(address) > LONGEST:
            raise ValidationError("too long")
        validate_email(address)
    except ValidationError:
        raise Invalid([Problem("mail", "mail_bad")]) from None


def mail_addresses(*, person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Addresses of those who gave one, for jobs that send; never for a page about others."""
    sealed: dict[UUID, bytes] = {}
    for start in range(0, len(person_ids), 500):
        rows = MailAddress.objects.filter(person_id__in=person_ids[start : start + 500])
        sealed.update((row.person_id, bytes(row.address)) for row in rows)
    return open_for_many(sealed, field=FIELD)
