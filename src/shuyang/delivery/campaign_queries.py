"""Reads of campaigns: lists with their progress in a fixed number of statements, whatever their length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shuyang.delivery.campaign_contracts import AudienceKind, CampaignFilter
from shuyang.delivery.campaign_rules import again_from, paths_above
from shuyang.delivery.contracts import (
    CampaignPage,
    CampaignProgress,
    CampaignState,
    CampaignView,
    Invitation,
    SittingState,
)
from shuyang.delivery.entry import closes_for, granted
from shuyang.delivery.models import AccommodationRow, Admission, Campaign, Invited, Sitting
from shuyang.delivery.policies import ManageCampaign, TakeSitting
from shuyang.delivery.views import campaign_view, sitting_view
from shuyang.itembank.api import DesignKind, plan, release
from shuyang.kernel.clock import now
from shuyang.kernel.errors import NotFound
from shuyang.measurement.cat.contracts import Blueprint
from shuyang.people.api import people_below
from shuyang.trust.api import EVERYTHING, Actor

PAGE = 25


def campaigns(*, actor: Actor, limit: int | None = None) -> list[CampaignView]:
    """Campaigns the actor manages, newest first."""
    rows = Campaign.objects.filter(ManageCampaign().visible_to(actor)).order_by("-created_at", "-id")
    return [campaign_view(row) for row in rows[:limit]]


def campaign_page(*, actor: Actor, chosen: CampaignFilter, page: int = 1, size: int = PAGE) -> CampaignPage:
    """A page of the campaigns the actor manages, newest first, with their progress: five statements in all."""
    rows = _chosen(chosen, now()).filter(ManageCampaign().visible_to(actor)).order_by("-created_at", "-id")
    total = rows.count()
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    views = [campaign_view(row) for row in rows[(page - 1) * size : page * size]]
    progress = _progress(views)
    return CampaignPage(tuple((view, progress[view.id]) for view in views), total, page, pages)


def _chosen(chosen: CampaignFilter, at: datetime) -> QuerySet[Campaign]:
    rows = Campaign.objects.all()
    if chosen.text.strip():
        rows = rows.filter(name__icontains=chosen.text.strip())
    if chosen.purpose:
        rows = rows.filter(purpose=chosen.purpose)
    if chosen.unit_path:
        rows = rows.filter(unit_path__startswith=chosen.unit_path)
    match chosen.state:
        case "open":
            rows = rows.filter(state=CampaignState.OPEN, opens_at__lte=at, closes_at__gt=at)
        case "later":
            rows = rows.filter(state=CampaignState.OPEN, opens_at__gt=at)
        case "closed":
            rows = rows.filter(Q(state=CampaignState.CLOSED) | Q(closes_at__lte=at))
    return rows


def campaign(*, actor: Actor, campaign_id: UUID) -> CampaignView:
    """One campaign the actor manages. Raises `NotFound`."""
    row = Campaign.objects.filter(ManageCampaign().visible_to(actor), id=campaign_id).first()
    if row is None:
        raise NotFound("no such campaign")
    return campaign_view(row)


def posttests_of(*, actor: Actor, campaign_id: UUID) -> list[CampaignView]:
    """Campaigns after training that name this one as the test before it."""
    rows = Campaign.objects.filter(ManageCampaign().visible_to(actor), pretest_id=campaign_id)
    return [campaign_view(row) for row in rows.order_by("opens_at")]


def pretests(*, actor: Actor) -> list[CampaignView]:
    """Campaigns before training that a campaign after training may belong to, newest first."""
    rows = Campaign.objects.filter(ManageCampaign().visible_to(actor), purpose="pretest")
    return [campaign_view(row) for row in rows.order_by("-opens_at")[:200]]


def blueprint(*, campaign: CampaignView) -> Blueprint:
    """Limits and targets of a campaign's sittings."""
    if campaign.plan_hash:
        return plan(hash=campaign.plan_hash).rules
    return release(hash=campaign.release_hash).blueprints[campaign.blueprint]


def kind(*, campaign: CampaignView) -> DesignKind:
    """How a campaign's sittings choose their items."""
    return plan(hash=campaign.plan_hash).kind if campaign.plan_hash else DesignKind.ADAPTIVE


def progress(*, actor: Actor, campaign_id: UUID) -> CampaignProgress:
    """How many persons are invited, at it, and done: counts, no names. Raises `NotFound`."""
    view = campaign(actor=actor, campaign_id=campaign_id)
    return _progress([view])[view.id]


def progress_of(*, actor: Actor, campaign_ids: Iterable[UUID]) -> dict[UUID, CampaignProgress]:
    """Progress of those of the campaigns that the actor manages: four statements, whatever their number."""
    rows = Campaign.objects.filter(ManageCampaign().visible_to(actor), id__in=list(campaign_ids))
    return _progress([campaign_view(row) for row in rows])


def _progress(views: Sequence[CampaignView]) -> dict[UUID, CampaignProgress]:
    """Three statements: persons below the units, persons invited by name, sittings by state."""
    whole = {view.unit_path for view in views if view.audience == AudienceKind.UNIT}
    below = people_below(unit_paths=whole)
    named = [view.id for view in views if view.audience != AudienceKind.UNIT]
    counted = Invited.objects.filter(campaign_id__in=named).values_list("campaign_id").annotate(n=Count("id"))
    invited = dict(counted.order_by())
    at_it, done = _states([view.id for view in views])
    return {
        view.id: CampaignProgress(
            invited=below.get(view.unit_path, 0) if view.audience == AudienceKind.UNIT else invited.get(view.id, 0),
            running=at_it[view.id],
            finished=done[view.id],
        )
        for view in views
    }


def _states(campaign_ids: list[UUID]) -> tuple[Counter[UUID], Counter[UUID]]:
    """Persons at it, and persons with a finished sitting and none under way."""
    rows = Sitting.objects.filter(campaign_id__in=campaign_ids).values_list("campaign_id", "state")
    counted = rows.annotate(n=Count("person_id", distinct=True)).order_by()
    numbers = {(campaign_id, state): n for campaign_id, state, n in counted}
    running = Counter({c: n for (c, state), n in numbers.items() if state == SittingState.RUNNING})
    finished = Counter({c: n for (c, state), n in numbers.items() if state == SittingState.FINISHED})
    return running, finished


def invitations(*, actor: Actor) -> list[Invitation]:
    """Campaigns open to the actor, and those he has begun or finished; newest first. Four statements in all."""
    if actor.person_id is None:
        return []
    at = now()
    sittings = {s.campaign_id: s for s in Sitting.objects.filter(TakeSitting().visible_to(actor)).order_by("attempt")}
    extra = {row.campaign_id: granted(row) for row in AccommodationRow.objects.filter(person_id=actor.person_id)}
    prolonged = [c for c, one in extra.items() if one.until is not None and one.until > at]
    admitted = set(Admission.objects.filter(person_id=actor.person_id).values_list("campaign_id", flat=True))
    found = []
    for row in _open_to(actor, actor.person_id, at, prolonged, list(sittings)).order_by("-opens_at"):
        allowed = extra.get(row.id) or extra.get(None)
        closes_at = closes_for(row, allowed) if allowed else row.closes_at
        if row.id in sittings or closes_at > at:
            welcome = not row.needs_code or row.id in admitted
            found.append(_invitation(row, sittings.get(row.id), closes_at, admitted=welcome, at=at))
    return found


def _open_to(
    actor: Actor, person_id: UUID, at: datetime, prolonged: list[UUID | None], begun: list[UUID]
) -> QuerySet[Campaign]:
    """Campaigns open to a person, those with more time for him alone, and those he has begun."""
    by_name = Invited.objects.filter(person_id=person_id).values("campaign_id")
    reached = Q(audience=AudienceKind.UNIT, unit_path__in=paths_above(actor.unit_path)) | Q(id__in=by_name)
    in_time = EVERYTHING if None in prolonged else Q(closes_at__gt=at) | Q(id__in=prolonged)
    open_now = Q(state=CampaignState.OPEN, opens_at__lte=at) & reached & in_time
    return Campaign.objects.exclude(state=CampaignState.DRAFT).filter(open_now | Q(id__in=begun))


def _invitation(
    row: Campaign, sitting: Sitting | None, closes_at: datetime, *, admitted: bool, at: datetime
) -> Invitation:
    left = row.attempts - (sitting.attempt if sitting else 0)
    is_over = sitting is not None and sitting.state != SittingState.RUNNING
    in_time = row.state == CampaignState.OPEN and at < closes_at
    again = again_from(sitting.finished_at, row.days_between) if sitting and is_over and left > 0 and in_time else None
    view = sitting_view(sitting) if sitting else None
    return Invitation(campaign_view(row), view, closes_at, left, again, admitted)
