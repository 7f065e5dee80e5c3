"""Logistic-regression DIF: uniform and non-uniform, dichotomous and ordered items, two groups or more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from shuyang.measurement.dif.cumulative import fit_cumulative, null_log_likelihood
from shuyang.measurement.dif.matching import DifData, Floats, dif_data, false_discovery
from shuyang.measurement.irt.data import Responses


@dataclass(frozen=True, slots=True)
class LogisticDif:
    """One entry an item, all [J].

    chi2, df, p: joint test (uniform and non-uniform); uniform_*, nonuniform_*: the two steps; p_adjusted:
    Benjamini-Hochberg of the joint p. r2_change: gain of Nagelkerke's R2 by group and interaction; grade: "A", "B",
    "C" by Jodoin & Gierl (2001: .035, .070), grade_zumbo by Zumbo & Thomas (1997: .13, .26), "A" where the joint test
    does not reject at .05. delta: group effect at equal ability in ETS units, 2.35 times the log odds, negative =
    harder for the focal group (the group of largest effect where there are several). converged: False where an
    estimate runs to infinity (separation); the statistics are then limits, and NaN where an item does not vary.
    """

    items: tuple[str, ...]
    groups: tuple[str, ...]
    chi2: Floats
    df: Floats
    p: Floats
    p_adjusted: Floats
    uniform_chi2: Floats
    uniform_p: Floats
    nonuniform_chi2: Floats
    nonuniform_p: Floats
    r2_change: Floats
    delta: Floats
    grade: tuple[str, ...]
    grade_zumbo: tuple[str, ...]
    converged: tuple[bool, ...]
    anchors: tuple[str, ...]
    rounds: int

    def to_table(self) -> dict[str, list[Any]]:
        columns: dict[str, list[Any]] = {"item": list(self.items)}
        names = ("chi2", "df", "p", "p_adjusted", *_Row._fields[3:9])
        columns |= {name: getattr(self, name).tolist() for name in names}
        more = ("grade", "grade_zumbo", "converged")
        return columns | {name: list(getattr(self, name)) for name in more}

    def to_dict(self) -> dict[str, Any]:
        return {
            "groups": list(self.groups),
            "anchors": list(self.anchors),
            "rounds": self.rounds,
            "items": self.to_table(),
        }

    def summary(self) -> str:
        counts = ", ".join(f"{g} {self.grade.count(g)}" for g in "ABC")
        flagged = ", ".join(i for i, g in zip(self.items, self.grade, strict=True) if g in "BC" and g) or "none"
        return f"logistic-regression DIF over {' : '.join(self.groups)}: {counts}; flagged: {flagged}"


class _Row(NamedTuple):
    chi2: float
    df: float
    p: float
    uniform_chi2: float
    uniform_p: float
    nonuniform_chi2: float
    nonuniform_p: float
    r2_change: float
    delta: float
    converged: bool


_NOTHING = _Row(np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, True)


def logistic_dif(
    responses: Responses | ArrayLike,
    groups: Sequence[Any],
    *,
    ability: ArrayLike | None = None,
    items: Sequence[str] | None = None,
    reference: Any = None,
    purify: bool = True,
    max_rounds: int = 10,
) -> LogisticDif:
    """Logistic-regression DIF of every item (Swaminathan & Rogers 1990; ordered items: Zumbo 1999, proportional odds).

    logit P(X >= k) = c_k + b1 z + b2 group + b3 z group, z the standardised matching variable: the sum score (complete
    data only; purified by leaving out items graded B or C, but for their own test) or `ability` [N] (for adaptive or
    sparse data; each item on those who answered it). responses: [N, J] categories 0.., missing NaN or -1; groups: [N]
    labels, two or more; reference: label (default the first met).
    Raises BadShape, BadCategory, NoVariation, NeedsCompleteData.
    """
    data = dif_data(responses, groups, ability=ability, items=items, reference=reference)
    if data.ability is not None:
        rows = [_test(data, j, data.ability) for j in range(len(data.ids))]
        return _collect(data, rows, range(len(data.ids)), 0)
    return _purified(data, max_rounds if purify else 0)


def _purified(data: DifData, max_rounds: int) -> LogisticDif:
    anchors = tuple(range(len(data.ids)))
    seen: set[tuple[int, ...]] = set()
    rounds = 0
    while True:
        rows = [_test(data, j, data.rest_scores(anchors, j)) for j in range(len(data.ids))]
        clean = tuple(j for j, row in enumerate(rows) if _grade(row, 0.035, 0.070) in ("", "A"))
        if rounds >= max_rounds or clean == anchors or clean in seen or not clean:
            return _collect(data, rows, anchors, rounds)
        seen.add(clean)
        anchors, rounds = clean, rounds + 1


def _test(data: DifData, item: int, matching: Floats) -> _Row:
    rows = data.answered(item)
    _, answer = np.unique(data.responses[rows, item], return_inverse=True)
    present, group = np.unique(data.groups[rows], return_inverse=True)
    z = matching[rows]
    if answer.max(initial=0) == 0 or len(present) < 2 or np.ptp(z) == 0:
        return _NOTHING
    z = (z - z.mean()) / z.std()
    dummy = (group[:, None] == np.arange(1, len(present))[None, :]).astype(float)
    base = fit_cumulative(answer, z[:, None])
    uniform = fit_cumulative(answer, np.column_stack([z, dummy]))
    full = fit_cumulative(answer, np.column_stack([z, dummy, dummy * z[:, None]]))
    null, n, extra = null_log_likelihood(answer), len(answer), len(present) - 1
    effects = uniform.slopes[1:]
    logliks = base.log_likelihood, uniform.log_likelihood, full.log_likelihood
    steps = [max(2 * (logliks[k] - logliks[k - 1]), 0.0) for k in (1, 2)]
    joint = max(2 * (logliks[2] - logliks[0]), 0.0)
    return _Row(
        chi2=joint,
        df=2.0 * extra,
        p=float(chdtrc(2 * extra, joint)),
        uniform_chi2=steps[0],
        uniform_p=float(chdtrc(extra, steps[0])),
        nonuniform_chi2=steps[1],
        nonuniform_p=float(chdtrc(extra, steps[1])),
        r2_change=_nagelkerke(logliks[2], null, n) - _nagelkerke(logliks[0], null, n),
        delta=2.35 * float(effects[np.abs(effects).argmax()]),
        converged=base.converged and uniform.converged and full.converged,
    )


def _nagelkerke(log_likelihood: float, null: float, n: int) -> float:
    return float(-np.expm1(2 * (null - log_likelihood) / n) / -np.expm1(2 * null / n))


def _grade(row: _Row, small: float, large: float) -> str:
    if np.isnan(row.p):
        return ""
    if row.p >= 0.05 or row.r2_change < small:
        return "A"
    return "C" if row.r2_change >= large else "B"


def _collect(data: DifData, rows: list[_Row], anchors: Sequence[int], rounds: int) -> LogisticDif:
    columns = {name: np.array([getattr(row, name) for row in rows]) for name in _Row._fields[:-1]}
    return LogisticDif(
        items=data.ids,
        groups=data.labels,
        p_adjusted=false_discovery(columns["p"]),
        grade=tuple(_grade(row, 0.035, 0.070) for row in rows),
        grade_zumbo=tuple(_grade(row, 0.13, 0.26) for row in rows),
        converged=tuple(row.converged for row in rows),
        anchors=tuple(data.ids[j] for j in anchors),
        rounds=rounds,
        **columns,
    )
