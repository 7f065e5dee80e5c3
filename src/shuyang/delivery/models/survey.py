"""Questionnaires, and what persons answered."""

from __future__ import annotations

from django.db import models

from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE, RESULT, AboutPerson


class Survey(Base):
    """A questionnaire for everyone of a unit and below. `questions` can be changed until it opens, and never after."""

    name = models.CharField(max_length=80)
    introduction = models.CharField(max_length=1000, blank=True)
    unit_id = models.UUIDField()
    unit_path = models.CharField(max_length=200, db_index=True)
    unit_name = models.CharField(max_length=100)
    questions = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="draft")
    closes_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    synthetic = models.BooleanField(default=False)
    created_by = models.UUIDField(null=True)

    personal_data = {
        "name": NONE,
        "introduction": NONE,
        "unit_id": NONE,
        "unit_path": NONE,
        "unit_name": NONE,
        "questions": NONE,
        "state": NONE,
        "closes_at": NONE,
        "opened_at": NONE,
        "synthetic": NONE,
        "created_by": LINK,
    }

    class Meta:
        db_table = "delivery_survey"


class SurveyAnswer(Base):
    """One person's answers: a draft until `submitted_at`, never changed after."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(db_index=True)
    unit_path = models.CharField(max_length=200)
    rank_layer = models.CharField(max_length=20)
    job_category = models.CharField(max_length=30)
    answers = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    synthetic = models.BooleanField(default=False)

    personal_data = {
        "survey": NONE,
        "person_id": LINK,
        "unit_path": DIRECT,
        "rank_layer": DIRECT,
        "job_category": DIRECT,
        "answers": RESULT,
        "saved_at": RESULT,
        "submitted_at": RESULT,
        "synthetic": NONE,
    }

    about_person = AboutPerson("person_id", erase=True)

    class Meta:
        db_table = "delivery_survey_answer"
        constraints = [models.UniqueConstraint(fields=["survey", "person_id"], name="delivery_survey_answer_once")]
