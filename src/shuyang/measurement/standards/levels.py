"""Accuracy and consistency of cuts on the ability scale, and the probability of each level for a person.

Rudner (2001, 2005): given an estimate and its standard error, the level is uncertain as a normal draw is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from shuyang.measurement.errors import BadShape
from shuyang.measurement.standards.agreement import Classification, Floats, summarise


def level_probabilities(mean: ArrayLike, sd: ArrayLike, cuts: ArrayLike, *, cut_se: ArrayLike = 0.0) -> Floats:
    """Probability of each level, [N, L] with L = number of cuts + 1.

    mean, sd: [N] estimate (or posterior mean) and its standard error, sd >= 0; cuts: increasing; cut_se: standard
    error of the cuts (scalar or one a cut), taken as independent of the person's error and added in quadrature.
    A person exactly at a cut without error belongs to the upper level. Where unequal cut errors would make the
    cumulative curves cross, the probability of the squeezed level is 0 and the rest still sums to 1.
    Raises BadShape when cuts do not increase, sd is negative or something is not finite.
    """
    centre, spread = np.atleast_1d(np.asarray(mean, float)), np.atleast_1d(np.asarray(sd, float))
    points = checked_cuts(cuts)
    if centre.ndim != 1 or centre.shape != spread.shape or not np.isfinite(centre).all() or not (spread >= 0).all():
        raise BadShape("mean and sd must be finite vectors of one length, sd not negative", mean=centre.shape)
    error = np.broadcast_to(np.asarray(cut_se, float), points.shape)
    total = np.sqrt(spread[:, None] ** 2 + error[None, :] ** 2)
    gap = centre[:, None] - points[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        above = np.where(total > 0, ndtr(gap / total), (gap >= 0).astype(float))
    above = np.minimum.accumulate(above, axis=1)
    padded = np.column_stack([np.ones(len(centre)), above, np.zeros(len(centre))])
    return np.asarray(padded[:, :-1] - padded[:, 1:])


def checked_cuts(cuts: ArrayLike) -> Floats:
    """Cuts as a vector; BadShape unless finite and strictly increasing."""
    points = np.atleast_1d(np.asarray(cuts, float))
    if points.ndim != 1 or not len(points) or not np.isfinite(points).all() or not (np.diff(points) > 0).all():
        raise BadShape("cuts must be finite and increasing", cuts=points.tolist())
    return points


def assign_levels(mean: ArrayLike, cuts: ArrayLike) -> NDArray[np.int64]:
    """Level index (0 = below the first cut) of each estimate; an estimate at a cut is in the upper level."""
    return np.searchsorted(checked_cuts(cuts), np.asarray(mean, float), side="right").astype(np.int64)


def classify_scores(
    mean: ArrayLike, sd: ArrayLike, cuts: ArrayLike, *, weights: ArrayLike | None = None, cut_se: ArrayLike = 0.0
) -> Classification:
    """Accuracy and consistency of levels given by ability estimates (Rudner 2001, 2005).

    mean, sd: [N]; cuts: increasing, on the same scale; weights: [N] sampling weights (default equal); cut_se as in
    `level_probabilities`. The person's estimate stands for the true value when a second test is imagined; so the
    figures describe tests with the errors `sd`, and are a little high when estimates are shrunken.
    Needs no complete data.
    """
    placed = level_probabilities(mean, sd, cuts, cut_se=cut_se)
    return classify_levels(placed, assign_levels(mean, cuts), cuts, weights=weights)


def classify_levels(
    probabilities: ArrayLike, assigned: ArrayLike, cuts: ArrayLike, *, weights: ArrayLike | None = None
) -> Classification:
    """The same from level probabilities of any posterior (for instance an adaptive sitting's) and assigned levels.

    probabilities: [N, L], rows summing to 1; assigned: [N] in 0..L-1. The joint table reads: rows the true level
    (uncertain), columns the assigned one, so `accuracy` is the mean probability of the level a person was given.
    """
    true, placed = np.asarray(probabilities, float), np.asarray(assigned, np.int64)
    points = checked_cuts(cuts)
    if true.ndim != 2 or true.shape[1] != len(points) + 1 or placed.shape != true.shape[:1]:
        raise BadShape("probabilities must be [N, cuts + 1] and assigned [N]", probabilities=true.shape)
    if not np.allclose(true.sum(axis=1), 1, atol=1e-6) or placed.min() < 0 or placed.max() >= true.shape[1]:
        raise BadShape("each row of probabilities must sum to 1 and each level must exist")
    share = normalised(weights, len(true))
    given = np.eye(true.shape[1])[placed]
    sure = summarise("rudner", points, true, given, share)
    again = summarise("rudner", points, given, true, share)
    return Classification(
        method="rudner",
        cuts=sure.cuts,
        accuracy=sure.accuracy,
        consistency=again.consistency,
        kappa=again.kappa,
        joint=sure.joint,
        decisions=tuple(
            type(a)(a.cut, a.accuracy, b.consistency, a.false_positive, a.false_negative)
            for a, b in zip(sure.decisions, again.decisions, strict=True)
        ),
        persons=np.column_stack([sure.persons[:, 0], again.persons[:, 1]]),
    )


def normalised(weights: ArrayLike | None, n: int) -> Floats:
    """Weights summing to 1; BadShape when negative, of the wrong length or all zero."""
    if weights is None:
        return np.full(n, 1.0 / n)
    share = np.asarray(weights, float)
    if share.shape != (n,) or not np.isfinite(share).all() or share.min() < 0 or share.sum() <= 0:
        raise BadShape("weights must be one non-negative number a person", n=n)
    return np.asarray(share / share.sum())
