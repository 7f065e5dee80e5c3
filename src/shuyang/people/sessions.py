"""Sessions in the database that know whose they are (settings.SESSION_ENGINE)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from shuyang.kernel.clock import now
from shuyang.kernel.ids import parse_id

ACCOUNT = "account"  # signed in
PENDING = "pending"  # proved a one-time code, has to set a password before anything else
DEVICE = "device"
STARTED = "started"


class SessionStore(DatabaseSessions):
    """Django's database sessions over our table."""

    @classmethod
    def get_model_class(cls) -> Any:
        from shuyang.people.models import SignInSession

        return SignInSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.account_id = parse_id(data.get(ACCOUNT) or data.get(PENDING) or "")
        row.signed_in = parse_id(data.get(ACCOUNT) or "") is not None
        row.device = data.get(DEVICE, "")[:120]
        row.started_at = datetime.fromisoformat(data[STARTED]) if STARTED in data else now()
        return row


def start(session: SessionBase, account_id: UUID, *, must_set_password: bool, device: str = "") -> None:
    """Bind a browser's session to an account, under a new key (no session fixation)."""
    for key in (ACCOUNT, PENDING):
        session.pop(key, None)
    session[PENDING if must_set_password else ACCOUNT] = str(account_id)
    session[DEVICE] = device
    session[STARTED] = now().isoformat()
    session.cycle_key()


def signed_in_account(session: SessionBase) -> UUID | None:
    """The account this session is signed in to; None before the password is set after a one-time code."""
    return parse_id(session.get(ACCOUNT) or "")


def pending_account(session: SessionBase) -> UUID | None:
    """The account that proved a one-time code in this session and still has to set its password."""
    return parse_id(session.get(PENDING) or "")
