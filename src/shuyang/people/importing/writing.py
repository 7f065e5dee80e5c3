"""Write what was decided about a batch of rows: one short transaction, one audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from shuyang.people.importing.deciding import Changes
from shuyang.people.importing.inserting import prepared
from shuyang.people.models import Person, Post, Unit
from shuyang.people.services.persons import seal
from shuyang.trust.api import Actor, make_person_keys, person_keys, record

_PERSON = ["name", "name_pinyin", "unit", "unit_path", "identity_number", "identity_index", "phone", "phone_index"]
_POST = ["unit", "unit_path", "rank_layer", "job_category", "title", "from_date", "to_date"]


def write(changes: Changes, planned: Sequence[Unit], *, actor: Actor, batch_id: object, unit_path: str) -> None:
    """Write one batch. Units that it needs and that don't exist yet come first, parents before children."""
    if not (changes.new or changes.changed or changes.opened or changes.closed or changes.corrected or planned):
        return
    posts = prepared(Post, changes.opened)
    with transaction.atomic():
        for unit in planned:
            unit.save(force_insert=True)
        _seal(changes)
        prepared(Person, changes.new).send()
        _update(changes)
        posts.send()
        details = asdict(changes.counts) | {"units": len(planned)}
        record(
            actor=actor,
            action="people.imported",
            object_kind="import",
            object_id=batch_id,
            unit_path=unit_path,
            details=details,
        )


def _seal(changes: Changes) -> None:
    """Keys for the new, and the sensitive fields under each one's own key."""
    keys = make_person_keys([p.id for p in changes.new])
    keys |= person_keys([p.id for p, _, _ in changes.sensitive if p.id not in keys])
    for person, identity, phone in changes.sensitive:
        if person.id in keys:
            seal(person, keys[person.id], identity, phone)


def _update(changes: Changes) -> None:
    """Closing comes before opening: a person has one open post."""
    if changes.changed:
        Person.objects.bulk_update(changes.changed, _PERSON, batch_size=100)
    if changes.closed:
        Post.objects.bulk_update(changes.closed, ["to_date"], batch_size=200)
    if changes.corrected:
        Post.objects.bulk_update(changes.corrected, _POST, batch_size=100)
