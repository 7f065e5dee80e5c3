"""Item parameters as one matrix of real numbers, the form in which they are estimated.

Row j of psi [J, M] holds item j: slopes, intercepts, free category scores (only if a nominal item exists), logits of
the asymptotes (only if a 3PL or 4PL item exists). Equality constraints are linear in psi, so every convex or
extrapolated combination of matrices that satisfy them satisfies them too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import BadModel
from shuyang.measurement.irt.items import BINARY, GRADED, UNIT_SLOPES, ItemParameters
from shuyang.measurement.irt.models import sigmoid

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]
FAMILIES = ("binary", "graded", "total")


@dataclass(frozen=True, slots=True, eq=False)
class Tie:
    """Items whose parameters share some unknowns: psi_j moves along own[j] and shared[j] only.

    own [T, M, o] has the item's own directions (padded with 0), shared [T, M, s] the common ones.
    """

    rows: NDArray[np.int64]
    own: Float
    shared: Float


@dataclass(frozen=True, slots=True, eq=False)
class Working:
    """Layout of psi for a bank: which columns mean what, which entries are free, which are tied."""

    ids: tuple[str, ...]
    models: tuple[str, ...]
    categories: NDArray[np.int64]
    dimensions: int
    free: Bool
    ties: tuple[Tie, ...]
    template: ItemParameters
    family_rows: tuple[tuple[str, NDArray[np.int64]], ...] = field(default=())

    @property
    def width(self) -> int:
        """Largest number of categories K."""
        return int(self.categories.max())

    @property
    def a(self) -> slice:
        """Columns of the slopes."""
        return slice(0, self.dimensions)

    @property
    def d(self) -> slice:
        """Columns of the intercepts."""
        return slice(self.dimensions, self.dimensions + self.width - 1)

    @property
    def s(self) -> slice:
        """Columns of the category scores s_1 ... s_{K-2}; empty without nominal items."""
        start = self.d.stop
        return slice(start, start + (self.width - 2 if "nominal" in self.models else 0))

    @property
    def asymptotes(self) -> slice:
        """Columns of logit g and logit u; empty without 3PL and 4PL items."""
        start = self.s.stop
        return slice(start, start + (2 if self.guessing else 0))

    @property
    def guessing(self) -> bool:
        """Whether any item has an asymptote."""
        t = self.template
        return "3pl" in self.models or "4pl" in self.models or bool((t.g > 0).any() or (t.u < 1).any())

    def pack(self, items: ItemParameters) -> Float:
        """psi of a bank; absent parameters are 0."""
        psi = np.zeros((len(items), self.asymptotes.stop))
        psi[:, self.a] = items.slopes
        psi[:, self.d] = np.nan_to_num(items.intercepts)
        inner = self.s.stop - self.s.start
        psi[:, self.s] = np.nan_to_num(items.scores[:, 1 : 1 + inner])
        if self.guessing:
            psi[:, self.asymptotes.start] = _logit(items.g)
            psi[:, self.asymptotes.start + 1] = _logit(items.u)
        return psi

    def unpack(self, psi: Float) -> ItemParameters:
        """The bank of psi, unchecked and cheap: for the inside of an iteration."""
        absent = np.isnan(self.template.intercepts)
        scores = self.template.scores
        if self.s.stop > self.s.start:
            scores = scores.copy()
            nominal = np.array([m == "nominal" for m in self.models])[:, None]
            inner = slice(1, 1 + self.s.stop - self.s.start)
            known = np.isnan(scores[:, inner]) | ~nominal | ~self.free[:, self.s]
            scores[:, inner] = np.where(known, scores[:, inner], psi[:, self.s])
        g, u = self.template.g, self.template.u
        if self.guessing:
            at = self.asymptotes.start
            g, u = sigmoid(psi[:, at]), sigmoid(psi[:, at + 1])
        intercepts = np.where(absent, np.nan, psi[:, self.d])
        return unchecked(self.ids, self.models, self.categories, psi[:, self.a].copy(), intercepts, scores, g, u)

    def column_names(self) -> list[str]:
        """Name of every column, as `ItemParameters.free` uses them."""
        names = [f"a{k + 1}" for k in range(self.dimensions)] + [f"d{k}" for k in range(1, self.width)]
        names += [f"s{k + 1}" for k in range(self.s.stop - self.s.start)]
        return names + (["logit_g", "logit_u"] if self.guessing else [])

    def free_parameters(self) -> int:
        """Number of unknowns, ties counted once."""
        tied = {int(j) for tie in self.ties for j in tie.rows}
        alone = sum(int(self.free[j].sum()) for j in range(len(self.ids)) if j not in tied)
        return alone + sum(_unknowns(tie) for tie in self.ties)


def unchecked(
    ids: tuple[str, ...],
    models: tuple[str, ...],
    categories: NDArray[np.int64],
    slopes: Float,
    intercepts: Float,
    scores: Float,
    g: Float,
    u: Float,
) -> ItemParameters:
    """A bank without the checks of its constructor (hot loops make one an iteration)."""
    items = object.__new__(ItemParameters)
    values = (ids, models, categories, slopes, intercepts, scores, g, u, None, ())
    for name, value in zip(ItemParameters.__slots__, values, strict=True):
        object.__setattr__(items, name, value)
    return items


def working_layout(start: ItemParameters, *, loads: Bool | None = None, fixed: Sequence[int] = ()) -> Working:
    """Layout for estimating the bank `start`.

    Args:
        loads: [J, D] which slopes are free; all when absent.
        fixed: positions of items that keep their parameters.
    """
    size, dims = start.slopes.shape
    bare = Working(start.ids, start.models, start.categories, dims, np.zeros((size, 0), bool), (), start)
    free = np.zeros((size, bare.asymptotes.stop), bool)
    for j, model in enumerate(start.models):
        free[j] = _free_row(bare, model, int(start.categories[j]))
    if loads is not None:
        free[:, bare.a] &= loads
    free[list(fixed)] = False
    ties = (*_common_slope(bare, free), *_rating_scales(bare, free))
    return Working(start.ids, start.models, start.categories, dims, free, ties, start, _family_rows(start.models))


def _free_row(layout: Working, model: str, categories: int) -> Bool:
    row = np.zeros(layout.asymptotes.stop, bool)
    row[layout.a] = model not in UNIT_SLOPES
    row[layout.d.start : layout.d.start + categories - 1] = True
    if model == "nominal":
        row[layout.s.start : layout.s.start + categories - 2] = True
    if model in ("3pl", "4pl"):
        row[layout.asymptotes.start] = True
        row[layout.asymptotes.start + 1] = model == "4pl"
    return row


def _common_slope(layout: Working, free: Bool) -> list[Tie]:
    rows = np.array([j for j, m in enumerate(layout.models) if m == "1pl" and free[j].any()], np.int64)
    if not len(rows):
        return []
    width = free.shape[1]
    own = np.zeros((len(rows), width, 1))
    own[:, layout.d.start, 0] = 1.0
    shared = np.zeros((len(rows), width, layout.dimensions))
    for k in range(layout.dimensions):
        shared[:, k, k] = free[rows, k]
    return [Tie(rows, own, shared)]


def _rating_scales(layout: Working, free: Bool) -> list[Tie]:
    """d_k = k c_j + tau_k with tau_1 ... tau_{K-2} common and tau_{K-1} = 0 (Andrich, 1978)."""
    rows = np.array([j for j, m in enumerate(layout.models) if m == "rsm" and free[j].any()], np.int64)
    ties = []
    for categories in sorted({int(layout.categories[j]) for j in rows}):
        if categories < 3:
            raise BadModel("a rating scale needs three categories or more", categories=categories)
        some = rows[layout.categories[rows] == categories]
        own = np.zeros((len(some), free.shape[1], 1))
        shared = np.zeros((len(some), free.shape[1], categories - 2))
        for k in range(1, categories):
            own[:, layout.d.start + k - 1, 0] = k
            if k < categories - 1:
                shared[:, layout.d.start + k - 1, k - 1] = 1.0
        ties.append(Tie(some, own, shared))
    return ties


def _family_rows(models: tuple[str, ...]) -> tuple[tuple[str, NDArray[np.int64]], ...]:
    kinds = ["binary" if m in BINARY else "graded" if m in GRADED else "total" for m in models]
    found = [(f, np.array([j for j, k in enumerate(kinds) if k == f], np.int64)) for f in FAMILIES]
    return tuple((f, rows) for f, rows in found if len(rows))


def _unknowns(tie: Tie) -> int:
    own = int(np.any(tie.own != 0, axis=1).sum())
    return own + int(np.any(tie.shared != 0, axis=(0, 1)).sum())


def _logit(p: Float) -> Float:
    with np.errstate(divide="ignore"):
        return np.asarray(np.clip(np.log(p) - np.log1p(-p), -800.0, 800.0))
