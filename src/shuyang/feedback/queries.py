"""Reads of feedback: the report of a person."""

from __future__ import annotations

from uuid import UUID

from shuyang.evidence.api import EstimateView, estimate, estimates_of_person, observations_of
from shuyang.feedback.contracts import PersonReport
from shuyang.feedback.diagnosis import person_report
from shuyang.frameworks.api import current
from shuyang.trust.api import Actor


def result(*, actor: Actor, estimate_id: UUID) -> PersonReport:
    """The report of one of the actor's own results. Raises `NotFound`."""
    view = estimate(actor=actor, estimate_id=estimate_id)
    return person_report(view, observations_of(source=view.source, source_id=view.source_id), current())


def results(*, actor: Actor) -> list[EstimateView]:
    """All of the actor's own results, newest first."""
    return estimates_of_person(actor=actor, person_id=actor.person_id) if actor.person_id else []
