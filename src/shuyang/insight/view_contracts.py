"""Briefings as the room shows them to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shuyang.insight.content import Content
from shuyang.insight.contracts import BriefingState
from shuyang.insight.document import Document
from shuyang.insight.source import Language


@dataclass(frozen=True, slots=True)
class BriefingHead:
    """A briefing in a list. `year`, `number` and `running` are None until it is signed."""

    id: UUID
    unit_id: UUID
    unit_name: str
    title: str
    state: BriefingState
    language: Language
    synthetic: bool
    year: int | None
    number: int | None
    running: int | None
    drafter: str
    signer: str
    created_at: datetime
    signed_at: datetime | None
    withdrawn_reason: str


@dataclass(frozen=True, slots=True)
class May:
    """What the actor may do with a briefing as it stands."""

    edit: bool
    submit: bool
    send_back: bool
    sign: bool
    withdraw: bool
    discard: bool


@dataclass(frozen=True, slots=True)
class BriefingView:
    """A briefing with its content and the document as it is (or would be) read.

    `revision` counts edits: who edits or signs names the one he saw. `returned`: why it was sent back last, if it was.
    """

    head: BriefingHead
    revision: int
    content: Content
    document: Document
    source_hash: str
    document_hash: str
    returned: str
    may: May


@dataclass(frozen=True, slots=True)
class Check:
    """Outcome of computing a briefing again from its archived data. `problems`: codes with what they concern; none: it holds."""

    figures: int
    problems: tuple[tuple[str, str], ...]

    @property
    def holds(self) -> bool:
        return not self.problems
