"""Who is compared with whom: groups, the matching variable, its strata, and the answers to one item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.errors import BadShape, NeedsCompleteData, NoVariation
from shuyang.measurement.irt.data import Responses, as_responses

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DifData:
    """Responses [N, J] (categories 0.., -1 = not answered), group codes [N] (0 = reference), ability [N] or None."""

    ids: tuple[str, ...]
    responses: NDArray[np.int8]
    groups: Ints
    labels: tuple[str, ...]
    ability: Floats | None

    @property
    def complete(self) -> bool:
        return bool((self.responses >= 0).all())

    def answered(self, item: int) -> NDArray[np.intp]:
        """Rows of the persons who answered the item."""
        return np.flatnonzero(self.responses[:, item] >= 0)

    def rest_scores(self, anchors: Sequence[int], item: int) -> Floats:
        """Sum score over the anchors, the studied item included (Holland & Thayer 1988)."""
        columns = sorted({*anchors, item})
        return np.asarray(self.responses[:, columns].sum(axis=1, dtype=np.int64), float)


def dif_data(
    responses: Responses | ArrayLike,
    groups: Sequence[Any],
    *,
    ability: ArrayLike | None = None,
    items: Sequence[str] | None = None,
    reference: Any = None,
) -> DifData:
    """Check and code the input; the matching needs complete data unless an ability is given.

    Raises BadShape, BadCategory, NoVariation (fewer than two groups) or NeedsCompleteData.
    """
    answers = as_responses(responses, items)
    n = answers.persons
    if len(groups) != n:
        raise BadShape("one group a person is needed", groups=len(groups), persons=n)
    codes, labels = code_groups(groups, reference)
    matched = None if ability is None else _ability(ability, n)
    data = DifData(answers.item_ids, answers.to_matrix(), codes, labels, matched)
    if matched is None and not data.complete:
        raise NeedsCompleteData("matching on the sum score needs complete data; give `ability` to match on it instead")
    return data


def code_groups(groups: Sequence[Any], reference: Any) -> tuple[Ints, tuple[str, ...]]:
    """Code of each person (0 = reference, default the first met) and the labels; NoVariation with a single group."""
    order = list(dict.fromkeys(groups))
    if len(order) < 2:
        raise NoVariation("two groups or more are needed", groups=[str(g) for g in order])
    if reference is not None:
        if reference not in order:
            raise BadShape("the reference group has no members", reference=str(reference))
        order = [reference, *(g for g in order if g != reference)]
    code = {label: k for k, label in enumerate(order)}
    return np.array([code[g] for g in groups], np.int64), tuple(str(g) for g in order)


def _ability(ability: ArrayLike, n: int) -> Floats:
    values = np.asarray(ability, float)
    if values.shape != (n,) or not np.isfinite(values).all():
        raise BadShape("ability must be one finite number a person", persons=n)
    return values


def strata(values: Floats, count: int | None) -> Ints:
    """Stratum of each person: every distinct value (count None), or `count` intervals of about equal size."""
    if count is None:
        return np.unique(values, return_inverse=True)[1].astype(np.int64)
    edges = np.unique(np.quantile(values, np.linspace(0, 1, count + 1)[1:-1]))
    return np.searchsorted(edges, values, side="right").astype(np.int64)


def false_discovery(p: Floats) -> Floats:
    """Benjamini-Hochberg adjusted p values; NaN stays NaN and does not count."""
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    if not len(known):
        return adjusted
    order = known[np.argsort(p[known])]
    scaled = p[order] * len(known) / np.arange(1, len(known) + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return adjusted
