"""Counting wrong secrets: whoever guesses has to wait, by name and by address."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from django.db import transaction

from shuyang.kernel.clock import now
from shuyang.people.errors import TooManySignIns
from shuyang.people.models import FailedSignIn
from shuyang.trust.api import NOBODY, record

WINDOW = timedelta(minutes=15)
LOCK = timedelta(minutes=15)


def refuse_if_locked(keys: list[str]) -> None:
    """Raise `TooManySignIns` while one of the keys is locked."""
    lock = FailedSignIn.objects.filter(key__in=keys, locked_until__gt=now()).order_by("-locked_until").first()
    if lock is not None and lock.locked_until is not None:
        seconds = ceil((lock.locked_until - now()).total_seconds())
        raise TooManySignIns(seconds=seconds, minutes=-(-seconds // 60))


def count_failure(keys: dict[str, int]) -> None:
    """Count a failure for each key, and lock at its limit. Its own transaction: the refusal must not undo it."""
    moment = now()
    with transaction.atomic():
        for key, limit in sorted(keys.items()):
            FailedSignIn.objects.get_or_create(key=key, defaults={"since": moment})
            row = FailedSignIn.objects.select_for_update().get(key=key)
            if row.since < moment - WINDOW:
                row.since, row.failures = moment, 0
            row.failures += 1
            if row.failures >= limit:
                row.locked_until, row.failures, row.since = moment + LOCK, 0, moment
                record(actor=NOBODY, action="sign_in.locked", object_kind="sign_in", object_id=key)
            row.save()
