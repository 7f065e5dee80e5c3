"""When a sitting ends."""

from __future__ import annotations

import numpy as np

from .contracts import Blueprint, Posterior, StopReason


def stop_reason(
    posterior: Posterior, n: int, seconds: float, blueprint: Blueprint, available: int, *, short: int = 0
) -> StopReason | None:
    """Why the sitting ends now, or None.

    `n` items were given in `seconds`; `available` items may still come; `short` places are owed to facet minimums
    that can still be filled (precision alone doesn't end a sitting before they are).
    """
    if n >= blueprint.max_items:
        return StopReason.MAX_ITEMS
    if n >= blueprint.min_items and not short and bool(np.all(posterior.sd <= np.asarray(blueprint.target_se))):
        return StopReason.PRECISION
    if blueprint.max_seconds is not None and seconds >= blueprint.max_seconds:
        return StopReason.TIME
    return StopReason.BANK if available == 0 else None
