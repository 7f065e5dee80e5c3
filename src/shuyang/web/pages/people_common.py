"""What the pages of people share."""

from __future__ import annotations

from django.http import HttpResponse

from shuyang.kernel.errors import Conflict, Invalid, NotFound
from shuyang.trust.api import Actor, Role
from shuyang.web.errors import error_words, words

MANAGERS = (Role.ORGANISER, Role.ADMINISTRATOR)
READERS = (*MANAGERS, Role.APPRAISER, Role.TALENT_OFFICER)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def require_manager(actor: Actor) -> None:
    """Pages of organisers and administrators do not exist for others."""
    if not actor.has_anywhere(*MANAGERS):
        raise NotFound("for organisers")


def download(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def problems_of(error: Invalid | Conflict) -> dict[str, str]:
    """Words at their fields; what concerns the whole form stands at "form"."""
    if isinstance(error, Invalid):
        return {p.where: words(p) for p in reversed(error.problems)}
    return {"form": error_words(error)}


def whole(text: str | None, default: int) -> int:
    """A small whole number from a request, or the default."""
    return int(text) if text and text.isdecimal() and len(text) < 8 else default
