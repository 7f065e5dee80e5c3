"""Compile items into tables: category curves with the uncertainty of their parameters integrated out.

One person answers an item once, so the person's likelihood is the product of the items' *marginal* curves
∫ P(x | θ, ξ) p(ξ) dξ: integrating the curve item by item is exact, not an approximation. The guessing parameter
enters P linearly and independently of the others, so its mean already is its integral.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .contracts import CatItem, CompiledBank, FloatArray, IntArray
from .curves import category_curves
from .errors import BadItem

SLOPE_NODES = 9
SHIFT_NODES = 15
NODES = 73
BOUND = 6.0
"""Grid of a compiled bank: step 1/6, fine enough for posterior SDs from 0.15 on, wide enough for priors that fit in
± 3.5 SD (wider ones are refused)."""
SMALLEST = 1e-12
"""Probabilities are kept above this, so that one impossible-looking answer can't erase a person's evidence."""


def compile_bank(items: Sequence[CatItem], *, dims: int = 5, nodes: int = NODES, bound: float = BOUND) -> CompiledBank:
    """Tabulate the integrated curves of `items` on `nodes` equally spaced points of [−bound, bound].

    Item order and ids are kept; the result is a pure function of the arguments. Raises `BadItem`.
    """
    grid = np.linspace(-bound, bound, nodes)
    index = _index(items)
    for item in items:
        check_item(item, dims)
    n_categories = np.array([len(item.thresholds) + 1 for item in items], dtype=np.int64)
    prob, log_prob, info = _tables(items, grid, int(n_categories.max(initial=2)))
    facet, facet_names = _codes([item.facet for item in items])
    kind, kind_names = _codes([item.kind for item in items])
    return CompiledBank(
        items=tuple(items),
        dims=dims,
        nodes=_frozen(grid),
        prob=_frozen(prob),
        log_prob=_frozen(log_prob),
        info=_frozen(info),
        dim=_frozen_int([item.dim for item in items]),
        n_categories=_frozen_int(n_categories),
        facet=_frozen_int(facet),
        facet_names=facet_names,
        kind=_frozen_int(kind),
        kind_names=kind_names,
        seconds=_frozen(np.array([item.seconds for item in items], dtype=np.float64)),
        enemies=_enemies(items, index),
        index=index,
    )


def marginal_curves(item: CatItem, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Integrated category probabilities and their derivatives by θ, both [K, Q], at `theta` [Q].

    Gauss–Hermite product over log slope and shift; one node where a standard deviation is zero.
    """
    z_slope, w_slope = _normal_nodes(SLOPE_NODES if item.slope_log_sd else 1)
    z_shift, w_shift = _normal_nodes(SHIFT_NODES if item.threshold_sd else 1)
    slope = (item.slope * np.exp(item.slope_log_sd * z_slope))[:, None, None]
    shift = (item.threshold_sd * z_shift)[None, :, None]
    prob, slopes = category_curves(item, theta[None, None, :], slope, shift)
    weight = w_slope[:, None] * w_shift[None, :]
    return np.einsum("kabq,ab->kq", prob, weight), np.einsum("kabq,ab->kq", slopes, weight)


def check_item(item: CatItem, dims: int) -> None:
    """Raise `BadItem` unless the item's numbers make sense."""
    numbers = (item.slope, item.slope_log_sd, item.threshold_sd, item.guessing, item.guessing_sd, *item.thresholds)
    problems = {
        "dim": not 0 <= item.dim < dims,
        "model": item.model not in ("3pl", "grm", "gpcm"),
        "not_finite": not np.all(np.isfinite(numbers)),
        "slope": item.slope <= 0,
        "sd": min(item.slope_log_sd, item.threshold_sd, item.guessing_sd) < 0,
        "guessing": not 0 <= item.guessing < 1 or (item.model != "3pl" and item.guessing > 0),
        "thresholds": not item.thresholds or (item.model == "3pl" and len(item.thresholds) != 1),
        "order": item.model == "grm" and bool(np.any(np.diff(item.thresholds) <= 0)),
        "seconds": not item.seconds >= 0,
    }
    wrong = [name for name, bad in problems.items() if bad]
    if wrong:
        raise BadItem(f"item {item.id}: {', '.join(wrong)}", item=item.id, wrong=wrong)


def _index(items: Sequence[CatItem]) -> dict[str, int]:
    index = {item.id: i for i, item in enumerate(items)}
    if len(index) != len(items):
        seen: set[str] = set()
        twice = sorted({item.id for item in items if item.id in seen or seen.add(item.id)})  # type: ignore[func-returns-value]
        raise BadItem(f"ids occur twice: {twice[:5]}", items=twice)
    return index


def _tables(items: Sequence[CatItem], grid: FloatArray, categories: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    prob = np.zeros((len(items), categories, len(grid)))
    info = np.empty((len(items), len(grid)))
    for j, item in enumerate(items):
        curves, slopes = marginal_curves(item, grid)
        curves = np.maximum(curves, SMALLEST)
        prob[j, : len(curves)] = curves
        info[j] = (slopes * slopes / curves).sum(axis=0)
    with np.errstate(divide="ignore"):
        return prob, np.log(prob), info


def _normal_nodes(n: int) -> tuple[FloatArray, FloatArray]:
    z, w = np.polynomial.hermite_e.hermegauss(n)
    return np.asarray(z), np.asarray(w / w.sum())


def _codes(names: Sequence[str]) -> tuple[IntArray, tuple[str, ...]]:
    levels = tuple(sorted(set(names)))
    code = {name: i for i, name in enumerate(levels)}
    return np.array([code[name] for name in names], dtype=np.int64), levels


def _enemies(items: Sequence[CatItem], index: dict[str, int]) -> tuple[tuple[int, ...], ...]:
    """Indices of each item's enemies, made symmetric; an enemy outside the bank can't be met and is left out."""
    sets: list[set[int]] = [set() for _ in items]
    for j, item in enumerate(items):
        for other in item.enemies:
            if other in index and index[other] != j:
                sets[j].add(index[other])
                sets[index[other]].add(j)
    return tuple(tuple(sorted(s)) for s in sets)


def _frozen(array: FloatArray) -> FloatArray:
    array.flags.writeable = False
    return array


def _frozen_int(values: Sequence[int] | IntArray) -> IntArray:
    array = np.array(values, dtype=np.int64)
    array.flags.writeable = False
    return array
