"""What is on the way to a unit that has no published figures yet: campaigns with how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shuyang.delivery import api as delivery
from shuyang.feedback.api import publication_under_way
from shuyang.kernel.clock import now
from shuyang.trust.api import Actor

MOST = 3


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A campaign whose figures are not published: how many of those invited are done, and whether they are being computed.

    `too_few`: it has closed, and so few have a result that nothing will be published of it.
    """

    name: str
    finished: int
    invited: int
    closes_at: datetime
    computing: bool
    too_few: bool

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.finished / self.invited)) if self.invited else 0


def on_the_way(actor: Actor, unit_path: str, *, minimum: int) -> tuple[OnTheWay, ...]:
    """The newest open campaigns of the actor that reach the unit. Who manages none sees none."""
    at = now()
    mine = [c for c in delivery.campaigns(actor=actor) if unit_path.startswith(c.unit_path)]
    current = [c for c in mine if c.state != delivery.CampaignState.DRAFT and c.opens_at <= at][:MOST]
    counts = delivery.progress_of(actor=actor, campaign_ids=[c.id for c in current])
    return tuple(
        OnTheWay(
            name=c.name,
            finished=counts[c.id].finished,
            invited=counts[c.id].invited,
            closes_at=c.closes_at,
            computing=publication_under_way(campaign_id=c.id),
            too_few=_over(c, at) and counts[c.id].finished < minimum,
        )
        for c in current
    )


def _over(campaign: delivery.CampaignView, at: datetime) -> bool:
    return campaign.state == delivery.CampaignState.CLOSED or campaign.closes_at <= at
