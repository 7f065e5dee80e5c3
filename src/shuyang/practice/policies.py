"""Who may do what. A run is its person's own: no role looks over his shoulder; the grades of assessed runs go to evidence,
and from there to where results go."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from shuyang.kernel.errors import Forbidden
from shuyang.practice.models import Change, Graded, Run
from shuyang.trust.api import NOTHING, Actor, Policy


class OwnRun(Policy[Run]):
    """The person himself, and nobody else."""

    def can(self, actor: Actor, row: Run) -> bool:
        return actor.is_person(row.person_id)

    def visible_to(self, actor: Actor) -> Q:
        return Q(person_id=actor.person_id) if actor.person_id else NOTHING

    def person(self, actor: Actor) -> UUID:
        """The person in whose name a run is begun. Raises `Forbidden` for an account without one."""
        if actor.person_id is None:
            raise Forbidden("only a person practises")
        return actor.person_id


class OwnPart(Policy[Change | Graded]):
    """What belongs to a run belongs to its person."""

    def can(self, actor: Actor, row: Change | Graded) -> bool:
        return actor.is_person(row.run.person_id)

    def visible_to(self, actor: Actor) -> Q:
        return Q(run__person_id=actor.person_id) if actor.person_id else NOTHING
