"""Does a rule find those whom the policy means, and whom does it miss?"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# Of fewer eligible people in a group no rate is told.
LEAST_GROUP = 5


@dataclass(frozen=True)
class RuleQuality:
    """Counts: `granted`, `eligible`, `wrong_grants` (granted but not eligible), `wrong_refusals` (eligible, refused),
    `undecided` (eligible, the rule says data are missing), `needlessly_undecided` (not eligible, told that data are
    missing). `missed`: by group, the share of the eligible who were refused or left undecided; None for groups with fewer
    than five eligible. `gap`: the largest difference between two told groups."""

    granted: int
    eligible: int
    wrong_grants: int
    wrong_refusals: int
    undecided: int
    needlessly_undecided: int
    missed: Mapping[str, float | None]
    gap: float

    @property
    def precision(self) -> float:
        """Share of the granted who are eligible (1.0 if nobody was granted)."""
        return 1 - self.wrong_grants / self.granted if self.granted else 1.0

    @property
    def recall(self) -> float:
        """Share of the eligible who were granted (1.0 if nobody is eligible)."""
        return 1 - (self.wrong_refusals + self.undecided) / self.eligible if self.eligible else 1.0


def rule_quality(
    outcome: Sequence[bool | None], eligible: Sequence[bool], groups: Sequence[Hashable] | None = None
) -> RuleQuality:
    """Judge a rule by its outcomes.

    `outcome`: True granted, False refused, None undecided because data are missing; `eligible`: whom the policy means, by the
    true data; `groups`: a group for each person (age band, register …). Raises ValueError for different lengths.
    """
    if len(outcome) != len(eligible) or (groups is not None and len(groups) != len(outcome)):
        raise ValueError("outcomes, eligibility and groups must be of one length")
    meant, granted, open_ = (
        np.array([bool(e) for e in eligible]),
        np.array([bool(o) for o in outcome]),
        np.array([o is None for o in outcome]),
    )
    missed = _missed(meant, granted, groups)
    told = [share for share in missed.values() if share is not None]
    return RuleQuality(
        int(granted.sum()), int(meant.sum()), int((granted & ~meant).sum()), int((meant & ~granted & ~open_).sum()),
        int((meant & open_).sum()), int((~meant & open_).sum()), missed, max(told) - min(told) if told else 0.0,
    )  # fmt: skip


def _missed(meant: np.ndarray, granted: np.ndarray, groups: Sequence[Hashable] | None) -> dict[str, float | None]:
    found: dict[str, list[bool]] = {}
    for group, is_meant, got in zip(groups or (), meant, granted, strict=False):
        if is_meant:
            found.setdefault(str(group), []).append(not got)
    return {g: float(np.mean(m)) if len(m) >= LEAST_GROUP else None for g, m in sorted(found.items())}
