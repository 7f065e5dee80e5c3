"""Canonical JSON and content addresses: the same content has the same bytes and so the same hash, everywhere."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8. NaN and infinities are refused (`ValueError`)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(data: bytes) -> str:
    """SHA-256 of bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def content_hash(value: Any) -> str:
    """Content address of a JSON value."""
    return digest(canonical_json(value))
