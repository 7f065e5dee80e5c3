"""What a set of cuts gets right: the result type shared by every way of computing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CutDecision:
    """The two-way decision at one cut: shares of persons, all in [0, 1].

    `false_positive`: placed at or above the cut, truly below; `false_negative`: placed below, truly at or above.
    """

    cut: float
    accuracy: float
    consistency: float
    false_positive: float
    false_negative: float


@dataclass(frozen=True, slots=True)
class Classification:
    """Accuracy and consistency of sorting persons into levels.

    accuracy: share of persons placed in their true level; consistency: share placed in the same level by two
    parallel tests; kappa: consistency corrected for chance agreement (Cohen). `joint[t, o]` is the share truly in
    level t and placed in level o; `persons` holds (accuracy, consistency) a person (or a node), [N, 2].
    """

    method: str
    cuts: tuple[float, ...]
    accuracy: float
    consistency: float
    kappa: float
    joint: Floats
    decisions: tuple[CutDecision, ...]
    persons: Floats

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists, without the persons."""
        return {
            "method": self.method,
            "cuts": list(self.cuts),
            "accuracy": self.accuracy,
            "consistency": self.consistency,
            "kappa": self.kappa,
            "joint": self.joint.tolist(),
            "decisions": self.to_table(),
        }

    def to_table(self) -> dict[str, list[float]]:
        """One row a cut."""
        names = ("cut", "accuracy", "consistency", "false_positive", "false_negative")
        return {name: [float(getattr(d, name)) for d in self.decisions] for name in names}

    def summary(self) -> str:
        head = (
            f"{self.method}: accuracy {self.accuracy:.3f}, consistency {self.consistency:.3f}, kappa {self.kappa:.3f}"
        )
        rows = [
            f"  cut {d.cut:.3f}: accuracy {d.accuracy:.3f}, false positive {d.false_positive:.3f}, "
            f"false negative {d.false_negative:.3f}"
            for d in self.decisions
        ]
        return "\n".join([head, *rows])


def summarise(method: str, cuts: Floats, true: Floats, placed: Floats, weights: Floats) -> Classification:
    """Fold level probabilities into a `Classification`.

    true, placed: [N, L] probabilities of the true and of the observed level, independent given the row;
    weights: [N], summing to 1.
    """
    accuracy = (true * placed).sum(axis=1)
    consistency = (placed**2).sum(axis=1)
    joint = np.einsum("n,nt,no->to", weights, true, placed)
    total = float(weights @ consistency)
    chance = float((joint.sum(axis=0) ** 2).sum())
    return Classification(
        method=method,
        cuts=tuple(float(c) for c in cuts),
        accuracy=float(weights @ accuracy),
        consistency=total,
        kappa=(total - chance) / (1 - chance) if chance < 1 else 1.0,
        joint=joint,
        decisions=tuple(_decision(float(cut), k + 1, joint, placed, weights) for k, cut in enumerate(cuts)),
        persons=np.column_stack([accuracy, consistency]),
    )


def _decision(cut: float, level: int, joint: Floats, placed: Floats, weights: Floats) -> CutDecision:
    above = placed[:, level:].sum(axis=1)
    false_positive = float(joint[:level, level:].sum())
    false_negative = float(joint[level:, :level].sum())
    return CutDecision(
        cut=cut,
        accuracy=1 - false_positive - false_negative,
        consistency=float(weights @ (above**2 + (1 - above) ** 2)),
        false_positive=false_positive,
        false_negative=false_negative,
    )
