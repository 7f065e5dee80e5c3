"""Frozen types of the adaptive testing engine: what goes in, what comes out.

Ability is on the logit scale of the release (D = 1). Everything here is plain data: small, picklable and,
where it belongs into a release, convertible to and from JSON with `to_dict` and `from_dict`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

Model = Literal["3pl", "grm", "gpcm"]
Accuracy = Literal["sitting", "final"]
Answer = tuple[int, int]
"""(item index in the compiled bank, category from 0)."""


@dataclass(frozen=True, slots=True)
class CatItem:
    """One item with what is believed about its parameters.

    The item loads on dimension `dim`. With a = slope · exp(slope_log_sd · z1) and shift = threshold_sd · z2:

    - `3pl`: P(1) = g + (1 - g) · logistic(a (θ - b - shift)), one threshold; `guessing` is the mean of g.
    - `grm`: P(X ≥ k) = logistic(a (θ - b_k - shift)), thresholds increasing.
    - `gpcm`: P(X = k) ∝ exp(Σ_{j ≤ k} a (θ - b_j - shift)).

    A calibrated item has small standard deviations, an expert prior wide ones; both are integrated out.
    """

    id: str
    dim: int
    model: Model
    slope: float
    thresholds: tuple[float, ...]
    slope_log_sd: float = 0.0
    threshold_sd: float = 0.0
    guessing: float = 0.0
    guessing_sd: float = 0.0
    facet: str = ""
    kind: str = ""
    seconds: float = 60.0
    enemies: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CatItem:
        """Inverse of `to_dict`."""
        return cls(**{**data, "thresholds": tuple(data["thresholds"]), "enemies": tuple(data.get("enemies", ()))})


@dataclass(frozen=True, slots=True)
class Prior:
    """Correlated normal distribution of abilities: `mean` has D entries, `cov` is D × D, positive definite."""

    mean: tuple[float, ...]
    cov: tuple[tuple[float, ...], ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return {"mean": list(self.mean), "cov": [list(row) for row in self.cov]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Prior:
        """Inverse of `to_dict`."""
        return cls(tuple(map(float, data["mean"])), tuple(tuple(map(float, row)) for row in data["cov"]))

    @classmethod
    def equicorrelated(cls, dims: int, correlation: float) -> Prior:
        """Standard normal dimensions that all correlate alike."""
        rows = tuple(tuple(1.0 if i == j else correlation for j in range(dims)) for i in range(dims))
        return cls((0.0,) * dims, rows)


@dataclass(frozen=True, slots=True)
class FacetQuota:
    """How many items of one facet a sitting holds: at least `minimum`, at most `maximum` (None: no limit)."""

    facet: str
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class KindLimit:
    """Upper limit on an item type: a count, a share of the items given so far (rounded up), or both."""

    kind: str
    max_count: int | None = None
    max_share: float | None = None


@dataclass(frozen=True, slots=True)
class LevelCuts:
    """Ascending cut scores of one dimension in logits, with the standard error of each (0: taken as exact)."""

    cuts: tuple[float, ...]
    se: tuple[float, ...] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LevelCuts:
        """From the plain dictionary that `dataclasses.asdict` gives."""
        return cls(tuple(map(float, data["cuts"])), tuple(map(float, data.get("se", ()))))


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What a sitting must satisfy.

    `target_se` has one posterior standard deviation per dimension (logits). `randomesque` is the number of best
    candidates among which the next item is drawn. `max_seconds` of None means no limit on time.

    `time_weight` divides the criterion of an item by its expected seconds to this power: 0 asks for the fewest items,
    1 for the shortest time.

    Two further stops, off by default: `classify` holds the cuts of every dimension, and the sitting ends when one
    level of each has probability `confidence`; `min_gain` ends it when the best item left is expected to lower the
    summed variance of the open dimensions by less.
    """

    target_se: tuple[float, ...]
    min_items: int
    max_items: int
    max_seconds: float | None = None
    facets: tuple[FacetQuota, ...] = ()
    kinds: tuple[KindLimit, ...] = ()
    randomesque: int = 5
    classify: tuple[LevelCuts, ...] = ()
    confidence: float = 0.95
    min_gain: float = 0.0
    time_weight: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Blueprint:
        """Inverse of `to_dict`."""
        return cls(
            **{
                **data,
                "target_se": tuple(data["target_se"]),
                "facets": tuple(FacetQuota(**row) for row in data.get("facets", ())),
                "kinds": tuple(KindLimit(**row) for row in data.get("kinds", ())),
                "classify": tuple(LevelCuts.from_dict(row) for row in data.get("classify", ())),
            }
        )


@dataclass(frozen=True, slots=True)
class ScaleTransform:
    """Linear reporting scale: `mean` + `sd` · θ, cut off at `floor` and `ceiling`."""

    mean: float = 500.0
    sd: float = 100.0
    floor: float = 0.0
    ceiling: float = 1000.0

    def score(self, theta: float) -> float:
        """Ability in logits to the reporting scale."""
        return min(self.ceiling, max(self.floor, self.mean + self.sd * theta))

    def se(self, sd: float) -> float:
        """Standard error in logits to the reporting scale."""
        return self.sd * sd

    def to_dict(self) -> dict[str, float]:
        """Plain dictionary for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class CompiledBank:
    """A bank made ready for sittings: parameter uncertainty integrated, curves tabulated, arrays read-only.

    - `nodes` [Q]: equally spaced ability values; `dims`: number of dimensions.
    - `prob`, `log_prob` [J, K, Q]: P(category | θ) and its logarithm; 0 and −inf beyond an item's categories.
    - `info` [J, Q]: Fisher information of the integrated curve.
    - `dim`, `n_categories`, `facet`, `kind` [J] (facet and kind as codes into the names), `seconds` [J].
    - `enemies`: for each item the indices of the items that may not stand beside it.
    """

    items: tuple[CatItem, ...]
    dims: int
    nodes: FloatArray
    prob: FloatArray
    log_prob: FloatArray
    info: FloatArray
    dim: IntArray
    n_categories: IntArray
    facet: IntArray
    facet_names: tuple[str, ...]
    kind: IntArray
    kind_names: tuple[str, ...]
    seconds: FloatArray
    enemies: tuple[tuple[int, ...], ...]
    index: Mapping[str, int]

    def __len__(self) -> int:
        """Number of items."""
        return len(self.items)


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Belief about one person: `mean` [D], `cov` [D, D], `sd` [D] in logits; `marginals` [D, Q] sum to one by row.

    `accuracy` "sitting": expectation propagation, wrong by some 0.001 SD, at worst 0.004; "final": corrected by
    cubature, wrong by some 0.0001 SD in up to five dimensions.
    """

    mean: FloatArray
    cov: FloatArray
    sd: FloatArray
    marginals: FloatArray
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class Choice:
    """The next item by index.

    `criterion` is its expected reduction of the summed posterior variance of the dimensions still open, `best` that
    of the best candidate,
    `candidates` are the indices among which it was drawn, best first, `unreachable` names facets whose minimum the
    bank can no longer fill.
    """

    index: int
    criterion: float
    best: float
    candidates: tuple[int, ...]
    unreachable: tuple[str, ...] = ()


class StopReason(StrEnum):
    """Why a sitting ends."""

    PRECISION = "precision"
    CLASSIFIED = "classified"
    GAIN = "min_gain"
    MAX_ITEMS = "max_items"
    TIME = "time"
    BANK = "bank_exhausted"
    FORM = "form_complete"  # the last item of a fixed form or panel was answered


@dataclass(frozen=True, slots=True)
class Step:
    """Answer of the stateless door: the belief now, and either a stop reason or the next item.

    `reached` says per dimension whether the target SE holds; `remaining` is the predicted number of items still to
    come (0 after a stop). `unmet_facets` names quotas that stay below their minimum (only when the bank ran out).
    """

    posterior: Posterior
    reached: tuple[bool, ...]
    remaining: int
    stop: StopReason | None
    choice: Choice | None
    unmet_facets: tuple[str, ...] = ()


LevelProbabilities = Sequence[tuple[float, ...]]
