"""Who may read evidence: the person his own; in a unit, the organiser and the leader only in sums; the auditor to verify."""

from __future__ import annotations

from django.db.models import Q

from shuyang.evidence.models import Estimate, SelfRating
from shuyang.trust.api import EVERYTHING, NOTHING, Actor, Policy, Role, within

UNIT_READERS = (Role.ORGANISER, Role.LEADER, Role.PSYCHOMETRICIAN)


class SeeOwnEstimate(Policy[Estimate]):
    """A single person's result: the person himself, and no one in the unit."""

    def can(self, actor: Actor, row: Estimate) -> bool:
        return actor.system or actor.is_person(row.person_id)

    def visible_to(self, actor: Actor) -> Q:
        if actor.system:
            return EVERYTHING
        return Q(person_id=actor.person_id) if actor.person_id else NOTHING


class AggregateEstimates(Policy[Estimate]):
    """Estimates that may enter a unit's sums for this actor. What leaves the door is sums, never rows."""

    def can(self, actor: Actor, row: Estimate) -> bool:
        return actor.has(*UNIT_READERS, at=row.unit_path)

    def visible_to(self, actor: Actor) -> Q:
        return within(actor.paths(*UNIT_READERS))


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
