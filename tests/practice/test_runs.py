"""A run from its beginning to its grades: whose it is, what is kept, what becomes evidence. Jobs run at once here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuyang.evidence.models import Observation
from shuyang.itembank.models import TaskVersion
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from shuyang.kit.models import Job
from shuyang.practice import api as practice
from shuyang.practice.models import Change, Graded, Run
from shuyang.practice.places import cache
from shuyang.practice.services.grading import grade_run, hand_in_overdue
from shuyang.practice.services.tidying import forget_worlds
from shuyang.trust.models import AuditEntry
from tests.cast import Cast
from tests.practice.conftest import E9, do_as_expert

pytestmark = pytest.mark.django_db
FORM = {"fields": {"item": "3", "share": "72.5%", "remedy": "list"}}


def begin(cast: Cast, mode: practice.Mode = practice.Mode.PRACTICE):  # type: ignore[no-untyped-def]
    return practice.begin(actor=cast.learner.actor, name=E9, mode=mode)


def test_it_begins_once_however_often_one_asks(cast: Cast) -> None:
    assert begin(cast) == begin(cast)
    assert begin(cast, practice.Mode.ASSESSED) != begin(cast)
    assert Run.objects.count() == 2


def test_it_is_for_persons_and_for_scenarios_that_exist(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        practice.begin(actor=cast.administrator, name=E9, mode=practice.Mode.PRACTICE)
    with pytest.raises(NotFound):
        practice.begin(actor=cast.learner.actor, name="../secrets", mode=practice.Mode.PRACTICE)


def test_it_belongs_to_its_person_alone(cast: Cast) -> None:
    run_id = begin(cast)
    for other in (cast.colleague.actor, cast.organiser.actor, cast.administrator):
        with pytest.raises(NotFound):
            practice.run(actor=other, run_id=run_id)
        with pytest.raises(NotFound):
            practice.save_artifact(actor=other, run_id=run_id, revision=0, task_id="returns", raw=FORM)
        with pytest.raises(NotFound):
            practice.submit(actor=other, run_id=run_id)
    assert practice.runs(actor=cast.colleague.actor) == []


def test_it_gives_the_tables_and_hides_the_truths(cast: Cast) -> None:
    run = practice.run(actor=cast.learner.actor, run_id=begin(cast))
    given = {table.name: table for table in practice.given_tables(run=run)}
    assert set(given) == {"halls", "items", "cases", "events", "ratings"}
    assert given["halls"].rows == 6
    assert given["ratings"].kinds["score"] == "INTEGER"
    found = practice.look(run=run, sql="SELECT count(*) FROM halls")
    assert found.rows == ((6,),)
    for hidden in ("true_rates", "rated", "resident", "staff"):
        assert not practice.look(run=run, sql=f"SELECT * FROM {hidden}").ok


def test_it_keeps_work_and_takes_it_back_and_does_it_again(cast: Cast) -> None:
    run_id, me = begin(cast), cast.learner.actor
    first = practice.save_artifact(actor=me, run_id=run_id, revision=0, task_id="returns", raw=FORM)
    second = practice.save_queries(
        actor=me, run_id=run_id, revision=first, queries=[{"name": "甲", "sql": "SELECT 1 AS x"}]
    )
    assert practice.save_artifact(actor=me, run_id=run_id, revision=second, task_id="returns", raw=FORM) == second
    assert practice.run(actor=me, run_id=run_id).work.artifact("returns") == {
        "fields": {"item": 3.0, "share": 72.5, "remedy": "list"}
    }
    assert practice.undo(actor=me, run_id=run_id) == "queries"
    assert practice.undo(actor=me, run_id=run_id) == "artifact:returns"
    assert practice.undo(actor=me, run_id=run_id) == ""
    assert practice.run(actor=me, run_id=run_id).work == practice.Work()
    assert practice.redo(actor=me, run_id=run_id) == "artifact:returns"
    assert practice.run(actor=me, run_id=run_id).work.artifact("returns") is not None
    assert practice.redo(actor=me, run_id=run_id) == "queries"
    assert practice.redo(actor=me, run_id=run_id) == ""


def test_it_goes_back_to_a_checkpoint_and_to_the_beginning(cast: Cast) -> None:
    run_id, me = begin(cast), cast.learner.actor
    practice.save_artifact(actor=me, run_id=run_id, revision=0, task_id="returns", raw=FORM)
    practice.set_checkpoint(actor=me, run_id=run_id, name="第一稿")
    revision = practice.run(actor=me, run_id=run_id).revision
    changed = {"fields": {"item": "9"}}
    practice.save_artifact(actor=me, run_id=run_id, revision=revision, task_id="returns", raw=changed)
    (point,) = practice.checkpoints(run=practice.run(actor=me, run_id=run_id))
    practice.go_back(actor=me, run_id=run_id, number=point.number)
    kept = practice.run(actor=me, run_id=run_id).work.artifact("returns")
    assert kept is not None
    assert kept["fields"]["item"] == 3
    practice.go_back(actor=me, run_id=run_id, number=None)
    assert practice.run(actor=me, run_id=run_id).work == practice.Work()
    practice.undo(actor=me, run_id=run_id)
    assert practice.run(actor=me, run_id=run_id).work.artifact("returns") == kept
    with pytest.raises(NotFound):
        practice.go_back(actor=me, run_id=run_id, number=99)


def test_it_refuses_what_another_window_has_not_seen(cast: Cast) -> None:
    run_id, me = begin(cast), cast.learner.actor
    practice.save_artifact(actor=me, run_id=run_id, revision=0, task_id="returns", raw=FORM)
    with pytest.raises(Conflict) as refused:
        practice.save_artifact(actor=me, run_id=run_id, revision=0, task_id="time", raw={"fields": {"item": "1"}})
    assert refused.value.code == "range_stale"
    assert Change.objects.count() == 1


@pytest.mark.parametrize(
    ("task", "raw"),
    [
        ("returns", {"fields": {"remedy": "bribe"}}),
        ("returns", {"fields": {"item": "三"}}),
        ("returns", {"fields": {"unknown": "1"}}),
        ("returns", {"fields": [1]}),
        ("advice", {"fields": {}, "text": "字" * 9000}),
    ],
)
def test_it_refuses_unsound_work_and_keeps_nothing(cast: Cast, task: str, raw: dict[str, object]) -> None:
    run_id, me = begin(cast), cast.learner.actor
    with pytest.raises(Invalid):
        practice.save_artifact(actor=me, run_id=run_id, revision=0, task_id=task, raw=raw)
    assert practice.run(actor=me, run_id=run_id).work == practice.Work()


@pytest.mark.parametrize("names", [["1a"], ["a b"], ["cases"], ["甲", "甲"], [""], ["x" * 41]])
def test_it_refuses_names_that_are_none_or_taken(cast: Cast, names: list[str]) -> None:
    run_id, me = begin(cast), cast.learner.actor
    with pytest.raises(Invalid):
        practice.save_queries(
            actor=me, run_id=run_id, revision=0, queries=[{"name": name, "sql": "SELECT 1"} for name in names]
        )


def test_it_grades_an_expert_fully_and_makes_no_evidence_of_practice(cast: Cast) -> None:
    run_id, me = begin(cast), cast.learner.actor
    do_as_expert(me, run_id)
    practice.take_hint(actor=me, run_id=run_id, task_id="returns")
    practice.submit(actor=me, run_id=run_id)
    practice.submit(actor=me, run_id=run_id)
    assert grade_run(run_id=run_id) == 0, "the job has graded it; a second time changes nothing"
    run = practice.run(actor=me, run_id=run_id)
    assert [grade.full for grade in run.grades] == [True] * 6
    assert {grade.task.id: grade.credit for grade in run.grades}["returns"] == pytest.approx(0.85)
    assert not Observation.objects.exists()
    assert [line.credit for line in practice.runs(actor=me)] == [pytest.approx(0.975)]


def test_it_gives_assessed_grades_to_evidence_as_polytomous_items(cast: Cast) -> None:
    run_id, me = begin(cast, practice.Mode.ASSESSED), cast.learner.actor
    do_as_expert(me, run_id)
    with pytest.raises(Conflict):
        practice.take_hint(actor=me, run_id=run_id, task_id="returns")
    practice.submit(actor=me, run_id=run_id)
    rows = Observation.objects.filter(source="practice", source_id=run_id).order_by("position")
    assert [(row.category, row.max_category) for row in rows] == [(3, 3), (4, 4), (3, 3), (3, 3), (3, 3), (3, 3)]
    assert {row.person_id for row in rows} == {cast.learner.person_id}
    tasks = {task.id: task for task in TaskVersion.objects.all()}
    assert [tasks[row.item_version_id].facet for row in rows] == ["F09", "F09", "F09", "F10", "F10", "F07"]
    assert len(tasks[rows[1].item_version_id].categories) == 5


def test_it_grades_nothing_done_as_the_lowest_and_says_so(cast: Cast) -> None:
    run_id = begin(cast, practice.Mode.ASSESSED)
    practice.submit(actor=cast.learner.actor, run_id=run_id)
    assert {g.category for g in Graded.objects.all()} == {0}
    assert all(row.omitted for row in Observation.objects.all())


def test_it_takes_no_change_after_handing_in_or_giving_up(cast: Cast) -> None:
    me = cast.learner.actor
    handed_in = begin(cast)
    practice.submit(actor=me, run_id=handed_in)
    left = begin(cast)
    practice.leave(actor=me, run_id=left)
    practice.leave(actor=me, run_id=left)
    for run_id in (handed_in, left):
        with pytest.raises(Conflict):
            practice.save_artifact(actor=me, run_id=run_id, revision=0, task_id="returns", raw=FORM)
        with pytest.raises(Conflict):
            practice.write_notes(actor=me, run_id=run_id, text="x")
    with pytest.raises(Conflict):
        practice.submit(actor=me, run_id=left)
    with pytest.raises(Conflict):
        practice.leave(actor=me, run_id=handed_in)


def test_it_hands_in_what_is_overdue_as_it_stands(cast: Cast) -> None:
    run_id = begin(cast, practice.Mode.ASSESSED)
    assert hand_in_overdue() == 0
    Run.objects.filter(id=run_id).update(deadline=now() - timedelta(minutes=1))
    with pytest.raises(Conflict):
        practice.save_artifact(actor=cast.learner.actor, run_id=run_id, revision=0, task_id="returns", raw=FORM)
    assert hand_in_overdue() == 1
    assert practice.run(actor=cast.learner.actor, run_id=run_id).state is practice.RunState.GRADED


def test_it_audits_beginning_and_end_without_the_work(cast: Cast) -> None:
    run_id, me = begin(cast), cast.learner.actor
    practice.write_notes(actor=me, run_id=run_id, text="先看口径")
    practice.submit(actor=me, run_id=run_id)
    actions = list(AuditEntry.objects.filter(action__startswith="run.").values_list("action", flat=True))
    assert actions == ["run.begun", "run.submitted", "run.graded"]
    assert "口径" not in str(list(AuditEntry.objects.values()))


def test_it_makes_a_world_again_that_was_forgotten(cast: Cast) -> None:
    run_id, me = begin(cast), cast.learner.actor
    run = practice.run(actor=me, run_id=run_id)
    before = practice.look(run=run, sql="SELECT count(*), sum(score) FROM ratings").rows
    practice.leave(actor=me, run_id=run_id)
    assert forget_worlds() >= 1
    assert not list((cache() / "worlds").iterdir())
    Run.objects.filter(id=run_id).update(state="open")
    assert practice.look(run=run, sql="SELECT count(*), sum(score) FROM ratings").rows == before


def test_it_can_be_asked_again_for_grades_that_failed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        run_id, me = begin(cast), cast.learner.actor
        patch.setattr("shuyang.practice.services.grading.judge", refuse)
        practice.submit(actor=me, run_id=run_id)
    assert practice.run(actor=me, run_id=run_id).grading is practice.Grading.FAILED
    with pytest.raises(NotFound):
        practice.ask_again(actor=cast.colleague.actor, run_id=run_id)
    practice.ask_again(actor=me, run_id=run_id)
    assert practice.run(actor=me, run_id=run_id).state is practice.RunState.GRADED
    practice.ask_again(actor=me, run_id=run_id)
    assert AuditEntry.objects.filter(action="run.grading_asked_again").count() == 1


def refuse(*_: object) -> None:
    raise Conflict("the checkers fell over")


def test_it_can_be_asked_again_when_a_worker_died(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    me = cast.learner.actor
    with monkeypatch.context() as patch:
        run_id = begin(cast)
        patch.setattr("shuyang.kit.jobs.services.run_job", NobodyWorks())
        practice.submit(actor=me, run_id=run_id)
        assert practice.run(actor=me, run_id=run_id).grading is practice.Grading.GOING
        practice.ask_again(actor=me, run_id=run_id)
        assert Job.objects.filter(kind="practice.grade").count() == 1, "while it goes on, nobody is asked twice"
        Job.objects.update(state="running", created_at=now() - timedelta(minutes=3))
    assert practice.run(actor=me, run_id=run_id).grading is practice.Grading.LATE
    practice.ask_again(actor=me, run_id=run_id)
    assert practice.run(actor=me, run_id=run_id).state is practice.RunState.GRADED


class NobodyWorks:
    """A queue that no worker empties."""

    def enqueue(self, job_id: str) -> None:
        """Take the job, and leave it."""


def test_it_lets_go_of_a_run_whose_scenario_was_changed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id, me = begin(cast), cast.learner.actor
    with monkeypatch.context() as patch:
        patch.setattr("shuyang.kit.jobs.services.run_job", NobodyWorks())
        practice.submit(actor=me, run_id=run_id)
    Run.objects.update(scenario_hash="of an earlier release")
    assert practice.run(actor=me, run_id=run_id).grading is practice.Grading.IMPOSSIBLE
    practice.ask_again(actor=me, run_id=run_id)
    practice.leave(actor=me, run_id=run_id)
    assert practice.run(actor=me, run_id=run_id).state is practice.RunState.LEFT


def test_it_reckons_hints_into_the_credit_wherever_it_stands(cast: Cast) -> None:
    run_id, me = begin(cast), cast.learner.actor
    do_as_expert(me, run_id)
    practice.take_hint(actor=me, run_id=run_id, task_id="returns")
    practice.submit(actor=me, run_id=run_id)
    grades = practice.run(actor=me, run_id=run_id).grades
    (line,) = practice.runs(actor=me)
    assert line.credit == pytest.approx(sum(grade.credit for grade in grades) / len(grades))
    assert line.credit < 1
