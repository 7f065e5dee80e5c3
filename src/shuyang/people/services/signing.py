"""Sign in, set and change the password, sign out everywhere."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from shuyang.kernel.clock import now
from shuyang.kernel.errors import Closed, Invalid, NotFound, Problem
from shuyang.people.contracts import SessionView, SignedIn
from shuyang.people.credentials import CREDENTIALS, Password, name_key
from shuyang.people.errors import WrongSignIn
from shuyang.people.models import Account, FailedSignIn, OneTimeCode, SignInSession
from shuyang.people.queries.actors import actor_of
from shuyang.people.rules import clean_username
from shuyang.people.services.tries import count_failure, refuse_if_locked
from shuyang.trust.api import Actor, blind_index, record

NAME_LIMIT = 5
ADDRESS_LIMIT = 50  # a whole office may come from one address


def sign_in(*, username: str, secret: str, address: str) -> SignedIn:
    """Prove an account with its password or a one-time code.

    Raises `WrongSignIn` (the same for unknown names, wrong secrets and inactive accounts) and, after repeated
    failures for one name or from one address, `TooManySignIns` until the lock ends.
    """
    name = clean_username(username)[:60]
    keys = {name_key(name): NAME_LIMIT, blind_index(address, field="failed_address"): ADDRESS_LIMIT}
    refuse_if_locked(list(keys))
    account = Account.objects.filter(username=name, is_active=True).exclude(person__active=False).first()
    proof = next((c for c in CREDENTIALS if c.proves(account, secret)), None)
    if account is None or proof is None:
        count_failure(keys)
        raise WrongSignIn([Problem("secret", "wrong_sign_in")])
    _succeed(account, name)
    return SignedIn(account.id, proof.must_set_password)


def _succeed(account: Account, name: str) -> None:
    with transaction.atomic():
        FailedSignIn.objects.filter(key=name_key(name)).delete()
        Account.objects.filter(id=account.id).update(last_login=now())
        actor = actor_of(account.id)
        record(
            actor=actor,
            action="account.signed_in",
            object_kind="account",
            object_id=account.id,
            unit_path=actor.unit_path,
        )


def set_first_password(*, account_id: UUID, password: str) -> None:
    """Set the password after a one-time code was proved; the code is spent and other sessions of the account end.

    Raises `Invalid` for a weak password, `Closed` when the code was spent or replaced meanwhile.
    """
    account = Account.objects.filter(id=account_id, is_active=True).select_related("person").first()
    if account is None:
        raise NotFound("no such account")
    check_strength(account, password)
    with transaction.atomic():
        spent = OneTimeCode.objects.filter(account=account, used_at=None, expires_at__gt=now()).update(used_at=now())
        if not spent:
            raise Closed("the one-time code is no longer good")
        _store(account, password)
        _record(account, "account.password_set")


def change_password(*, actor: Actor, current: str, password: str) -> None:
    """Change one's own password; all sessions of the account end (the page then starts a new one)."""
    account = _own(actor)
    key = name_key(account.username)
    refuse_if_locked([key])
    if not Password().proves(account, current):
        count_failure({key: NAME_LIMIT})
        raise Invalid([Problem("current", "wrong_password")])
    check_strength(account, password)
    with transaction.atomic():
        _store(account, password)
        _record(account, "account.password_changed")


def check_strength(account: Account, password: str) -> None:
    """Raise `Invalid` naming every way in which a password is too weak."""
    problems = []
    try:
        validate_password(password, account)
    except ValidationError as error:
        for one in error.error_list:
            data = tuple((k, str(v)) for k, v in (one.params or {}).items())
            problems.append(Problem("password", one.code or "password_bad", data))
    known = [
        account.username,
        account.person.number if account.person else "",
        account.person.name if account.person else "",
    ]
    if any(k and k.casefold() == password.strip().casefold() for k in known):
        problems.append(Problem("password", "password_like_name"))
    if problems:
        raise Invalid(problems)


def _store(account: Account, password: str) -> None:
    Account.objects.filter(id=account.id).update(password=make_password(password))
    SignInSession.objects.filter(account_id=account.id).delete()


def _own(actor: Actor) -> Account:
    if actor.account_id is None:
        raise NotFound("no account")
    account = Account.objects.filter(id=actor.account_id, is_active=True).select_related("person").first()
    if account is None:
        raise NotFound("no account")
    return account


def _record(account: Account, action: str) -> None:
    actor = actor_of(account.id)
    record(actor=actor, action=action, object_kind="account", object_id=account.id, unit_path=actor.unit_path)


def sessions_of(*, actor: Actor, current_key: str | None) -> tuple[SessionView, ...]:
    """The open sessions of one's own account, the newest first."""
    rows = SignInSession.objects.filter(account_id=actor.account_id, expire_date__gt=now()).order_by("-started_at")
    return tuple(
        SessionView(short_key(r.session_key), r.started_at, r.device, current=r.session_key == current_key)
        for r in rows
        if actor.account_id is not None
    )


def short_key(session_key: str) -> str:
    """A name for a session that does not give its secret away."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:16]


def end_session(*, actor: Actor, key: str) -> None:
    """End one of one's own sessions. Raises `NotFound` for a session of someone else."""
    rows = SignInSession.objects.filter(account_id=actor.account_id)
    mine = [r.session_key for r in rows if short_key(r.session_key) == key and actor.account_id is not None]
    if not mine:
        raise NotFound("no such session")
    SignInSession.objects.filter(session_key__in=mine).delete()


def sign_out_everywhere(*, actor: Actor) -> int:
    """End all sessions of one's own account, this one included. Returns how many there were."""
    account = _own(actor)
    with transaction.atomic():
        ended, _ = SignInSession.objects.filter(account_id=account.id).delete()
        _record(account, "account.signed_out_everywhere")
    return ended


def forget_expired() -> int:
    """Delete sessions that ran out and failures of days ago. Returns how many."""
    sessions, _ = SignInSession.objects.filter(expire_date__lt=now()).delete()
    failures, _ = FailedSignIn.objects.filter(since__lt=now() - timedelta(days=1)).delete()
    return sessions + failures
