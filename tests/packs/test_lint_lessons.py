"""The linter on lessons: every check finds its planted fault and keeps quiet otherwise."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import msgspec
import pytest

from shuyang.packs.api import Pack, builtin_folder, check_pack, read_pack
from shuyang.packs.contracts import LocatedItem, Requirements
from tests.itembank.make import item
from tests.learning.make import KINDS, NAME, PRACTICE, TEXT

QUIET = Requirements(secure_per_cell=0, practice_per_facet=0, single_share=1.0, stimulus_share=0.0)


@pytest.fixture(scope="module")
def frame() -> Pack:
    """The built-in frame with the items of our lesson only."""
    pack, problems = read_pack(builtin_folder())
    assert pack is not None, problems
    practice = [item(kind, id=key) for kind, key in zip(KINDS, PRACTICE, strict=True)]
    items = [LocatedItem("items/practice/F09.yaml", one) for one in practice]
    items.append(LocatedItem("items/secure/F09-L3.yaml", item("single", id="S-F09-3-001", stem="样本有多大？")))
    head = msgspec.structs.replace(pack.head, requirements=QUIET)
    return dataclasses.replace(pack, items=tuple(items), lessons={}, head=head)


def found(frame: Pack, text: str, name: str = NAME, **more: str) -> set[str]:
    """Codes of what is found in the lessons, leaving out what is said of the items."""
    pack = dataclasses.replace(frame, lessons={name: text, **more})
    before = {one.problem for one in check_pack(frame)}
    return {one.problem.code for one in check_pack(pack) if one.problem not in before}


def test_it_finds_nothing_in_a_sound_lesson(frame: Pack) -> None:
    assert found(frame, TEXT) == set(), "the ids in the head are no quotation"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("P-F09-3-001", "P-F09-3-099", "lesson_practice_unknown"),
        ("P-F09-3-001", "S-F09-3-001", "lesson_practice_unknown"),
        ("teaches: [S-F09-3-001]", "teaches: [S-F09-3-099]", "lesson_teaches_unknown"),
        ("teaches: [S-F09-3-001]", "teaches: [P-F09-3-001]", "lesson_teaches_unknown"),
        ("dsl-2021#21", "nothing-2021", "citation_unknown"),
        ("dsl-2021#21", "dsl-2021#999", "citation_no_such_article"),
        ("minutes: 12", "minutes: 29", "lesson_minutes"),
        ("minutes: 12", "minutes: 5", "lesson_minutes"),
        ("facet: F09", "facet: F99", "unknown_facet"),
        ("data: [1, 2]", "data: [1, 2, 3]", "chart_ragged"),
        ("先问样本量", "见 S-F09-3-001", "secure_in_lesson"),
    ],
)
def test_it_finds_what_is_planted(frame: Pack, old: str, new: str, code: str) -> None:
    assert old in TEXT
    assert code in found(frame, TEXT.replace(old, new))


def test_it_wants_lessons_in_their_files_and_ids_once(frame: Pack) -> None:
    assert found(frame, TEXT, "lessons/L-F09-2.md") == {"wrong_file"}
    assert "double_id" in found(frame, TEXT, **{"lessons/F01/L-F09-2.md": TEXT})


def test_it_names_the_file_of_a_lesson_that_can_not_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(builtin_folder(), folder, ignore=shutil.ignore_patterns("items", "lessons"))
    (folder / "lessons/F09").mkdir(parents=True)
    (folder / NAME).write_text(TEXT.replace("minutes: 12\n", ""), "utf-8")
    _, problems = read_pack(folder)
    assert [(one.where, one.code) for one in problems] == [(NAME, "schema")]
