"""Contents to and from their canonical bytes, and the id that follows from them."""

from __future__ import annotations

from uuid import UUID

import msgspec

from shuyang.itembank.content import ItemContent
from shuyang.kernel.canonical import canonical_json

_decoder: msgspec.json.Decoder[ItemContent] = msgspec.json.Decoder(ItemContent)


def to_text(content: ItemContent) -> str:
    """Canonical JSON of an item."""
    return canonical_json(msgspec.to_builtins(content)).decode()


def from_text(text: str) -> ItemContent:
    """Inverse of `to_text`."""
    return _decoder.decode(text)


def version_id(content_hash: str) -> UUID:
    """UUIDv8 (RFC 9562 §5.8) of a content address: the same content has the same version id on every installation."""
    value = int(content_hash[:32], 16)
    value = value & ~(0xF << 76) | 0x8 << 76
    return UUID(int=value & ~(0b11 << 62) | 0b10 << 62)
