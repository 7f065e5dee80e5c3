"""Give and take roles."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from shuyang.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from shuyang.people.models import Person, RoleGrant, Unit
from shuyang.people.policies import ManageRole, SeePerson
from shuyang.people.services.codes import accounts_of
from shuyang.trust.api import Actor, Role, record


class LastAdministrator(Conflict):
    """The installation would be left without anyone who can give roles."""

    code = "last_administrator"


def grant_role(*, actor: Actor, person_id: UUID, role: str, unit_id: UUID | None) -> None:
    """Give a person a role over a unit and all below (no unit: the whole installation); twice changes nothing more.

    Raises `Invalid` for an unknown role, `Forbidden` where the actor is no administrator of the unit.
    """
    if role not in set(Role):
        raise Invalid([Problem("role", "role_unknown", (("value", role),))])
    person = Person.objects.filter(SeePerson().visible_to(actor), id=person_id, active=True).first()
    if person is None:
        raise NotFound("no such person")
    unit = Unit.objects.filter(id=unit_id).first() if unit_id else None
    if unit_id and (unit is None or not unit.active):
        raise Invalid([Problem("unit", "unit_inactive")])
    if not ManageRole().can(actor, RoleGrant(role=role, unit=unit)):
        raise Forbidden("not an administrator of that unit")
    with transaction.atomic():
        account = accounts_of([person])[person.id]
        _, created = RoleGrant.objects.get_or_create(account=account, role=role, unit=unit)
        if created:
            record(
                actor=actor,
                action="role.granted",
                object_kind="account",
                object_id=account.id,
                unit_path=unit.path if unit else "",
                subject=person.id,
                details={"role": role},
            )


def revoke_role(*, actor: Actor, grant_id: UUID) -> None:
    """Take a role away. Raises `LastAdministrator` for the last one over the whole installation."""
    grant = (
        RoleGrant.objects.filter(ManageRole().visible_to(actor), id=grant_id).select_related("unit", "account").first()
    )
    if grant is None:
        raise NotFound("no such role")
    with transaction.atomic():
        if grant.role == Role.ADMINISTRATOR and grant.unit is None and not _other_administrators(grant):
            raise LastAdministrator("the last administrator")
        grant_path, details = grant.unit.path if grant.unit else "", {"role": grant.role}
        record(
            actor=actor,
            action="role.revoked",
            object_kind="account",
            object_id=grant.account_id,
            unit_path=grant_path,
            subject=grant.account.person_id,
            details=details,
        )
        grant.delete()


def _other_administrators(grant: RoleGrant) -> bool:
    others = RoleGrant.objects.filter(role=Role.ADMINISTRATOR, unit=None, account__is_active=True).exclude(id=grant.id)
    return others.exclude(account__person__active=False).exists()
