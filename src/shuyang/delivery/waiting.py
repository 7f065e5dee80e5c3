"""What of this room waits for a person's decision: appeals and integrity flags, as counts for the home page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from shuyang.delivery.integrity.contracts import FlagState
from shuyang.delivery.models import Appeal, IntegrityFlag
from shuyang.delivery.policies import ReviewAppeal, ReviewIntegrity
from shuyang.delivery.recruitment.contracts import AppealState
from shuyang.delivery.recruitment.services import hands_in
from shuyang.trust.api import Actor


@dataclass(frozen=True, slots=True)
class WaitingFlags:
    """Flags of one campaign that this person may decide now."""

    campaign_id: UUID
    campaign_name: str
    count: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one person."""

    appeals: int
    flags: tuple[WaitingFlags, ...]

    def __bool__(self) -> bool:
        return bool(self.appeals or self.flags)


def waiting(*, actor: Actor) -> Waiting:
    """Appeals and flags that this actor may decide: not those of campaigns he had a hand in, nor objections to himself."""
    if actor.system or actor.account_id is None:
        return Waiting(0, ())
    asked = Appeal.objects.filter(ReviewAppeal().visible_to(actor), state=AppealState.OPEN).select_related("campaign")
    campaigns = Counter(one.campaign for one in asked)
    appeals = sum(n for campaign, n in campaigns.items() if actor.account_id not in hands_in(campaign))
    mine = Q(state=FlagState.OPEN) | (Q(state=FlagState.OBJECTED) & ~Q(decided_by=actor.account_id))
    rows = IntegrityFlag.objects.filter(ReviewIntegrity().visible_to(actor)).filter(mine).order_by("campaign__name")
    counted = rows.values_list("campaign_id", "campaign__name").annotate(n=Count("id"))
    return Waiting(appeals, tuple(WaitingFlags(*row) for row in counted))
