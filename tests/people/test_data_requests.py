"""Requests about one's data: asked, decided in words, and a deletion that really deletes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core import serializers
from tests.cast import client_of
from tests.delivery.world import NOON, World, give, make_world

from shuyang.delivery.api import end_by_person
from shuyang.evidence.models import Estimate, Observation
from shuyang.kernel.clock import frozen
from shuyang.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from shuyang.people.api import (
    RequestKind,
    RequestState,
    ask_about_data,
    decide_request,
    own_requests,
    requests_to_decide,
    take_back_request,
)
from shuyang.people.models import Account, DataRequest, Person, RoleGrant, SignInSession
from shuyang.people.services.persons import correct_person
from shuyang.trust.api import Role, check_audit, pseudonym
from shuyang.trust.models import AuditEntry, PersonKey

IDENTITY = "11010519491231002X"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with frozen(NOON):
        yield make_world()


def ask(world: World, kind: RequestKind = RequestKind.CORRECTION, text: str = "职务应为副主任科员") -> DataRequest:
    asked = ask_about_data(actor=world.learner, kind=kind, text=text)
    return DataRequest.objects.get(id=asked.id)


def test_it_goes_to_the_organiser_of_the_unit_and_to_nobody_else(world: World) -> None:
    asked = ask(world)
    cast = world.cast
    assert [r.id for r in requests_to_decide(actor=cast.organiser.actor)] == [asked.id]
    assert [r.id for r in requests_to_decide(actor=cast.administrator)] == [asked.id]
    for other in (cast.stranger, cast.colleague, cast.learner):
        assert requests_to_decide(actor=other.actor) == []
        with pytest.raises((NotFound, Forbidden)):
            decide_request(actor=other.actor, request_id=asked.id, grant=True, answer="好")
    assert own_requests(actor=cast.learner.actor)[0].state is RequestState.OPEN


def test_it_is_decided_once_and_in_words(world: World) -> None:
    asked, organiser = ask(world), world.cast.organiser.actor
    with pytest.raises(Invalid):
        decide_request(actor=organiser, request_id=asked.id, grant=True, answer="  ")
    decide_request(actor=organiser, request_id=asked.id, grant=True, answer="已按任免文件更正。")
    with pytest.raises(Conflict):
        decide_request(actor=organiser, request_id=asked.id, grant=False, answer="不")
    (mine,) = own_requests(actor=world.learner)
    assert (mine.state, mine.answer) == (RequestState.DONE, "已按任免文件更正。")
    entry = AuditEntry.objects.get(action="data_request.granted")
    assert "任免" not in json.dumps(entry.details, ensure_ascii=False)


def test_one_of_a_kind_is_open_and_it_can_be_taken_back(world: World) -> None:
    asked = ask(world)
    with pytest.raises(Invalid) as error:
        ask(world)
    assert error.value.problems[0].code == "request_open"
    with pytest.raises(NotFound):
        take_back_request(actor=world.cast.colleague.actor, request_id=asked.id)
    take_back_request(actor=world.learner, request_id=asked.id)
    assert ask(world).id != asked.id
    for text in ("", "   ", "长" * 1001):
        with pytest.raises(Invalid):
            ask(world, text=text)


def test_an_organiser_does_not_decide_about_himself(world: World) -> None:
    organiser = world.cast.organiser.actor
    asked = ask_about_data(actor=organiser, kind=RequestKind.DELETION)
    assert requests_to_decide(actor=organiser) == []
    with pytest.raises(Forbidden):
        decide_request(actor=organiser, request_id=asked.id, grant=True, answer="好")
    assert Person.objects.get(id=organiser.person_id).name == "组织员"


def test_a_granted_deletion_leaves_no_trace_of_the_name(world: World) -> None:
    me, organiser = world.cast.learner, world.cast.organiser.actor
    correct_person(actor=organiser, person_id=me.person_id, name=me.name, identity_number=IDENTITY, phone="")
    sitting = world.begin()
    give(me.actor, sitting.id)
    end_by_person(actor=me.actor, sitting_id=sitting.id)
    client = client_of(me.account_id)
    known_as = pseudonym(me.person_id)
    asked = ask(world, RequestKind.DELETION, "调离")
    decide_request(actor=organiser, request_id=asked.id, grant=True, answer="同意，已删除。")
    everything = "".join(
        serializers.serialize("json", m._default_manager.all())
        for m in apps.get_models()
        if m.__module__.startswith("shuyang.")
    )
    for gone in (me.name, "曾小雨", "zengxiaoyu", '"P002"', '"p002"', IDENTITY, "调离"):
        assert gone not in everything, gone
    assert not PersonKey.objects.filter(person_id=me.person_id).exists()
    assert pseudonym(me.person_id) == "gone"
    assert AuditEntry.objects.filter(subject=known_as, action="person.erased").exists(), "the chain keeps what was done"
    assert check_audit().whole
    assert client.get("/account/").status_code == 302, "the sign-in is gone"
    assert Estimate.objects.count() == Observation.objects.count() == 1, "figures of nobody stay"
    assert not SignInSession.objects.filter(account_id=me.account_id).exists()
    assert not Account.objects.get(id=me.account_id).is_active


def test_someone_who_may_do_more_than_the_organiser_is_not_deleted_by_him(world: World) -> None:
    RoleGrant.objects.create(
        account=Account.objects.get(id=world.cast.learner.account_id), role=Role.AUDITOR, unit=world.cast.finance
    )
    asked = ask(world, RequestKind.DELETION, "")
    with pytest.raises(Forbidden):
        decide_request(actor=world.cast.organiser.actor, request_id=asked.id, grant=True, answer="好")
    assert DataRequest.objects.get().state == RequestState.OPEN
    assert PersonKey.objects.filter(person_id=world.cast.learner.person_id).exists()
    decide_request(actor=world.cast.administrator, request_id=asked.id, grant=True, answer="同意")
    assert not PersonKey.objects.filter(person_id=world.cast.learner.person_id).exists()


def test_a_refused_deletion_deletes_nothing(world: World) -> None:
    asked = ask(world, RequestKind.DELETION, "")
    decide_request(
        actor=world.cast.organiser.actor, request_id=asked.id, grant=False, answer="档案法规定的保存期未满。"
    )
    assert Person.objects.get(id=world.cast.learner.person_id).name == world.cast.learner.name
    assert own_requests(actor=world.learner)[0].answer == "档案法规定的保存期未满。"
