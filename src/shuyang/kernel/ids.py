"""Identifiers: UUID version 7 (RFC 9562 §5.7): ordered by time, unguessable, mintable on any machine."""

from __future__ import annotations

import os
import time
import uuid


def new_id() -> uuid.UUID:
    """A fresh UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    rand = int.from_bytes(os.urandom(10))
    value = (
        (milliseconds & (1 << 48) - 1) << 80
        | 0x7 << 76
        | (rand >> 68 & 0xFFF) << 64
        | 0b10 << 62
        | rand & (1 << 62) - 1
    )
    return uuid.UUID(int=value)


def parse_id(text: str) -> uuid.UUID | None:
    """The UUID that `text` writes, or None: a forged id is 'not found', never a crash."""
    try:
        return uuid.UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
