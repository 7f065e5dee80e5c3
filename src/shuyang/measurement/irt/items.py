"""The parameters of a bank of items, one frozen container for every model.

Conventions (slope/intercept form, scaling constant D = 1), with the composite ``t = slopes @ theta``:

* ``rasch 1pl 2pl 3pl 4pl``  P(1) = g + (u - g) / (1 + exp(-(t + d_1)))
* ``graded``                 P(X >= k) = 1 / (1 + exp(-(t + d_k))), d_1 > d_2 > ...   (Samejima, 1969)
* ``pcm gpcm rsm nominal``   P(k) proportional to exp(s_k t + d_k), d_0 = 0           (Masters, 1982; Muraki, 1992;
  Andrich, 1978; Bock, 1972); s_k = k except for ``nominal``, where s_0 = 0, s_{K-1} = K - 1 and the rest are free.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.errors import BadModel, BadParameter, BadShape

Float = NDArray[np.float64]

BINARY = frozenset({"rasch", "1pl", "2pl", "3pl", "4pl"})
GRADED = frozenset({"graded"})
TOTAL = frozenset({"pcm", "gpcm", "rsm", "nominal"})
MODELS = BINARY | GRADED | TOTAL
UNIT_SLOPES = frozenset({"rasch", "pcm", "rsm"})
_ALIASES = {"grm": "graded", "gr": "graded", "nrm": "nominal", "1-pl": "1pl", "2-pl": "2pl", "3-pl": "3pl"}


def model_name(name: str) -> str:
    """The library's name of a model; case and the usual short forms (GRM, NRM) are accepted.

    Raises `BadModel` when the model is unknown.
    """
    plain = name.strip().lower()
    plain = _ALIASES.get(plain, plain)
    if plain not in MODELS:
        raise BadModel(f"unknown model {name!r}", model=name, known=sorted(MODELS))
    return plain


@dataclass(frozen=True, slots=True, eq=False)
class ItemParameters:
    """Parameters of J items with up to K categories on D dimensions.

    Attributes:
        ids: item names, unique, in the order of every array.
        models: model of each item, one of `MODELS`.
        categories: int [J], number of categories of each item (2 for the binary models).
        slopes: float [J, D].
        intercepts: float [J, K-1], ``d_1 ...``, NaN beyond an item's own categories.
        scores: float [J, K], category scores ``s_k``; 0, 1, 2, ... for all but nominal items, NaN beyond.
        g, u: float [J], lower and upper asymptote, 0 and 1 where the model has none.
        covariance: float [P, P] of the estimates named by `free`, or None when unknown. The asymptotes
            stand there on the logit scale.
        free: (item position, name) of each row of `covariance`; names are ``a1 ...``, ``d1 ...``, ``s1 ...``,
            ``logit_g``, ``logit_u``.
    """

    ids: tuple[str, ...]
    models: tuple[str, ...]
    categories: NDArray[np.int64]
    slopes: Float
    intercepts: Float
    scores: Float
    g: Float
    u: Float
    covariance: Float | None = None
    free: tuple[tuple[int, str], ...] = ()

    def __post_init__(self) -> None:
        _check(self)
        _trim(self)
        for array in (self.categories, self.slopes, self.intercepts, self.scores, self.g, self.u, self.covariance):
            if array is not None:
                array.setflags(write=False)

    @classmethod
    def build(
        cls,
        models: str | Sequence[str],
        slopes: ArrayLike,
        intercepts: ArrayLike | Sequence[Sequence[float]],
        *,
        g: ArrayLike = 0.0,
        u: ArrayLike = 1.0,
        scores: Sequence[Sequence[float]] | ArrayLike | None = None,
        ids: Iterable[str] | None = None,
        covariance: ArrayLike | None = None,
        free: Sequence[tuple[int, str]] = (),
    ) -> Self:
        """Make a bank from plain numbers.

        Args:
            models: one model for all items or one each.
            slopes: [J] or [J, D].
            intercepts: [J], [J, K-1] (NaN padded) or one sequence an item.
            g, u: scalar or [J].
            scores: category scores, needed for nominal items only; [J, K] NaN padded or one sequence an item.
            ids: item names; ``I1, I2, ...`` when absent.

        Raises:
            BadShape, BadModel, BadParameter.
        """
        a = _as_slopes(slopes)
        d = _pad(intercepts)
        if len(d) != len(a):
            raise BadShape("slopes and intercepts differ in length", slopes=len(a), intercepts=len(d))
        names = [models] * len(a) if isinstance(models, str) else list(models)
        if len(names) != len(a):
            raise BadShape("one model an item is needed", models=len(names), items=len(a))
        categories = np.sum(~np.isnan(d), axis=1) + 1
        return cls(
            ids=tuple(ids) if ids is not None else tuple(f"I{j + 1}" for j in range(len(a))),
            models=tuple(model_name(m) for m in names),
            categories=categories,
            slopes=a,
            intercepts=d,
            scores=_scores(scores, categories),
            g=np.array(np.broadcast_to(np.asarray(g, float), len(a))),
            u=np.array(np.broadcast_to(np.asarray(u, float), len(a))),
            covariance=None if covariance is None else np.array(covariance, float),
            free=tuple((int(j), str(n)) for j, n in free),
        )

    @classmethod
    def from_difficulty(
        cls,
        models: str | Sequence[str],
        slopes: ArrayLike,
        difficulties: ArrayLike | Sequence[Sequence[float]],
        **more: Any,
    ) -> Self:
        """Make a one-dimensional bank from slopes and difficulties.

        ``b`` of a binary item, ``b_k`` of a graded item (P(X >= k) = 1/2 there, without asymptotes), step
        difficulties of a (generalised) partial credit item (categories k-1 and k equally likely there).
        """
        a, b = _as_slopes(slopes), _pad(difficulties)
        names = [models] * len(a) if isinstance(models, str) else list(models)
        cumulative = np.array([model_name(m) in TOTAL for m in names])
        steps = np.where(cumulative[:, None], np.cumsum(b, axis=1), b)
        return cls.build(names, a, -a[:, :1] * steps, **more)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def dimensions(self) -> int:
        """Number D of latent dimensions."""
        return int(self.slopes.shape[1])

    def difficulties(self) -> Float:
        """Difficulties [J, K-1] of a one-dimensional bank, as `from_difficulty` takes them.

        NaN for nominal items, beyond an item's categories and where the slope is 0. With more than one
        dimension: the multidimensional difficulty -d / |a| (Reckase, 1985).
        """
        length = self.slopes[:, 0] if self.dimensions == 1 else np.linalg.norm(self.slopes, axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            located = -self.intercepts / length[:, None]
        located[~np.isfinite(located)] = np.nan
        for j, model in enumerate(self.models):
            if model == "nominal":
                located[j] = np.nan
            elif model in TOTAL:
                located[j] = np.diff(located[j], prepend=0.0)
        return located

    def select(self, positions: Sequence[int] | NDArray[np.int64]) -> ItemParameters:
        """The items at these positions, in this order, with their part of the covariance."""
        keep = [int(j) for j in positions]
        covariance, free = self._select_covariance(keep)
        return replace(
            self, ids=tuple(self.ids[j] for j in keep), models=tuple(self.models[j] for j in keep),
            categories=self.categories[keep], slopes=self.slopes[keep], intercepts=self.intercepts[keep],
            scores=self.scores[keep], g=self.g[keep], u=self.u[keep], covariance=covariance, free=free,
        )  # fmt: skip

    def _select_covariance(self, keep: list[int]) -> tuple[Float | None, tuple[tuple[int, str], ...]]:
        if self.covariance is None:
            return None, ()
        place = {j: at for at, j in enumerate(keep)}
        rows = [i for i, (j, _) in enumerate(self.free) if j in place]
        rows.sort(key=lambda i: place[self.free[i][0]])
        return self.covariance[np.ix_(rows, rows)], tuple((place[self.free[i][0]], self.free[i][1]) for i in rows)

    def standard_errors(self) -> dict[tuple[int, str], float]:
        """Standard error of every estimated parameter, keyed as `free`; empty without a covariance."""
        if self.covariance is None:
            return {}
        with np.errstate(invalid="ignore"):
            errors = np.sqrt(np.diag(self.covariance))
        return {key: float(se) for key, se in zip(self.free, errors, strict=True)}

    def to_table(self) -> dict[str, list[Any]]:
        """One column a parameter, one row an item; `se_...` columns where the covariance is known."""
        table: dict[str, list[Any]] = {"item": list(self.ids), "model": list(self.models)}
        for column, values in _columns(self):
            table[column] = values
        for (j, name), se in self.standard_errors().items():
            table.setdefault(f"se_{name}", [None] * len(self))[j] = se
        return table

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers (None for NaN), enough for `from_dict`."""
        return {
            "ids": list(self.ids), "models": list(self.models), "slopes": self.slopes.tolist(),
            "intercepts": _ragged(self.intercepts), "scores": _ragged(self.scores),
            "g": self.g.tolist(), "u": self.u.tolist(), "free": [list(f) for f in self.free],
            "covariance": None if self.covariance is None else self.covariance.tolist(),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        return cls.build(
            data["models"], data["slopes"], data["intercepts"], g=data["g"], u=data["u"], scores=data["scores"],
            ids=data["ids"], covariance=data.get("covariance"), free=[(j, n) for j, n in data.get("free", ())],
        )  # fmt: skip

    def summary(self) -> str:
        """A few lines for people: size, models, ranges of slopes and intercepts."""
        kinds = ", ".join(f"{self.models.count(m)} {m}" for m in sorted(set(self.models)))
        return (
            f"{len(self)} items ({kinds}), {self.dimensions} dimension(s)\n"
            f"slopes {np.min(self.slopes):.3f} to {np.max(self.slopes):.3f}, "
            f"intercepts {np.nanmin(self.intercepts):.3f} to {np.nanmax(self.intercepts):.3f}"
        )


def concatenate(banks: Sequence[ItemParameters]) -> ItemParameters:
    """One bank out of several on the same scale; covariances are kept as blocks when all have one."""
    if not banks:
        raise BadShape("no bank given")
    if len({bank.dimensions for bank in banks}) > 1:
        raise BadShape("banks differ in dimensions", dimensions=[bank.dimensions for bank in banks])
    covariance, free = _blocks(banks)
    intercepts = [row for bank in banks for row in _ragged(bank.intercepts)]
    return ItemParameters.build(
        [m for bank in banks for m in bank.models], np.concatenate([bank.slopes for bank in banks]), intercepts,
        g=np.concatenate([bank.g for bank in banks]), u=np.concatenate([bank.u for bank in banks]),
        scores=[row for bank in banks for row in _ragged(bank.scores)],
        ids=[i for bank in banks for i in bank.ids], covariance=covariance, free=free,
    )  # fmt: skip


def _blocks(banks: Sequence[ItemParameters]) -> tuple[Float | None, list[tuple[int, str]]]:
    if any(bank.covariance is None for bank in banks):
        return None, []
    sizes = [len(bank.free) for bank in banks]
    whole = np.zeros((sum(sizes), sum(sizes)))
    free: list[tuple[int, str]] = []
    at = items = 0
    for bank, size in zip(banks, sizes, strict=True):
        whole[at : at + size, at : at + size] = bank.covariance
        free += [(j + items, name) for j, name in bank.free]
        at, items = at + size, items + len(bank)
    return whole, free


def _as_slopes(slopes: ArrayLike) -> Float:
    a = np.array(slopes, float)
    if a.ndim == 1:
        a = a[:, None]
    if a.ndim != 2 or a.shape[1] < 1:
        raise BadShape("slopes must be [items] or [items, dimensions]", shape=a.shape)
    return a


def _pad(rows: Any) -> Float:
    """A NaN padded matrix from a vector, a matrix or one sequence a row."""
    if isinstance(rows, np.ndarray):
        return np.array(rows[:, None] if rows.ndim == 1 else rows, dtype=float)
    ragged = [np.array([np.nan if v is None else v for v in np.atleast_1d(row)], float) for row in rows]
    width = max((len(r) for r in ragged), default=1)
    return np.array([np.r_[r, np.full(width - len(r), np.nan)] for r in ragged]).reshape(len(ragged), width)


def _scores(scores: Any, categories: NDArray[np.int64]) -> Float:
    width = int(categories.max(initial=2))
    steps = np.arange(width, dtype=float)
    plain = np.where(steps[None, :] < categories[:, None], steps[None, :], np.nan)
    if scores is None:
        return plain
    given = _pad(scores)
    if given.shape != plain.shape:
        raise BadShape("scores must be [items, categories]", shape=given.shape, expected=plain.shape)
    return np.where(np.isnan(given), plain, given)


def _check(items: ItemParameters) -> None:
    size = len(items.ids)
    lengths = {
        len(x) for x in (items.models, items.categories, items.slopes, items.intercepts, items.scores, items.g, items.u)
    }
    if lengths != {size}:
        raise BadShape("the parts of a bank differ in length", lengths=sorted(lengths | {size}))
    if len(set(items.ids)) != size:
        raise BadParameter("item ids must be unique")
    if not np.all(np.isfinite(items.slopes)):
        raise BadParameter("slopes must be finite", items=_where(items, ~np.isfinite(items.slopes).all(axis=1)))
    _check_intercepts(items)
    bad = ~((items.g >= 0) & (items.g < items.u) & (items.u <= 1))
    if bad.any():
        raise BadParameter("asymptotes must satisfy 0 <= g < u <= 1", items=_where(items, bad))
    _check_covariance(items)


def _check_intercepts(items: ItemParameters) -> None:
    wide = np.arange(items.intercepts.shape[1])[None, :] < (items.categories - 1)[:, None]
    bad = (np.isfinite(items.intercepts) != wide).any(axis=1) | (items.categories < 2)
    if bad.any():
        raise BadParameter("an item needs its first K-1 intercepts, all finite", items=_where(items, bad))
    binary = np.array([m in BINARY for m in items.models], bool)
    if (binary & (items.categories != 2)).any():
        raise BadModel("a binary model has two categories", items=_where(items, binary & (items.categories != 2)))
    graded = np.array([m in GRADED for m in items.models], bool)
    unordered = graded & (np.diff(items.intercepts, axis=1) >= 0).any(axis=1)
    if unordered.any():
        raise BadParameter("graded intercepts must decrease", items=_where(items, unordered))


def _trim(items: ItemParameters) -> None:
    """Drop columns beyond the widest item: a part of a bank is as narrow as its own items."""
    width = int(items.categories.max(initial=2))
    object.__setattr__(items, "intercepts", items.intercepts[:, : width - 1])
    object.__setattr__(items, "scores", items.scores[:, :width])


def _check_covariance(items: ItemParameters) -> None:
    if items.covariance is not None and items.covariance.shape != (len(items.free), len(items.free)):
        raise BadShape("covariance does not fit its names", shape=items.covariance.shape, names=len(items.free))


def _where(items: ItemParameters, mask: Any) -> list[str]:
    return [items.ids[int(j)] for j in np.flatnonzero(mask)]


def _ragged(matrix: Float) -> list[list[float]]:
    return [[float(v) for v in row if not np.isnan(v)] for row in matrix]


def _columns(items: ItemParameters) -> Iterable[tuple[str, list[Any]]]:
    def plain(values: Float) -> list[Any]:
        return [None if np.isnan(v) else float(v) for v in values]

    yield from ((f"a{k + 1}", plain(items.slopes[:, k])) for k in range(items.dimensions))
    yield from ((f"d{k + 1}", plain(items.intercepts[:, k])) for k in range(items.intercepts.shape[1]))
    if "nominal" in items.models:
        yield from ((f"s{k}", plain(items.scores[:, k])) for k in range(items.scores.shape[1]))
    yield "g", plain(items.g)
    yield "u", plain(items.u)
