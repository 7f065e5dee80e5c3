"""Accounts, roles, one-time codes, sessions and the memory of failed sign-ins."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from shuyang.kernel.clock import now
from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE, SENSITIVE, AboutPerson
from shuyang.people.tables.persons import Person
from shuyang.people.tables.units import Unit


class Accounts(BaseUserManager["Account"]):
    """Manager of accounts; they are made by the services, not here."""


class Account(AbstractBaseUser, Base):
    """A way to sign in. Most belong to a person; the first administrator's belongs to none."""

    username = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, null=True, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    objects = Accounts()

    personal_data = {"username": DIRECT, "person": LINK, "is_active": NONE, "password": SENSITIVE, "last_login": DIRECT}

    class Meta:
        db_table = "people_account"


class RoleGrant(Base):
    """A role over a unit and all below it; no unit: the whole installation."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="grants")

    personal_data = {"account": LINK, "role": DIRECT, "unit": DIRECT}

    about_person = AboutPerson("account__person_id", erase=True)

    class Meta:
        db_table = "people_role_grant"
        constraints = [
            models.UniqueConstraint(fields=["account", "role", "unit"], name="people_role_grant_once"),
            models.UniqueConstraint(
                fields=["account", "role"], condition=models.Q(unit=None), name="people_role_grant_once_root"
            ),
        ]


class OneTimeCode(Base):
    """A code with which a person signs in for the first time, kept as a keyed hash; spent when the password is set."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="code")
    hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    personal_data = {"account": LINK, "hash": SENSITIVE, "expires_at": NONE, "used_at": NONE}

    about_person = AboutPerson("account__person_id", erase=True)

    class Meta:
        db_table = "people_one_time_code"


class FailedSignIn(models.Model):
    """Failures of late, by keyed hash of the name that was typed (known or not) or of the address they came from."""

    key = models.CharField(primary_key=True, max_length=64)
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=now)
    locked_until = models.DateTimeField(null=True)

    personal_data = {"key": LINK, "failures": NONE, "since": NONE, "locked_until": NONE}

    class Meta:
        db_table = "people_failed_sign_in"


class SignInSession(AbstractBaseSession):
    """A browser's session. `account_id` lets all sessions of an account be ended at once; `signed_in` is false while
    a one-time code was proved but no password set."""

    account_id = models.UUIDField(null=True, db_index=True)
    signed_in = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=now)
    device = models.CharField(max_length=120, blank=True)

    personal_data = {
        "session_key": SENSITIVE,
        "session_data": LINK,
        "expire_date": NONE,
        "account_id": LINK,
        "signed_in": NONE,
        "started_at": DIRECT,
        "device": DIRECT,
    }

    about_person = AboutPerson("account_id", by="account", erase=True)

    class Meta:
        db_table = "people_session"


class MailAddress(Base):
    """A person's own address for reminders, given by himself and sealed under his key."""

    person_id = models.UUIDField(unique=True)
    address = models.BinaryField()

    personal_data = {"person_id": LINK, "address": SENSITIVE}
    about_person = AboutPerson("person_id", erase=True, sealed=(("address", "mail_address"),))

    class Meta:
        db_table = "people_mail_address"
