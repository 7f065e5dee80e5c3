"""Who may do what with a credential or a publication.

A credential's public page asks for no policy: whoever holds the code may read it.
"""

from __future__ import annotations

from django.db.models import Q

from shuyang.feedback.models import Credential, Publication
from shuyang.trust.api import NOTHING, Actor, Policy, Role, within

GROUP_READERS = (Role.ORGANISER, Role.LEADER)


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


class ReadPublication(Policy[Publication]):
    """Organisers and leaders of the campaign's unit, of a unit above it or of one below it; each is told of his units only."""

    def can(self, actor: Actor, row: Publication) -> bool:
        paths = actor.paths(*GROUP_READERS)
        return any(row.unit_path.startswith(p) or p.startswith(row.unit_path) for p in paths)

    def visible_to(self, actor: Actor) -> Q:
        paths = actor.paths(*GROUP_READERS)
        above = {path[:end] for path in paths for end in range(1, len(path) + 1)}
        return within(paths) | Q(unit_path__in=above)
