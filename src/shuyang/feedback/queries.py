"""Reads of feedback: the report of a person, the picture of a unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from shuyang.evidence.api import EstimateView, estimate, estimates_in, estimates_of_person, observations_of
from shuyang.feedback import rules
from shuyang.feedback.contracts import GroupForce, GroupResult, PersonReport, UnitReport
from shuyang.feedback.diagnosis import person_report, required_levels
from shuyang.frameworks.api import Framework, current
from shuyang.itembank.api import Release, release
from shuyang.kernel.errors import NotFound
from shuyang.measurement.group_distribution import group_distribution
from shuyang.people.api import UnitView, people_in, unit, unit_tree
from shuyang.trust.api import Actor, Role


def result(*, actor: Actor, estimate_id: UUID) -> PersonReport:
    """The report of one of the actor's own results. Raises `NotFound`."""
    view = estimate(actor=actor, estimate_id=estimate_id)
    return person_report(view, observations_of(source=view.source, source_id=view.source_id), current())


def results(*, actor: Actor) -> list[EstimateView]:
    """All of the actor's own results, newest first."""
    return estimates_of_person(actor=actor, person_id=actor.person_id) if actor.person_id else []


def unit_report(*, actor: Actor, unit_id: UUID, campaign_id: UUID | None = None) -> UnitReport:
    """A unit and its parts in sums, from each person's newest result. Raises `NotFound` outside the actor's reach."""
    place = unit(actor=actor, unit_id=unit_id)
    if not actor.has(Role.ORGANISER, Role.LEADER, at=place.path):
        raise NotFound("no such unit")
    newest = _newest(estimates_in(actor=actor, unit_path=place.path, campaign_id=campaign_id))
    scale, rest = _one_scale(newest)
    parts = [line.unit for line in unit_tree(actor=actor) if line.unit.parent_id == place.id]
    groups = [[e for e in scale if e.estimate.post.unit_path.startswith(p.path)] for p in parts]
    framework = current()
    visible = (
        rules.shown_groups([len(g) for g in groups]) if len(scale) >= rules.SMALLEST_GROUP else [False] * len(parts)
    )
    return UnitReport(
        whole=_group(actor, place, scale, framework, show=len(scale) >= rules.SMALLEST_GROUP),
        parts=tuple(_group(actor, p, g, framework, show=s) for p, g, s in zip(parts, groups, visible, strict=True)),
        minimum=rules.SMALLEST_GROUP,
        synthetic=any(e.estimate.synthetic for e in scale),
        provisional=any(e.estimate.provisional for e in scale),
        incomparable=rest,
    )


def _newest(views: Sequence[EstimateView]) -> list[EstimateView]:
    """One result per person: the newest."""
    by_person: dict[UUID, EstimateView] = {}
    for view in sorted(views, key=lambda v: v.at):
        by_person[view.estimate.person_id] = view
    return list(by_person.values())


def _one_scale(views: Sequence[EstimateView]) -> tuple[list[EstimateView], bool]:
    """Results that may be added up: those measured on the newest scale. Expert-prior releases share one prior scale."""
    if not views:
        return [], False
    newest = release(hash=max(views, key=lambda v: v.at).estimate.release_hash)
    same = [v for v in views if _scale_of(release(hash=v.estimate.release_hash)) == _scale_of(newest)]
    return same, len(same) < len(views)


def _scale_of(found: Release) -> str:
    return found.hash if found.calibrated else "expert"


def _group(
    actor: Actor, place: UnitView, views: Sequence[EstimateView], framework: Framework, *, show: bool
) -> GroupResult:
    invited = people_in(actor=actor, unit_path=place.path, size=1).total
    forces = _forces(views, framework) if show else ()
    return GroupResult(place.id, place.name, place.path, len(views) if show else None, invited, forces)


def _forces(views: Sequence[EstimateView], framework: Framework) -> tuple[GroupForce, ...]:
    found = release(hash=views[0].estimate.release_hash)
    group = group_distribution([v.estimate.mean for v in views], [v.estimate.covariance for v in views], found.prior)
    results = []
    for d, force in enumerate(found.forces):
        mean = rules.scaled(found.transform, float(group.mean[d]), float(group.mean_cov[d, d]) ** 0.5)
        targets = [_target(v, force, found, framework) for v in views]
        chances = [
            rules.probability_at_least(wanted, float(group.posterior_mean[n, d]), float(group.posterior_sd[n, d]))
            for n, wanted in enumerate(targets)
            if wanted is not None
        ]
        share = sum(chances) / len(chances) if len(chances) >= rules.SMALLEST_GROUP else None
        results.append(GroupForce(force, mean, found.transform.se(float(group.cov[d, d]) ** 0.5), share))
    return tuple(results)


def _target(view: EstimateView, force: str, found: Release, framework: Framework) -> float | None:
    required: Mapping[str, int] = required_levels(view.estimate.post.rank_layer, view.estimate.post.job_category)
    return rules.force_target(required, [f.id for f in framework.facets_of(force)], found.cuts[force].cuts)
