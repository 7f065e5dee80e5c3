"""Who acts: read on every request, so one statement for a learner, two for who holds roles."""

from __future__ import annotations

from uuid import UUID

from shuyang.kernel.ids import parse_id
from shuyang.people.models import Account, Unit
from shuyang.trust.api import NOBODY, Actor, Grant, Role


def actor_of(account_id: UUID | str | None) -> Actor:
    """The actor behind an account; `NOBODY` for an account that is unknown, or that is inactive, or whose person is."""
    key = parse_id(str(account_id))
    if key is None:
        return NOBODY
    rows = list(
        Account.objects.filter(id=key, is_active=True).values_list(
            "person_id", "person__unit_path", "person__active", "grants__role", "grants__unit__path", "grants__id"
        )
    )
    if not rows or rows[0][2] is False:
        return NOBODY
    grants = {Grant(Role(role), path or "") for _, _, _, role, path, grant_id in rows if grant_id}
    return Actor(account_id=key, person_id=rows[0][0], unit_path=rows[0][1] or "", grants=with_merged(grants))


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
