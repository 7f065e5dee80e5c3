"""Reads of plans and flags."""

from __future__ import annotations

from uuid import UUID

from shuyang.delivery.integrity.contracts import FlagState, FlagView, PlanView, Signal
from shuyang.delivery.integrity.services import plan_of
from shuyang.delivery.live.queries import labels_of
from shuyang.delivery.models import Campaign, IntegrityFlag
from shuyang.delivery.policies import ManageCampaign, ReviewIntegrity, SeeOwnFlag
from shuyang.delivery.views import campaign_view
from shuyang.itembank.api import release
from shuyang.kernel.errors import NotFound
from shuyang.people.api import account_names
from shuyang.trust.api import Actor

MOST = 200


def integrity_plan(*, actor: Actor, campaign_id: UUID) -> PlanView:
    """The signals of a campaign, for those who decide on its flags. Raises `NotFound`."""
    campaign = Campaign.objects.filter(ReviewIntegrity().reach(actor), id=campaign_id).first()
    if campaign is None:
        raise NotFound("no such campaign")
    signals, leaked = plan_of(campaign)
    items = release(hash=campaign.release_hash).items
    return PlanView(
        campaign=campaign_view(campaign),
        signals=tuple(Signal(s) for s in signals),
        leaked=tuple(items[i].key for i in leaked),
        may_choose=ManageCampaign().can(actor, campaign),
    )


def flags(*, actor: Actor, campaign_id: UUID | None = None) -> list[FlagView]:
    """Flags the actor may look at, those that wait first, then the newest; at most two hundred."""
    rows = IntegrityFlag.objects.filter(ReviewIntegrity().visible_to(actor))
    if campaign_id is not None:
        rows = rows.filter(campaign_id=campaign_id)
    found = list(rows.select_related("sitting__campaign", "other__campaign", "campaign").order_by("-at", "-id")[:MOST])
    waiting = (FlagState.OPEN, FlagState.OBJECTED)
    return sorted(_views(found), key=lambda view: view.state not in waiting)


def own_flags(*, actor: Actor) -> list[FlagView]:
    """What was raised about the actor himself and looked at by someone; the other person of a pair stays unnamed."""
    rows = IntegrityFlag.objects.filter(SeeOwnFlag().visible_to(actor)).select_related("sitting__campaign", "campaign")
    return _views(list(rows.order_by("-at")), own=True)


def _views(rows: list[IntegrityFlag], *, own: bool = False) -> list[FlagView]:
    names = account_names(account_ids=[r.decided_by for r in rows if r.decided_by])
    sittings = [s for r in rows for s in (r.sitting, r.other) if s is not None] if not own else []
    labels = labels_of(sittings)
    return [
        FlagView(
            id=r.id, campaign_id=r.campaign_id, campaign_name=r.campaign.name, sitting_id=r.sitting_id,
            person=labels.get(r.sitting_id, ""), other=labels.get(r.other_id, "") if r.other_id else "",
            signal=Signal(r.signal), evidence=r.evidence, at=r.at, state=FlagState(r.state), words=r.words,
            by=names.get(r.decided_by, "") if r.decided_by else "", decided_at=r.decided_at, objection=r.objection,
            first_words=r.first_words,
        )
        for r in rows
    ]  # fmt: skip
