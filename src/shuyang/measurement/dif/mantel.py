"""Mantel-Haenszel DIF with the ETS classes, and Mantel's test for items of several categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtri

from shuyang.measurement.dif.matching import DifData, Floats, Ints, dif_data, false_discovery, strata
from shuyang.measurement.errors import BadShape
from shuyang.measurement.irt.data import Responses

DELTA = (
    -2.35
)  # ETS delta metric: 4/1.7 times the log odds ratio, sign turned so that negative disfavours the focal group


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """One entry an item, all [J].

    odds: common odds ratio (reference over focal; NaN for items of several categories); delta: MH D-DIF = -2.35 ln
    odds, negative = harder for the focal group; se: of delta; chi2, p: continuity-corrected MH (Mantel's for several
    categories), 1 df; p_adjusted: Benjamini-Hochberg; smd: standardised mean difference (focal minus reference)
    divided by the item's standard deviation; grade: ETS "A", "B" or "C", "" where the data can't say.
    anchors: ids the sum score was purified to; rounds: purification rounds.
    """

    items: tuple[str, ...]
    reference: str
    focal: str
    odds: Floats
    delta: Floats
    se: Floats
    chi2: Floats
    p: Floats
    p_adjusted: Floats
    smd: Floats
    grade: tuple[str, ...]
    anchors: tuple[str, ...]
    rounds: int

    def to_table(self) -> dict[str, list[Any]]:
        names = ("odds", "delta", "se", "chi2", "p", "p_adjusted", "smd")
        columns: dict[str, list[Any]] = {"item": list(self.items)}
        columns |= {name: getattr(self, name).tolist() for name in names}
        return columns | {"grade": list(self.grade)}

    def to_dict(self) -> dict[str, Any]:
        return {
            "reference": self.reference,
            "focal": self.focal,
            "anchors": list(self.anchors),
            "rounds": self.rounds,
            "items": self.to_table(),
        }

    def summary(self) -> str:
        counts = ", ".join(f"{g} {self.grade.count(g)}" for g in "ABC")
        flagged = ", ".join(i for i, g in zip(self.items, self.grade, strict=True) if g == "C") or "none"
        return f"Mantel-Haenszel {self.reference} : {self.focal}: {counts}; large: {flagged}"


class _Row(NamedTuple):
    odds: float
    delta: float
    se: float
    chi2: float
    p: float
    smd: float
    grade: str


_NOTHING = _Row(np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, "")


def mantel_haenszel(
    responses: Responses | ArrayLike,
    groups: Sequence[Any],
    *,
    ability: ArrayLike | None = None,
    intervals: int | None = None,
    items: Sequence[str] | None = None,
    reference: Any = None,
    focal: Any = None,
    purify: bool = True,
    max_rounds: int = 10,
) -> MantelHaenszel:
    """Mantel-Haenszel test of every item (Holland & Thayer 1988; Mantel 1963; ETS classes: Zwick 2012).

    responses: `Responses`, or a matrix [N, J] with NaN or -1 for missing; groups: [N] labels. Matching is on the sum
    score, which needs complete data and is purified (items graded C leave the score, but for their own test) until the
    flagged set repeats; or on `ability` [N] (for adaptive or sparse data), cut into `intervals` (default 20) of equal
    size, without purification. reference: label of the reference group (default the first met); focal: the group set
    against it, needed when there are more than two.
    Raises BadShape, BadCategory, NoVariation, NeedsCompleteData. Standard error of the log odds: Robins, Breslow &
    Greenland (1986). For several categories the effect is the standardised mean difference (Dorans & Schmitt 1991),
    grade B above .17 and C above .25 where Mantel's test rejects.
    """
    data = _two_groups(dif_data(responses, groups, ability=ability, items=items, reference=reference), focal)
    if data.ability is not None:
        rows = _against(data, strata(data.ability, intervals or 20))
        return _collect(data, rows, range(len(data.ids)), 0)
    return _purified(data, intervals, max_rounds if purify else 0)


def _two_groups(data: DifData, focal: Any) -> DifData:
    if focal is None and len(data.labels) > 2:
        raise BadShape("more than two groups: name the focal one", groups=data.labels)
    label = data.labels[1] if focal is None else str(focal)
    if label not in data.labels[1:]:
        raise BadShape("the focal group has no members or is the reference", focal=label)
    code = data.labels.index(label)
    keep = (data.groups == 0) | (data.groups == code)
    ability = None if data.ability is None else data.ability[keep]
    codes = (data.groups[keep] > 0).astype(np.int64)
    return DifData(data.ids, data.responses[keep], codes, (data.labels[0], label), ability)


def _against(data: DifData, level: Ints) -> list[_Row]:
    return [_test(data, j, level) for j in range(len(data.ids))]


def _purified(data: DifData, intervals: int | None, max_rounds: int) -> MantelHaenszel:
    anchors = tuple(range(len(data.ids)))
    seen: set[tuple[int, ...]] = set()
    rounds = 0
    while True:
        rows = [_test(data, j, strata(data.rest_scores(anchors, j), intervals)) for j in range(len(data.ids))]
        clean = tuple(j for j, row in enumerate(rows) if row.grade != "C")
        if rounds >= max_rounds or clean == anchors or clean in seen or not clean:
            return _collect(data, rows, anchors, rounds)
        seen.add(clean)
        anchors, rounds = clean, rounds + 1


def _collect(data: DifData, rows: list[_Row], anchors: Sequence[int], rounds: int) -> MantelHaenszel:
    columns = {name: np.array([getattr(row, name) for row in rows]) for name in _Row._fields[:-1]}
    return MantelHaenszel(
        items=data.ids,
        reference=data.labels[0],
        focal=data.labels[1],
        p_adjusted=false_discovery(columns["p"]),
        grade=tuple(row.grade for row in rows),
        anchors=tuple(data.ids[j] for j in anchors),
        rounds=rounds,
        **columns,
    )


def _test(data: DifData, item: int, level: Ints) -> _Row:
    rows = data.answered(item)
    answer, group = data.responses[rows, item], data.groups[rows]
    counts = _counts(answer, group, level[rows])
    if counts.shape[0] == 0 or (counts.sum(axis=(0, 1)) > 0).sum() < 2:
        return _NOTHING
    smd = _mean_difference(counts)
    if counts.shape[2] == 2:
        return _dichotomous(counts, smd)
    return _several(counts, smd)


def _counts(answer: Ints, group: Ints, level: Ints) -> Floats:
    """Counts [strata, 2 groups, categories] of the strata where both groups have someone."""
    kinds, top = int(level.max(initial=0)) + 1, int(answer.max(initial=1)) + 1
    flat = np.bincount((level * 2 + group) * top + answer, minlength=kinds * 2 * top)
    table = flat.reshape(kinds, 2, top).astype(float)
    return np.asarray(table[(table.sum(axis=2) > 0).all(axis=1)])


def _dichotomous(counts: Floats, smd: float) -> _Row:
    a, b = counts[:, 0, 1], counts[:, 0, 0]
    c, d = counts[:, 1, 1], counts[:, 1, 0]
    n = a + b + c + d
    r, s = a * d / n, b * c / n
    statistic = _mantel_chi2(counts, correction=0.5)
    p = float(chdtrc(1, statistic))
    if r.sum() == 0 or s.sum() == 0:
        return _Row(np.nan, np.nan, np.nan, statistic, p, smd, "")
    odds = float(r.sum() / s.sum())
    agree, differ = (a + d) / n, (b + c) / n
    variance = (
        (agree * r).sum() / (2 * r.sum() ** 2)
        + (agree * s + differ * r).sum() / (2 * r.sum() * s.sum())
        + (differ * s).sum() / (2 * s.sum() ** 2)
    )
    delta, se = DELTA * float(np.log(odds)), -DELTA * float(np.sqrt(variance))
    return _Row(odds, delta, se, statistic, p, smd, _ets(delta, se, p))


def _ets(delta: float, se: float, p: float) -> str:
    size = abs(delta)
    if size < 1 or not p < 0.05:
        return "A"
    return "C" if size >= 1.5 and (size - 1) / se > ndtri(0.95) else "B"


def _several(counts: Floats, smd: float) -> _Row:
    statistic = _mantel_chi2(counts, correction=0.0)
    p = float(chdtrc(1, statistic))
    size = abs(smd)
    grade = "" if np.isnan(p) else "A" if p >= 0.05 or size <= 0.17 else "C" if size > 0.25 else "B"
    return _Row(np.nan, np.nan, np.nan, statistic, p, smd, grade)


def _mantel_chi2(counts: Floats, *, correction: float) -> float:
    """Mantel (1963): focal sum of scores against its hypergeometric expectation, over the strata."""
    score = np.arange(counts.shape[2], dtype=float)
    n, margin = counts.sum(axis=(1, 2)), counts.sum(axis=1)
    reference, focal = counts[:, 0].sum(axis=1), counts[:, 1].sum(axis=1)
    total, square = margin @ score, margin @ score**2
    expected = focal * total / n
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where(n > 1, reference * focal * (n * square - total**2) / (n**2 * (n - 1)), 0.0)
    if variance.sum() <= 0:
        return float("nan")
    gap = abs((counts[:, 1] @ score).sum() - expected.sum())
    return float(max(gap - correction, 0.0) ** 2 / variance.sum())


def _mean_difference(counts: Floats) -> float:
    score = np.arange(counts.shape[2], dtype=float)
    sizes = counts.sum(axis=2)
    means = counts @ score / sizes
    share = sizes[:, 1] / sizes[:, 1].sum()
    margin = counts.sum(axis=(0, 1)) / counts.sum()
    spread = float(np.sqrt(margin @ score**2 - (margin @ score) ** 2))
    return float(share @ (means[:, 1] - means[:, 0])) / spread if spread > 0 else float("nan")
