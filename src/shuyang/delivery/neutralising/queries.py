"""Reads of rulings and rescored results."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, F, Q

from shuyang.delivery import engine
from shuyang.delivery.contracts import CampaignView, SittingState
from shuyang.delivery.models import ItemRuling, Rescoring, Response, Sitting
from shuyang.delivery.neutralising.contracts import ItemInCampaign, RescoringView, RulingOutcome, RulingView
from shuyang.delivery.neutralising.rules import RulingKind
from shuyang.delivery.neutralising.services import item_named, ruled_campaign
from shuyang.delivery.neutralising.state import neutralised_in
from shuyang.delivery.policies import EnterRoom, TakeSitting
from shuyang.delivery.views import campaign_view
from shuyang.itembank.api import release
from shuyang.people.api import account_names
from shuyang.trust.api import Actor

FEWEST = 5


def rulings(*, actor: Actor, campaign_id: UUID) -> list[RulingView]:
    """All rulings on items of a campaign, newest first. Raises `NotFound`."""
    campaign = ruled_campaign(actor, campaign_id)
    rows = list(ItemRuling.objects.filter(campaign=campaign).order_by("-at", "-id"))
    names = account_names(account_ids=[r.account_id for r in rows if r.account_id])
    items, newest = release(hash=campaign.release_hash).items, {r.item_index: r.id for r in reversed(rows)}
    return [
        RulingView(
            id=r.id, campaign_id=campaign.id, item_key=items[r.item_index].key, item_version_id=r.item_version_id,
            kind=RulingKind(r.kind), reason=r.reason, by=names.get(r.account_id, "") if r.account_id else "", at=r.at,
            outcome=RulingOutcome(**r.outcome) if r.outcome else None, in_force=newest[r.item_index] == r.id,
        )
        for r in rows
    ]  # fmt: skip


def campaign_to_rule_on(*, actor: Actor, campaign_id: UUID) -> tuple[CampaignView, bool]:
    """A campaign whose items the actor may rule on, and whether its room is open to him too. Raises `NotFound`."""
    campaign = ruled_campaign(actor, campaign_id)
    return campaign_view(campaign), EnterRoom().can(actor, campaign)


def item_in_campaign(*, actor: Actor, campaign_id: UUID, item_key: str) -> ItemInCampaign:
    """How an item went in a campaign: what a ruling would touch. Raises `NotFound`, `Invalid`."""
    campaign = ruled_campaign(actor, campaign_id)
    index, item = item_named(release(hash=campaign.release_hash), item_key)
    met = Response.objects.filter(sitting__campaign=campaign, item_index=index)
    counts = met.aggregate(
        running=Count("id", filter=Q(sitting__state=SittingState.RUNNING)),
        finished=Count("id", filter=Q(sitting__state=SittingState.FINISHED)),
        full=Count("id", filter=Q(category=F("max_category"))),
        all=Count("id"),
    )
    share = counts["full"] / counts["all"] if counts["all"] >= FEWEST else None
    return ItemInCampaign(item.key, index in neutralised_in(campaign.id), counts["finished"], counts["running"], share)


def rescorings_of(*, actor: Actor, estimate_id: UUID) -> list[RescoringView]:
    """How the actor's own result came to be computed anew, newest first; by the id of the old or of the new estimate."""
    of = Rescoring.objects.filter(Q(old_estimate=estimate_id) | Q(new_estimate=estimate_id)).values("sitting_id")
    row = Sitting.objects.filter(TakeSitting().visible_to(actor), id__in=of).first()
    if row is None:
        return []
    forces = engine.release_of(row).forces
    return [
        RescoringView(
            at=r.at, cause=r.cause, reason=r.reason, old_estimate=r.old_estimate, new_estimate=r.new_estimate,
            change=tuple(zip(forces, r.change, strict=True)), levels_changed=r.levels_changed,
        )
        for r in Rescoring.objects.filter(sitting=row).order_by("-at", "-id")
    ]  # fmt: skip
