"""How much an answer may weigh: far more than any page of ours sends, far less than would hurt."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from shuyang.delivery.api import note_refusal
from shuyang.kernel.errors import TooLarge

LARGEST = 64 * 1024


def check_size(request: HttpRequest, sitting_id: UUID) -> None:
    """Refuse and note a body larger than `LARGEST`. Raises `TooLarge`."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > LARGEST:
        note_refusal(actor=request.actor, sitting_id=sitting_id, kind="body_too_large")  # type: ignore[attr-defined]
        raise TooLarge("an answer is never so large", bytes=int(length))
