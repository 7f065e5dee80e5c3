"""Evidence is written with the act that produced it, once a revision, and read by whom it concerns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from shuyang.evidence.api import (
    NewEstimate,
    NewObservation,
    PostOfDay,
    estimate,
    estimate_of,
    estimates_in,
    estimates_of_person,
    items_met_since,
    observations_of,
    receipt,
    record,
)
from shuyang.evidence.models import Estimate, Observation, Receipt
from shuyang.kernel.canonical import canonical_json, content_hash
from shuyang.kernel.clock import frozen
from shuyang.kernel.errors import NotFound
from shuyang.kernel.ids import new_id
from shuyang.trust.api import NOBODY, SYSTEM, Actor, Grant, Role, signature_holds

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
ITEM, OTHER_ITEM = new_id(), new_id()


def _estimate(person_id: UUID, *, path: str = "c/f/", **changes: Any) -> NewEstimate:
    values: dict[str, Any] = {
        "person_id": person_id,
        "post": PostOfDay(new_id(), path, "财政局", "general", "data_it", "科员"),
        "campaign_id": new_id(),
        "purpose": "diagnosis",
        "release_hash": "a" * 64,
        "mean": (0.1, 0.2, 0.3, 0.4, 0.5),
        "covariance": tuple(tuple(0.1 + 0.1 * (i == j) for j in range(5)) for i in range(5)),
        "level_probabilities": ((0.1, 0.2, 0.4, 0.2, 0.1),) * 5,
        "reached": (True, False, True, True, True),
        "counts": {"F01": 3},
        "stop_reason": "precision",
        "answered": 3,
        "seconds": 300,
        "provisional": True,
        "synthetic": True,
    }
    return NewEstimate(**values | changes)


def _observation(position: int, item: UUID = ITEM, **changes: Any) -> NewObservation:
    values: dict[str, Any] = {"category": 1, "max_category": 2, "omitted": False, "elapsed_ms": 9000, "at": AT}
    return NewObservation(position=position, item_version_id=item, **values | changes)


def _write(new: NewEstimate, *, source_id: UUID | None = None, observations: Any = None) -> UUID:
    with transaction.atomic():
        return record(
            source="delivery",
            source_id=source_id or new_id(),
            estimate=new,
            observations=[_observation(1)] if observations is None else observations,
            receipt_body={"kind": "shuyang-receipt", "mean": [0.5]},
        )


def _person(person_id: UUID) -> Actor:
    return Actor(new_id(), person_id, "c/f/")


def _with(role: Role, path: str) -> Actor:
    return Actor(new_id(), new_id(), path, (Grant(role, path),))


@pytest.mark.django_db(transaction=True)
def test_it_is_written_in_the_transaction_of_the_act_or_not_at_all() -> None:
    new = _estimate(new_id())
    with pytest.raises(RuntimeError, match="transaction"):
        record(source="delivery", source_id=new_id(), estimate=new, observations=[], receipt_body={})
    with transaction.atomic():
        _write(new)
        transaction.set_rollback(True)
    assert not Estimate.objects.exists()
    assert not Observation.objects.exists()
    assert not Receipt.objects.exists()


@pytest.mark.django_db
def test_it_is_read_back_whole() -> None:
    person, source_id = new_id(), new_id()
    new = _estimate(person)
    seen = [_observation(2, OTHER_ITEM, omitted=True, category=0, conditions={"mode": "adaptive"}), _observation(1)]
    with frozen(AT):
        estimate_id = _write(new, source_id=source_id, observations=seen)
    view = estimate(actor=_person(person), estimate_id=estimate_id)
    assert (view.estimate, view.at, view.revision, view.source_id) == (new, AT, 1, source_id)
    assert [o.observation for o in observations_of(source="delivery", source_id=source_id)] == [seen[1], seen[0]]
    assert {o.person_id for o in observations_of(source="delivery", source_id=source_id)} == {person}


@pytest.mark.django_db
def test_a_rescore_is_a_new_revision_and_the_old_one_stays() -> None:
    person, source_id = new_id(), new_id()
    first = _write(_estimate(person), source_id=source_id)
    better = replace(_estimate(person), mean=(0.0,) * 5)
    second = _write(better, source_id=source_id, observations=[_observation(1, category=2)])
    latest = estimate_of(actor=_person(person), source="delivery", source_id=source_id)
    assert latest is not None
    assert (latest.id, latest.revision, latest.estimate.mean) == (second, 2, (0.0,) * 5)
    assert [v.id for v in estimates_of_person(actor=_person(person), person_id=person)] == [second]
    assert estimate(actor=_person(person), estimate_id=first).revision == 1
    assert [o.observation.category for o in observations_of(source="delivery", source_id=source_id)] == [2]
    assert Observation.objects.count() == 2


@pytest.mark.django_db
def test_one_position_is_observed_once() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _write(_estimate(new_id()), observations=[_observation(1), _observation(1, OTHER_ITEM)])
    assert not Estimate.objects.exists()


@pytest.mark.django_db
def test_a_single_result_is_its_persons_alone() -> None:
    person = new_id()
    estimate_id = _write(_estimate(person))
    others = [NOBODY, _person(new_id()), _with(Role.ORGANISER, "c/f/"), _with(Role.LEADER, ""), _with(Role.AUDITOR, "")]
    for actor in others:
        with pytest.raises(NotFound):
            estimate(actor=actor, estimate_id=estimate_id)
        with pytest.raises(NotFound):
            receipt(actor=actor, estimate_id=estimate_id)
        assert estimates_of_person(actor=actor, person_id=person) == []
    assert estimate(actor=SYSTEM, estimate_id=estimate_id).id == estimate_id
    with pytest.raises(NotFound):
        estimate(actor=SYSTEM, estimate_id=new_id())


@pytest.mark.django_db
def test_sums_are_for_those_who_lead_the_unit_and_only_within_it() -> None:
    here, below, beside = (_write(_estimate(new_id(), path=path)) for path in ("c/f/", "c/f/f1/", "c/h/"))

    def seen(actor: Actor, path: str) -> set[UUID]:
        return {v.id for v in estimates_in(actor=actor, unit_path=path)}

    assert seen(_with(Role.ORGANISER, "c/f/"), "c/f/") == {here, below}
    assert seen(_with(Role.ORGANISER, "c/f/"), "c/") == {here, below}
    assert seen(_with(Role.LEADER, "c/"), "c/") == {here, below, beside}
    assert seen(_with(Role.LEADER, "c/"), "c/h/") == {beside}
    for role in (Role.ADMINISTRATOR, Role.AUTHOR, Role.AUDITOR, Role.TALENT_OFFICER, Role.APPRAISER):
        assert seen(_with(role, "c/"), "c/") == set(), role
    assert seen(_person(new_id()), "c/") == set()


@pytest.mark.django_db
def test_sums_can_be_of_one_campaign() -> None:
    campaign = new_id()
    wanted = _write(_estimate(new_id(), campaign_id=campaign))
    _write(_estimate(new_id()))
    found = estimates_in(actor=SYSTEM_LEADER, unit_path="c/", campaign_id=campaign)
    assert [v.id for v in found] == [wanted]


SYSTEM_LEADER = Actor(None, None, "", (Grant(Role.LEADER, ""),))


@pytest.mark.django_db
def test_what_was_met_is_known_from_a_day_on() -> None:
    person = new_id()
    _write(_estimate(person), observations=[_observation(1), _observation(2, OTHER_ITEM, at=AT - timedelta(days=400))])
    _write(_estimate(new_id()), observations=[_observation(1, new_id())])
    assert items_met_since(person_id=person, since=AT - timedelta(days=365)) == {ITEM}
    assert items_met_since(person_id=person, since=AT - timedelta(days=500)) == {ITEM, OTHER_ITEM}
    assert items_met_since(person_id=person, since=AT) == {ITEM}


@pytest.mark.django_db
def test_a_receipt_is_signed_and_names_its_estimate() -> None:
    person = new_id()
    estimate_id = _write(_estimate(person))
    kept = receipt(actor=_person(person), estimate_id=estimate_id)
    assert kept.body["estimate"] == str(estimate_id)
    assert kept.hash == content_hash(kept.body)
    assert signature_holds(canonical_json(kept.body), kept.signature)
    assert not signature_holds(canonical_json(kept.body | {"mean": [0.6]}), kept.signature)
