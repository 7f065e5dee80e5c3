"""What happens to every request: a strict content policy, the actor, and errors turned into words."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.contrib.messages.storage import default_storage
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from shuyang.kernel.errors import ShuyangError
from shuyang.people.api import actor_of_session
from shuyang.web.errors import error_response, method_not_allowed

Respond = Callable[[HttpRequest], HttpResponse]

# ECharts and Tabler draw small pictures from data: URIs; nothing is ever loaded from another host.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src {style}; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def style_nonce(request: HttpRequest) -> str:
    """A word, made for this answer alone, by which a script of ours may add a style sheet of its own (the SQL editor does)."""
    request.style_nonce = getattr(request, "style_nonce", None) or secrets.token_urlsafe(16)  # type: ignore[attr-defined]
    return str(request.style_nonce)  # type: ignore[attr-defined]


class ContentSecurityPolicy:
    """No inline script or style, no other host. Only a page that asked for a nonce lets style sheets in that carry it."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        nonce = getattr(request, "style_nonce", None)
        style = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
        response.headers.setdefault("Content-Security-Policy", POLICY.format(style=style))
        response.headers["X-Shuyang"] = "1"  # lets a page tell our replies from those of a captive portal or a proxy
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.path.startswith(settings.STATIC_URL):
            return response
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class SignedIn:
    """Sets `request.actor` from the session: one look at the database per request, and none at what else it holds."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_of_session(request.session.session_key)  # type: ignore[attr-defined]
        return self.respond(request)


class Messages:
    """Django's messages for the next page, made ready only for a request that reads or writes some."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        made: list[BaseStorage] = []
        request._messages = SimpleLazyObject(lambda: _kept(made, default_storage(request)))  # type: ignore[attr-defined]
        response = self.respond(request)
        for storage in made:
            storage.update(response)
        return response


def _kept(made: list[BaseStorage], storage: BaseStorage) -> BaseStorage:
    made.append(storage)
    return storage


class ErrorsInWords:
    """An error of ours becomes a page (or a fragment) that says what happened and what to do."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        refused = response.status_code == 405 and request.path.startswith("/api/")
        return method_not_allowed(response) if refused else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return error_response(request, error) if isinstance(error, ShuyangError) else None
