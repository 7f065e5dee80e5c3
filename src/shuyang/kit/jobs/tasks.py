"""Jobs that look after jobs."""

from __future__ import annotations

from typing import Any

from shuyang.kit.jobs.registry import job
from shuyang.kit.jobs.services import Progress, forget, revive


@job("kit.housekeeping", every=300)
def keep_house(progress: Progress) -> dict[str, Any]:
    """Every five minutes: take up what a dead worker left, forget what nobody asks for."""
    return {"revived": revive(), "forgotten": forget()}
