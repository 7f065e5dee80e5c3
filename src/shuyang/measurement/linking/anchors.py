"""The items two calibrations share, and small changes of their parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import BadModel, BadShape, NotConnected, NotOneDimensional
from shuyang.measurement.irt.items import TOTAL, ItemParameters

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Anchors:
    """The common items as calibrated with the form and with the base, in one order."""

    form: ItemParameters
    base: ItemParameters

    @property
    def ids(self) -> tuple[str, ...]:
        return self.form.ids

    def without(self, position: int) -> Anchors:
        keep = [j for j in range(len(self.form)) if j != position]
        return Anchors(self.form.select(keep), self.base.select(keep))


def common_items(form: ItemParameters, base: ItemParameters, wanted: Sequence[str] | None) -> Anchors:
    """The anchors: `wanted` ids, or every id found in both.

    Raises NotOneDimensional, NotConnected (no common item), BadShape (a wanted id is absent, an anchor has another
    number of categories) or BadModel (an anchor is of another family).
    """
    if form.dimensions != 1 or base.dimensions != 1:
        raise NotOneDimensional("linking constants A and B exist for one dimension", dimensions=form.dimensions)
    here, there = ({name: j for j, name in enumerate(bank.ids)} for bank in (form, base))
    ids = [name for name in form.ids if name in there] if wanted is None else list(wanted)
    missing = [name for name in ids if name not in here or name not in there]
    if missing:
        raise BadShape("anchors must be in both calibrations", missing=missing)
    if not ids:
        raise NotConnected("the calibrations have no item in common")
    anchors = Anchors(form.select([here[i] for i in ids]), base.select([there[i] for i in ids]))
    _check_same_kind(anchors)
    return anchors


def _check_same_kind(anchors: Anchors) -> None:
    pairs = zip(anchors.form.models, anchors.base.models, strict=True)
    other = [i for i, (x, y) in zip(anchors.ids, pairs, strict=True) if (x in TOTAL) != (y in TOTAL)]
    if other:
        raise BadModel("an anchor must be of the same family of models in both calibrations", items=other)
    differ = anchors.form.categories != anchors.base.categories
    if differ.any():
        raise BadShape(
            "an anchor must have the same categories in both calibrations", items=np.array(anchors.ids)[differ]
        )


def nudged(items: ItemParameters, position: int, name: str, step: float) -> ItemParameters:
    """The bank with one free parameter moved by `step` (asymptotes on the logit scale)."""
    if name in ("logit_g", "logit_u"):
        field = name[-1]
        values = getattr(items, field).copy()
        odds = np.log(values[position] / (1 - values[position])) + step
        values[position] = 1 / (1 + np.exp(-odds))
        return replace(items, **{field: values})
    field, column = {"a": ("slopes", -1), "d": ("intercepts", -1), "s": ("scores", 0)}[name[0]]
    values = getattr(items, field).copy()
    values[position, int(name[1:]) + column] += step
    return replace(items, **{field: values})
