"""Lessons load whole, twice without effect, or not at all."""

from __future__ import annotations

import pytest

from shuyang.itembank.api import Chart
from shuyang.kernel.errors import Forbidden, Invalid
from shuyang.learning import api as learning
from shuyang.learning.models import LessonVersion
from shuyang.packs.lessons import body_of
from shuyang.trust.api import NOBODY, SYSTEM
from tests.learning.make import PRACTICE, TEXT, lesson, load, load_practice


def test_it_reads_head_sections_and_charts() -> None:
    found = lesson()
    assert found.head.group is learning.Group.DATA_METHODS
    assert [section.title for section in found.sections] == ["", "先看样本", "再看走势", "明天就用的清单"]
    chart, after = found.sections[2].parts
    assert isinstance(chart, Chart)
    assert chart.unit == "件"
    assert isinstance(after, learning.Prose)
    assert after.markdown.strip() == "图后一句。"
    assert "teaches" not in body_of(TEXT)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("---\nid", "id", "lesson_head_missing"),
        ("id: L-F09-2", "id: L-F09-3", "id_differs"),
        ("group: data_methods", "group: cooking", "schema"),
        ("minutes: 12\n", "", "schema"),
        ("minutes: 12\n", "minutes: 12\nauthor: 甲\n", "schema"),
        ("type: bar", "type: radar", "schema"),
        ("{title: 月度办件", "{title: [月度办件", "yaml_syntax"),
    ],
)
def test_it_names_the_file_of_a_lesson_that_can_not_be_read(old: str, new: str, code: str) -> None:
    assert old in TEXT
    with pytest.raises(Invalid) as caught:
        lesson(TEXT.replace(old, new, 1))
    [problem] = caught.value.problems
    assert problem.code == code
    assert problem.where.startswith("lessons/F09/L-F09-2.md")


@pytest.mark.parametrize(
    ("old", "new", "where", "code"),
    [
        ("levels: [3]", "levels: [4]", "L-F09-2/id", "id_differs"),
        ("minutes: 12", "minutes: 90", "L-F09-2/minutes", "out_of_range"),
        ("title: 看清样本再说差异", 'title: ""', "L-F09-2/title", "text_empty"),
        (", ".join(PRACTICE[2:]), "P-F09-3-001", "L-F09-2/practice", "double_id"),
        (", ".join(PRACTICE[1:]), "P-F09-3-002", "L-F09-2/practice", "lesson_too_little_practice"),
        ("P-F09-3-001", "P-F09-3-099", "L-F09-2/practice", "lesson_practice_unknown"),
        ("P-F09-3-001", "S-F09-3-001", "L-F09-2/practice", "lesson_practice_unknown"),
        ("data: [1, 2]", "data: [1]", "L-F09-2/section 2", "chart_ragged"),
    ],
)
@pytest.mark.django_db
def test_it_refuses_unsound_lessons_whole(old: str, new: str, where: str, code: str) -> None:
    load_practice()
    assert old in TEXT
    with pytest.raises(Invalid) as caught:
        load(lesson(TEXT.replace(old, new, 1)))
    assert (where, code) in {(one.where, one.code) for one in caught.value.problems}
    assert not LessonVersion.objects.exists()


@pytest.mark.django_db
def test_it_refuses_an_id_given_twice_and_strangers() -> None:
    load_practice()
    with pytest.raises(Invalid, match="double_id"):
        load(lesson(), lesson())
    with pytest.raises(Forbidden):
        learning.load_lessons(actor=NOBODY, lessons=[lesson()], source_hash="")


@pytest.mark.django_db
def test_it_loads_once_takes_up_changes_and_withdraws() -> None:
    load_practice()
    assert load().added == ("L-F09-2",)
    again = load()
    assert again.nothing
    assert again.unchanged == 1
    changed = lesson(TEXT.replace("图后一句", "图后两句"))
    assert load(changed).changed == ("L-F09-2",)
    assert LessonVersion.objects.count() == 2
    assert learning.lesson(lesson_id="L-F09-2") == changed
    assert load().changed == ("L-F09-2",), "back to the first version, which was kept"
    assert LessonVersion.objects.count() == 2
    gone = learning.load_lessons(actor=SYSTEM, lessons=[], source_hash="")
    assert gone.withdrawn == ("L-F09-2",)
    assert learning.lessons() == ()


@pytest.mark.django_db
def test_it_finds_lessons_by_facet_and_level() -> None:
    load_practice()
    load()
    for where, count in (
        (learning.LessonFilter(), 1),
        (learning.LessonFilter(facets=("F09", "F10"), level=3), 1),
        (learning.LessonFilter(facets=("F10",)), 0),
        (learning.LessonFilter(level=4), 0),
    ):
        assert len(learning.lessons(where=where)) == count, where
