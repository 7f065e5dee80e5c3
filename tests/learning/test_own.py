"""What one reads, notes and tries is one's own, and little is kept of it."""

from __future__ import annotations

import pytest

from shuyang.kernel.errors import Forbidden, Invalid, NotFound
from shuyang.learning import api as learning
from shuyang.learning.models import Note, Reading, Tried
from shuyang.learning.policies import Own
from shuyang.trust.models import AuditEntry
from tests.cast import Cast, make_cast
from tests.itembank.make import RIGHT
from tests.learning.make import KINDS, PRACTICE, TEXT, lesson, load, load_practice

pytestmark = pytest.mark.django_db
ID = "L-F09-2"


@pytest.fixture
def cast() -> Cast:
    load_practice()
    load()
    return make_cast()


def test_it_keeps_how_far_one_has_read(cast: Cast) -> None:
    me = cast.learner.actor
    for sections, reached in ((2, 2), (1, 2), (99, 4)):
        learning.mark_read(actor=me, lesson_id=ID, sections=sections)
        assert learning.readings(actor=me)[ID].sections == reached
    assert learning.readings(actor=me)[ID].finished_at is None
    assert learning.readings(actor=cast.colleague.actor) == {}


def test_it_begins_again_in_a_new_version_but_stays_finished(cast: Cast) -> None:
    me = cast.learner.actor
    learning.finish(actor=me, lesson_id=ID)
    learning.finish(actor=me, lesson_id=ID)
    done = learning.readings(actor=me)[ID].finished_at
    assert done is not None
    load(lesson(TEXT.replace("图后一句", "图后两句")))
    learning.mark_read(actor=me, lesson_id=ID, sections=1)
    assert learning.readings(actor=me)[ID] == learning.ReadingView(ID, 1, done)


def test_it_keeps_notes_for_their_writer_only(cast: Cast) -> None:
    me = cast.learner.actor
    learning.write_note(actor=me, lesson_id=ID, text="先问样本量")
    learning.write_note(actor=me, lesson_id=ID, text="先问样本量，再问口径")
    assert learning.note(actor=me, lesson_id=ID) == "先问样本量，再问口径"
    for other in (cast.colleague.actor, cast.organiser.actor, cast.administrator):
        assert learning.note(actor=other, lesson_id=ID) == ""
    learning.write_note(actor=me, lesson_id=ID, text="  ")
    assert not Note.objects.exists()
    assert list(AuditEntry.objects.filter(action__startswith="note.").values_list("action", flat=True)) == [
        "note.written", "note.removed",
    ]  # fmt: skip
    assert "样本" not in str(list(AuditEntry.objects.values()))


def test_it_refuses_long_notes_unknown_lessons_and_accounts_without_a_person(cast: Cast) -> None:
    me = cast.learner.actor
    with pytest.raises(Invalid):
        learning.write_note(actor=me, lesson_id=ID, text="长" * 4001)
    with pytest.raises(NotFound):
        learning.write_note(actor=me, lesson_id="L-F09-9", text="甲")
    with pytest.raises(NotFound):
        learning.finish(actor=me, lesson_id="L-F09-9")
    for write in (
        lambda: learning.write_note(actor=cast.administrator, lesson_id=ID, text="甲"),
        lambda: learning.finish(actor=cast.administrator, lesson_id=ID),
        lambda: learning.try_practice(actor=cast.administrator, lesson_id=ID, item=PRACTICE[0], raw={}),
    ):
        with pytest.raises(Forbidden):
            write()


@pytest.mark.parametrize(("kind", "key"), list(zip(KINDS, PRACTICE, strict=True)))
def test_it_grades_practice_and_keeps_only_that_it_was_tried(cast: Cast, kind: str, key: str) -> None:
    me = cast.learner.actor
    for _ in range(2):
        result = learning.try_practice(actor=me, lesson_id=ID, item=key, raw=RIGHT[kind])
        assert result.grade.full
    assert learning.tried(actor=me, lesson_id=ID) == {key}
    assert learning.tried(actor=cast.colleague.actor, lesson_id=ID) == frozenset()
    assert {field.name for field in Tried._meta.get_fields()} == {"id", "created_at", "person_id", "lesson", "item"}


def test_it_grades_only_practice_of_the_lesson(cast: Cast) -> None:
    me = cast.learner.actor
    for key in ("S-F09-3-001", "P-F09-3-099"):
        with pytest.raises(NotFound):
            learning.try_practice(actor=me, lesson_id=ID, item=key, raw={"choice": "a"})
    with pytest.raises(Invalid):
        learning.try_practice(actor=me, lesson_id=ID, item=PRACTICE[0], raw={})
    assert not Tried.objects.exists()


def test_its_policy_says_the_same_of_one_and_of_many(cast: Cast) -> None:
    for member in (cast.learner, cast.colleague):
        learning.mark_read(actor=member.actor, lesson_id=ID, sections=1)
    actors = [cast.learner.actor, cast.colleague.actor, cast.organiser.actor, cast.administrator]
    for actor in actors:
        seen = set(Reading.objects.filter(Own().visible_to(actor)))
        assert seen == {row for row in Reading.objects.all() if Own().can(actor, row)}
        assert all(actor.is_person(row.person_id) for row in seen)
