"""Access codes: good for whom they are meant, until their end, kept as hashes, and slow to guess."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from shuyang.delivery.api import (
    Audience,
    AudienceKind,
    CodeNeeded,
    Frame,
    NotOpenForCodes,
    TooManyCodes,
    WrongCode,
    begin,
    close_campaign,
    code_state,
    end_codes,
    enter,
    invitations,
    issue_personal_codes,
    issue_room_code,
)
from shuyang.delivery.models import AccessCode, Admission
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.people.models import Account
from shuyang.trust.api import NOBODY, Actor
from shuyang.trust.models import AuditEntry
from tests.delivery.world import NOON, World, open_campaign

Clock = Callable[[timedelta], None]
HOUR = timedelta(hours=1)


def _room(world: World) -> str:
    return issue_room_code(actor=world.cast.organiser.actor, campaign_id=world.campaign.id, expires_at=now() + 2 * HOUR)


def _enter(actor: Actor, code: str, address: str = "10.0.0.1") -> object:
    return enter(actor=actor, code=code, address=address)


def test_a_room_code_admits_the_invited_and_only_them(world: World) -> None:
    code = _room(world)
    with pytest.raises(CodeNeeded):
        world.begin()
    assert [i.admitted for i in invitations(actor=world.learner)] == [False]
    assert _enter(NOBODY, code).sign_in_first  # type: ignore[attr-defined]
    for typed in (code, code.lower().replace("-", " ")):
        _enter(world.learner, typed)
    assert [i.admitted for i in invitations(actor=world.learner)] == [True]
    assert world.begin()
    with pytest.raises(WrongCode):
        _enter(world.cast.stranger.actor, code)
    assert Admission.objects.count() == 1
    assert AuditEntry.objects.filter(action="access_code.admitted").count() == 1


def test_codes_are_kept_as_hashes_alone(world: World) -> None:
    code = _room(world)
    stored = " ".join(str(v) for row in AccessCode.objects.values() for v in row.values())
    said = " ".join(str(e.details) for e in AuditEntry.objects.all())
    assert code not in stored + said
    assert code.replace("-", "") not in stored + said


def test_a_code_ends_with_its_time_with_a_new_one_and_with_the_campaign(world: World, clock: Clock) -> None:
    old = _room(world)
    new = _room(world)
    with pytest.raises(WrongCode):
        _enter(world.learner, old)
    _enter(world.learner, new)
    clock(2 * HOUR)
    with pytest.raises(WrongCode):
        _enter(world.cast.clerk.actor, new)
    last = _room(world)
    close_campaign(actor=world.cast.organiser.actor, campaign_id=world.campaign.id)
    with pytest.raises(WrongCode):
        _enter(world.cast.clerk.actor, last)
    with pytest.raises(NotOpenForCodes):
        _room(world)


def test_ending_codes_opens_the_campaign_again(world: World) -> None:
    code, organiser = _room(world), world.cast.organiser.actor
    state = code_state(actor=organiser, campaign_id=world.campaign.id)
    assert (state.room_until, state.personal) == (now() + 2 * HOUR, 0)
    assert end_codes(actor=organiser, campaign_id=world.campaign.id) == 1
    with pytest.raises(WrongCode):
        _enter(world.learner, code)
    assert world.begin()


def test_a_personal_code_signs_its_person_in(world: World) -> None:
    organiser = world.cast.organiser.actor
    made = open_campaign(world.cast, frame=Frame(audience=Audience(AudienceKind.LIST, numbers="P001 P002 P004")))
    issued = issue_personal_codes(actor=organiser, campaign_id=made.id, expires_at=now() + HOUR)
    # the organiser holds a role: a code that needs no password must not open such an account
    assert [one.number for one in issued] == ["P002", "P004"]
    entered = enter(actor=NOBODY, code=issued[0].code, address="10.0.0.1")
    account = Account.objects.get(person_id=world.cast.learner.person_id)
    assert (entered.campaign_id, entered.account_id) == (made.id, account.id)
    with pytest.raises(WrongCode):
        _enter(world.cast.colleague.actor, issued[0].code)
    again = issue_personal_codes(
        actor=organiser, campaign_id=made.id, expires_at=now() + HOUR, person_ids=[issued[0].person_id]
    )
    assert len(again) == 1
    with pytest.raises(WrongCode):
        _enter(NOBODY, issued[0].code)
    assert enter(actor=NOBODY, code=again[0].code, address="10.0.0.1").account_id == account.id
    assert begin(actor=world.learner, campaign_id=made.id)


def test_guessing_is_stopped_for_an_account_and_for_an_address(world: World, clock: Clock) -> None:
    code = _room(world)
    for number in range(10):
        with pytest.raises(WrongCode):
            _enter(world.learner, f"AAAAA-{number:05d}")
    with pytest.raises(TooManyCodes) as refused:
        _enter(world.learner, code)
    assert refused.value.data["minutes"] == 15
    _enter(world.cast.clerk.actor, code)  # another account at the same address goes on
    for number in range(40):
        with pytest.raises(WrongCode):
            _enter(NOBODY, f"BBBBB-{number:05d}")
    with pytest.raises(TooManyCodes):
        _enter(world.cast.colleague.actor, code)
    _enter(world.cast.colleague.actor, code, address="10.0.0.2")
    clock(timedelta(minutes=15))
    _enter(world.learner, code)


def test_only_organisers_of_the_unit_issue_codes_and_only_for_the_future(world: World) -> None:
    for actor in (world.learner, world.cast.stranger.actor, world.cast.administrator):
        with pytest.raises(NotFound):
            issue_room_code(actor=actor, campaign_id=world.campaign.id, expires_at=now() + HOUR)
    with pytest.raises(Invalid):
        issue_room_code(actor=world.cast.organiser.actor, campaign_id=world.campaign.id, expires_at=NOON)
    assert not AccessCode.objects.exists()
