"""The auditor's export: recomputed elsewhere it agrees, and whatever was changed in it shows."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from shuyang.cli.verifying import _recompute, verify_export
from shuyang.delivery.api import audit_export, finished_sittings
from shuyang.kernel.canonical import canonical_json, content_hash
from shuyang.kernel.errors import Invalid, NotFound, ShuyangError
from shuyang.trust.api import SYSTEM, Role, link
from tests.cast import make_member
from tests.delivery.world import World, give_all

Export = dict[str, Any]


@pytest.fixture
def finished(world: World) -> UUID:
    sitting = world.begin()
    give_all(world.learner, sitting.id)
    return sitting.id


_written: list[str] = []  # a whole sitting takes a while: it is taken once for all tests of this file


@pytest.fixture
def export(request: pytest.FixtureRequest) -> Export:
    """As the auditor has it: written to a file and read back."""
    if not _written:
        sitting_id = request.getfixturevalue("finished")
        _written.append(json.dumps(audit_export(actor=SYSTEM, sitting_id=sitting_id)))
    return json.loads(_written[0])


def test_it_agrees_with_the_score_of_record(export: Export) -> None:
    report = verify_export(export)
    assert report.agrees, report.lines
    assert all("✗" not in line for line in report.lines)


def test_it_is_for_auditors_of_the_unit_alone(world: World, finished: UUID) -> None:
    auditor = make_member("P006", "审计", world.cast.finance, Role.AUDITOR)
    elsewhere = make_member("P007", "外审", world.cast.health, Role.AUDITOR)
    assert audit_export(actor=auditor.actor, sitting_id=finished)["sitting"] == str(finished)
    assert [row[0] for row in finished_sittings(actor=auditor.actor)] == [finished]
    for member in (elsewhere, world.cast.learner, world.cast.organiser):
        assert finished_sittings(actor=member.actor) == []
        with pytest.raises(NotFound):
            audit_export(actor=member.actor, sitting_id=finished)


def test_it_does_not_exist_before_the_end(world: World) -> None:
    with pytest.raises(NotFound):
        audit_export(actor=SYSTEM, sitting_id=world.begin().id)


def test_it_names_no_person(world: World, finished: UUID) -> None:
    text = canonical_json(audit_export(actor=SYSTEM, sitting_id=finished)).decode()
    learner = world.cast.learner
    for secret in (learner.name, str(learner.person_id), learner.username, world.cast.finance.name):
        assert secret not in text


def _other_category(export: Export) -> None:
    answer = export["responses"][3]
    answer["category"] = 1 - min(answer["category"], 1)


def _other_item(export: Export) -> None:
    answer = export["responses"][3]
    used = {r["item"] for r in export["responses"]}
    answer["index"], answer["item"] = next(
        (n, i["id"]) for n, i in enumerate(export["release"]["items"]) if i["id"] not in used and i["max_category"] == 2
    )


def _other_name_of_item(export: Export) -> None:
    used = {r["item"] for r in export["responses"]}
    export["responses"][3]["item"] = next(i["id"] for i in export["release"]["items"] if i["id"] not in used)


def _other_parameter(export: Export) -> None:
    item = next(i for i in export["release"]["items"] if i["id"] == export["responses"][0]["item"])
    item["cat"]["slope"] += 0.01


def _other_cut(export: Export) -> None:
    export["release"]["cuts"][export["release"]["forces"][0]]["cuts"][2] -= 0.1


def _other_prior(export: Export) -> None:
    export["release"]["prior"]["mean"][0] = 0.2


def _other_claim(export: Export) -> None:
    export["claimed"]["mean"][2] += 0.01


def _other_level(export: Export) -> None:
    export["claimed"]["level_probabilities"][0].reverse()


def _smaller_error(export: Export) -> None:
    export["claimed"]["cov"][1][1] *= 0.9


def _answer_gone(export: Export) -> None:
    del export["responses"][4]


CHANGES = [
    _other_category, _other_item, _other_name_of_item, _other_parameter, _other_cut, _other_prior, _other_claim,
    _other_level, _smaller_error, _answer_gone,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda f: f.__name__.strip("_"))
def test_it_notices(export: Export, change: Callable[[Export], None]) -> None:
    changed = copy.deepcopy(export)
    change(changed)
    try:
        report = verify_export(changed)
    except ShuyangError:
        return  # refused outright
    assert not report.agrees
    assert any("✗" in line for line in report.lines)


def test_it_notices_a_parameter_changed_together_with_the_claim(export: Export) -> None:
    """A forger who recomputes the score still fails on the fingerprint of the release."""
    _other_parameter(export)
    _claim_what_comes_out(export)
    lines = verify_export(export).lines
    assert [line[0] for line in lines[:3]] == ["✗", "✓", "✓"]


def test_it_notices_a_category_changed_together_with_the_claim(export: Export) -> None:
    _other_category(export)
    _claim_what_comes_out(export)
    assert [line[0] for line in verify_export(export).lines[:3]] == ["✓", "✗", "✓"]


def test_it_notices_an_answer_scored_on_another_item(export: Export) -> None:
    _other_name_of_item(export)
    _claim_what_comes_out(export)
    assert [line[0] for line in verify_export(export).lines[:3]] == ["✓", "✗", "✓"]


def test_it_covers_each_link_as_it_was_written(export: Export) -> None:
    first = export["responses"][0]
    covered = {name: value for name, value in first.items() if name not in ("item", "previous_hash", "hash")}
    assert link("0" * 64, covered) == first["hash"]
    assert content_hash(export["release"]) == export["release_hash"]


@pytest.mark.parametrize(
    "file", [{}, [], "text", None, 3, {"kind": "shuyang-audit-heads"}, {"kind": "shuyang-audit-export"}]
)
def test_it_refuses_another_kind_of_file(file: Any) -> None:
    with pytest.raises(Invalid) as refused:
        verify_export(file)
    assert refused.value.problems[0].code == "not_an_audit_export"


@pytest.mark.parametrize("lost", ["sitting", "release", "release_hash", "responses", "claimed"])
def test_it_refuses_a_file_with_a_part_missing(export: Export, lost: str) -> None:
    del export[lost]
    with pytest.raises(Invalid):
        verify_export(export)


def _claim_what_comes_out(export: Export) -> None:
    score = _recompute(export).recomputed.to_dict()
    export["claimed"] = {name: score[name] for name in export["claimed"]}
