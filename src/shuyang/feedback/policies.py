"""Who may do what with a credential. Its public page asks for no policy: whoever holds the code may read it."""

from __future__ import annotations

from django.db.models import Q

from shuyang.feedback.models import Credential
from shuyang.trust.api import NOTHING, Actor, Policy, Role, within


class OwnCredential(Policy[Credential]):
    """The person himself: see it, download it."""

    def can(self, actor: Actor, row: Credential) -> bool:
        return actor.is_person(row.person_id)

    def visible_to(self, actor: Actor) -> Q:
        return Q(person_id=actor.person_id) if actor.person_id else NOTHING


class RevokeCredential(Policy[Credential]):
    """The person himself; and the organisers of the unit in which it was earned."""

    def can(self, actor: Actor, row: Credential) -> bool:
        return actor.is_person(row.person_id) or actor.has(Role.ORGANISER, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        own = Q(person_id=actor.person_id) if actor.person_id else NOTHING
        return own | within(actor.paths(Role.ORGANISER))
