"""Begin a sitting; leave it; end those whose time has run out."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from shuyang.delivery import engine
from shuyang.delivery.campaign_contracts import Accommodation
from shuyang.delivery.contracts import HIGH_STAKES, ItemPage, SittingState, SittingView
from shuyang.delivery.entry import accommodation_of, check_may_begin, closes_for, invites
from shuyang.delivery.integrity.state import announces_focus
from shuyang.delivery.live.absent import check_door
from shuyang.delivery.models import Campaign, Sitting
from shuyang.delivery.neutralising.state import neutralised_in
from shuyang.delivery.policies import TakeSitting
from shuyang.delivery.rules import NOTHING_REPEATED_FOR, NothingLeft
from shuyang.delivery.services.finishing import finish
from shuyang.delivery.services.refusing import refusals_noted
from shuyang.delivery.views import item_page, sitting_view
from shuyang.evidence.api import items_met_since
from shuyang.itembank.api import DesignKind, plan, release
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Forbidden, NotFound
from shuyang.kit.api import Rows
from shuyang.people.api import PersonView, person
from shuyang.trust.api import GENESIS, SYSTEM, Actor, record

sittings = Rows(Sitting)


def begin(*, actor: Actor, campaign_id: UUID, attempt: int | None = None) -> SittingView:
    """Begin the actor's sitting, or return the one already begun: asking twice makes no second one.

    `attempt` names the one that is meant; without it a sitting there is comes back, also a finished one.
    Raises `NotFound` for a campaign that does not invite him, `NotOpen` outside its time, `CodeNeeded`,
    `NoAttemptLeft`, `TooSoon`, `RoomPaused`, and `NothingLeft` where the bank has no item that he has not met within
    twelve months.
    """
    if actor.person_id is None:
        raise Forbidden("only a person can take a sitting")
    campaign = Campaign.objects.filter(id=campaign_id).first()
    if campaign is None or not invites(campaign, person_id=actor.person_id, unit_path=actor.unit_path):
        raise NotFound("no such campaign")
    last = Sitting.objects.filter(campaign=campaign, person_id=actor.person_id).order_by("attempt").last()
    if last is not None and (attempt is None or attempt <= last.attempt or last.state == SittingState.RUNNING):
        return sitting_view(last)
    granted = accommodation_of(campaign_id=campaign.id, person_id=actor.person_id)
    check_may_begin(campaign, actor.person_id, last, granted)
    check_door(campaign.id, actor.unit_path)
    return sitting_view(_create(actor, campaign, person(actor=actor, person_id=actor.person_id), last, granted))


def _create(actor: Actor, campaign: Campaign, who: PersonView, last: Sitting | None, granted: Accommodation) -> Sitting:
    row = new_sitting(campaign, who, granted, attempt=last.attempt + 1 if last else 1)
    first = engine.step(row, [])
    if first.choice is None:
        raise NothingLeft("every item was met within twelve months")
    row.current_index, row.remaining = first.choice.index, first.remaining
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            record(
                actor=actor,
                action="sitting.begun",
                object_kind="sitting",
                object_id=row.id,
                unit_path=row.unit_path,
                subject=who.id,
                details={"release": row.release_hash},
            )
    except IntegrityError:  # a second click was faster: that sitting is the one
        return Sitting.objects.get(campaign=campaign, person_id=who.id, attempt=row.attempt)
    return row


def new_sitting(campaign: Campaign, who: PersonView, granted: Accommodation, *, attempt: int = 1) -> Sitting:
    """A sitting not yet stored, with the person's post of the day, what he may not meet again and what he is granted."""
    met = items_met_since(person_id=who.id, since=now() - NOTHING_REPEATED_FOR)
    keys = release(hash=campaign.release_hash)
    excluded = [index for index, item in enumerate(keys.items) if item.version_id in met]
    return Sitting(
        campaign=campaign,
        person_id=who.id,
        unit_path=who.unit_path,
        post=_post_of_day(campaign, who),
        excluded=excluded,
        release_hash=campaign.release_hash,
        blueprint=campaign.blueprint,
        plan_hash=campaign.plan_hash,
        mode=plan(hash=campaign.plan_hash).kind if campaign.plan_hash else DesignKind.ADAPTIVE,
        attempt=attempt,
        time_factor=granted.time_factor,
        large_type=granted.large_type,
        watch_focus=announces_focus(campaign.id),
        neutralised=sorted(neutralised_in(campaign.id)),
        pauses_allowed=granted.pauses if campaign.purpose in HIGH_STAKES else None,
        deadline=closes_for(campaign, granted),
        presented_at=now(),
        chain_hash=GENESIS,
        synthetic=who.synthetic or campaign.synthetic,
    )


def _post_of_day(campaign: Campaign, who: PersonView) -> dict[str, str]:
    post = who.post
    return {
        "campaign": campaign.name,
        "purpose": campaign.purpose,
        "unit_id": str(who.unit_id),
        "unit_name": who.unit_name,
        "rank_layer": post.rank_layer if post else "",
        "job_category": post.job_category if post else "",
        "title": post.title if post else "",
    }


def own_sitting(actor: Actor, sitting_id: UUID, *, lock: bool = False) -> Sitting:
    """The actor's sitting. Raises `NotFound`, also for a forged id or someone else's."""
    row = Sitting.objects.select_for_update().filter(id=sitting_id).first() if lock else sittings.get(id=sitting_id)
    if row is None or not TakeSitting().can(actor, row):
        raise NotFound("no such sitting")
    return row


def page(*, actor: Actor, sitting_id: UUID) -> ItemPage:
    """The item at hand. A sitting past its deadline is finished first with what was answered. Raises `NotFound`."""
    with refusals_noted(actor, sitting_id):
        row = own_sitting(actor, sitting_id)
    if row.state == SittingState.RUNNING and now() >= row.deadline:
        row = end_overdue(row.id)
    return item_page(row)


def is_going(*, actor: Actor, sitting_id: UUID) -> bool:
    """Does the actor's own sitting run, with its clock going? Asked for often, so it reads one row. Raises `NotFound`."""
    row = own_sitting(actor, sitting_id)
    return row.state == SittingState.RUNNING and row.paused_at is None


def end_by_person(*, actor: Actor, sitting_id: UUID) -> SittingView:
    """Hand in early: what was answered counts, what was not is not held against the person. Raises `NotFound`."""
    with refusals_noted(actor, sitting_id), transaction.atomic():
        row = own_sitting(actor, sitting_id, lock=True)
        if row.state == SittingState.RUNNING:
            finish(row, actor=actor, reason="ended_by_person")
    return sitting_view(row)


def end_overdue(sitting_id: UUID) -> Sitting:
    """Finish one sitting whose deadline has passed; doing it twice does it once."""
    with transaction.atomic():
        row = Sitting.objects.select_for_update().get(id=sitting_id)
        if row.state == SittingState.RUNNING and now() >= row.deadline:
            finish(row, actor=SYSTEM, reason="deadline")
    return row


def end_all_overdue() -> int:
    """Finish every sitting whose campaign has ended. Returns how many."""
    due = list(
        Sitting.objects.filter(state=SittingState.RUNNING, deadline__lte=now()).values_list("id", flat=True)[:500]
    )
    for sitting_id in due:
        end_overdue(sitting_id)
    return len(due)
