"""Pure decisions of feedback: from a posterior to words' worth of findings. Numbers here are in logits unless said."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from shuyang.feedback.contracts import (
    AgainstTarget,
    ChangeFinding,
    CredentialKind,
    ForceResult,
    LayerFinding,
    PersonReport,
    Refusal,
    ScoreView,
    SelfFinding,
    Suggestion,
)
from shuyang.measurement.cat.contracts import ScaleTransform
from shuyang.measurement.disclosure import SMALLEST_GROUP as SMALLEST_GROUP
from shuyang.measurement.disclosure import shown_groups as shown_groups

Z95 = 1.959963984540054
# A facet is shown to a person only when its own items alone bring its standard error down to this.
FACET_SE = 0.45
SURE, UNSURE = 0.8, 0.2
# A layer is called weaker or stronger only beyond this standardised difference, and from this many items on.
LAYER_Z, LAYER_ITEMS = 1.645, 5
SUGGESTIONS = 3
# A person is compared only with an anonymous group of at least this many, grown by whole blocks of `BLOCK` results.
COMPARISON_GROUP, BLOCK, LARGEST_COMPARISON = 30, 10, 1000


def scaled(transform: ScaleTransform, mean: float, sd: float) -> ScoreView:
    """A score and its 95 % interval on the reporting scale."""
    return ScoreView(
        score=transform.score(mean),
        low=transform.score(mean - Z95 * sd),
        high=transform.score(mean + Z95 * sd),
        se=transform.se(sd),
    )


def scaled_change(transform: ScaleTransform, mean: float, sd: float) -> ScoreView:
    """A difference of two scores in points, with its 95 % interval."""
    points = transform.se(1.0)
    return ScoreView(mean * points, (mean - Z95 * sd) * points, (mean + Z95 * sd) * points, sd * points)


def change_finding(mean: float, sd: float) -> ChangeFinding:
    """A change is reliable when its 95 % interval leaves out zero."""
    if abs(mean) <= Z95 * sd:
        return ChangeFinding.NOT_YET
    return ChangeFinding.UP if mean > 0 else ChangeFinding.DOWN


def self_finding(rated: float, levels: Sequence[float]) -> tuple[float, float, SelfFinding]:
    """Probability that the measured level lies below, and above, a self-rating; and what follows.

    `rated` lies between 1 and 5 and may fall between two levels: then both of them count as what was meant.
    `levels` are the probabilities of levels 1 to 5.
    """
    lower = sum(p for level, p in enumerate(levels, 1) if level < math.floor(rated))
    higher = sum(p for level, p in enumerate(levels, 1) if level > math.ceil(rated))
    if lower >= SURE:
        return lower, higher, SelfFinding.OVER
    return lower, higher, SelfFinding.UNDER if higher >= SURE else SelfFinding.AGREES


def probability_at_least(target: float, mean: float, sd: float) -> float:
    """P(θ ≥ target) under a normal posterior."""
    return 0.5 * math.erfc((target - mean) / (sd * math.sqrt(2)))


def against_target(probability: float | None) -> AgainstTarget:
    if probability is None:
        return AgainstTarget.NONE
    if probability >= SURE:
        return AgainstTarget.REACHED
    return AgainstTarget.BELOW if probability <= UNSURE else AgainstTarget.OPEN


def level_floor(level: int, cuts: Sequence[float]) -> float | None:
    """The lower cut of a level (1–5) in logits; level 1 has none."""
    return None if level <= 1 else cuts[level - 2]


def force_target(required: Mapping[str, int], facets: Sequence[str], cuts: Sequence[float]) -> float | None:
    """What a post asks of a force: the mean of the floors of the levels it asks for in the force's facets."""
    floors = [level_floor(required[f], cuts) for f in facets if f in required]
    known = [f for f in floors if f is not None]
    return sum(known) / len(known) if known else None


def layer_finding(earned: float, expected: float, variance: float, items: int) -> LayerFinding:
    """Compare credit earned on a layer's items with what the person's forces let expect; all in points."""
    if items < LAYER_ITEMS or variance <= 0:
        return LayerFinding.THIN
    z = (earned - expected) / math.sqrt(variance)
    if z < -LAYER_Z:
        return LayerFinding.WEAKER
    return LayerFinding.STRONGER if z > LAYER_Z else LayerFinding.AS_EXPECTED


def strengths(mean: Sequence[float], covariance: Sequence[Sequence[float]], forces: Sequence[str]) -> tuple[str, ...]:
    """Forces that surely (80 %) lie above the mean of the person's own others, highest first."""
    n = len(mean)
    found = []
    for i in range(n):
        weights = [1.0 if j == i else -1.0 / (n - 1) for j in range(n)]
        difference = sum(w * m for w, m in zip(weights, mean, strict=True))
        variance = sum(weights[a] * weights[b] * covariance[a][b] for a in range(n) for b in range(n))
        if probability_at_least(0.0, difference, math.sqrt(variance)) >= SURE:
            found.append((difference, forces[i]))
    return tuple(force for _, force in sorted(found, reverse=True))


def suggestions(
    forces: Sequence[ForceResult],
    facets_of: Mapping[str, Sequence[str]],
    required: Mapping[str, int],
    counts: Mapping[str, int],
) -> tuple[Suggestion, ...]:
    """Three facets to begin with: forces furthest below their target first; in a force the most demanded facet.

    Without a target the weakest forces come first. What to work towards is always the next level.
    """
    ranked = sorted(
        forces, key=lambda f: (f.target - f.score.score) if f.target is not None else -f.score.score, reverse=True
    )
    chosen: list[Suggestion] = []
    for force in ranked[:SUGGESTIONS]:
        gap = (force.target - force.score.score) if force.target is not None else 0.0
        facet = max(facets_of[force.force], key=lambda f: (required.get(f, 0), -counts.get(f, 0), f))
        chosen.append(Suggestion(facet, force.force, min(5, force.level + 1), "gap" if gap > 0 else "next_level", gap))
    return tuple(chosen)


def refusal(report: PersonReport, *, latest: bool) -> Refusal | None:
    """Why a result merits no credential; None where it does.

    Certification never rests on provisional cut scores. A recruitment's result belongs to its procedure alone. What was
    not measured precisely on every force is not attested.
    """
    if not latest:
        return Refusal.REVISED
    if report.purpose == "recruitment":
        return Refusal.PURPOSE
    if report.thin:
        return Refusal.NOT_PRECISE
    if report.purpose != CredentialKind.CERTIFICATION:
        return None
    if report.provisional:
        return Refusal.PROVISIONAL
    return None if any(certified_level(f.level_probabilities) for f in report.forces) else Refusal.NO_LEVEL


def certified_level(levels: Sequence[float]) -> int | None:
    """The highest level (2 to 5) that is reached or passed with at least 80 % probability; level 1 asks for nothing."""
    for level in range(len(levels), 1, -1):
        if sum(levels[level - 1 :]) >= SURE:
            return level
    return None


def comparison_window(count: int) -> tuple[int, int]:
    """Which of `count` results, in the order they came, make the picture: whole blocks, at most the last thousand."""
    stop = count // BLOCK * BLOCK
    return max(0, stop - LARGEST_COMPARISON), stop
