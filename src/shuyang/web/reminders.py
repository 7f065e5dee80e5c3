"""Reminders by mail: a digest, one a day at most, with nothing personal but the names of the tests and their ends."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import override

from shuyang.delivery.api import Digest, claim_reminder, due_digests, forget_reminders
from shuyang.kernel.clock import BEIJING, now
from shuyang.kit.api import Progress, job
from shuyang.people.api import mail_addresses

# Nobody is woken by a reminder: it goes out in the morning of Beijing, whenever the hourly job comes by.
FIRST_HOUR, LAST_HOUR = 8, 12


@job("web.reminders", attempts=3, every=3600)
def remind(progress: Progress) -> dict[str, Any]:
    """Once an hour; sends in the morning, where mail is set up. Safe to repeat: each person is claimed for the day."""
    forget_reminders()
    if not settings.SHUYANG_MAIL or not FIRST_HOUR <= now().astimezone(BEIJING).hour < LAST_HOUR:
        return {"sent": 0}
    digests = due_digests()
    addresses = mail_addresses(person_ids=[digest.person_id for digest in digests])
    sent = 0
    for number, digest in enumerate(digests, 1):
        address = addresses.get(digest.person_id)
        if address and claim_reminder(digest.person_id):
            send_mail(_subject(), _text(digest), settings.DEFAULT_FROM_EMAIL, [address], fail_silently=False)
            sent += 1
        progress.step(number, len(digests))
    return {"sent": sent}


def _subject() -> str:
    with override("zh-hans"):
        return _("Reminder: assessments not yet finished")


def _text(digest: Digest) -> str:
    """The mail: no name, no number, no result."""
    with override("zh-hans"):
        lines = [
            _("%(name)s: open until %(until)s")
            % {"name": one.name, "until": one.closes_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")}
            for one in digest.campaigns
        ]
        head = _("You have not finished these assessments yet:")
        foot = _(
            "Sign in to begin or go on. You get at most one reminder a day; you can remove your address in your account."
        )
    return "\n".join([head, "", *(f"· {line}" for line in lines), "", foot, settings.SHUYANG_ADDRESS]).rstrip() + "\n"
