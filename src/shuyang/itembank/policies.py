"""Who may see and change the bank. It belongs to the installation, so a role anywhere counts."""

from __future__ import annotations

from django.db.models import Q

from shuyang.itembank.models import DesignRow, Item
from shuyang.kernel.errors import Forbidden
from shuyang.trust.api import EVERYTHING, NOTHING, Actor, Policy, Role


class _ByRole(Policy[Item]):
    roles: tuple[Role, ...]

    def can(self, actor: Actor, row: Item | None = None) -> bool:
        return actor.has_anywhere(*self.roles)

    def visible_to(self, actor: Actor) -> Q:
        return EVERYTHING if self.can(actor) else NOTHING

    def demand(self, actor: Actor) -> None:
        """Raise `Forbidden` unless the actor holds one of the roles."""
        if not self.can(actor):
            raise Forbidden(f"{type(self).__name__} refused")


class SeeBank(_ByRole):
    """Contents with keys: those who write, review and calibrate items; not those who run the installation."""

    roles = (Role.AUTHOR, Role.REVIEWER, Role.PSYCHOMETRICIAN)


class LoadItems(_ByRole):
    roles = (Role.ADMINISTRATOR, Role.PSYCHOMETRICIAN)


class Publish(_ByRole):
    roles = (Role.ADMINISTRATOR, Role.PSYCHOMETRICIAN)


class DecideReports(_ByRole):
    roles = (Role.REVIEWER, Role.PSYCHOMETRICIAN)


class EditDesigns(Policy[DesignRow]):
    """Designs of tests belong to the installation: those who run campaigns or keep the bank see and make them."""

    roles = (Role.PSYCHOMETRICIAN, Role.ORGANISER, Role.ADMINISTRATOR)

    def can(self, actor: Actor, row: DesignRow | None = None) -> bool:
        return actor.has_anywhere(*self.roles)

    def visible_to(self, actor: Actor) -> Q:
        return EVERYTHING if self.can(actor) else NOTHING

    def demand(self, actor: Actor) -> None:
        """Raise `Forbidden` unless the actor holds one of the roles."""
        if not self.can(actor):
            raise Forbidden("designs are for those who run campaigns or keep the bank")
