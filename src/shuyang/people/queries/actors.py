"""Who acts: read on every request, so one fixed statement for a learner, two for who holds roles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from shuyang.kernel.clock import now
from shuyang.kernel.ids import parse_id
from shuyang.kit.api import run
from shuyang.people.models import Account, SignInSession, Unit
from shuyang.trust.api import NOBODY, Actor, Grant, Role


def actor_of(account_id: UUID | str | None) -> Actor:
    """The actor behind an account; `NOBODY` for an account that is unknown, or that is inactive, or whose person is."""
    key = parse_id(str(account_id))
    if key is None:
        return NOBODY
    rows = Account.objects.filter(id=key, is_active=True).values_list(
        "id", "person_id", "person__unit_path", "person__active", "grants__role", "grants__unit__path", "grants__id"
    )
    return _actor(list(rows))


_BY_SESSION = """
SELECT a.id, a.person_id, p.unit_path, p.active, g.role, u.path, g.id
FROM people_session s
JOIN people_account a ON a.id = s.account_id
LEFT JOIN people_person p ON p.id = a.person_id
LEFT JOIN people_role_grant g ON g.account_id = a.id
LEFT JOIN people_unit u ON u.id = g.unit_id
WHERE s.session_key = %s AND s.expire_date > %s AND s.signed_in AND a.is_active
"""


def actor_of_session(session_key: str | None) -> Actor:
    """The actor of a browser's session, as things stand now: an ended session or account acts for nobody at once.

    One statement for session, account, person and roles, since every page and every answer begins with it.
    """
    if not session_key or not session_key.isalnum():
        return NOBODY
    rows, _ = run(
        _BY_SESSION, [session_key, SignInSession._meta.get_field("expire_date").get_db_prep_save(now(), connection)]
    )
    return _actor([(_uuid(account), _uuid(person), *rest) for account, person, *rest in rows])


def _uuid(value: object) -> UUID | None:
    """SQLite keeps ids as text."""
    return value if value is None or isinstance(value, UUID) else UUID(str(value))


def _actor(rows: list[tuple[Any, ...]]) -> Actor:
    """From rows (account, person, unit path, person active, role, path of its unit, grant), one for each grant."""
    if not rows or (rows[0][1] is not None and not rows[0][3]):
        return NOBODY
    grants = {Grant(Role(role), path or "") for *_, role, path, grant in rows if grant}
    return Actor(account_id=rows[0][0], person_id=rows[0][1], unit_path=rows[0][2] or "", grants=with_merged(grants))


def with_merged(grants: set[Grant]) -> tuple[Grant, ...]:
    """Grants, and with them those over units that were merged into a unit they reach."""
    if not grants or all(g.unit_path == "" for g in grants):
        return _sorted(grants)
    merged = list(Unit.objects.filter(merged_into__isnull=False).values_list("path", "merged_into__path"))
    size = 0
    while size != len(grants):  # a unit may have gone into one that later went into another
        size = len(grants)
        grants |= {Grant(g.role, old) for g in grants for old, into in merged if g.reaches(into)}
    return _sorted(grants)


def _sorted(grants: set[Grant]) -> tuple[Grant, ...]:
    return tuple(sorted(grants, key=lambda g: (g.role, g.unit_path)))
