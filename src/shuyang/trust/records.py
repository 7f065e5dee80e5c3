"""Everything stored about one person, from the tables of all rooms; and the deletion of what may go.

Complete by construction: each table says how it leads to a person (`kit.personal.AboutPerson`), and a system check
fails for one that holds personal data and does not say. What the reader of a person's data may not see yet (a running
test, a sealed result) is left out and counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from shuyang.kernel.errors import Forbidden, NotFound, Tampered
from shuyang.kit.personal import SENSITIVE, AboutPerson, about
from shuyang.trust.contracts import Actor
from shuyang.trust.crypto import decrypt_for, pseudonym


@dataclass(frozen=True, slots=True)
class Records:
    """Rows of one table about one person. `kept` says whether they stay, without his name, after a deletion.

    `rows` are plain values by field; `secret` names fields that are kept from everyone (hashes of passwords and codes);
    `hidden` counts rows that may not be shown yet.
    """

    room: str
    table: str
    words: dict[str, str]
    rows: tuple[dict[str, Any], ...]
    secret: tuple[str, ...]
    hidden: int
    kept: bool


def records_about(*, actor: Actor, person_id: UUID, account_ids: Iterable[UUID] = ()) -> list[Records]:
    """All records about the acting person himself. Raises `Forbidden` for anyone else."""
    if not actor.is_person(person_id):
        raise Forbidden("one sees one's own data")
    keys = _keys(person_id, account_ids)
    found = [_records(model, how, person_id, keys[how.by]) for model, how in _tables()]
    return [one for one in found if one.rows or one.hidden]


def erase_rows(*, person_id: UUID, account_ids: Iterable[UUID] = ()) -> int:
    """Delete the rows of all tables that go with a person; returns how many. In the caller's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a deletion belongs in the transaction of the act that decides it")
    keys = _keys(person_id, account_ids)
    gone = 0
    for model, how in _tables():
        if how.erase:
            gone += model._default_manager.filter(**{f"{how.path}__in": keys[how.by]}).delete()[0]
    return gone


def _keys(person_id: UUID, account_ids: Iterable[UUID]) -> dict[str, list[Any]]:
    return {"person": [person_id], "account": list(account_ids), "pseudonym": [pseudonym(person_id)]}


def _tables() -> list[tuple[type[models.Model], AboutPerson]]:
    """Our tables that lead to a person, in the order of the rooms."""
    own = [m for m in apps.get_models() if m.__module__.startswith("shuyang.")]
    return [(model, how) for model in own if (how := about(model)) is not None]


def _records(model: type[models.Model], how: AboutPerson, person_id: UUID, keys: list[Any]) -> Records:
    rows = model._default_manager.filter(**{f"{how.path}__in": keys})
    shown = rows.exclude(pk__in=rows.filter(how.hidden(person_id)).values("pk"))
    declared = {**getattr(model, "base_personal_data", {}), **getattr(model, "personal_data", {})}
    words = {name: str(word.value) for name, word in declared.items()}
    fields = list(model._meta.concrete_fields)
    secret = tuple(f.name for f in fields if words[f.name] == SENSITIVE and not isinstance(f, models.BinaryField))
    listed = tuple(_plain(row, fields, secret, person_id, dict(how.sealed)) for row in shown.order_by("pk").iterator())
    return Records(
        model._meta.app_label, model.__name__, words, listed, secret, rows.count() - len(listed), not how.erase
    )


def _plain(
    row: models.Model, fields: list[Any], secret: tuple[str, ...], person_id: UUID, contexts: dict[str, str]
) -> dict[str, Any]:
    return {
        field.name: _value(getattr(row, field.attname), field, person_id, contexts)
        for field in fields
        if field.name not in secret
    }


def _value(value: Any, field: Any, person_id: UUID, contexts: dict[str, str]) -> Any:
    """Text, numbers and JSON as they are; sealed columns opened with the person's key."""
    if value is None or not isinstance(field, models.BinaryField):
        return value
    try:
        return decrypt_for(person_id, bytes(value), field=contexts.get(field.name, field.name))
    except (NotFound, Tampered):
        return None  # a key, or sealed otherwise than under the person's own: not readable to anyone as it stands
