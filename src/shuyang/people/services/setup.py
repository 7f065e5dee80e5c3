"""The first administrator, and people to try the product with."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import transaction

from shuyang.kernel.errors import Invalid, Problem
from shuyang.people.models import Account, RoleGrant
from shuyang.people.rules import clean_username
from shuyang.trust.api import SYSTEM, Role, record

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def create_administrator(*, username: str = "admin", roles: Iterable[Role] = (Role.ADMINISTRATOR,)) -> str:
    """Make an account without a person, with roles over the installation; returns its password, kept nowhere else.

    Raises `Invalid` when the name is taken.
    """
    name = clean_username(username)
    if not name or len(name) > 60 or Account.objects.filter(username=name).exists():
        raise Invalid([Problem("username", "username_taken", (("username", name),))])
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))
    with transaction.atomic():
        account = Account.objects.create(username=name, password=make_password(password))
        RoleGrant.objects.bulk_create([RoleGrant(account=account, role=role, unit=None) for role in roles])
        record(actor=SYSTEM, action="administrator.created", object_kind="account", object_id=account.id)
    return password


def has_administrator() -> bool:
    """Is there an account that can give roles over the whole installation?"""
    return RoleGrant.objects.filter(role=Role.ADMINISTRATOR, unit=None, account__is_active=True).exists()
