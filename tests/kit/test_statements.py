"""Fixed statements give what the ORM gives, and write only onto what was read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from shuyang.delivery.models import Response, Sitting
from shuyang.kernel.ids import new_id
from shuyang.kit.api import Rows, run
from shuyang.people.models import Unit
from tests.delivery.conftest import clock, world  # noqa: F401
from tests.delivery.world import World, give

rows = Rows(Sitting)


@pytest.fixture
def sitting(world: World) -> Sitting:  # noqa: F811
    begun = world.begin()
    give(world.learner, begun.id, category=1)
    return Sitting.objects.get(id=begun.id)


def values(row: Sitting | None) -> dict[str, object]:
    assert row is not None
    return {field.attname: getattr(row, field.attname) for field in Sitting._meta.concrete_fields}


def test_it_reads_every_field_as_the_orm_does(sitting: Sitting) -> None:
    assert values(rows.get(id=sitting.id)) == values(sitting)
    assert rows.get(id=sitting.id, person_id=new_id()) is None


def _entry(sitting: Sitting) -> Response:
    entry = Response.objects.get()
    entry.id, entry.position = new_id(), 2
    return entry


def test_it_writes_both_rows_or_none(sitting: Sitting) -> None:
    before = values(sitting)
    stands = {"id": sitting.id, "position": 2}
    sitting.position, sitting.answers, sitting.presented_at = 3, [[1, 1], [2, 0]], sitting.presented_at + timedelta(1)
    fields = ("position", "answers", "presented_at")
    assert not rows.append_if_unchanged(_entry(sitting), sitting, fields, stands | {"position": 7})
    assert (values(rows.get(id=sitting.id)), Response.objects.count()) == (before, 1)
    entry = _entry(sitting)
    assert rows.append_if_unchanged(entry, sitting, fields, stands)
    assert values(Sitting.objects.get()) == values(sitting)
    stored, known = Response.objects.get(position=2), Response.objects.get(position=1)
    assert (stored.id, stored.response, stored.answered_at) == (entry.id, known.response, known.answered_at)
    assert not rows.append_if_unchanged(entry, sitting, fields, stands)


def test_it_heals_after_a_statement_that_fails(sitting: Sitting) -> None:
    run("SELECT %s + 1 FROM delivery_sitting", [1])
    for _ in range(2):
        with pytest.raises(DatabaseError), transaction.atomic():
            run("SELECT nothing_of_this_name FROM delivery_sitting WHERE id = %s", [str(sitting.id)])
        assert values(rows.get(id=sitting.id)) == values(sitting)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", [True, False])
def test_what_it_writes_falls_with_its_transaction(first: bool) -> None:
    unit = Unit.objects.create(name="甲", code="A", path="a/")
    with transaction.atomic():
        if not first:
            Unit.objects.filter(id=unit.id).update(code="B")
        assert run("UPDATE people_unit SET name = %s WHERE path = %s", ["乙", "a/"])[1] == 1
        transaction.set_rollback(True)
    assert Unit.objects.values_list("name", "code").get(id=unit.id) == ("甲", "A")
    assert run("UPDATE people_unit SET name = %s WHERE path = %s", ["丙", "a/"])[1] == 1
    assert Unit.objects.get(id=unit.id).name == "丙"
