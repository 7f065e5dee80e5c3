"""Pure decisions: which items count, and what a rescore changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shuyang.evidence.api import NewEstimate
from shuyang.kernel.errors import Conflict
from shuyang.measurement.cat.contracts import ScaleTransform
from shuyang.measurement.cat.levels import most_likely_level

# Results are shown in whole points: less than half a point is no change that anyone could see.
VISIBLE = 0.5


class RulingKind(StrEnum):
    NEUTRALISED = "neutralised"  # 不计分
    RESTORED = "restored"  # 恢复计分


class AlreadyRuled(Conflict):
    """The item is neutralised, or counts, already."""

    code = "already_ruled"


@dataclass(frozen=True, slots=True)
class Change:
    """How one result moved: points of the reporting scale per force, and forces whose most likely level changed."""

    points: tuple[float, ...]
    levels: int

    @property
    def largest(self) -> float:
        return max((abs(p) for p in self.points), default=0.0)

    @property
    def visible(self) -> bool:
        return self.largest >= VISIBLE or self.levels > 0


def in_force(rulings: Iterable[tuple[int, str]]) -> frozenset[int]:
    """Indices of the items that don't count, from (item index, kind) in the order of the rulings."""
    newest = dict(rulings)
    return frozenset(index for index, kind in newest.items() if kind == RulingKind.NEUTRALISED)


def change(old: NewEstimate, new: NewEstimate, transform: ScaleTransform) -> Change:
    """What moved between two scores of one sitting."""
    pairs = zip(old.mean, new.mean, strict=True)
    levels = zip(old.level_probabilities, new.level_probabilities, strict=True)
    return Change(
        points=tuple(round(transform.score(b) - transform.score(a), 3) for a, b in pairs),
        levels=sum(most_likely_level(a) != most_likely_level(b) for a, b in levels),
    )


def outcome(changes: Sequence[Change], *, running: int) -> dict[str, float]:
    """The sum of a ruling's effects, as plain numbers to be stored."""
    largest = [c.largest for c in changes]
    return {
        "rescored": len(changes),
        "changed": sum(c.visible for c in changes),
        "mean_change": round(sum(largest) / len(largest), 2) if largest else 0.0,
        "largest_change": round(max(largest, default=0.0), 2),
        "levels_changed": sum(c.levels > 0 for c in changes),
        "running": running,
    }
