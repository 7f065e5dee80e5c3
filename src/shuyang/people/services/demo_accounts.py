"""Accounts by which the demonstration is tried out."""

from __future__ import annotations

import secrets

from django.contrib.auth.hashers import make_password
from django.db import transaction

from shuyang.people.models import Account, Person
from shuyang.people.services.codes import accounts_of
from shuyang.trust.api import SYSTEM, record


def open_demo_accounts() -> str:
    """Give every synthetic person an account with one common, random password; returns it, kept nowhere else."""
    password = f"yunchuan-{secrets.randbelow(10**6):06d}"
    hashed = make_password(password)  # one hash for all: these accounts protect nothing
    with transaction.atomic():
        accounts = accounts_of(list(Person.objects.filter(synthetic=True)))
        Account.objects.filter(id__in=[a.id for a in accounts.values()]).update(password=hashed)
        record(
            actor=SYSTEM,
            action="demo.accounts_opened",
            object_kind="demo",
            object_id="accounts",
            details={"accounts": len(accounts)},
        )
    return password
