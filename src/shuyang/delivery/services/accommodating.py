"""Grant a person what he needs: more time, larger type, pauses, a later end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shuyang.delivery.campaign_contracts import Accommodation, AccommodationView
from shuyang.delivery.campaign_rules import accommodation_problems
from shuyang.delivery.contracts import SittingState
from shuyang.delivery.entry import closes_for, granted, invites
from shuyang.delivery.models import AccommodationRow, Campaign, Sitting
from shuyang.delivery.policies import ManageAccommodation, ManageCampaign
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Invalid, NotFound, Problem
from shuyang.people.api import PersonView, persons
from shuyang.people.api import person as person_view
from shuyang.trust.api import Actor, decrypt_for, encrypt_for, person_keys, record

REASON_LENGTH = 500
FIELD = "accommodation_reason"


def grant_accommodation(
    *, actor: Actor, person_id: UUID, campaign_id: UUID | None, given: Accommodation, reason: str = ""
) -> UUID:
    """Grant it in one campaign, or (no `campaign_id`) in all; what was granted there before is replaced.

    It holds at once, also in a sitting under way. The reason is sealed under the person's key. Raises `NotFound`,
    `Invalid`.
    """
    problems = accommodation_problems(given, at=now())
    if len(reason) > REASON_LENGTH:
        problems.append(Problem("reason", "too_long", (("most", str(REASON_LENGTH)),)))
    if problems:
        raise Invalid(problems)
    who = person_view(actor=actor, person_id=person_id)
    campaign = _campaign(actor, campaign_id, who)
    with transaction.atomic():
        AccommodationRow.objects.filter(campaign=campaign, person_id=who.id).delete()
        row = _row(actor, who, campaign, given, reason.strip())
        ManageAccommodation().require(actor, row)
        row.save(force_insert=True)
        _apply(who.id, campaign, given)
        _record(actor, row, "accommodation.granted")
    return row.id


def _campaign(actor: Actor, campaign_id: UUID | None, who: PersonView) -> Campaign | None:
    if campaign_id is None:
        return None
    found = Campaign.objects.filter(ManageCampaign().visible_to(actor), id=campaign_id).first()
    if found is None:
        raise NotFound("no such campaign")
    if not invites(found, person_id=who.id, unit_path=who.unit_path):
        raise Invalid([Problem("person", "person_not_invited")])
    return found


def _row(
    actor: Actor, who: PersonView, campaign: Campaign | None, given: Accommodation, reason: str
) -> AccommodationRow:
    sealed = encrypt_for(person_keys([who.id])[who.id], reason, field=FIELD) if reason else None
    return AccommodationRow(
        campaign=campaign,
        person_id=who.id,
        unit_path=who.unit_path,
        time_factor=given.time_factor,
        large_type=given.large_type,
        pauses=given.pauses,
        until=given.until,
        reason=sealed,
        created_by=actor.account_id,
    )


def _apply(person_id: UUID, campaign: Campaign | None, given: Accommodation) -> None:
    """Bring running sittings in line, where no accommodation of their own campaign goes before."""
    rows = Sitting.objects.select_for_update().filter(person_id=person_id, state=SittingState.RUNNING)
    if campaign is not None:
        rows = rows.filter(campaign=campaign)
    else:
        own = AccommodationRow.objects.filter(person_id=person_id).exclude(campaign=None).values("campaign_id")
        rows = rows.exclude(campaign_id__in=own)
    for row in rows:
        deadline = _deadline(row, given)
        Sitting.objects.filter(id=row.id).update(
            time_factor=given.time_factor, large_type=given.large_type, deadline=deadline
        )


def _deadline(row: Sitting, given: Accommodation) -> datetime:
    return max(row.deadline, closes_for(row.campaign, given))


def withdraw_accommodation(*, actor: Actor, accommodation_id: UUID) -> None:
    """Take it back for sittings to come; a sitting under way keeps what it was begun with. Raises `NotFound`."""
    with transaction.atomic():
        rows = AccommodationRow.objects.select_for_update().filter(ManageAccommodation().visible_to(actor))
        row = rows.filter(id=accommodation_id).first()
        if row is None:
            raise NotFound("no such accommodation")
        _record(actor, row, "accommodation.withdrawn")
        AccommodationRow.objects.filter(id=row.id).delete()


def _record(actor: Actor, row: AccommodationRow, action: str) -> None:
    record(
        actor=actor,
        action=action,
        object_kind="accommodation",
        object_id=row.id,
        unit_path=row.unit_path,
        subject=row.person_id,
        details={"campaign": str(row.campaign_id or "")},
    )


def accommodations(*, actor: Actor, campaign_id: UUID) -> list[AccommodationView]:
    """What is granted in a campaign and to its people in all campaigns; reasons stay sealed. Raises `NotFound`."""
    campaign = Campaign.objects.filter(ManageCampaign().visible_to(actor), id=campaign_id).first()
    if campaign is None:
        raise NotFound("no such campaign")
    general = Q(campaign=None, unit_path__startswith=campaign.unit_path)
    visible = AccommodationRow.objects.filter(ManageAccommodation().visible_to(actor))
    rows = list(visible.filter(Q(campaign=campaign) | general).order_by("created_at"))
    people = persons(actor=actor, person_ids=[row.person_id for row in rows])
    return [
        AccommodationView(
            row.id, people.get(row.person_id), granted(row), row.campaign_id is None, row.reason is not None
        )
        for row in rows
    ]


def accommodation_reason(*, actor: Actor, accommodation_id: UUID) -> str:
    """The sealed reason, for who manages the person; reading it is recorded. Raises `NotFound`."""
    with transaction.atomic():
        visible = AccommodationRow.objects.filter(ManageAccommodation().visible_to(actor))
        row = visible.filter(id=accommodation_id).first()
        if row is None or row.reason is None:
            raise NotFound("no reason is recorded")
        _record(actor, row, "accommodation.reason_read")
    return decrypt_for(row.person_id, bytes(row.reason), field=FIELD)
