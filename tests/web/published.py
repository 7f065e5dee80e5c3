"""A unit with published figures, for pages that show them."""

from __future__ import annotations

import numpy as np

from shuyang.feedback.api import publish_campaign
from shuyang.trust.api import SYSTEM
from tests.cast import make_unit
from tests.delivery.world import World
from tests.feedback.organisation import hire, measure


def publish_parts(world: World) -> None:
    """A published campaign: three parts, one of them weak and one hidden; two rank layers."""
    rng = np.random.default_rng(7)
    strong, weak = make_unit("国库科", "F2", world.cast.finance), make_unit("支付科", "F3", world.cast.finance)
    small = make_unit("档案科", "F4", world.cast.finance)
    for unit, count, mean in ((strong, 25, 0.3), (weak, 25, -1.2), (small, 3, 0.0), (world.cast.finance, 12, 0.3)):
        measure(world.campaign, hire(unit, count), rng, mean=mean)
    measure(world.campaign, hire(strong, 8, rank="leader"), rng, mean=0.3)
    publish_campaign(actor=SYSTEM, campaign_id=world.campaign.id)
