"""When a sitting ends."""

from __future__ import annotations

import math

import numpy as np

from .contracts import Blueprint, Posterior, StopReason
from .levels import levels


def stop_reason(
    posterior: Posterior,
    n: int,
    seconds: float,
    blueprint: Blueprint,
    available: int,
    *,
    short: int = 0,
    gain: float = math.inf,
    out_of_time: bool = False,
) -> StopReason | None:
    """Why the sitting ends now, or None.

    `n` items were given in `seconds`; `available` items may still come; `short` places are owed to facet minimums
    that can still be filled (nothing known about ability ends a sitting before they are); `gain` is the criterion of
    the best item left; `out_of_time` says that items are left, but none that the time allows.
    """
    if n >= blueprint.max_items:
        return StopReason.MAX_ITEMS
    if n >= blueprint.min_items and not short:
        if bool(np.all(posterior.sd <= np.asarray(blueprint.target_se))):
            return StopReason.PRECISION
        if blueprint.classify and classified(posterior, blueprint):
            return StopReason.CLASSIFIED
    if out_of_time or (blueprint.max_seconds is not None and seconds >= blueprint.max_seconds):
        return StopReason.TIME
    if available == 0:
        return StopReason.BANK
    return StopReason.GAIN if n >= blueprint.min_items and not short and gain < blueprint.min_gain else None


def classified(posterior: Posterior, blueprint: Blueprint) -> bool:
    """Has every dimension one level of at least the wanted probability?"""
    return all(max(chances) >= blueprint.confidence for chances in levels(posterior, blueprint.classify))
