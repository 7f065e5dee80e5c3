"""Exposure control: no item is seen by too many, so that a bank lives long.

Randomesque choice is part of the blueprint. Here are the two methods with a guaranteed rate: item eligibility, which
adapts from examinee to examinee (van der Linden & Veldkamp 2004, 2007), and Sympson–Hetter, whose parameters come
from simulations made beforehand (Sympson & Hetter 1985).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .contracts import BoolArray, FloatArray, IntArray
from .errors import BadBlueprint
from .selection import splitmix

WITHHOLDING = 1 << 21
"""Counters of a sitting's random numbers start here for exposure control, clear of the draws among candidates."""


@dataclass(frozen=True, slots=True, eq=False)
class ExposureCounts:
    """What is known about exposure so far: `examinees`, and per item [J] how many had it `eligible` and `given`."""

    examinees: float
    eligible: FloatArray
    given: FloatArray

    @classmethod
    def empty(cls, items: int) -> ExposureCounts:
        """Nobody has been tested yet."""
        return cls(0.0, np.zeros(items), np.zeros(items))

    def after(self, eligible: BoolArray, given: IntArray, *, fading: float = 1.0) -> ExposureCounts:
        """The counts after one more examinee; `fading` below 1 forgets the past (0.999: some 1,000 examinees)."""
        seen = np.zeros(len(self.given))
        seen[given] = 1.0
        return ExposureCounts(
            fading * self.examinees + 1.0,
            fading * self.eligible + eligible.astype(np.float64),
            fading * self.given + seen,
        )


def eligibility(counts: ExposureCounts, maximum: float) -> FloatArray:
    """Probability [J] that an item is eligible for the next examinee, so that at most `maximum` of them see it.

    P(eligible) ← min(1, maximum · P(eligible) / P(given)), probabilities estimated from the counts; items never given
    stay eligible. Beyond the papers, an item already seen by more than `maximum` is closed until it is below again.
    """
    if not 0.0 < maximum <= 1.0:
        raise BadBlueprint("maximum exposure is a share above 0 and at most 1", maximum=maximum)
    raised = np.divide(maximum * counts.eligible, counts.given, out=np.ones(len(counts.given)), where=counts.given > 0)
    over = counts.given > maximum * counts.examinees
    return np.where(over, 0.0, np.minimum(raised, 1.0))


def draw_eligible(probability: FloatArray, seed: int) -> BoolArray:
    """Mask [J] of the items eligible for one examinee; the draw belongs to `seed`, on every machine alike."""
    draws = np.array([splitmix(seed, WITHHOLDING + j) >> 11 for j in range(len(probability))]) * 2.0**-53
    return np.asarray((draws < probability) | (probability >= 1.0))


def withheld(counts: ExposureCounts, maximum: float, seed: int) -> tuple[int, ...]:
    """Items to exclude from one examinee's whole sitting, so that at most `maximum` of all examinees see any item.

    Draw once when a sitting begins, keep the answer with it, and hand it to `next_step` as `excluded`.
    """
    return tuple(np.flatnonzero(~draw_eligible(eligibility(counts, maximum), seed)).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class SympsonHetter:
    """Probability [J] of showing a chosen item, the exposure it leads to, and how many rounds that took."""

    keep: FloatArray
    exposure: FloatArray
    rounds: int
    converged: bool


def sympson_hetter(
    simulate: Callable[[FloatArray], tuple[FloatArray, FloatArray]],
    items: int,
    *,
    maximum: float,
    length: int,
    rounds: int = 40,
    tolerance: float = 0.01,
) -> SympsonHetter:
    """Find Sympson–Hetter probabilities by repeated simulation.

    `simulate(keep)` returns the shares [J] of examinees for whom an item was chosen, and to whom it was shown. Items
    chosen by more than `maximum` are shown with probability maximum / chosen; the `length` largest probabilities are
    raised to 1, so that every test can be filled. Ends when no exposure exceeds `maximum` by more than `tolerance`.
    """
    if not length / items <= maximum <= 1.0:
        raise BadBlueprint("the bank is too small for this maximum exposure", maximum=maximum, least=length / items)
    keep = np.ones(items)
    for count in range(1, rounds + 1):
        chosen, shown = simulate(keep)
        if shown.max() <= maximum + tolerance:
            return SympsonHetter(keep, shown, count, True)
        keep = np.minimum(1.0, maximum / np.maximum(chosen, maximum))
        keep[np.argsort(-keep, kind="stable")[:length]] = 1.0
    return SympsonHetter(keep, shown, rounds, False)
