"""Pure decisions of questionnaires: what a question is, what an answer is, and what may be said of many."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from scipy.special import stdtrit

from shuyang.delivery.survey.contracts import GroupSums, MeanView, Question, QuestionKind, QuestionSums
from shuyang.kernel.errors import Conflict, Invalid, Problem
from shuyang.measurement.disclosure import SMALLEST_GROUP, shown_groups

STEPS = 5
TEXT_LENGTH = 300
OPTION_LENGTH = 100
WORDS_LENGTH = 1000
MOST_QUESTIONS = 60
MOST_OPTIONS = 20
Answers = Mapping[str, Any]
Groups = tuple[GroupSums, ...]


class SurveyOpen(Conflict):
    """A questionnaire that people answer can't be changed any more."""

    code = "survey_open"


class SurveyOver(Conflict):
    """The questionnaire takes no answers: not open, over, or handed in already."""

    code = "survey_over"


def checked_question(question: Question) -> Question:
    """The question, tidied. Raises `Invalid` with all that is wrong with it."""
    text = " ".join(question.text.split())
    options = tuple(o for o in (" ".join(o.split()) for o in question.options) if o)
    problems = _length("text", text, TEXT_LENGTH)
    if question.kind not in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
        options = ()
    elif not 2 <= len(options) <= MOST_OPTIONS:
        problems.append(Problem("options", "options_count", (("most", str(MOST_OPTIONS)),)))
    elif len(set(options)) < len(options):
        problems.append(Problem("options", "options_twice"))
    elif any(len(o) > OPTION_LENGTH for o in options):
        problems.append(Problem("options", "too_long", (("most", str(OPTION_LENGTH)),)))
    if problems:
        raise Invalid(problems)
    return Question(question.id, question.kind, text, options, question.required)


def _length(where: str, text: str, most: int) -> list[Problem]:
    if not text:
        return [Problem(where, "required")]
    return [Problem(where, "too_long", (("most", str(most)),))] if len(text) > most else []


def stored(question: Question) -> dict[str, Any]:
    return asdict(question) | {"options": list(question.options)}


def read_question(data: Mapping[str, Any]) -> Question:
    return Question(
        data["id"], QuestionKind(data["kind"]), data["text"], tuple(data["options"]), bool(data["required"])
    )


def next_question_id(questions: Sequence[Question]) -> str:
    """An id that no question has or, judging by the numbers in use, had."""
    return f"q{max((int(q.id[1:]) for q in questions), default=0) + 1}"


def moved(questions: Sequence[Question], question_id: str, by: int) -> list[Question]:
    """The questions with one of them moved up (-1) or down (+1); at an end it stays."""
    order = list(questions)
    here = next((i for i, q in enumerate(order) if q.id == question_id), None)
    if here is not None and 0 <= here + by < len(order):
        order[here], order[here + by] = order[here + by], order[here]
    return order


# --- one person's answers --------------------------------------------------------------------------------------------


def checked_answers(
    questions: Sequence[Question], raw: Answers, facets: Sequence[str], *, whole: bool
) -> dict[str, Any]:
    """Answers brought into their stored form; what is empty is left out. Raises `Invalid` with every problem.

    `whole`: the person hands in, so that required questions must be answered; else it is a draft.
    """
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for question in questions:
        try:
            answer = _answer(question, raw.get(question.id), facets)
        except ValueError:
            problems.append(Problem(question.id, "unknown_option"))
            continue
        if answer not in (None, "", [], {}):
            found[question.id] = answer
        if isinstance(answer, str) and len(answer) > WORDS_LENGTH:
            problems.append(Problem(question.id, "too_long", (("most", str(WORDS_LENGTH)),)))
        elif whole and question.required and not _complete(question, answer, facets):
            problems.append(Problem(question.id, "answer_needed"))
    if problems:
        raise Invalid(problems)
    return found


def _answer(question: Question, raw: Any, facets: Sequence[str]) -> Any:
    """One answer as it is stored; ValueError for one that does not belong to the question."""
    if raw in (None, "", [], {}):
        return None
    match question.kind:
        case QuestionKind.OPEN:
            return str(raw).strip()
        case QuestionKind.LIKERT:
            return _within(raw, 1, STEPS)
        case QuestionKind.SINGLE:
            return _within(raw, 0, len(question.options) - 1)
        case QuestionKind.MULTIPLE:
            return sorted({_within(one, 0, len(question.options) - 1) for one in _listed(raw)})
        case QuestionKind.SELF_RATING:
            return _ratings(raw, facets)


def _ratings(raw: Any, facets: Sequence[str]) -> dict[str, int]:
    if not isinstance(raw, Mapping) or not set(raw) <= set(facets):
        raise ValueError("not a rating of the framework's facets")
    return {facet: _within(level, 1, STEPS) for facet, level in raw.items() if level not in (None, "")}


def _listed(raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise ValueError("not a list of options")
    return raw


def _within(raw: Any, low: int, high: int) -> int:
    text = str(raw)
    if not text.isascii() or not text.isdecimal() or len(text) > 3 or not low <= int(text) <= high:
        raise ValueError("out of range")
    return int(text)


def _complete(question: Question, answer: Any, facets: Sequence[str]) -> bool:
    if question.kind == QuestionKind.SELF_RATING:
        return isinstance(answer, dict) and set(answer) == set(facets)
    return answer not in (None, "", [])


def self_ratings(questions: Sequence[Question], answers: Answers) -> dict[str, int]:
    """The levels by facet in a person's answers; a later question on the same facet counts."""
    found: dict[str, int] = {}
    for question in questions:
        if question.kind == QuestionKind.SELF_RATING:
            found |= answers.get(question.id, {})
    return found


# --- many people's answers -------------------------------------------------------------------------------------------


def group_sums(label: str, questions: Sequence[Question], answers: Sequence[Answers], *, shown: bool) -> GroupSums:
    """The sums of a group; nothing at all where it may not be shown."""
    if not shown or len(answers) < SMALLEST_GROUP:
        return GroupSums(label, None, False)
    sums = tuple(_sums(q, [a[q.id] for a in answers if q.id in a]) for q in questions)
    return GroupSums(label, len(answers), True, sums)


def grouped_sums(questions: Sequence[Question], members: Mapping[str, Sequence[Answers]]) -> Groups:
    """The sums of all parts of a whole: small parts are hidden, and others with them where subtraction would show them.

    A question that not all answer is hidden by the same rule, for the parts of those who answered it.
    """
    parts = shown_groups([len(found) for found in members.values()])
    groups = [group_sums(k, questions, m, shown=s) for (k, m), s in zip(members.items(), parts, strict=True)]
    kept = {q.id: shown_groups([sum(q.id in a for a in m) for m in members.values()]) for q in questions}
    return tuple(
        replace(group, questions=tuple(s if kept[s.question.id][i] else QuestionSums(s.question, 0) for s in group.questions))
        for i, group in enumerate(groups)
    )  # fmt: skip


def part_of(path: str, whole: str) -> str:
    """The unit just below `whole` on the way to `path`; `whole` itself for its own people."""
    below = path.removeprefix(whole)
    return whole + below[: below.index("/") + 1] if below else whole


def _sums(question: Question, answers: Sequence[Any]) -> QuestionSums:
    """A question that fewer than five of the group answered says nothing."""
    if len(answers) < SMALLEST_GROUP:
        return QuestionSums(question, 0)
    n = len(answers)
    match question.kind:
        case QuestionKind.LIKERT:
            counts = tuple(answers.count(step) for step in range(1, STEPS + 1))
            return QuestionSums(question, n, counts, {"": mean_view(answers)})
        case QuestionKind.SINGLE:
            return QuestionSums(question, n, tuple(answers.count(i) for i in range(len(question.options))))
        case QuestionKind.MULTIPLE:
            counts = tuple(sum(i in one for one in answers) for i in range(len(question.options)))
            return QuestionSums(question, n, counts)
        case QuestionKind.SELF_RATING:
            facets = sorted({facet for one in answers for facet in one})
            levels = {facet: [one[facet] for one in answers if facet in one] for facet in facets}
            means = {facet: mean_view(found) for facet, found in levels.items() if len(found) >= SMALLEST_GROUP}
            return QuestionSums(question, n, means=means)
        case QuestionKind.OPEN:
            return QuestionSums(question, n, words=tuple(sorted(answers, key=_scattered)))


def _scattered(text: str) -> str:
    """An order that has nothing to do with who wrote when."""
    return hashlib.sha256(text.encode()).hexdigest()


def mean_view(values: Sequence[float]) -> MeanView:
    """Mean of two or more values with its 95 % interval by Student's t."""
    data = np.asarray(values, float)
    half = float(stdtrit(len(data) - 1, 0.975) * data.std(ddof=1) / np.sqrt(len(data)))
    mean = float(data.mean())
    return MeanView(len(data), mean, mean - half, mean + half)
