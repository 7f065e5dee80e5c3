"""Precision and recall of the recognisers on texts whose content is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shuyang.practice.recognisers.find import find
from shuyang.practice.recognisers.found import Kind
from shuyang.practice.recognisers.samples import Sample


@dataclass(frozen=True)
class Score:
    """Of one kind. `exact`: found with the right ends; `found`: all findings; `there`: all that there are."""

    exact: int
    found: int
    there: int

    @property
    def precision(self) -> float:
        """Share of the findings that are right (1.0 if none)."""
        return self.exact / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found (1.0 if nothing is there)."""
        return self.exact / self.there if self.there else 1.0


def measure(texts: Sequence[Sample]) -> dict[Kind, Score]:
    """Precision and recall by kind; a finding counts only with the right kind and both ends right."""
    exact, found, there = (dict.fromkeys(Kind, 0) for _ in range(3))
    for sample in texts:
        findings = {(f.kind, f.start, f.end) for f in find(sample.text)}
        truth = set(sample.spans)
        for kind, group in ((k, findings) for k in Kind):
            found[kind] += sum(one[0] is kind for one in group)
            there[kind] += sum(one[0] is kind for one in truth)
            exact[kind] += sum(one[0] is kind for one in group & truth)
    return {kind: Score(exact[kind], found[kind], there[kind]) for kind in Kind}
