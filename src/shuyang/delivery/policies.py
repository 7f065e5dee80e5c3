"""Who may do what with campaigns and sittings."""

from __future__ import annotations

from django.db.models import Q

from shuyang.delivery.models import Campaign, Sitting
from shuyang.trust.api import EVERYTHING, NOTHING, Actor, Policy, Role, within


class ManageCampaign(Policy[Campaign]):
    """Organisers of the unit."""

    def can(self, actor: Actor, row: Campaign) -> bool:
        return actor.has(Role.ORGANISER, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        return within(actor.paths(Role.ORGANISER))


class TakeSitting(Policy[Sitting]):
    """Only the person himself answers."""

    def can(self, actor: Actor, row: Sitting) -> bool:
        return actor.is_person(row.person_id)

    def visible_to(self, actor: Actor) -> Q:
        return Q(person_id=actor.person_id) if actor.person_id else NOTHING


class AuditSitting(Policy[Sitting]):
    """Auditors of the unit may read a whole sitting, for verification."""

    def can(self, actor: Actor, row: Sitting) -> bool:
        return actor.has(Role.AUDITOR, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        return EVERYTHING if actor.system else within(actor.paths(Role.AUDITOR))
