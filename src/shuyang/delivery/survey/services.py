"""Make a questionnaire, open and close it; answer it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from shuyang.delivery.models import Survey, SurveyAnswer
from shuyang.delivery.policies import AnswerSurvey, ManageSurvey
from shuyang.delivery.rules import NAME_LENGTH
from shuyang.delivery.survey.contracts import Question, SurveyState, SurveyView
from shuyang.delivery.survey.queries import facet_ids, survey_view
from shuyang.delivery.survey.rules import (
    MOST_QUESTIONS,
    SurveyOpen,
    SurveyOver,
    checked_answers,
    checked_question,
    moved,
    next_question_id,
    read_question,
    self_ratings,
    stored,
)
from shuyang.evidence.api import record_self_ratings
from shuyang.kernel.clock import now
from shuyang.kernel.errors import Forbidden, Invalid, NotFound, Problem
from shuyang.people.api import person, unit
from shuyang.trust.api import Actor, record

INTRODUCTION_LENGTH = 1000


def create_survey(
    *, actor: Actor, name: str, unit_id: UUID, closes_at: datetime | None, introduction: str = "",
    synthetic: bool = False,
) -> SurveyView:  # fmt: skip
    """Make a questionnaire without questions, as a draft. Raises `Invalid`, `NotFound`."""
    _check_frame(name, closes_at, introduction)
    place = unit(actor=actor, unit_id=unit_id)
    assert closes_at is not None
    row = Survey(
        name=name.strip(), introduction=introduction.strip(), unit_id=place.id, unit_path=place.path,
        unit_name=place.name, closes_at=closes_at, synthetic=synthetic, created_by=actor.account_id,
    )  # fmt: skip
    ManageSurvey().require(actor, row)
    with transaction.atomic():
        row.save(force_insert=True)
        _recorded(row, actor, "survey.created")
    return survey_view(row)


def _check_frame(name: str, closes_at: datetime | None, introduction: str) -> None:
    problems = []
    if not name.strip():
        problems.append(Problem("name", "required"))
    elif len(name.strip()) > NAME_LENGTH:
        problems.append(Problem("name", "too_long", (("most", str(NAME_LENGTH)),)))
    if len(introduction.strip()) > INTRODUCTION_LENGTH:
        problems.append(Problem("introduction", "too_long", (("most", str(INTRODUCTION_LENGTH)),)))
    if closes_at is None:
        problems.append(Problem("closes_at", "required"))
    elif closes_at <= now():
        problems.append(Problem("closes_at", "closes_in_the_past"))
    if problems:
        raise Invalid(problems)


def put_question(*, actor: Actor, survey_id: UUID, question: Question) -> str:
    """Add a question (empty id) or change the one with this id. Returns its id.

    Raises `NotFound`, `Invalid`, and `SurveyOpen` once people answer.
    """
    wanted = checked_question(question)
    with transaction.atomic():
        row = _draft(actor, survey_id)
        questions = [read_question(q) for q in row.questions]
        if not wanted.id:
            if len(questions) >= MOST_QUESTIONS:
                raise Invalid([Problem("text", "too_many_questions", (("most", str(MOST_QUESTIONS)),))])
            wanted = Question(next_question_id(questions), wanted.kind, wanted.text, wanted.options, wanted.required)
            questions.append(wanted)
        elif wanted.id not in {q.id for q in questions}:
            raise NotFound("no such question")
        _store(row, actor, [wanted if q.id == wanted.id else q for q in questions])
    return wanted.id


def move_question(*, actor: Actor, survey_id: UUID, question_id: str, by: int) -> None:
    """Move a question up (-1) or down (+1). Raises `NotFound`, `SurveyOpen`."""
    with transaction.atomic():
        row = _draft(actor, survey_id)
        _store(row, actor, moved([read_question(q) for q in row.questions], question_id, by))


def remove_question(*, actor: Actor, survey_id: UUID, question_id: str) -> None:
    """Take a question out. Raises `NotFound`, `SurveyOpen`."""
    with transaction.atomic():
        row = _draft(actor, survey_id)
        _store(row, actor, [q for q in (read_question(q) for q in row.questions) if q.id != question_id])


def open_survey(*, actor: Actor, survey_id: UUID) -> SurveyView:
    """Let people answer; questions stay as they are from now on. Raises `NotFound`, `SurveyOpen`, `Invalid`."""
    with transaction.atomic():
        row = _draft(actor, survey_id)
        if not row.questions:
            raise Invalid([Problem("questions", "no_questions")])
        if row.closes_at <= now():
            raise Invalid([Problem("closes_at", "closes_in_the_past")])
        row.state, row.opened_at = SurveyState.OPEN, now()
        row.save(update_fields=["state", "opened_at"])
        _recorded(row, actor, "survey.opened")
    return survey_view(row)


def close_survey(*, actor: Actor, survey_id: UUID) -> SurveyView:
    """Take no more answers. Raises `NotFound`."""
    with transaction.atomic():
        row = _managed(actor, survey_id)
        if row.state == SurveyState.OPEN:
            row.state, row.closes_at = SurveyState.CLOSED, min(row.closes_at, now())
            row.save(update_fields=["state", "closes_at"])
            _recorded(row, actor, "survey.closed")
    return survey_view(row)


# --- the person ------------------------------------------------------------------------------------------------------


def save_answers(*, actor: Actor, survey_id: UUID, answers: Mapping[str, Any]) -> datetime:
    """Keep a draft. Returns when. Raises `NotFound`, `SurveyOver`, `Invalid` for what belongs to no question."""
    survey = _answerable(actor, survey_id)
    questions = [read_question(q) for q in survey.questions]
    kept = checked_answers(questions, answers, facet_ids(), whole=False)
    with transaction.atomic():
        row = _own(actor, survey)
        row.answers, row.saved_at = kept, now()
        row.save(update_fields=["answers", "saved_at"])
    return row.saved_at


def submit_answers(*, actor: Actor, survey_id: UUID, answers: Mapping[str, Any]) -> None:
    """Hand in, once: the self-ratings go to evidence. Raises `NotFound`, `SurveyOver`, `Invalid`."""
    survey = _answerable(actor, survey_id)
    questions = [read_question(q) for q in survey.questions]
    kept, at = checked_answers(questions, answers, facet_ids(), whole=True), now()
    with transaction.atomic():
        row = _own(actor, survey)
        row.answers, row.saved_at, row.submitted_at = kept, at, at
        row.save(update_fields=["answers", "saved_at", "submitted_at"])
        record_self_ratings(
            person_id=row.person_id, unit_path=row.unit_path, ratings=self_ratings(questions, kept), source="survey",
            source_id=row.id, at=at, synthetic=row.synthetic,
        )  # fmt: skip
        record(
            actor=actor, action="survey.answered", object_kind="survey", object_id=survey.id,
            unit_path=row.unit_path, subject=row.person_id,
        )  # fmt: skip


def _answerable(actor: Actor, survey_id: UUID) -> Survey:
    if actor.person_id is None:
        raise Forbidden("only a person can answer")
    row = Survey.objects.filter(id=survey_id).exclude(state=SurveyState.DRAFT).first()
    if row is None or not actor.unit_path.startswith(row.unit_path):
        raise NotFound("no such survey")
    if row.state != SurveyState.OPEN or now() >= row.closes_at:
        raise SurveyOver("the survey takes no answers")
    return row


def _own(actor: Actor, survey: Survey) -> SurveyAnswer:
    """The actor's row, locked; made if there is none. Raises `SurveyOver` once it was handed in."""
    assert actor.person_id is not None
    own = SurveyAnswer.objects.select_for_update().filter(AnswerSurvey().visible_to(actor), survey=survey)
    row = own.first()
    if row is None:
        try:
            with transaction.atomic():
                row = _new_answer(actor, survey)
                row.save(force_insert=True)
        except IntegrityError:  # a second request was faster
            row = own.get()
    if row.submitted_at is not None:
        raise SurveyOver("handed in already")
    return row


def _new_answer(actor: Actor, survey: Survey) -> SurveyAnswer:
    assert actor.person_id is not None
    who = person(actor=actor, person_id=actor.person_id)
    post = who.post
    return SurveyAnswer(
        survey=survey, person_id=who.id, unit_path=who.unit_path, rank_layer=post.rank_layer if post else "",
        job_category=post.job_category if post else "", saved_at=now(), synthetic=who.synthetic or survey.synthetic,
    )  # fmt: skip


def _managed(actor: Actor, survey_id: UUID) -> Survey:
    row = Survey.objects.select_for_update().filter(ManageSurvey().visible_to(actor), id=survey_id).first()
    if row is None:
        raise NotFound("no such survey")
    return row


def _draft(actor: Actor, survey_id: UUID) -> Survey:
    row = _managed(actor, survey_id)
    if row.state != SurveyState.DRAFT:
        raise SurveyOpen("people answer it already")
    return row


def _store(row: Survey, actor: Actor, questions: list[Question]) -> None:
    row.questions = [stored(q) for q in questions]
    row.save(update_fields=["questions"])
    _recorded(row, actor, "survey.changed")


def _recorded(row: Survey, actor: Actor, action: str) -> None:
    record(
        actor=actor, action=action, object_kind="survey", object_id=row.id, unit_path=row.unit_path,
        details={"questions": len(row.questions)},
    )  # fmt: skip
