"""What a browser may see."""

from __future__ import annotations

import dataclasses
import json

import msgspec
import pytest

from shuyang.itembank.api import presentation, public_id
from tests.itembank.make import SHAPES, item


def words_shown(kind: str, seed: str = "s") -> str:
    shown = presentation(item(kind), seed)
    return json.dumps(msgspec.to_builtins(dataclasses.asdict(shown)), ensure_ascii=False)


@pytest.mark.parametrize("kind", SHAPES)
def test_it_shows_no_key_no_reason_no_feedback_and_no_bank_id(kind: str) -> None:
    text = words_shown(kind)
    for secret in ("理由", "反馈", 'S-F01-3-001"', '"key"', "rationale", "prior", "按经验"):
        assert secret not in text


def test_it_hides_the_authors_letters() -> None:
    content = item("order")
    ids = {choice.id for choice in presentation(content, "s").options}
    assert ids == {public_id(content, one) for one in "abcd"}
    assert not ids & set("abcd")


def test_it_gives_the_same_order_for_the_same_seed_and_others_for_others() -> None:
    content = item("single")
    assert presentation(content, "7") == presentation(content, "7")
    orders = {tuple(choice.id for choice in presentation(content, str(seed)).options) for seed in range(200)}
    assert len(orders) == 24


def test_it_keeps_a_fixed_order() -> None:
    content = item("single", fixed_order=True)
    assert [choice.text for choice in presentation(content, "7").options] == [f"做法{one}" for one in "abcd"]


def test_it_never_starts_an_ordering_solved() -> None:
    content = item("order")
    key = [public_id(content, one) for one in "cadb"]
    assert all([c.id for c in presentation(content, str(seed)).options] != key for seed in range(300))


def test_it_shuffles_both_sides_of_a_matching() -> None:
    content = item("match")
    shown = [presentation(content, str(seed)) for seed in range(60)]
    assert len({tuple(c.id for c in one.left) for one in shown}) == 6
    assert len({tuple(c.id for c in one.right) for one in shown}) > 15


def test_it_keeps_the_left_side_of_a_matching_in_a_fixed_order() -> None:
    """甲, 乙, 丙 are asked in their order; the answers to them are mixed all the same."""
    content = item("match", fixed_order=True)
    shown = [presentation(content, str(seed)) for seed in range(60)]
    assert {tuple(c.text for c in one.left) for one in shown} == {tuple(o.text for o in content.left)}
    assert len({tuple(c.id for c in one.right) for one in shown}) > 15
