"""What is printed: the forms of a campaign, and numbered answer sheets."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from shuyang.delivery.models import Campaign, PaperSheet
from shuyang.delivery.paper.contracts import PaperForm, PaperState, SheetView
from shuyang.delivery.paper.rules import paper_seed
from shuyang.delivery.policies import ManageCampaign
from shuyang.delivery.services.campaigns import locked_campaign
from shuyang.itembank.api import DesignKind, ItemType, contents, plan, presentation, release
from shuyang.kernel.errors import Conflict, Invalid, NotFound, Problem
from shuyang.people.api import new_code
from shuyang.trust.api import Actor, record

MOST_SHEETS = 500
ON_SCREEN_ONLY = frozenset({ItemType.MARK, ItemType.CHART})


class NotOnPaper(Conflict):
    """This campaign's test can't be printed: it has no fixed forms, or items that need a screen."""

    code = "not_on_paper"


def paper_state(*, actor: Actor, campaign_id: UUID) -> PaperState:
    """What can be printed, and the sheets there are. Raises `NotFound`."""
    campaign = Campaign.objects.filter(ManageCampaign().visible_to(actor), id=campaign_id).first()
    if campaign is None:
        raise NotFound("no such campaign")
    sheets = PaperSheet.objects.filter(campaign=campaign).order_by("form", "created_at", "id")
    views = tuple(SheetView(row.code, row.form, row.sitting_id is not None) for row in sheets)
    return PaperState(forms_of(campaign), views)


def forms_of(campaign: Campaign) -> tuple[PaperForm, ...]:
    """The printable forms of a campaign; none where its test can't be given on paper."""
    if not campaign.plan_hash or plan(hash=campaign.plan_hash).kind != DesignKind.FORMS:
        return ()
    bank = release(hash=campaign.release_hash)
    forms = [[bank.by_id[item] for item in form] for form in plan(hash=campaign.plan_hash).forms]
    if any(item.type in ON_SCREEN_ONLY for form in forms for item in form):
        return ()
    said = contents(version_ids=[item.version_id for form in forms for item in form])
    return tuple(
        PaperForm(
            number, tuple(presentation(said[item.version_id], paper_seed(campaign.plan_hash, number)) for item in form)
        )
        for number, form in enumerate(forms)
    )


def make_sheets(*, actor: Actor, campaign_id: UUID, copies: int) -> int:
    """Number `copies` answer sheets, dealt out over the forms in turn. Returns how many there are now.

    Raises `NotFound`, `NotOnPaper`, `Invalid` for too many.
    """
    with transaction.atomic():
        campaign = locked_campaign(actor, campaign_id)
        forms = forms_of(campaign)
        if not forms:
            raise NotOnPaper("this test can't be printed")
        there = PaperSheet.objects.filter(campaign=campaign).count()
        if not 1 <= copies <= MOST_SHEETS - there:
            low, high = ("low", "1"), ("high", str(max(MOST_SHEETS - there, 1)))
            raise Invalid([Problem("copies", "not_between", (low, high))])
        numbers = (forms[(there + n) % len(forms)].number for n in range(copies))
        PaperSheet.objects.bulk_create(_sheets(campaign, numbers))
        record(
            actor=actor,
            action="paper.sheets_made",
            object_kind="campaign",
            object_id=campaign.id,
            unit_path=campaign.unit_path,
            details={"count": copies},
        )
    return there + copies


def _sheets(campaign: Campaign, forms: Iterable[int]) -> list[PaperSheet]:
    return [PaperSheet(campaign=campaign, code=new_code()[:8], form=form) for form in forms]
