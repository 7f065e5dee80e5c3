"""Who calls: a browser that is signed in, or a program with a token of the right scope."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from shuyang.people.api import Scope, actor_of_token
from shuyang.trust.api import Actor


class _Browser(APIKeyCookie):
    """The session of a signed-in browser. What writes needs the token against forged requests, as any form does."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return actor if actor.account_id is not None else None


class _Program(HttpBearer):
    """A token of an account, for one scope."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = actor_of_token(secret=token, scope=self.scope)
        if actor.account_id is None:
            return None
        request.actor = actor  # type: ignore[attr-defined]
        return actor


_asked = {scope: [_Program(scope), _Browser()] for scope in Scope}


def asks(scope: Scope) -> dict[str, Any]:
    """What an operation says of who may call it: a program whose token has `scope`, or any signed-in browser."""
    return {"auth": _asked[scope], "openapi_extra": {"x-scope": scope.value}}
