"""Who may read evidence: the person his own; in a unit, the organiser and the leader only in sums; the auditor to verify."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from shuyang.evidence.models import Estimate, SelfRating
from shuyang.kernel.clock import now
from shuyang.trust.api import EVERYTHING, NOTHING, Actor, Policy, Role, within

UNIT_READERS = (Role.ORGANISER, Role.LEADER, Role.PSYCHOMETRICIAN)


class SeeOwnEstimate(Policy[Estimate]):
    """A single person's result: the person himself once its seal is open, and no one in the unit."""

    def can(self, actor: Actor, row: Estimate) -> bool:
        return actor.system or (actor.is_person(row.person_id) and _open(row.person_from))

    def visible_to(self, actor: Actor) -> Q:
        if actor.system:
            return EVERYTHING
        return Q(person_id=actor.person_id, person_from__lte=now()) if actor.person_id else NOTHING


class AggregateEstimates(Policy[Estimate]):
    """Estimates that may enter a unit's sums for this actor. What leaves the door is sums, never rows.

    A sealed result enters no sum; only the system itself (recomputation, simulation) is not bound by seals.
    """

    def can(self, actor: Actor, row: Estimate) -> bool:
        return actor.system or (actor.has(*UNIT_READERS, at=row.unit_path) and _open(row.unit_from))

    def visible_to(self, actor: Actor) -> Q:
        if actor.system:
            return EVERYTHING
        return within(actor.paths(*UNIT_READERS)) & Q(unit_from__lte=now())


def _open(since: datetime | None) -> bool:
    return since is not None and since <= now()


class SeeOwnSelfRating(Policy[SelfRating]):
    """What a person said about himself is read by him alone."""

    def can(self, actor: Actor, row: SelfRating) -> bool:
        return actor.system or actor.is_person(row.person_id)

    def visible_to(self, actor: Actor) -> Q:
        if actor.system:
            return EVERYTHING
        return Q(person_id=actor.person_id) if actor.person_id else NOTHING


class AggregateSelfRatings(Policy[SelfRating]):
    """Self-ratings that may enter a unit's sums for this actor."""

    def can(self, actor: Actor, row: SelfRating) -> bool:
        return actor.has(*UNIT_READERS, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        return within(actor.paths(*UNIT_READERS))
