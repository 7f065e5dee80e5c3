"""Which results may stand side by side."""

from __future__ import annotations

from shuyang.itembank.api import Release


def scale_of(found: Release) -> str:
    """The name of a release's scale: scores of two releases may be compared where it is the same.

    Releases on expert priors share one provisional scale. The first calibration founds another, and each calibrated
    release stands alone until it is linked.
    """
    return found.hash if found.calibrated else "expert"
