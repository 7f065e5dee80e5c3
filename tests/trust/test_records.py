"""Everything stored about a person is found, shown to him alone, and goes or stays as its table says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test.utils import isolate_apps

from shuyang.delivery.api import end_by_person
from shuyang.evidence.models import Estimate
from shuyang.kernel.clock import frozen
from shuyang.kernel.errors import Forbidden
from shuyang.kit.base import Base
from shuyang.kit.checks import model_problems
from shuyang.kit.personal import DIRECT, AboutPerson, about
from shuyang.people.models import Person
from shuyang.people.services.persons import correct_person
from shuyang.trust.api import Records, erase_rows, records_about
from tests.delivery.world import NOON, World, give, make_world


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with frozen(NOON):
        yield make_world()


def tables(world: World) -> dict[str, Records]:
    me = world.cast.learner
    found = records_about(actor=me.actor, person_id=me.person_id, account_ids=[me.account_id])
    return {f"{r.room}.{r.table}": r for r in found}


def sit(world: World) -> None:
    sitting = world.begin()
    give(world.learner, sitting.id)
    end_by_person(actor=world.learner, sitting_id=sitting.id)


def test_every_table_that_holds_something_about_a_person_leads_to_him() -> None:
    """The lookup of each table really runs; a table without one is refused by the system check (tests/kit)."""
    leading = [m for m in apps.get_models() if m.__module__.startswith("shuyang.") and about(m) is not None]
    assert {"people.Person", "delivery.Response", "evidence.Estimate", "trust.AuditEntry"} <= {
        m._meta.label for m in leading
    }


def test_it_finds_what_all_rooms_keep(world: World) -> None:
    sit(world)
    found = tables(world)
    assert {
        "people.Person", "people.Post", "people.Account", "delivery.Sitting", "delivery.Response",
        "evidence.Observation", "evidence.Estimate", "evidence.Receipt", "trust.AuditEntry", "trust.PersonKey",
    } <= set(found)  # fmt: skip
    assert found["people.Person"].rows[0]["name"] == world.cast.learner.name
    assert len(found["delivery.Response"].rows) == 1
    assert all(r["person_id"] == world.cast.learner.person_id for r in found["evidence.Estimate"].rows)


def test_sealed_fields_are_opened_and_secrets_are_not_given_out(world: World) -> None:
    me = world.cast.learner
    correct_person(
        actor=world.cast.organiser.actor, person_id=me.person_id, name=me.name, identity_number="11010519491231002X",
        phone="",
    )  # fmt: skip
    found = tables(world)
    assert found["people.Person"].rows[0]["identity_number"] == "11010519491231002X"
    assert found["people.Account"].secret == ("password",)
    assert "password" not in found["people.Account"].rows[0]


def test_a_running_test_does_not_tell_what_was_right(world: World) -> None:
    give(world.learner, world.begin().id)
    found = tables(world)
    for table in ("delivery.Response", "delivery.Sitting"):
        assert (found[table].rows, found[table].hidden) == ((), 1), table
    assert "evidence.Observation" not in found


def test_a_sealed_result_stays_sealed_here_too(world: World) -> None:
    sit(world)
    Estimate.objects.update(person_from=None)
    found = tables(world)
    for table in (
        "delivery.Response",
        "delivery.Sitting",
        "evidence.Estimate",
        "evidence.Receipt",
        "evidence.Observation",
    ):
        assert (found[table].rows, found[table].hidden) == ((), 1), table


def test_nobody_else_gets_them(world: World) -> None:
    me = world.cast.learner
    for other in (world.cast.organiser.actor, world.cast.administrator, world.cast.colleague.actor):
        with pytest.raises(Forbidden):
            records_about(actor=other, person_id=me.person_id, account_ids=[me.account_id])


def test_one_persons_rows_go_and_anothers_stay(world: World) -> None:
    from shuyang.learning.models import LessonVersion, Note

    version = LessonVersion.objects.create(key="L-F01-1", hash="0" * 64, body="{}", current=True)
    for member in (world.cast.learner, world.cast.colleague):
        Note.objects.create(person_id=member.person_id, lesson=version.key, text="记下来")
    with pytest.raises(RuntimeError):
        erase_in_autocommit(world)
    with transaction.atomic():
        assert erase_rows(person_id=world.cast.learner.person_id, account_ids=[world.cast.learner.account_id]) >= 1
    assert list(Note.objects.values_list("person_id", flat=True)) == [world.cast.colleague.person_id]
    assert Person.objects.filter(id=world.cast.learner.person_id).exists()


def erase_in_autocommit(world: World) -> None:
    """As it would be outside of a transaction; the test itself runs in one."""
    from unittest.mock import patch

    with patch("shuyang.trust.records.transaction.get_connection") as connection:
        connection.return_value.in_atomic_block = False
        erase_rows(person_id=world.cast.learner.person_id)


@isolate_apps("shuyang.kit")
def test_a_table_that_holds_personal_data_must_say_whose() -> None:
    class Planted(Base):
        nick = models.CharField(max_length=9)
        personal_data = {"nick": DIRECT}

        class Meta:
            app_label = "kit"

    assert [p.id for p in model_problems(Planted)] == ["kit.E003"]
    Planted.about_person = AboutPerson("id")  # type: ignore[attr-defined]
    assert model_problems(Planted) == []
