"""Make, open and close a campaign."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuyang.delivery.contracts import CampaignState, CampaignView, Purpose, SittingState
from shuyang.delivery.models import Campaign, Sitting
from shuyang.delivery.policies import ManageCampaign
from shuyang.delivery.rules import check_campaign, check_stakes
from shuyang.delivery.views import campaign_view
from shuyang.itembank.api import current_release
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Invalid, NotFound, Problem
from shuyang.people.api import unit
from shuyang.trust.api import Actor, record


def create_campaign(
    *,
    actor: Actor,
    name: str,
    purpose: Purpose,
    unit_id: UUID,
    blueprint: str,
    opens_at: datetime | None,
    closes_at: datetime | None,
    synthetic: bool = False,
) -> CampaignView:
    """Make a campaign and open it. It runs on the release that is current now, to its end.

    Raises `Invalid`, `NotFound` for a unit outside the actor's reach, `ProvisionalCuts` (see `rules`).
    """
    check_campaign(name=name, opens_at=opens_at, closes_at=closes_at, today=now())
    assert opens_at is not None
    assert closes_at is not None
    release = current_release()
    if blueprint not in release.blueprints:
        raise Invalid([Problem("blueprint", "unknown_choice", (("value", blueprint),))])
    check_stakes(purpose, provisional_cuts=release.provisional_cuts)
    place = unit(actor=actor, unit_id=unit_id)
    row = Campaign(
        name=name.strip(),
        purpose=purpose,
        unit_id=place.id,
        unit_path=place.path,
        unit_name=place.name,
        blueprint=blueprint,
        release_hash=release.hash,
        opens_at=opens_at,
        closes_at=closes_at,
        state=CampaignState.OPEN,
        created_by=actor.account_id,
        synthetic=synthetic,
    )
    ManageCampaign().require(actor, row)
    with transaction.atomic():
        row.save(force_insert=True)
        record(
            actor=actor,
            action="campaign.opened",
            object_kind="campaign",
            object_id=row.id,
            unit_path=row.unit_path,
            details={"purpose": purpose, "release": release.hash},
        )
    return campaign_view(row)


def close_campaign(*, actor: Actor, campaign_id: UUID) -> CampaignView:
    """Let no one begin any more and end the running sittings at their next look. Raises `NotFound`."""
    with transaction.atomic():
        row = Campaign.objects.select_for_update().filter(ManageCampaign().visible_to(actor), id=campaign_id).first()
        if row is None:
            raise NotFound("no such campaign")
        row.state, row.closes_at = CampaignState.CLOSED, min(row.closes_at, now())
        row.save(update_fields=["state", "closes_at"])
        running = Sitting.objects.filter(campaign=row, state=SittingState.RUNNING, deadline__gt=row.closes_at)
        running.update(deadline=row.closes_at)
        record(actor=actor, action="campaign.closed", object_kind="campaign", object_id=row.id, unit_path=row.unit_path)
    return campaign_view(row)
