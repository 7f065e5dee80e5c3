"""What is shown to whom and when: the seal that evidence keeps, set by the campaign it belongs to.

The seal lies with the estimate, below every room that reads results: no report, list or interface can show what is
sealed, because evidence does not hand it out (docs/decisions/0009).
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from shuyang.delivery.campaign_contracts import ShownWhen
from shuyang.delivery.contracts import CampaignView, Purpose
from shuyang.delivery.models import Campaign
from shuyang.delivery.policies import ManageCampaign
from shuyang.delivery.recruitment.rules import NeedsTwo
from shuyang.delivery.showing import seal_of
from shuyang.delivery.views import campaign_view
from shuyang.evidence.api import set_seal
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict, NotFound
from shuyang.trust.api import Actor, record


class NotSealed(Conflict):
    """The results of this campaign do not wait for a release."""

    code = "not_sealed"


def apply_seal(row: Campaign) -> None:
    """Bring the seals of what is measured already in line with the campaign, in the caller's transaction.

    What is shown at once stays as it was. Results of later sittings get theirs when they end.
    """
    if row.shown_when != ShownWhen.AT_ONCE:
        set_seal(campaign_id=row.id, seal=seal_of(row, finished_at=row.created_at))


def release_results(*, actor: Actor, campaign_id: UUID) -> CampaignView:
    """Open the sealed results of a campaign, for good. Releasing twice does it once.

    Raises `NotFound`, `NotSealed` for a campaign whose results wait for no release, `NeedsTwo` for a recruitment.
    """
    with transaction.atomic():
        row = Campaign.objects.select_for_update().filter(ManageCampaign().visible_to(actor), id=campaign_id).first()
        if row is None:
            raise NotFound("no such campaign")
        if row.purpose == Purpose.RECRUITMENT:
            raise NeedsTwo("a recruitment is released by two persons")
        if row.shown_when != ShownWhen.ON_RELEASE:
            raise NotSealed("the results wait for no release")
        if row.released_at is None:
            open_seal(row, actor=actor)
    return campaign_view(row)


def open_seal(row: Campaign, *, actor: Actor) -> None:
    """Release a locked campaign in the caller's transaction."""
    row.released_at = now()
    row.save(update_fields=["released_at"])
    apply_seal(row)
    record(actor=actor, action="campaign.released", object_kind="campaign", object_id=row.id, unit_path=row.unit_path)
