"""What people say about themselves is kept, read by themselves, and added up for those who lead the unit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from shuyang.evidence.api import record_self_ratings, self_ratings_in, self_ratings_of
from shuyang.evidence.models import SelfRating
from shuyang.kernel.errors import Invalid
from shuyang.kernel.ids import new_id
from shuyang.trust.api import NOBODY, SYSTEM, Actor, Grant, Role

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def _rate(person_id: UUID, ratings: dict[str, int], *, path: str = "c/f/", source_id: UUID | None = None,
          at: datetime = AT) -> UUID:  # fmt: skip
    source_id = source_id or new_id()
    with transaction.atomic():
        record_self_ratings(
            person_id=person_id, unit_path=path, ratings=ratings, source="survey", source_id=source_id, at=at,
            synthetic=True,
        )  # fmt: skip
    return source_id


def _with(role: Role, path: str) -> Actor:
    return Actor(new_id(), new_id(), path, (Grant(role, path),))


@pytest.mark.django_db
def test_a_person_reads_his_own_and_nobody_else_does() -> None:
    person = new_id()
    _rate(person, {"F02": 4, "F01": 2})
    own = self_ratings_of(actor=Actor(new_id(), person, "c/f/"), person_id=person)
    assert [(r.facet, r.level, r.at) for r in own] == [("F01", 2, AT), ("F02", 4, AT)]
    assert len(self_ratings_of(actor=SYSTEM, person_id=person)) == 2
    for other in (NOBODY, Actor(new_id(), new_id(), "c/f/"), _with(Role.ORGANISER, "c/"), _with(Role.AUDITOR, "")):
        assert self_ratings_of(actor=other, person_id=person) == []


@pytest.mark.django_db
def test_sums_take_the_newest_of_each_person_and_stay_within_the_unit() -> None:
    here, below, beside = new_id(), new_id(), new_id()
    _rate(here, {"F01": 2, "F02": 5})
    _rate(here, {"F01": 4}, at=AT + timedelta(days=9))
    _rate(below, {"F01": 1}, path="c/f/f1/")
    _rate(beside, {"F01": 3}, path="c/h/")

    def seen(actor: Actor, path: str) -> set[tuple[UUID, str, int]]:
        return {(r.person_id, r.facet, r.level) for r in self_ratings_in(actor=actor, unit_path=path)}

    assert seen(_with(Role.LEADER, "c/f/"), "c/") == {(here, "F01", 4), (here, "F02", 5), (below, "F01", 1)}
    assert seen(_with(Role.ORGANISER, "c/"), "c/h/") == {(beside, "F01", 3)}
    for role in (Role.AUTHOR, Role.AUDITOR, Role.ADMINISTRATOR):
        assert seen(_with(role, "c/"), "c/") == set()


@pytest.mark.django_db
def test_a_level_that_does_not_exist_is_refused_whole() -> None:
    for level in (0, 6, -1):
        with pytest.raises(Invalid) as caught:
            _rate(new_id(), {"F01": 3, "F02": level})
        assert [(p.where, p.code) for p in caught.value.problems] == [("F02", "level_out_of_range")]
    assert not SelfRating.objects.exists()


@pytest.mark.django_db
def test_one_questionnaire_rates_a_facet_once() -> None:
    person = new_id()
    source = _rate(person, {"F01": 3})
    with pytest.raises(IntegrityError):
        _rate(person, {"F01": 4}, source_id=source)
    assert [r.level for r in self_ratings_of(actor=SYSTEM, person_id=person)] == [3]


@pytest.mark.django_db(transaction=True)
def test_it_belongs_in_the_transaction_of_the_act() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record_self_ratings(
            person_id=new_id(), unit_path="c/", ratings={"F01": 1}, source="survey", source_id=new_id(), at=AT,
            synthetic=True,
        )  # fmt: skip
    assert not SelfRating.objects.exists()
