"""What a questionnaire is, and what its answers come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class QuestionKind(StrEnum):
    LIKERT = "likert"  # 同意程度, five steps
    SINGLE = "single"  # 单选
    MULTIPLE = "multiple"  # 多选
    OPEN = "open"  # 开放题
    SELF_RATING = "self_rating"  # 各向度自评, one level a facet


class SurveyState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `id` is short and stays with it; `options` only for single and multiple choice."""

    id: str
    kind: QuestionKind
    text: str
    options: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class SurveyView:
    """A questionnaire as its keepers and its respondents see it."""

    id: UUID
    name: str
    introduction: str
    unit_id: UUID
    unit_path: str
    unit_name: str
    questions: tuple[Question, ...]
    state: SurveyState
    closes_at: datetime
    synthetic: bool

    @property
    def rates_self(self) -> bool:
        return any(q.kind == QuestionKind.SELF_RATING for q in self.questions)


@dataclass(frozen=True, slots=True)
class OwnSurvey:
    """A questionnaire as one person has it: his answers so far, by question id."""

    survey: SurveyView
    answers: dict[str, Any]
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """A questionnaire in the list. `may_manage`: the actor keeps it, and does not only read its sums."""

    survey: SurveyView
    submitted: int
    may_manage: bool = False


@dataclass(frozen=True, slots=True)
class MeanView:
    """A mean with its 95 % interval (t), over `n` answers."""

    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class QuestionSums:
    """The answers to one question in one group. `counts`: by option, or by step 1 to 5; `means`: of a Likert question
    under "", of a self-rating under each facet; `words`: what was written, in an order that tells nothing."""

    question: Question
    answered: int
    counts: tuple[int, ...] = ()
    means: dict[str, MeanView] = field(default_factory=dict)
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupSums:
    """All questions in one group; `shown` is False, and nothing else is said, where it is too small."""

    label: str
    people: int | None
    shown: bool
    questions: tuple[QuestionSums, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """The sums of a questionnaire: all together, and by rank layer, job category and unit.

    `may_manage`: the actor keeps the questionnaire.
    """

    survey: SurveyView
    submitted: int | None
    whole: GroupSums
    groups: dict[str, tuple[GroupSums, ...]]
    minimum: int
    may_manage: bool = False
