"""Jobs of delivery."""

from __future__ import annotations

from typing import Any

from shuyang.delivery.services.audience import refresh_filters
from shuyang.delivery.services.refusing import forget_refusals
from shuyang.delivery.services.sittings import end_all_overdue
from shuyang.kit.api import Progress, job


@job("delivery.end_overdue", attempts=3, every=60)
def end_overdue_sittings(progress: Progress) -> dict[str, Any]:
    """Once a minute: finish sittings whose campaign has ended, so that nobody's answers wait for his return."""
    return {"ended": end_all_overdue()}


@job("delivery.refresh_filters", attempts=3, every=3600)
def invite_who_came(progress: Progress) -> dict[str, Any]:
    """Once an hour: invite who has come to fit the filter of an open campaign."""
    return {"invited": refresh_filters()}


@job("delivery.forget_refusals", attempts=3, every=6 * 3600)
def forget_old_refusals(progress: Progress) -> dict[str, Any]:
    """Four times a day: drop the counts of refusals that only kept the log from being flooded."""
    return {"forgotten": forget_refusals()}
