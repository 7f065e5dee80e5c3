"""Who may do what with units, persons and roles: always within the units one's roles reach."""

from __future__ import annotations

from django.db.models import Q

from shuyang.people.models import ApiToken, DataRequest, Person, RoleGrant, Unit
from shuyang.trust.api import NOTHING, Actor, Policy, Role, within

MANAGERS = (Role.ORGANISER, Role.ADMINISTRATOR)
READERS = (*MANAGERS, Role.APPRAISER, Role.TALENT_OFFICER)


class SeePerson(Policy[Person]):
    """Oneself; and those in the units of one's role."""

    def can(self, actor: Actor, row: Person) -> bool:
        return actor.is_person(row.id) or actor.has(*READERS, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        own = Q(id=actor.person_id) if actor.person_id else NOTHING
        return own | within(actor.paths(*READERS))


class ManagePerson(Policy[Person]):
    """Change posts, deactivate, put in: organisers and administrators of the person's unit."""

    def can(self, actor: Actor, row: Person) -> bool:
        return actor.has(*MANAGERS, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        return within(actor.paths(*MANAGERS))


class OwnRequest(Policy[DataRequest]):
    """A request about one's own data: read it, take it back."""

    def can(self, actor: Actor, row: DataRequest) -> bool:
        return actor.is_person(row.person_id)

    def visible_to(self, actor: Actor) -> Q:
        return Q(person_id=actor.person_id) if actor.person_id else NOTHING


class DecideRequest(Policy[DataRequest]):
    """Organisers and administrators of the person's unit; nobody decides about himself."""

    def can(self, actor: Actor, row: DataRequest) -> bool:
        return actor.has(*MANAGERS, at=row.unit_path) and not actor.is_person(row.person_id)

    def visible_to(self, actor: Actor) -> Q:
        own = Q(person_id=actor.person_id) if actor.person_id else NOTHING
        return within(actor.paths(*MANAGERS)) & ~own


class SeeUnit(Policy[Unit]):
    """The units one's roles reach, and one's own unit."""

    def can(self, actor: Actor, row: Unit) -> bool:
        own = actor.person_id is not None and row.path == actor.unit_path
        return own or actor.has(*Role, at=row.path)

    def visible_to(self, actor: Actor) -> Q:
        own = Q(path=actor.unit_path) if actor.person_id else NOTHING
        return own | within(actor.paths(*Role), "path")


class ManageUnit(Policy[Unit]):
    """Rename a unit, add below it, merge it: organisers and administrators of the unit."""

    def can(self, actor: Actor, row: Unit) -> bool:
        return actor.has(*MANAGERS, at=row.path)

    def visible_to(self, actor: Actor) -> Q:
        return within(actor.paths(*MANAGERS), "path")


class ManageRole(Policy[RoleGrant]):
    """Give and take a role: administrators, where their own role reaches; nobody gives what reaches further."""

    def can(self, actor: Actor, row: RoleGrant) -> bool:
        return actor.has(Role.ADMINISTRATOR, at=row.unit.path if row.unit else "")

    def visible_to(self, actor: Actor) -> Q:
        paths = actor.paths(Role.ADMINISTRATOR)
        everywhere = Q(unit=None) if "" in paths else NOTHING
        return everywhere | (Q(unit__isnull=False) & within(paths, "unit__path"))


class ResetSignIn(Policy[Person]):
    """Hand out a new one-time code, end someone's access: who manages the person.

    For a person who holds roles it takes an administrator over each of them: else an organiser could take over
    an account that may do more than his own.
    """

    def can(self, actor: Actor, row: Person) -> bool:
        grants = RoleGrant.objects.filter(account__person_id=row.id).select_related("unit")
        return ManagePerson().can(actor, row) and all(ManageRole().can(actor, grant) for grant in grants)

    def visible_to(self, actor: Actor) -> Q:
        beyond = RoleGrant.objects.filter(account__person__isnull=False).exclude(ManageRole().visible_to(actor))
        return ManagePerson().visible_to(actor) & ~Q(id__in=beyond.values("account__person_id"))


class OwnToken(Policy[ApiToken]):
    """Tokens of one's own account."""

    def can(self, actor: Actor, row: ApiToken) -> bool:
        return actor.account_id is not None and row.account_id == actor.account_id

    def visible_to(self, actor: Actor) -> Q:
        return Q(account_id=actor.account_id) if actor.account_id else NOTHING
