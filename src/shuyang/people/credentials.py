"""What proves that someone is who he says: one small protocol, so that a passkey can join the two that exist."""

from __future__ import annotations

import hmac
from typing import Protocol

from django.contrib.auth.hashers import check_password, make_password

from shuyang.kernel.clock import now
from shuyang.people.models import Account, OneTimeCode
from shuyang.people.rules import CODE_LENGTH, clean_code
from shuyang.trust.api import blind_index


class Credential(Protocol):
    """A way to prove an account. `must_set_password`: good for the first time only, a lasting credential comes next."""

    name: str
    must_set_password: bool

    def proves(self, account: Account | None, secret: str) -> bool:
        """Does `secret` prove the account? Without an account the work is done all the same: time tells nothing."""
        ...


def code_hash(account: Account, code: str) -> str:
    """Keyed hash of a one-time code. Its ~50 random bits need no slow hashing; the key lies outside the database."""
    return blind_index(code, field=f"code:{account.id}")


def name_key(username: str) -> str:
    """Under which failed sign-ins for a name are counted, whether or not an account has it."""
    return blind_index(username, field="failed_name")


class Code:
    name, must_set_password = "code", True

    def proves(self, account: Account | None, secret: str) -> bool:
        code = clean_code(secret)
        if account is None or len(code) != CODE_LENGTH:
            return False
        row = OneTimeCode.objects.filter(account=account, used_at=None, expires_at__gt=now()).first()
        return row is not None and hmac.compare_digest(row.hash, code_hash(account, code))


class Password:
    name, must_set_password = "password", False

    def proves(self, account: Account | None, secret: str) -> bool:
        if account is None or not account.has_usable_password():
            make_password(secret)  # costs what a check costs
            return False
        return check_password(secret, account.password, setter=lambda raw: _renew(account, raw))


def _renew(account: Account, raw: str) -> None:
    """Hash anew when the hashing settings have changed since."""
    Account.objects.filter(id=account.id).update(password=make_password(raw))


CREDENTIALS: tuple[Credential, ...] = (Code(), Password())
