"""Loading items: versions, retiring, who may."""

from __future__ import annotations

import pytest

from shuyang.itembank.api import contents, load_items, practice_version_ids, source_hash
from shuyang.itembank.models import Item, ItemVersion
from shuyang.itembank.storing import version_id
from shuyang.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from shuyang.kernel.ids import new_id
from shuyang.trust.api import NOBODY, SYSTEM
from shuyang.trust.models import AuditEntry
from tests.itembank.make import SHAPES, item

pytestmark = pytest.mark.django_db


def load(*items: object, source: str = "test", source_hash: str = "") -> object:
    return load_items(actor=SYSTEM, contents=items, source=source, source_hash=source_hash)  # type: ignore[arg-type]


def test_it_adds_then_leaves_alone() -> None:
    one, two = item("single"), item("order", id="S-F01-3-002")
    first = load_items(actor=SYSTEM, contents=[one, two], source="test", source_hash="abc")
    assert first.added == ("S-F01-3-001", "S-F01-3-002")
    assert source_hash(source="test") == "abc"
    again = load_items(actor=SYSTEM, contents=[one, two], source="test", source_hash="abd")
    assert again.nothing
    assert again.unchanged == 2
    assert AuditEntry.objects.filter(action="items.loaded").count() == 1
    assert source_hash(source="other") == ""


def test_it_makes_a_version_for_a_change_and_keeps_the_old() -> None:
    load(item("single"))
    report = load_items(actor=SYSTEM, contents=[item("single", stem="改了")], source="test")
    assert report.changed == ("S-F01-3-001",)
    assert Item.objects.get().current_number == 2
    old, new = ItemVersion.objects.order_by("number")
    read = contents(version_ids=[old.id, new.id])
    assert (read[old.id].stem, read[new.id].stem) == ("请作答（S-F01-3-001）", "改了")


def test_it_goes_back_to_an_earlier_version_when_a_change_is_undone() -> None:
    load(item("single"))
    load(item("single", stem="改了"))
    load(item("single"))
    assert Item.objects.get().current_number == 1
    assert ItemVersion.objects.count() == 2


def test_it_retires_what_left_the_source_and_takes_it_back() -> None:
    load(item("single"), item("order", id="S-F01-3-002"))
    load(item("single", id="S-F02-3-001"), source="other")
    report = load_items(actor=SYSTEM, contents=[item("single")], source="test")
    assert report.retired == ("S-F01-3-002",)
    assert not Item.objects.get(key="S-F02-3-001").retired
    load(item("single"), item("order", id="S-F01-3-002"))
    assert not Item.objects.get(key="S-F01-3-002").retired


def test_it_names_a_version_by_its_content() -> None:
    load(item("single"))
    row = ItemVersion.objects.get()
    assert row.id == version_id(row.content_hash)
    assert row.id.version == 8


def test_it_refuses_unsound_items_whole() -> None:
    with pytest.raises(Invalid) as caught:
        load(item("single"), item("single", id="S-F01-3-002", key="x"))
    assert caught.value.problems[0].where == "S-F01-3-002/key"
    assert Item.objects.count() == 0


def test_it_refuses_a_key_twice_and_a_key_of_another_source() -> None:
    with pytest.raises(Invalid):
        load(item("single"), item("order"))
    load(item("single"))
    with pytest.raises(Conflict):
        load(item("single"), source="other")


def test_it_lets_only_those_load_who_may() -> None:
    with pytest.raises(Forbidden):
        load_items(actor=NOBODY, contents=[item("single")], source="test")
    assert Item.objects.count() == 0


def test_it_knows_no_version_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        contents(version_ids=[new_id()])


def test_it_finds_reviewed_practice_items_by_facet_and_level() -> None:
    easy = [item(kind, id=f"P-F01-1-{n:03}") for n, kind in enumerate(SHAPES, start=1)]
    hard = [item(kind, id=f"P-F01-4-{n:03}") for n, kind in enumerate(SHAPES, start=1)]
    load(*reversed(hard), *easy, item("single"), item("single", id="P-F01-1-099", state="draft"))
    assert len(practice_version_ids(facet="F01")) == 14
    assert len(practice_version_ids(level=4)) == 7
    assert practice_version_ids(facet="F02") == ()
