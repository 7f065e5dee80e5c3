"""Reads of questionnaires: one's own, the list, the sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import Count, Q

from shuyang.delivery.campaign_rules import paths_above
from shuyang.delivery.models import Survey, SurveyAnswer
from shuyang.delivery.policies import AnswerSurvey, ManageSurvey, ReadSurvey
from shuyang.delivery.survey.contracts import OwnSurvey, SurveyLine, SurveyResults, SurveyState, SurveyView
from shuyang.delivery.survey.rules import Answers, Groups, group_sums, grouped_sums, part_of, read_question
from shuyang.frameworks.api import current
from shuyang.kernel.clock import now
from shuyang.kernel.errors import NotFound
from shuyang.measurement.disclosure import SMALLEST_GROUP
from shuyang.people.api import units_at
from shuyang.trust.api import Actor


def facet_ids() -> tuple[str, ...]:
    """The facets of the framework in use, which a self-rating rates."""
    return tuple(facet.id for facet in current().facets)


def survey_view(row: Survey) -> SurveyView:
    over = row.state == SurveyState.OPEN and row.closes_at <= now()
    return SurveyView(
        id=row.id, name=row.name, introduction=row.introduction, unit_id=row.unit_id, unit_path=row.unit_path,
        unit_name=row.unit_name, questions=tuple(read_question(q) for q in row.questions),
        state=SurveyState.CLOSED if over else SurveyState(row.state), closes_at=row.closes_at, synthetic=row.synthetic,
    )  # fmt: skip


def surveys(*, actor: Actor) -> list[SurveyLine]:
    """Questionnaires whose sums the actor may read or which he keeps, newest first."""
    rows = list(Survey.objects.filter(ReadSurvey().visible_to(actor)).order_by("-created_at", "-id"))
    handed_in = SurveyAnswer.objects.filter(survey__in=rows, submitted_at__isnull=False)
    counts = dict(handed_in.order_by().values_list("survey_id").annotate(n=Count("id")))
    keeps = ManageSurvey()
    return [SurveyLine(survey_view(row), counts.get(row.id, 0), keeps.can(actor, row)) for row in rows]


def survey(*, actor: Actor, survey_id: UUID) -> SurveyView:
    """A questionnaire the actor keeps. Raises `NotFound`."""
    row = Survey.objects.filter(ManageSurvey().visible_to(actor), id=survey_id).first()
    if row is None:
        raise NotFound("no such survey")
    return survey_view(row)


def open_surveys(*, actor: Actor) -> list[OwnSurvey]:
    """Questionnaires that wait for the actor's answers, the one that closes first at the head."""
    if actor.person_id is None:
        return []
    open_now = Q(state=SurveyState.OPEN, closes_at__gt=now(), unit_path__in=paths_above(actor.unit_path))
    own = {a.survey_id: a for a in SurveyAnswer.objects.filter(AnswerSurvey().visible_to(actor))}
    found = []
    for row in Survey.objects.filter(open_now).order_by("closes_at"):
        mine = own.get(row.id)
        if mine is None or mine.submitted_at is None:
            found.append(OwnSurvey(survey_view(row), mine.answers if mine else {}, None))
    return found


def own_survey(*, actor: Actor, survey_id: UUID) -> OwnSurvey:
    """A questionnaire as the actor answers or has answered it. Raises `NotFound`."""
    row = Survey.objects.filter(id=survey_id).exclude(state=SurveyState.DRAFT).first()
    if row is None or actor.person_id is None or not actor.unit_path.startswith(row.unit_path):
        raise NotFound("no such survey")
    mine = SurveyAnswer.objects.filter(AnswerSurvey().visible_to(actor), survey=row).first()
    return OwnSurvey(survey_view(row), mine.answers if mine else {}, mine.submitted_at if mine else None)


def survey_results(*, actor: Actor, survey_id: UUID) -> SurveyResults:
    """The sums: all together, by rank layer, job category and unit; nothing for fewer than five. Raises `NotFound`."""
    row = Survey.objects.filter(ReadSurvey().visible_to(actor), id=survey_id).first()
    if row is None:
        raise NotFound("no such survey")
    view = survey_view(row)
    answers = list(SurveyAnswer.objects.filter(survey=row, submitted_at__isnull=False).order_by("id"))
    whole = group_sums("", view.questions, [a.answers for a in answers], shown=True)
    groups = {
        "rank_layer": _groups(view, answers, lambda a: a.rank_layer),
        "job_category": _groups(view, answers, lambda a: a.job_category),
        "unit": _named(_groups(view, answers, lambda a: part_of(a.unit_path, row.unit_path))),
    }
    return SurveyResults(
        view, whole.people, whole, groups if whole.shown else {}, SMALLEST_GROUP, ManageSurvey().can(actor, row)
    )


def _groups(view: SurveyView, answers: Sequence[SurveyAnswer], key: Callable[[SurveyAnswer], str]) -> Groups:
    members: dict[str, list[Answers]] = {}
    for answer in answers:
        members.setdefault(key(answer), []).append(answer.answers)
    return grouped_sums(view.questions, dict(sorted(members.items())))


def _named(groups: Groups) -> Groups:
    names = units_at(paths=[g.label for g in groups])
    return tuple(replace(g, label=names[g.label].name if g.label in names else "") for g in groups)
