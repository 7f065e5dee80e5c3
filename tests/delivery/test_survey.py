"""A questionnaire is made, frozen when it opens, answered once by each, and read in sums that point at nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shuyang.delivery import api as delivery
from shuyang.delivery.api import Question, QuestionKind
from shuyang.delivery.models import Survey, SurveyAnswer
from shuyang.delivery.survey.rules import grouped_sums, mean_view, part_of
from shuyang.evidence.api import self_ratings_of
from shuyang.kernel.errors import Forbidden, Invalid, NotFound
from shuyang.trust.api import NOBODY, Role, check_audit
from tests.cast import Member, make_member
from tests.delivery.world import NOON, World

Clock = Callable[[timedelta], None]
FACETS = [f"F{n:02d}" for n in range(1, 13)]
QUESTIONS = (
    Question("", QuestionKind.LIKERT, "我知道如何核对数据口径"),
    Question("", QuestionKind.SINGLE, "最希望的学习方式", ("短课", "演练", "讲座")),
    Question("", QuestionKind.MULTIPLE, "工作中用到的工具", ("表格", "数据库", "地图"), required=False),
    Question("", QuestionKind.OPEN, "最需要的帮助", required=False),
    Question("", QuestionKind.SELF_RATING, "各向度自评"),
)


def _draft(world: World, **changes: Any) -> UUID:
    values = {"actor": world.cast.organiser.actor, "name": "需求调研", "unit_id": world.cast.finance.id,
              "closes_at": NOON + timedelta(days=7), "synthetic": True}  # fmt: skip
    return delivery.create_survey(**values | changes).id


def _open(world: World) -> UUID:
    survey_id = _draft(world)
    for question in QUESTIONS:
        delivery.put_question(actor=world.cast.organiser.actor, survey_id=survey_id, question=question)
    delivery.open_survey(actor=world.cast.organiser.actor, survey_id=survey_id)
    return survey_id


def _answers(step: int = 3, words: str = "", **changes: Any) -> dict[str, Any]:
    values = {"q1": str(step), "q2": "1", "q3": ["0", "2"], "q4": words, "q5": {f: str(step) for f in FACETS}}
    return values | changes


def _crowd(world: World, count: int, unit: str = "finance") -> list[Member]:
    return [make_member(f"Z{unit[0]}{n:02d}", f"人{n}", getattr(world.cast, unit)) for n in range(count)]


def test_answers_become_self_ratings_once(world: World, clock: Clock) -> None:
    survey_id = _open(world)
    assert [o.survey.id for o in delivery.open_surveys(actor=world.learner)] == [survey_id]
    delivery.save_answers(actor=world.learner, survey_id=survey_id, answers={"q1": "5", "q5": {"F01": "2"}})
    assert delivery.own_survey(actor=world.learner, survey_id=survey_id).answers == {"q1": 5, "q5": {"F01": 2}}
    assert self_ratings_of(actor=world.learner, person_id=world.cast.learner.person_id) == []
    clock(timedelta(hours=1))
    delivery.submit_answers(actor=world.learner, survey_id=survey_id, answers=_answers(4, " 请开统计课 "))
    rated = self_ratings_of(actor=world.learner, person_id=world.cast.learner.person_id)
    assert [(r.facet, r.level, r.synthetic) for r in rated] == [(f, 4, True) for f in FACETS]
    assert SurveyAnswer.objects.get().answers["q4"] == "请开统计课"
    assert delivery.open_surveys(actor=world.learner) == []
    for again in (delivery.submit_answers, delivery.save_answers):
        with pytest.raises(delivery.SurveyOver):
            again(actor=world.learner, survey_id=survey_id, answers=_answers(1))
    assert check_audit().whole


@pytest.mark.parametrize(
    ("answers", "where"),
    [
        (_answers(q1=""), "q1"),
        (_answers(q1="6"), "q1"),
        (_answers(q1="²"), "q1"),
        (_answers(q2="3"), "q2"),
        (_answers(q2="-1"), "q2"),
        (_answers(q3="0"), "q3"),
        (_answers(q3=["9"]), "q3"),
        (_answers(words="长" * 1001), "q4"),
        (_answers(q5={"F01": "3"}), "q5"),
        (_answers(q5={**dict.fromkeys(FACETS, "3"), "F99": "3"}), "q5"),
        (_answers(q5="3"), "q5"),
    ],
)
def test_what_is_missing_or_foreign_is_refused_at_its_place(world: World, answers: dict[str, Any], where: str) -> None:
    survey_id = _open(world)
    with pytest.raises(Invalid) as caught:
        delivery.submit_answers(actor=world.learner, survey_id=survey_id, answers=answers)
    assert [p.where for p in caught.value.problems] == [where]
    assert not SurveyAnswer.objects.exists()


def test_optional_questions_may_stay_empty(world: World) -> None:
    survey_id = _open(world)
    delivery.submit_answers(actor=world.learner, survey_id=survey_id, answers=_answers(q3=[], q4=" "))
    assert set(SurveyAnswer.objects.get().answers) == {"q1", "q2", "q5"}


def test_questions_are_frozen_when_it_opens(world: World) -> None:
    organiser, survey_id = world.cast.organiser.actor, _draft(world)
    with pytest.raises(Invalid):
        delivery.open_survey(actor=organiser, survey_id=survey_id)
    for question in QUESTIONS[:3]:
        delivery.put_question(actor=organiser, survey_id=survey_id, question=question)
    delivery.move_question(actor=organiser, survey_id=survey_id, question_id="q3", by=-1)
    delivery.move_question(actor=organiser, survey_id=survey_id, question_id="q1", by=-1)
    delivery.remove_question(actor=organiser, survey_id=survey_id, question_id="q2")
    delivery.put_question(
        actor=organiser, survey_id=survey_id, question=Question("q1", QuestionKind.OPEN, "改过的题", required=False)
    )
    added = delivery.put_question(actor=organiser, survey_id=survey_id, question=QUESTIONS[3])
    assert added == "q4", "an id is not used twice while others stand after it"
    view = delivery.open_survey(actor=organiser, survey_id=survey_id)
    assert [(q.id, q.kind) for q in view.questions] == [("q1", "open"), ("q3", "multiple"), ("q4", "open")]
    before = Survey.objects.get().questions
    for act in (
        lambda: delivery.put_question(actor=organiser, survey_id=survey_id, question=QUESTIONS[0]),
        lambda: delivery.remove_question(actor=organiser, survey_id=survey_id, question_id="q1"),
        lambda: delivery.open_survey(actor=organiser, survey_id=survey_id),
    ):
        with pytest.raises(delivery.SurveyOpen):
            act()
    assert Survey.objects.get().questions == before


@pytest.mark.parametrize(
    "question",
    [
        Question("", QuestionKind.SINGLE, "一个选项", ("甲",)),
        Question("", QuestionKind.MULTIPLE, "重复", ("甲", " 甲 ")),
        Question("", QuestionKind.LIKERT, "  "),
        Question("", QuestionKind.OPEN, "长" * 301),
    ],
)
def test_a_question_that_can_not_be_is_refused(world: World, question: Question) -> None:
    survey_id = _draft(world)
    with pytest.raises(Invalid):
        delivery.put_question(actor=world.cast.organiser.actor, survey_id=survey_id, question=question)
    assert Survey.objects.get().questions == []


def test_it_is_for_the_units_people_and_kept_by_its_organisers(world: World, clock: Clock) -> None:
    survey_id = _open(world)
    for actor in (NOBODY, world.cast.stranger.actor):
        with pytest.raises((NotFound, Forbidden)):
            delivery.submit_answers(actor=actor, survey_id=survey_id, answers=_answers())
    for actor in (NOBODY, world.learner, world.cast.stranger.actor):
        for read in (delivery.survey, delivery.survey_results):
            with pytest.raises(NotFound):
                read(actor=actor, survey_id=survey_id)
    assert not SurveyAnswer.objects.exists()
    draft = _draft(world)
    with pytest.raises(NotFound):
        delivery.own_survey(actor=world.learner, survey_id=draft)
    clock(timedelta(days=7))
    with pytest.raises(delivery.SurveyOver):
        delivery.submit_answers(actor=world.learner, survey_id=survey_id, answers=_answers())
    assert delivery.open_surveys(actor=world.learner) == []


def test_sums_need_five_and_say_nothing_before(world: World) -> None:
    survey_id, people = _open(world), _crowd(world, 5)
    for number, member in enumerate(people):
        if number == 4:
            hidden = delivery.survey_results(actor=world.cast.organiser.actor, survey_id=survey_id)
            assert (hidden.submitted, hidden.whole.shown, hidden.whole.questions, hidden.groups) == (
                None,
                False,
                (),
                {},
            )
        delivery.submit_answers(
            actor=member.actor, survey_id=survey_id, answers=_answers(number % 5 + 1, f"意见{number}")
        )
    leader = make_member("P030", "领导", world.cast.finance, Role.LEADER).actor
    results = delivery.survey_results(actor=leader, survey_id=survey_id)
    likert, single, multiple, words, rated = results.whole.questions
    assert (likert.counts, likert.means[""].mean) == ((1, 1, 1, 1, 1), 3.0)
    assert (single.counts, multiple.counts) == ((0, 5, 0), (5, 0, 5))
    assert set(words.words) == {f"意见{n}" for n in range(5)}
    assert rated.means["F07"].mean == 3.0


def test_no_group_can_be_worked_out_from_the_others(world: World) -> None:
    survey_id = _open(world)
    for member in [*_crowd(world, 7), *_crowd(world, 3, "budget")]:
        delivery.submit_answers(actor=member.actor, survey_id=survey_id, answers=_answers(3))
    results = delivery.survey_results(actor=world.cast.organiser.actor, survey_id=survey_id)
    assert results.submitted == 10
    assert [(g.people, g.shown) for g in results.groups["unit"]] == [(None, False), (None, False)]


def test_a_question_few_of_a_group_answered_is_hidden_there() -> None:
    question = Question("q1", QuestionKind.LIKERT, "题", required=False)
    full, thin = [{"q1": 3}] * 6, [{"q1": 1}] * 2 + [{}] * 4
    big = grouped_sums([question], {"a": full, "b": full, "c": thin})
    assert [g.questions[0].answered for g in big] == [0, 6, 0], "the rest of all who answered are never fewer than five"


def test_a_mean_comes_with_students_interval() -> None:
    view = mean_view([1, 2, 3, 4, 5])
    assert (view.mean, round(view.low, 4), round(view.high, 4)) == (3.0, 1.0368, 4.9632)
    assert part_of("c/f/f1/", "c/") == "c/f/"
    assert part_of("c/", "c/") == "c/"
