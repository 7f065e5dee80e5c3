"""The chain of a sitting: every way to change the log after the fact is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from shuyang.delivery.api import check_sittings, sitting_heads
from shuyang.delivery.models import Response, Sitting
from shuyang.kernel.ids import new_id
from shuyang.trust.api import Head, heads_document, read_heads_document
from tests.delivery.world import World, give


@pytest.fixture
def sitting(world: World) -> UUID:
    """A running sitting of five answers, and one beside it that nobody touches."""
    other = world.begin(world.cast.clerk.actor)
    give(world.cast.clerk.actor, other.id)
    begun = world.begin()
    for number in range(5):
        give(world.learner, begun.id, category=number % 2)
    return begun.id


def _problems(sitting_id: UUID, heads: list[Head] | None = None) -> list[tuple[int, str]]:
    report = check_sittings(heads=heads or ())
    assert {p.chain for p in report.problems} <= {f"sitting:{sitting_id}"}
    return [(p.sequence, p.kind) for p in report.problems]


def test_it_finds_nothing_wrong_with_an_untouched_log(sitting: UUID) -> None:
    report = check_sittings(heads=sitting_heads())
    assert (report.whole, report.chains, report.entries) == (True, 2, 6)


CHANGES: dict[str, Callable[[Response], Any]] = {
    "category": lambda r: 1 - min(r.category, 1),
    "max_category": lambda r: r.max_category + 1,
    "omitted": lambda r: not r.omitted,
    "response": lambda r: {"omitted": True},
    "item_index": lambda r: r.item_index + 1,
    "item_version_id": lambda r: new_id(),
    "key": lambda r: new_id(),
    "elapsed_ms": lambda r: r.elapsed_ms + 1,
    "presented_at": lambda r: r.presented_at.replace(year=2025),
    "answered_at": lambda r: r.answered_at.replace(year=2025),
}


@pytest.mark.parametrize("field", CHANGES)
def test_it_finds_a_change_of_any_field(sitting: UUID, field: str) -> None:
    row = Response.objects.get(sitting_id=sitting, position=3)
    Response.objects.filter(id=row.id).update(**{field: CHANGES[field](row)})
    assert _problems(sitting) == [(3, "changed")]


def test_every_field_of_a_response_is_covered() -> None:
    place = {"id", "created_at", "sitting", "position", "previous_hash", "hash"}
    assert {f.name for f in Response._meta.concrete_fields} == place | set(CHANGES)


def test_it_finds_a_removed_answer(sitting: UUID) -> None:
    Response.objects.filter(sitting_id=sitting, position=2).delete()
    assert (2, "removed") in _problems(sitting)


def test_it_finds_a_removed_end(sitting: UUID) -> None:
    Response.objects.filter(sitting_id=sitting, position=5).delete()
    assert _problems(sitting) == [(5, "truncated")]


def test_it_finds_a_removed_end_even_if_the_cache_was_changed_too(sitting: UUID) -> None:
    heads = read_heads_document(heads_document(sitting_heads()))
    Response.objects.filter(sitting_id=sitting, position=5).delete()
    last = Response.objects.get(sitting_id=sitting, position=4)
    row = Sitting.objects.get(id=sitting)
    Sitting.objects.filter(id=sitting).update(answers=row.answers[:4], chain_hash=last.hash, position=5)
    assert check_sittings().whole  # only who kept the heads can tell
    assert _problems(sitting, heads) == [(5, "truncated")]


def test_it_finds_a_rewritten_chain_by_its_exported_head(sitting: UUID) -> None:
    heads = sitting_heads()
    Response.objects.filter(sitting_id=sitting, position=5).update(hash="0" * 64)
    Sitting.objects.filter(id=sitting).update(chain_hash="0" * 64)
    assert (5, "changed") in _problems(sitting, heads)


def test_it_finds_an_inserted_answer(sitting: UUID) -> None:
    row = Response.objects.get(sitting_id=sitting, position=5)
    row.id, row.position = new_id(), 6
    row.save(force_insert=True)
    assert {kind for _, kind in _problems(sitting)} == {"changed", "inserted"}


def test_it_finds_two_answers_that_changed_places(sitting: UUID) -> None:
    ids = {r.position: r.id for r in Response.objects.filter(sitting_id=sitting)}
    for id_, position in ((ids[2], 60), (ids[3], 2), (ids[2], 3)):
        Response.objects.filter(id=id_).update(position=position)
    assert {2, 3} <= {sequence for sequence, _ in _problems(sitting)}


def test_it_finds_a_sitting_that_is_gone(world: World, sitting: UUID) -> None:
    heads = sitting_heads()
    Response.objects.filter(sitting_id=sitting).delete()
    Sitting.objects.filter(id=sitting).delete()
    assert check_sittings().whole
    assert _problems(sitting, heads) == [(5, "removed")]
