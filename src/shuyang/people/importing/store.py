"""Keeps what an import holds: sealed under a key of its own, in pieces, until the import ends."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import UUID

from django.db import transaction

from shuyang.people.models import ImportPart
from shuyang.trust.api import decrypt_for, destroy_person_key, encrypt_for, make_person_keys, person_keys

WORKBOOK, PREVIEW, REJECTED = "workbook", "preview", "rejected"
_PIECE = 512 * 1024


def open_store(batch_id: UUID) -> None:
    """Make the key. The store of keys only sees an id: an import's key is destroyed like a person's."""
    make_person_keys([batch_id])


def put(batch_id: UUID, kind: str, data: bytes) -> None:
    """Keep `data` as the batch's `kind`, replacing what was there; in pieces, so that no transaction is long."""
    key = person_keys([batch_id])[batch_id]
    ImportPart.objects.filter(batch_id=batch_id, kind=kind).delete()
    for position, start in enumerate(range(0, len(data), _PIECE)):
        text = base64.b64encode(data[start : start + _PIECE]).decode()
        sealed = encrypt_for(key, text, field=f"{kind}:{position}")
        ImportPart.objects.create(batch_id=batch_id, kind=kind, position=position, sealed=sealed)


def get(batch_id: UUID, kind: str) -> bytes:
    """What was kept, or nothing."""
    parts = ImportPart.objects.filter(batch_id=batch_id, kind=kind).order_by("position").iterator(chunk_size=4)
    pieces = (decrypt_for(batch_id, bytes(p.sealed), field=f"{kind}:{p.position}") for p in parts)
    return b"".join(base64.b64decode(piece) for piece in pieces)


def put_json(batch_id: UUID, kind: str, value: Any) -> None:
    put(batch_id, kind, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def get_json(batch_id: UUID, kind: str) -> Any:
    data = get(batch_id, kind)
    return json.loads(data) if data else None


def drop(batch_id: UUID, *kinds: str) -> None:
    """Forget some of what is kept; with no kind named everything, and the key."""
    parts = ImportPart.objects.filter(batch_id=batch_id)
    with transaction.atomic():
        (parts.filter(kind__in=kinds) if kinds else parts).delete()
        if not kinds:
            destroy_person_key(batch_id)
