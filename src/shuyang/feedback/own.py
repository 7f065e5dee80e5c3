"""Reads for one person about himself: growth, self-rating, and the anonymous group beside him."""

from __future__ import annotations

from uuid import UUID

from shuyang.evidence.api import (
    KindOfPost,
    count_of_post,
    estimate,
    estimate_of,
    estimates_of_person,
    observations_of,
    results_of_post,
    self_ratings_of,
)
from shuyang.feedback import rules
from shuyang.feedback.contracts import Growth, Others, SelfView, Working
from shuyang.feedback.growth import growth
from shuyang.feedback.others import others
from shuyang.feedback.self_view import self_views
from shuyang.feedback.working import workings
from shuyang.frameworks.api import current
from shuyang.people.api import units_at
from shuyang.trust.api import Actor


def growth_of(*, actor: Actor, estimate_id: UUID) -> tuple[Growth, ...]:
    """One of the actor's own results against each of his earlier ones, the newest first. Raises `NotFound`."""
    view = estimate(actor=actor, estimate_id=estimate_id)
    return growth(view, estimates_of_person(actor=actor, person_id=view.estimate.person_id))


def workings_of(*, actor: Actor, estimate_id: UUID) -> tuple[Working, ...]:
    """How each score of one of the actor's own results came about. Raises `NotFound`."""
    view = estimate(actor=actor, estimate_id=estimate_id)
    return workings(view, observations_of(source=view.source, source_id=view.source_id))


def revised_by(*, actor: Actor, estimate_id: UUID) -> UUID | None:
    """The newer revision of one of the actor's own results (items were neutralised, a rescore); None where it is the newest."""
    view = estimate(actor=actor, estimate_id=estimate_id)
    newest = estimate_of(actor=actor, source=view.source, source_id=view.source_id)
    return newest.id if newest is not None and newest.id != view.id else None


def self_views_of(*, actor: Actor, estimate_id: UUID) -> tuple[SelfView, ...]:
    """The actor's self-rating beside one of his own results; empty without a rating. Raises `NotFound`."""
    view = estimate(actor=actor, estimate_id=estimate_id)
    return self_views(view, self_ratings_of(actor=actor, person_id=view.estimate.person_id), current())


def others_like(*, actor: Actor, estimate_id: UUID) -> Others:
    """People of the same rank layer and job category within the uppermost unit, as an anonymous distribution.

    Only from thirty people on; real and synthetic people are never mixed. Raises `NotFound`.
    """
    view = estimate(actor=actor, estimate_id=estimate_id)
    post = view.estimate.post
    root = post.unit_path.split("/", 1)[0] + "/"
    kind = KindOfPost(post.rank_layer, post.job_category, root, view.estimate.synthetic)
    start, stop = rules.comparison_window(count_of_post(kind))
    results = results_of_post(kind, start=start, stop=stop) if stop >= rules.COMPARISON_GROUP else []
    place = units_at(paths=[root]).get(root)
    return others(view, results, place.name if place else post.unit_name)
