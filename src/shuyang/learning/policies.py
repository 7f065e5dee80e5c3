"""Who may do what. What a person reads, notes and tries is his own: no role sees it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from shuyang.kernel.errors import Forbidden
from shuyang.learning.models import LessonVersion, Note, Reading, Tried
from shuyang.trust.api import EVERYTHING, NOTHING, Actor, Policy, Role


class Own(Policy[Reading | Note | Tried]):
    """The person himself, and nobody else."""

    def can(self, actor: Actor, row: Reading | Note | Tried) -> bool:
        return actor.is_person(row.person_id)

    def visible_to(self, actor: Actor) -> Q:
        return Q(person_id=actor.person_id) if actor.person_id else NOTHING

    def person(self, actor: Actor) -> UUID:
        """The person in whose name rows are written. Raises `Forbidden` for an account without one."""
        if actor.person_id is None:
            raise Forbidden("only a person learns")
        return actor.person_id


class LoadLessons(Policy[LessonVersion]):
    """Those who may load content."""

    def can(self, actor: Actor, row: LessonVersion | None) -> bool:
        return actor.has_anywhere(Role.ADMINISTRATOR, Role.PSYCHOMETRICIAN)

    def visible_to(self, actor: Actor) -> Q:
        return EVERYTHING if self.can(actor, None) else NOTHING
