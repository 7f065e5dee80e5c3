"""Tokens for programs: make, list, revoke; who acts with one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from shuyang.kernel.clock import now
from shuyang.kernel.errors import Forbidden, Invalid, NotFound, Problem
from shuyang.people.contracts import NewToken, Scope, TokenView
from shuyang.people.models import ApiToken
from shuyang.people.policies import OwnToken
from shuyang.people.queries.actors import actor_of
from shuyang.trust.api import NOBODY, Actor, blind_index, record

LONGEST_DAYS = 365
MOST = 20
_MARK = "sy_"  # lets a scanner of source code find a token that was left there


def make_token(*, actor: Actor, name: str, scopes: Iterable[str], days: int) -> NewToken:
    """A new token of the actor's own account. Its secret exists in this answer only.

    Raises `Invalid` (no name, no or unknown scope, 1 to 365 days, at most 20 tokens), `Forbidden` without an account.
    """
    if actor.account_id is None:
        raise Forbidden("a token belongs to an account")
    wanted = _checked(name, scopes, days)
    secret = _MARK + secrets.token_urlsafe(32)
    row = ApiToken(
        account_id=actor.account_id,
        name=name.strip(),
        hash=_hash(secret),
        scopes=wanted,
        expires_at=now() + timedelta(days=days),
    )
    with transaction.atomic():
        if ApiToken.objects.filter(account_id=actor.account_id).count() >= MOST:
            raise Invalid([Problem("name", "too_many_tokens", (("most", str(MOST)),))])
        row.save(force_insert=True)
        _record(actor, "token.made", row)
    return NewToken(_view(row), secret)


def _checked(name: str, scopes: Iterable[str], days: int) -> list[str]:
    wanted, problems = sorted(set(scopes)), []
    if not name.strip():
        problems.append(Problem("name", "required"))
    elif len(name.strip()) > 60:
        problems.append(Problem("name", "too_long", (("most", "60"),)))
    if not wanted or not set(wanted) <= set(Scope):
        problems.append(Problem("scopes", "token_scopes"))
    if not 1 <= days <= LONGEST_DAYS:
        problems.append(Problem("days", "token_days", (("most", str(LONGEST_DAYS)),)))
    if problems:
        raise Invalid(problems)
    return wanted


def revoke_token(*, actor: Actor, token_id: UUID) -> None:
    """End one of the actor's own tokens at once. Raises `NotFound`."""
    with transaction.atomic():
        row = ApiToken.objects.filter(OwnToken().visible_to(actor), id=token_id).first()
        if row is None:
            raise NotFound("no such token")
        _record(actor, "token.revoked", row)
        row.delete()


def tokens_of(*, actor: Actor) -> tuple[TokenView, ...]:
    """The actor's own tokens that still work, the newest first."""
    rows = ApiToken.objects.filter(OwnToken().visible_to(actor), expires_at__gt=now())
    return tuple(_view(row) for row in rows.order_by("-created_at"))


def actor_of_token(*, secret: str, scope: Scope) -> Actor:
    """Who acts with this token for this purpose: `NOBODY` for a token unknown, ended or without the scope."""
    row = ApiToken.objects.filter(hash=_hash(secret), expires_at__gt=now()).first()
    return actor_of(row.account_id) if row is not None and scope in row.scopes else NOBODY


def _hash(secret: str) -> str:
    """256 random bits need no slow hashing; the key of the hash lies outside the database."""
    return blind_index(secret, field="api_token")


def _view(row: ApiToken) -> TokenView:
    return TokenView(row.id, row.name, tuple(Scope(one) for one in row.scopes), row.created_at, row.expires_at)


def _record(actor: Actor, action: str, row: ApiToken) -> None:
    record(
        actor=actor,
        action=action,
        object_kind="token",
        object_id=row.id,
        unit_path=actor.unit_path,
        details={"scopes": row.scopes},
    )
