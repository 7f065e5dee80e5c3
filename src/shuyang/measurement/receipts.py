"""Recompute a score from what a release and an answer log say, and compare it with the score that was claimed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .cat.bank import BOUND, NODES, compile_bank
from .cat.contracts import CatItem, LevelCuts, Prior, ScaleTransform
from .cat.errors import BadAnswer
from .cat.levels import levels, most_likely_level
from .cat.posterior import posterior


@dataclass(frozen=True, slots=True)
class Score:
    """A score as reported: logits, reporting scale and levels, one entry per dimension."""

    mean: tuple[float, ...]
    sd: tuple[float, ...]
    cov: tuple[tuple[float, ...], ...]
    scale: tuple[float, ...]
    scale_se: tuple[float, ...]
    level: tuple[int, ...]
    level_probabilities: tuple[tuple[float, ...], ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Difference:
    """One number of a claim that the recomputation does not confirm."""

    field: str
    claimed: float
    recomputed: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Outcome of a recomputation: does the claim hold within `tolerance`, and where not."""

    agrees: bool
    tolerance: float
    recomputed: Score
    differences: tuple[Difference, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return asdict(self)


def score_answers(
    items: Sequence[CatItem],
    answers: Sequence[tuple[str, int]],
    prior: Prior,
    *,
    cuts: Sequence[LevelCuts],
    transform: ScaleTransform,
    nodes: int = NODES,
    bound: float = BOUND,
) -> Score:
    """The final score of `answers` (item id, category) under a release's items, prior, cuts and transform.

    Only the answered items are compiled: the score depends on no other. Raises `BadAnswer` for an unknown id.
    """
    by_id = {item.id: item for item in items}
    unknown = sorted({item for item, _ in answers} - by_id.keys())
    if unknown:
        raise BadAnswer(f"answers name items that the release lacks: {unknown[:5]}", items=unknown)
    ids = sorted({item for item, _ in answers})
    bank = compile_bank([by_id[i] for i in ids], dims=len(prior.mean), nodes=nodes, bound=bound)
    belief = posterior(bank, [(bank.index[i], category) for i, category in answers], prior, accuracy="final")
    chances = levels(belief, cuts)
    return Score(
        mean=tuple(belief.mean.tolist()),
        sd=tuple(belief.sd.tolist()),
        cov=tuple(map(tuple, belief.cov.tolist())),
        scale=tuple(transform.score(m) for m in belief.mean.tolist()),
        scale_se=tuple(transform.se(s) for s in belief.sd.tolist()),
        level=tuple(most_likely_level(p) for p in chances),
        level_probabilities=tuple(chances),
    )


def recompute(
    items: Sequence[CatItem],
    answers: Sequence[tuple[str, int]],
    prior: Prior,
    claimed: Mapping[str, Any],
    *,
    cuts: Sequence[LevelCuts],
    transform: ScaleTransform,
    tolerance: float = 1e-6,
    nodes: int = NODES,
    bound: float = BOUND,
) -> Agreement:
    """Compare a claimed score (any of the fields of `Score`, nested lists as in JSON) with its recomputation.

    `tolerance` is absolute and in logits; numbers on the reporting scale may differ by `tolerance` times the
    transform's SD. A claimed field that a score lacks, or of the wrong shape, counts as a difference.
    """
    score = score_answers(items, answers, prior, cuts=cuts, transform=transform, nodes=nodes, bound=bound)
    ours = score.to_dict()
    found: list[Difference] = []
    for name, value in claimed.items():
        slack = tolerance * (transform.sd if name.startswith("scale") else 1.0)
        found += _differences(name, value, ours.get(name), slack)
    return Agreement(not found, tolerance, score, tuple(found))


def _differences(name: str, claimed: Any, recomputed: Any, slack: float) -> list[Difference]:
    """Compare two nested sequences of numbers entry by entry."""
    if isinstance(claimed, Sequence) and isinstance(recomputed, Sequence) and len(claimed) == len(recomputed):
        pairs = zip(claimed, recomputed, strict=True)
        return [d for k, (a, b) in enumerate(pairs) for d in _differences(f"{name}[{k}]", a, b, slack)]
    if isinstance(claimed, int | float) and isinstance(recomputed, int | float):
        same = abs(claimed - recomputed) <= slack
        return [] if same else [Difference(name, float(claimed), float(recomputed))]
    return [Difference(name, float("nan"), float("nan"))]
