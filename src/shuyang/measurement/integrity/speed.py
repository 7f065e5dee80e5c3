"""Answers given faster than the item can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shuyang.measurement.errors import BadShape

SHARE, MOST_SECONDS = 0.10, 10.0


@dataclass(frozen=True, slots=True)
class Effort:
    """`rapid`: answers below their item's threshold; `effort`: share of the others (response time effort)."""

    rapid: int
    items: int
    effort: float


def rapid_threshold(typical_seconds: float) -> float:
    """Seconds below which an answer counts as rapid: a tenth of the item's typical time, at most ten seconds.

    The normative threshold NT10 of Wise & Ma (2012). typical_seconds > 0, else BadShape.
    """
    if not typical_seconds > 0:
        raise BadShape("a typical time must be positive", seconds=typical_seconds)
    return min(SHARE * typical_seconds, MOST_SECONDS)


def response_effort(seconds: Sequence[float], typical: Sequence[float]) -> Effort:
    """Response time effort (Wise & Kong 2005): the share of answers that took at least the item's threshold.

    seconds, typical: one an answer. Raises BadShape.
    """
    if len(seconds) != len(typical) or not seconds:
        raise BadShape("one typical time an answer is needed", answers=len(seconds))
    rapid = sum(s < rapid_threshold(t) for s, t in zip(seconds, typical, strict=True))
    return Effort(rapid, len(seconds), 1 - rapid / len(seconds))
