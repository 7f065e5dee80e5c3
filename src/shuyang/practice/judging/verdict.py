"""What a checker says of a piece of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Evidence = Mapping[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a checker says: the category reached (from 0), the code of the reason (worded in the YAML under `reasons`), the
    figures it rests on (they fill the placeholders of the reason), and the clause it rests on (`id` or `id#article`; empty:
    the first of the task's `clauses`)."""

    category: int
    reason: str
    evidence: Evidence = field(default_factory=dict)
    clause: str = ""
