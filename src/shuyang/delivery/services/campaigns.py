"""Make, open, prolong and close a campaign."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuyang.delivery.campaign_contracts import AudienceKind, AudiencePreview, CampaignDraft, Frame, ShownWhen
from shuyang.delivery.campaign_rules import frame_problems
from shuyang.delivery.contracts import CampaignState, CampaignView, Purpose, SittingState
from shuyang.delivery.models import Campaign, Sitting
from shuyang.delivery.policies import ManageCampaign
from shuyang.delivery.rules import campaign_problems, check_stakes
from shuyang.delivery.services.audience import criteria, find, invite, preview
from shuyang.delivery.services.releasing import apply_seal
from shuyang.delivery.views import campaign_view
from shuyang.itembank.api import Release, current_release, plan
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Invalid, NotFound, Problem
from shuyang.people.api import UnitView, unit
from shuyang.trust.api import Actor, record


def create_campaign(*, actor: Actor, draft: CampaignDraft, synthetic: bool = False) -> CampaignView:
    """Make a campaign and open it. It runs on the release that is current now, to its end.

    Raises `Invalid` with every problem at its field (a list: each line), `NotFound` for a unit outside the actor's
    reach, `ProvisionalCuts` (see `rules`).
    """
    row = _checked(actor, draft)
    row.synthetic = synthetic
    _save(row, actor, _invited(actor, unit(actor=actor, unit_id=draft.unit_id), draft.frame))
    return campaign_view(row)


def preview_campaign(*, actor: Actor, draft: CampaignDraft) -> AudiencePreview:
    """What `create_campaign` would do: whom it would invite, and every line of a list that can't be taken.

    Raises as `create_campaign`, but for the lines. Nothing is written.
    """
    _checked(actor, draft)
    return preview(actor, unit(actor=actor, unit_id=draft.unit_id), draft.frame.audience)


def _checked(actor: Actor, draft: CampaignDraft) -> Campaign:
    """The row of a campaign that may be, not yet stored."""
    release, frame, purpose = current_release(), draft.frame, draft.purpose
    opens_at, closes_at = draft.opens_at, draft.closes_at
    problems = campaign_problems(name=draft.name, opens_at=opens_at, closes_at=closes_at, today=now())
    problems += frame_problems(frame, purpose) + _blueprint_problems(draft.blueprint, frame, release)
    if problems or opens_at is None or closes_at is None:
        raise Invalid(problems)
    check_stakes(purpose, provisional_cuts=release.provisional_cuts)
    row = _row(frame, unit(actor=actor, unit_id=draft.unit_id), release.hash)
    row.name, row.purpose, row.blueprint = draft.name.strip(), purpose, draft.blueprint
    row.opens_at, row.closes_at = opens_at, closes_at
    if purpose == Purpose.RECRUITMENT:  # names and results stay sealed until two persons release them
        row.shown_when = ShownWhen.ON_RELEASE
    row.created_by = actor.account_id
    ManageCampaign().require(actor, row)
    row.pretest_id = _pretest(actor, frame)
    return row


def _blueprint_problems(blueprint: str, frame: Frame, release: Release) -> list[Problem]:
    """Is there such a blueprint in the release, or such a plan, made for this release?"""
    if not frame.plan_hash:
        known = blueprint in release.blueprints
        return [] if known else [Problem("blueprint", "unknown_choice", (("value", blueprint[:40]),))]
    try:
        found = plan(hash=frame.plan_hash)
    except NotFound:
        return [Problem("blueprint", "unknown_choice", (("value", frame.plan_hash[:12]),))]
    other = found.release_hash not in ("", release.hash) or len(found.rules.target_se) != len(release.forces)
    return [Problem("blueprint", "plan_of_other_release")] if other else []


def _row(frame: Frame, place: UnitView, release_hash: str) -> Campaign:
    return Campaign(
        unit_id=place.id,
        unit_path=place.path,
        unit_name=place.name,
        release_hash=release_hash,
        plan_hash=frame.plan_hash,
        audience=frame.audience.kind,
        criteria=criteria(frame.audience),
        attempts=frame.attempts,
        days_between=frame.days_between,
        shown_when=frame.showing.when,
        shown_to_person=frame.showing.to_person,
        shown_to_unit=frame.showing.to_unit,
        needs_code=frame.needs_code,
        remind=frame.remind,
    )


def _pretest(actor: Actor, frame: Frame) -> UUID | None:
    """The campaign before training, if the actor manages it. Raises `Invalid`."""
    if frame.pretest_id is None:
        return None
    rows = Campaign.objects.filter(ManageCampaign().visible_to(actor), id=frame.pretest_id, purpose=Purpose.PRETEST)
    if not rows.exists():
        raise Invalid([Problem("pretest", "unknown_pretest")])
    return frame.pretest_id


def _invited(actor: Actor, place: UnitView, frame: Frame) -> tuple[UUID, ...]:
    """Persons a filter or list names. Raises `Invalid` with each line that names none, or when nobody is left."""
    if frame.audience.kind == AudienceKind.UNIT:
        return ()
    found = find(actor, place, frame.audience)
    if found.problems:
        raise Invalid(found.problems)
    if not found.ids:
        raise Invalid([Problem("audience", "nobody_invited")])
    return found.ids


def _save(row: Campaign, actor: Actor, invited: tuple[UUID, ...]) -> None:
    """Store the campaign closed to everyone, write its invitations in batches, then open it."""
    with transaction.atomic():
        row.state = CampaignState.DRAFT if invited else CampaignState.OPEN
        row.save(force_insert=True)
        details = {"purpose": row.purpose, "release": row.release_hash, "audience": row.audience}
        record(
            actor=actor,
            action="campaign.opened",
            object_kind="campaign",
            object_id=row.id,
            unit_path=row.unit_path,
            details=details,
        )
    if invited:
        invite(row, invited)
        row.state = CampaignState.OPEN
        Campaign.objects.filter(id=row.id).update(state=row.state)


def close_campaign(*, actor: Actor, campaign_id: UUID) -> CampaignView:
    """Let no one begin any more and end the running sittings at their next look. Raises `NotFound`."""
    with transaction.atomic():
        row = locked_campaign(actor, campaign_id)
        row.state, row.closes_at = CampaignState.CLOSED, min(row.closes_at, now())
        row.save(update_fields=["state", "closes_at"])
        running = Sitting.objects.filter(campaign=row, state=SittingState.RUNNING, deadline__gt=row.closes_at)
        running.update(deadline=row.closes_at)
        apply_seal(row)
        record(actor=actor, action="campaign.closed", object_kind="campaign", object_id=row.id, unit_path=row.unit_path)
    return campaign_view(row)


def prolong_campaign(*, actor: Actor, campaign_id: UUID, closes_at: datetime | None) -> CampaignView:
    """Move the end of a campaign that was not closed by hand, and with it the deadline of running sittings.

    Raises `NotFound`; `Invalid` for an end that does not lie ahead.
    """
    with transaction.atomic():
        row = locked_campaign(actor, campaign_id)
        problems = campaign_problems(name=row.name, opens_at=row.opens_at, closes_at=closes_at, today=now())
        if row.state != CampaignState.OPEN:
            problems.append(Problem("closes_at", "campaign_closed"))
        if problems or closes_at is None:
            raise Invalid(problems)
        running = Sitting.objects.filter(campaign=row, state=SittingState.RUNNING, deadline=row.closes_at)
        running.update(deadline=closes_at)
        row.closes_at = closes_at
        row.save(update_fields=["closes_at"])
        apply_seal(row)
        details = {"closes_at": closes_at.isoformat()}
        record(
            actor=actor,
            action="campaign.prolonged",
            object_kind="campaign",
            object_id=row.id,
            unit_path=row.unit_path,
            details=details,
        )
    return campaign_view(row)


def locked_campaign(actor: Actor, campaign_id: UUID) -> Campaign:
    """A campaign the actor manages, locked in the caller's transaction. Raises `NotFound`."""
    row = Campaign.objects.select_for_update().filter(ManageCampaign().visible_to(actor), id=campaign_id).first()
    if row is None:
        raise NotFound("no such campaign")
    return row
