"""Recomputing a claimed score."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import LevelCuts, Prior, ScaleTransform
from shuyang.measurement.cat.errors import BadAnswer
from shuyang.measurement.receipts import recompute, score_answers

from .cat_cases import mixed_items, random_answers

ITEMS = mixed_items(60)
ANSWERS = [(ITEMS[i].id, k) for i, k in random_answers(compile_bank(ITEMS), 25, 5)]
RELEASE: dict[str, Any] = {"cuts": [LevelCuts((-1.0, 0.0, 1.0))] * 5, "transform": ScaleTransform()}
PRIOR = Prior.equicorrelated(5, 0.6)


def claim() -> dict[str, Any]:
    return dict(json.loads(json.dumps(score_answers(ITEMS, ANSWERS, PRIOR, **RELEASE).to_dict())))


def test_true_claim_agrees_whatever_the_order() -> None:
    assert recompute(ITEMS[::-1], ANSWERS[::-1], PRIOR, claim(), **RELEASE).agrees


@pytest.mark.parametrize("field", ["mean", "scale", "level", "sd"])
def test_changed_number_is_named(field: str) -> None:
    wrong = claim()
    wrong[field][2] += 1
    outcome = recompute(ITEMS, ANSWERS, PRIOR, wrong, **RELEASE)
    assert not outcome.agrees
    assert [d.field for d in outcome.differences] == [f"{field}[2]"]


def test_changed_answer_is_found() -> None:
    item, category = ANSWERS[0]
    changed = [(item, 1 - category if category < 2 else 0), *ANSWERS[1:]]
    assert not recompute(ITEMS, changed, PRIOR, claim(), **RELEASE).agrees


def test_misshapen_claim_does_not_agree() -> None:
    for wrong in ({"mean": [0.0]}, {"nothing": 1.0}, {"mean": "high"}):
        assert not recompute(ITEMS, ANSWERS, PRIOR, wrong, **RELEASE).agrees


def test_unknown_item_is_refused() -> None:
    with pytest.raises(BadAnswer):
        score_answers(ITEMS, [("nowhere", 0)], PRIOR, **RELEASE)
