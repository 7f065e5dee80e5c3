"""Access codes: one for the room, or one for each person. Kept as keyed hashes, with an end, and slow to guess."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from shuyang.delivery.campaign_contracts import AudienceKind, CodeState, Entered, PersonalCode
from shuyang.delivery.campaign_rules import TooManyCodes, WrongCode
from shuyang.delivery.contracts import CampaignState
from shuyang.delivery.entry import invites
from shuyang.delivery.models import AccessCode, Admission, Campaign, Invited
from shuyang.delivery.services.campaigns import locked_campaign
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict, Invalid, Problem
from shuyang.people.api import (
    PersonView,
    TooManySignIns,
    clean_code,
    count_failure,
    entry_account,
    entry_accounts,
    new_code,
    people_ids,
    persons,
    printed_code,
    refuse_if_locked,
)
from shuyang.trust.api import Actor, blind_index, record

ACCOUNT_LIMIT = 10
ADDRESS_LIMIT = 50  # a whole exam room may come from one address
BATCH = 300


class NotOpenForCodes(Conflict):
    """Codes are issued for campaigns that have not ended."""

    code = "campaign_over"


def issue_room_code(*, actor: Actor, campaign_id: UUID, expires_at: datetime) -> str:
    """A code for everyone invited, in plain text this once; the one before stops working.

    From then on the campaign admits only with a code. Raises `NotFound`, `Invalid` for an end that has passed,
    `NotOpenForCodes`.
    """
    with transaction.atomic():
        campaign = _for_codes(actor, campaign_id, expires_at)
        AccessCode.objects.filter(campaign=campaign, person_id=None, ended_at=None).update(ended_at=now())
        code = new_code()
        _store(actor, campaign, {None: code}, expires_at)
        Campaign.objects.filter(id=campaign.id).update(needs_code=True)
        _record(actor, campaign, "access_code.issued", {"for": "room"})
    return printed_code(code)


def issue_personal_codes(
    *, actor: Actor, campaign_id: UUID, expires_at: datetime, person_ids: Iterable[UUID] | None = None
) -> list[PersonalCode]:
    """A code for each of the persons invited (or of those named), in plain text this once.

    With it one gets in without a password, to this campaign's test. Persons who hold roles, and those whose sign-in
    the actor may not hand out, get none. Earlier codes of these persons stop working. Raises as `issue_room_code`.
    """
    with transaction.atomic():
        campaign = _for_codes(actor, campaign_id, expires_at)
    wanted, issued = _invited(actor, campaign, person_ids), list[PersonalCode]()
    for start in range(0, len(wanted), BATCH):
        with transaction.atomic():
            issued += _issue(actor, campaign, wanted[start : start + BATCH], expires_at)
    return issued


def _for_codes(actor: Actor, campaign_id: UUID, expires_at: datetime) -> Campaign:
    campaign = locked_campaign(actor, campaign_id)
    if campaign.state != CampaignState.OPEN or campaign.closes_at <= now():
        raise NotOpenForCodes("the campaign is over")
    if expires_at <= now():
        raise Invalid([Problem("expires_at", "closes_in_the_past")])
    return campaign


def _invited(actor: Actor, campaign: Campaign, person_ids: Iterable[UUID] | None) -> list[UUID]:
    if campaign.audience == AudienceKind.UNIT:
        invited = people_ids(actor=actor, unit_path=campaign.unit_path)
    else:
        invited = tuple(Invited.objects.filter(campaign=campaign).values_list("person_id", flat=True))
    wanted = None if person_ids is None else set(person_ids)
    return [one for one in invited if wanted is None or one in wanted]


def _issue(actor: Actor, campaign: Campaign, person_ids: list[UUID], expires_at: datetime) -> list[PersonalCode]:
    people = persons(actor=actor, person_ids=person_ids)
    allowed = entry_accounts(actor=actor, person_ids=people)
    codes = {one: new_code() for one in person_ids if one in allowed and entry_account(person_id=one)}
    old = AccessCode.objects.filter(campaign=campaign, person_id__in=list(codes), ended_at=None)
    old.update(ended_at=now())
    _store(actor, campaign, codes, expires_at)
    if codes:
        _record(actor, campaign, "access_code.issued", {"for": "persons", "count": len(codes)})
    return [_personal(people[one], code, expires_at) for one, code in codes.items()]


def _personal(who: PersonView, code: str, expires_at: datetime) -> PersonalCode:
    return PersonalCode(who.id, who.number, who.name, who.unit_name, printed_code(code), expires_at)


def _store(actor: Actor, campaign: Campaign, codes: dict[UUID, str] | dict[None, str], expires_at: datetime) -> None:
    AccessCode.objects.bulk_create(
        AccessCode(
            campaign=campaign,
            person_id=person_id,
            hash=code_hash(code),
            expires_at=expires_at,
            created_by=actor.account_id,
        )
        for person_id, code in codes.items()
    )


def code_hash(code: str) -> str:
    """Keyed hash of a code. Its ~50 random bits need no slow hashing; the key lies outside the database."""
    return blind_index(clean_code(code), field="access_code")


def end_codes(*, actor: Actor, campaign_id: UUID) -> int:
    """All codes of a campaign stop working; who was admitted stays so. Returns how many ended. Raises `NotFound`."""
    with transaction.atomic():
        campaign = locked_campaign(actor, campaign_id)
        ended = _good(campaign).update(ended_at=now())
        Campaign.objects.filter(id=campaign.id).update(needs_code=False)
        _record(actor, campaign, "access_code.ended", {"count": ended})
    return ended


def code_state(*, actor: Actor, campaign_id: UUID) -> CodeState:
    """Which codes of a campaign are good, in count. Raises `NotFound`."""
    with transaction.atomic():
        campaign = locked_campaign(actor, campaign_id)
        room = _good(campaign).filter(person_id=None).values_list("expires_at", flat=True).first()
        return CodeState(room, _good(campaign).exclude(person_id=None).count())


def _good(campaign: Campaign) -> QuerySet[AccessCode]:
    return AccessCode.objects.filter(campaign=campaign, ended_at=None, expires_at__gt=now())


def enter(*, actor: Actor, code: str, address: str) -> Entered:
    """Admit a person by a code. A room code asks who it is (sign in first); a personal one signs him in.

    Raises `WrongCode` (the same for codes that are unknown, over, or another's) and, after repeated failures of one
    account or from one address, `TooManyCodes`.
    """
    keys = {blind_index(address, field="failed_code_address"): ADDRESS_LIMIT}
    if actor.account_id is not None:
        keys[blind_index(str(actor.account_id), field="failed_code_account")] = ACCOUNT_LIMIT
    try:
        refuse_if_locked(list(keys))
    except TooManySignIns as error:
        raise TooManyCodes(**error.data) from None
    row = AccessCode.objects.filter(hash=code_hash(code), ended_at=None, expires_at__gt=now())
    found = row.select_related("campaign").first()
    entered = _admit(actor, found) if found is not None else None
    if entered is None:
        count_failure(keys)
        raise WrongCode([Problem("code", "wrong_access_code")])
    return entered


def _admit(actor: Actor, found: AccessCode) -> Entered | None:
    """Who is let in by a good code; None where it is not for this person."""
    campaign, person_id = found.campaign, found.person_id
    if campaign.state != CampaignState.OPEN or campaign.closes_at <= now():
        return None
    if person_id is None:
        if actor.person_id is None:
            return Entered(campaign.id, None, sign_in_first=True)
        return _admitted(actor, campaign, actor.person_id, actor.unit_path)
    if actor.person_id is not None:
        return _admitted(actor, campaign, person_id, "") if actor.is_person(person_id) else None
    account = entry_account(person_id=person_id)
    if account is None:
        return Entered(campaign.id, None, sign_in_first=True)
    entered = _admitted(actor, campaign, person_id, "")
    return None if entered is None else Entered(campaign.id, account)


def _admitted(actor: Actor, campaign: Campaign, person_id: UUID, unit_path: str) -> Entered | None:
    """Record the admission; once is enough. A personal code needs no second look at the unit."""
    if unit_path and not invites(campaign, person_id=person_id, unit_path=unit_path):
        return None
    try:
        with transaction.atomic():
            Admission.objects.create(campaign=campaign, person_id=person_id)
            _record(actor, campaign, "access_code.admitted", {}, subject=person_id)
    except IntegrityError:  # admitted before
        pass
    return Entered(campaign.id, None)


def _record(
    actor: Actor, campaign: Campaign, action: str, details: dict[str, object], subject: UUID | None = None
) -> None:
    record(
        actor=actor,
        action=action,
        object_kind="campaign",
        object_id=campaign.id,
        unit_path=campaign.unit_path,
        subject=subject,
        details=details,
    )
