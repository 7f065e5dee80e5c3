"""One person's results against each other: the change of each force with its interval."""

from __future__ import annotations

from collections.abc import Sequence

from shuyang.evidence.api import EstimateView
from shuyang.feedback import rules
from shuyang.feedback.contracts import ForceChange, Growth
from shuyang.feedback.scales import scale_of
from shuyang.itembank.api import Release, release
from shuyang.measurement.cat.contracts import ScaleTransform
from shuyang.measurement.change import Measured, change


def growth(later: EstimateView, all_results: Sequence[EstimateView]) -> tuple[Growth, ...]:
    """`later` against each earlier result, the newest of them first."""
    earlier = sorted((v for v in all_results if v.at < later.at), key=lambda v: v.at, reverse=True)
    return tuple(_against(later, one) for one in earlier)


def _against(later: EstimateView, earlier: EstimateView) -> Growth:
    post, new = earlier.estimate.post, later.estimate.post
    return Growth(
        estimate_id=later.id,
        earlier_id=earlier.id,
        earlier_at=earlier.at,
        unit_name=post.unit_name,
        rank_layer=post.rank_layer,
        job_category=post.job_category,
        same_post=(post.rank_layer, post.job_category) == (new.rank_layer, new.job_category),
        forces=_changes(later, earlier),
    )


def _changes(later: EstimateView, earlier: EstimateView) -> tuple[ForceChange, ...]:
    """Empty where the two releases are not on one scale."""
    new, old = release(hash=later.estimate.release_hash), release(hash=earlier.estimate.release_hash)
    if scale_of(new) != scale_of(old) or new.forces != old.forces:
        return ()
    moved = change(_measured(earlier, old), _measured(later, new))
    return tuple(
        _force(force, float(mean), float(sd), new.transform)
        for force, mean, sd in zip(new.forces, moved.mean, moved.sd, strict=True)
    )


def _measured(view: EstimateView, found: Release) -> Measured:
    return Measured(view.estimate.mean, view.estimate.covariance, found.prior)


def _force(force: str, mean: float, sd: float, transform: ScaleTransform) -> ForceChange:
    return ForceChange(force, rules.scaled_change(transform, mean, sd), rules.change_finding(mean, sd))
