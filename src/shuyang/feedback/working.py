"""The working of a result: from a person's own answers to each score, step by step, for the page that explains it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shuyang.evidence.api import EstimateView, ObservationView
from shuyang.feedback import rules
from shuyang.feedback.contracts import Working
from shuyang.itembank.api import Release, release


def workings(view: EstimateView, observations: Sequence[ObservationView]) -> tuple[Working, ...]:
    """One working per force, in the release's order."""
    found = release(hash=view.estimate.release_hash)
    return tuple(_working(index, force, view, observations, found) for index, force in enumerate(found.forces))


def _working(
    index: int, force: str, view: EstimateView, observations: Sequence[ObservationView], found: Release
) -> Working:
    own = [o.observation for o in observations if found.by_version[o.observation.item_version_id].force == force]
    prior_sd = math.sqrt(found.prior.cov[index][index])
    mean, sd = view.estimate.mean[index], math.sqrt(view.estimate.covariance[index][index])
    return Working(
        force=force,
        items=len(own),
        earned=sum(o.category / o.max_category for o in own) / len(own) if own else 0.0,
        prior_mean=found.prior.mean[index],
        prior_sd=prior_sd,
        mean=mean,
        sd=sd,
        known=max(0.0, 1.0 - (sd / prior_sd) ** 2),
        centre=found.transform.mean,
        unit=found.transform.sd,
        score=rules.scaled(found.transform, mean, sd),
        cuts=tuple(found.transform.score(cut) for cut in found.cuts[force].cuts),
    )
