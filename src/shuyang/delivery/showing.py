"""The seal of a campaign's results, as its row has it now."""

from __future__ import annotations

from datetime import datetime

from shuyang.delivery.campaign_contracts import Showing, ShownWhen
from shuyang.delivery.campaign_rules import seal
from shuyang.delivery.models import Campaign
from shuyang.evidence.api import Seal
from shuyang.kernel.clock import now


def showing(row: Campaign) -> Showing:
    """The stored showing of a campaign."""
    return Showing(ShownWhen(row.shown_when), row.shown_to_person, row.shown_to_unit)


def seal_of(row: Campaign, *, finished_at: datetime) -> Seal:
    """The seal of a sitting of the campaign that ended at a moment."""
    return seal(showing(row), finished_at=finished_at, closes_at=row.closes_at, released_at=row.released_at)


def is_sealed(row: Campaign) -> bool:
    """May nobody read results of the campaign yet?"""
    whole = Showing(ShownWhen(row.shown_when))
    opens = seal(whole, finished_at=row.created_at, closes_at=row.closes_at, released_at=row.released_at).unit_from
    return opens is None or opens > now()
