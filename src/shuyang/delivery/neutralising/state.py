"""Which items of a campaign don't count now."""

from __future__ import annotations

from uuid import UUID

from shuyang.delivery.models import ItemRuling
from shuyang.delivery.neutralising.rules import in_force


def neutralised_in(campaign_id: UUID) -> frozenset[int]:
    """Indices in the campaign's release, by the rulings themselves and not by a sitting's cache."""
    rulings = ItemRuling.objects.filter(campaign_id=campaign_id).order_by("at", "id")
    return in_force(rulings.values_list("item_index", "kind"))
