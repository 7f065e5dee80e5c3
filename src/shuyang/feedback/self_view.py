"""What a person said of himself beside what was measured, force by force, with the measurement's uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from shuyang.evidence.api import EstimateView, SelfRating
from shuyang.feedback import rules
from shuyang.feedback.contracts import SelfView
from shuyang.frameworks.api import Framework
from shuyang.itembank.api import release


def self_views(view: EstimateView, ratings: Sequence[SelfRating], framework: Framework) -> tuple[SelfView, ...]:
    """One line per force of which at least one facet was rated."""
    own = _nearest(view, ratings)
    lines = []
    for index, force in enumerate(release(hash=view.estimate.release_hash).forces):
        rated = [own[facet.id] for facet in framework.facets_of(force) if facet.id in own]
        if rated:
            lines.append(_line(force, rated, view.estimate.level_probabilities[index]))
    return tuple(lines)


def _nearest(view: EstimateView, ratings: Sequence[SelfRating]) -> dict[str, SelfRating]:
    """Per facet the last rating up to the result's moment: said before one knew the result. Else the first after it."""
    before = {r.facet: r for r in sorted(ratings, key=lambda r: r.at) if r.at <= view.at}
    after = {r.facet: r for r in sorted(ratings, key=lambda r: r.at, reverse=True) if r.at > view.at}
    return after | before


def _line(force: str, rated: Sequence[SelfRating], levels: Sequence[float]) -> SelfView:
    mean = fmean(r.level for r in rated)
    lower, higher, finding = rules.self_finding(mean, levels)
    best = 1 + max(range(len(levels)), key=lambda k: levels[k])
    return SelfView(force, mean, len(rated), max(r.at for r in rated), lower, higher, best, finding)
