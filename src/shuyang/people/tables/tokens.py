"""Tokens with which a program acts for an account."""

from __future__ import annotations

from django.db import models

from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE, SENSITIVE, AboutPerson
from shuyang.people.tables.accounts import Account


class ApiToken(Base):
    """A named secret for programs, kept as a keyed hash; it acts for its account within its scopes until it ends."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    expires_at = models.DateTimeField()

    personal_data = {"account": LINK, "name": DIRECT, "hash": SENSITIVE, "scopes": NONE, "expires_at": NONE}

    about_person = AboutPerson("account__person_id", erase=True)

    class Meta:
        db_table = "people_api_token"
