"""What a sitting must know of its campaign's plan when it begins."""

from __future__ import annotations

from uuid import UUID

from shuyang.delivery.integrity.contracts import Signal
from shuyang.delivery.models import IntegrityPlan


def announces_focus(campaign_id: UUID) -> bool:
    """Does the campaign say that leaving the page is counted?"""
    row = IntegrityPlan.objects.filter(campaign_id=campaign_id).first()
    return row is not None and Signal.FOCUS in row.signals
