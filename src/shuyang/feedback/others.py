"""The anonymous distribution of people in the same kind of post. No place, no percentile of any person.

Watching the picture from day to day must not give the newest member away: it rests on a whole number of blocks of
`rules.BLOCK` results in the order in which they came, so two pictures differ by ten results or not at all, and its
figures are quantiles of a model, rounded to ten points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from shuyang.evidence.api import EstimateView
from shuyang.feedback import rules
from shuyang.feedback.contracts import ForceSpread, Others
from shuyang.feedback.scales import scale_of
from shuyang.itembank.api import Release, release
from shuyang.measurement.group_distribution import group_distribution

_QUANTILES = (-1.2815515655446004, -0.6744897501960817, 0.0, 0.6744897501960817, 1.2815515655446004)


def others(view: EstimateView, results: Sequence[EstimateView], unit_name: str) -> Others:
    """The picture of those among `results`, oldest first, that stand on the scale of `view`; empty below thirty people."""
    post, found = view.estimate.post, release(hash=view.estimate.release_hash)
    chosen = _people(results, scale_of(found))
    enough = len(chosen) >= rules.COMPARISON_GROUP
    return Others(
        unit_name=unit_name,
        rank_layer=post.rank_layer,
        job_category=post.job_category,
        count=len(chosen) // rules.BLOCK * rules.BLOCK if enough else 0,
        minimum=rules.COMPARISON_GROUP,
        synthetic=enough and any(v.estimate.synthetic for v in chosen),
        forces=_spreads(chosen, found) if enough else (),
    )


def _people(results: Sequence[EstimateView], scale: str) -> list[EstimateView]:
    """The newest result of each person on the scale."""
    on_scale = [v for v in results if scale_of(release(hash=v.estimate.release_hash)) == scale]
    return list({v.estimate.person_id: v for v in on_scale}.values())


def _spreads(chosen: Sequence[EstimateView], found: Release) -> tuple[ForceSpread, ...]:
    group = group_distribution([v.estimate.mean for v in chosen], [v.estimate.covariance for v in chosen], found.prior)
    lines = []
    for d, force in enumerate(found.forces):
        mean, sd = float(group.mean[d]), math.sqrt(float(group.cov[d, d]))
        scores = [round(found.transform.score(mean + z * sd), -1) for z in _QUANTILES]
        lines.append(ForceSpread(force, *map(int, scores)))
    return tuple(lines)
