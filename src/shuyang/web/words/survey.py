"""Words for questionnaires."""

from django.utils.translation import gettext_lazy as _

from shuyang.delivery.api import QuestionKind, SurveyState

WORDS = {
    "options_count": _("Give two to %(most)s options, one a line."),
    "options_twice": _("An option stands there twice."),
    "too_many_questions": _("A questionnaire holds at most %(most)s questions."),
    "no_questions": _("There is no question yet."),
    "answer_needed": _("Please answer this question."),
    "survey_open": _("People answer this questionnaire already: its questions stay as they are."),
    "survey_over": _("This questionnaire takes no more answers, or you have handed it in already."),
}
KINDS = {
    QuestionKind.LIKERT: _("Agreement in five steps"),
    QuestionKind.SINGLE: _("One choice"),
    QuestionKind.MULTIPLE: _("Several choices"),
    QuestionKind.OPEN: _("Open question"),
    QuestionKind.SELF_RATING: _("Self-rating of all facets"),
}
STATES = {SurveyState.DRAFT: _("Draft"), SurveyState.OPEN: _("Open now"), SurveyState.CLOSED: _("Closed")}
STEPS = (_("Do not agree at all"), _("Rather do not agree"), _("Undecided"), _("Rather agree"), _("Agree fully"))
GROUPINGS = {"rank_layer": _("By staff layer"), "job_category": _("By job category"), "unit": _("By unit")}
