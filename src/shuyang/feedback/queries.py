"""Reads of feedback: the report of a person, the picture of a unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar
from uuid import UUID

from shuyang.evidence.api import (
    Counted,
    EstimateView,
    counted_in,
    estimate,
    estimates_in,
    estimates_of_person,
    observations_of,
)
from shuyang.feedback import rules
from shuyang.feedback.contracts import GroupForce, GroupResult, PersonReport, UnitReport
from shuyang.feedback.diagnosis import person_report, required_levels
from shuyang.feedback.scales import scale_of
from shuyang.frameworks.api import Framework, current
from shuyang.itembank.api import Release, release
from shuyang.kernel.errors import NotFound
from shuyang.measurement.group_distribution import group_distribution
from shuyang.people.api import UnitView, unit, unit_tree
from shuyang.trust.api import Actor, Role

READERS = (Role.ORGANISER, Role.LEADER)
Timed = TypeVar("Timed", EstimateView, Counted)


def result(*, actor: Actor, estimate_id: UUID) -> PersonReport:
    """The report of one of the actor's own results. Raises `NotFound`."""
    view = estimate(actor=actor, estimate_id=estimate_id)
    return person_report(view, observations_of(source=view.source, source_id=view.source_id), current())


def results(*, actor: Actor) -> list[EstimateView]:
    """All of the actor's own results, newest first."""
    return estimates_of_person(actor=actor, person_id=actor.person_id) if actor.person_id else []


def unit_report(*, actor: Actor, unit_id: UUID, campaign_id: UUID | None = None) -> UnitReport:
    """A unit and its parts in sums, from each person's newest result. Raises `NotFound` outside the actor's reach.

    A unit that is hidden in the report of the unit above is hidden here too: the two together would give away others.
    """
    place = unit(actor=actor, unit_id=unit_id)
    if not actor.has(*READERS, at=place.path):
        raise NotFound("no such unit")
    lines = unit_tree(actor=actor)
    tree, people = [line.unit for line in lines], {line.unit.id: line.people_below for line in lines}
    newest = _newest(estimates_in(actor=actor, unit_path=place.path, campaign_id=campaign_id))
    scale = _one_scale(newest, lambda e: e.estimate.release_hash)
    show = len(scale) >= rules.SMALLEST_GROUP and _shown_from_above(actor, place, tree, campaign_id)
    parts = [u for u in tree if u.parent_id == place.id]
    visible = _shown_parts([e.estimate.post.unit_path for e in scale], parts) if show else [False] * len(parts)
    groups = [[e for e in scale if e.estimate.post.unit_path.startswith(p.path)] for p in parts]
    return UnitReport(
        whole=_group(place, people, scale, show=show),
        parts=tuple(_group(p, people, g, show=s) for p, g, s in zip(parts, groups, visible, strict=True)),
        minimum=rules.SMALLEST_GROUP,
        synthetic=any(e.estimate.synthetic for e in scale),
        provisional=any(e.estimate.provisional for e in scale),
        incomparable=len(scale) < len(newest),
    )


def _shown_from_above(actor: Actor, place: UnitView, tree: Sequence[UnitView], campaign_id: UUID | None) -> bool:
    """Is the unit shown in the report of every unit above it that the actor may read?"""
    reach = [u for u in tree if place.path.startswith(u.path) and actor.has(*READERS, at=u.path)]
    line = sorted(reach, key=lambda u: len(u.path))
    if len(line) < 2:
        return True
    everyone = counted_in(actor=actor, unit_path=line[0].path, campaign_id=campaign_id)
    for above, below in pairwise(line):
        inside = [c for c in everyone if c.unit_path.startswith(above.path)]
        paths = [c.unit_path for c in _one_scale(_newest_counted(inside), lambda c: c.release_hash)]
        parts = [u for u in tree if u.parent_id == above.id]
        shown = dict(zip([p.id for p in parts], _shown_parts(paths, parts), strict=True))
        if len(paths) < rules.SMALLEST_GROUP or not shown.get(below.id, True):
            return False
    return True


def _shown_parts(paths: Sequence[str], parts: Sequence[UnitView]) -> list[bool]:
    """Which parts of a unit may be shown, given the unit path of each of its people."""
    counts = [sum(path.startswith(p.path) for path in paths) for p in parts]
    return rules.shown_groups(counts, rest=len(paths) - sum(counts))


def _newest(views: Sequence[EstimateView]) -> list[EstimateView]:
    """One result per person: the newest."""
    return list({v.estimate.person_id: v for v in sorted(views, key=lambda v: v.at)}.values())


def _newest_counted(rows: Sequence[Counted]) -> list[Counted]:
    return list({r.person_id: r for r in sorted(rows, key=lambda r: r.at)}.values())


def _one_scale(rows: Sequence[Timed], release_hash: Callable[[Timed], str]) -> list[Timed]:
    """Results that may be added up: those measured on the newest scale. Expert-prior releases share one prior scale."""
    if not rows:
        return []
    newest = scale_of(release(hash=release_hash(max(rows, key=lambda r: r.at))))
    return [r for r in rows if scale_of(release(hash=release_hash(r))) == newest]


def _group(place: UnitView, people: Mapping[UUID, int], views: Sequence[EstimateView], *, show: bool) -> GroupResult:
    forces = _forces(views, current()) if show else ()
    return GroupResult(place.id, place.name, place.path, len(views) if show else None, people.get(place.id, 0), forces)


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
    required = required_levels(view.estimate.post.rank_layer, view.estimate.post.job_category, framework)
    return rules.force_target(required, [f.id for f in framework.facets_of(force)], found.cuts[force].cuts)
