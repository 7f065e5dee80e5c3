"""Linking: exact recovery, invariance to order, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuyang.measurement.errors import (
    BadModel,
    BadParameter,
    BadShape,
    MeasurementError,
    NotConnected,
    NotOneDimensional,
)
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.linking import Link, link


def bank(seed: int = 0, n: int = 8, model: str = "2pl") -> ItemParameters:
    rng = np.random.default_rng(seed)
    return ItemParameters.from_difficulty(model, rng.uniform(0.7, 1.8, n), rng.normal(size=n))


def moved(items: ItemParameters, a: float, b: float) -> ItemParameters:
    nothing = np.full((2, 2), np.nan)
    return Link(a, b, "given", "base", 0.0, "none", nothing, items.ids, np.zeros(1), np.zeros(1)).transform(items)


@settings(max_examples=25, deadline=None)
@given(a=st.floats(0.4, 2.5), b=st.floats(-2, 2), seed=st.integers(0, 50))
def test_an_exact_transformation_is_found_by_every_method(a: float, b: float, seed: int):
    form = bank(seed)
    base = moved(form, a, b)
    for method in ("mean-mean", "mean-sigma", "mean-gmean", "haebara", "stocking-lord"):
        found = link(form, base, method=method, se="none")
        assert found.constants == pytest.approx((a, b), abs=1e-5)


def test_probabilities_are_unchanged_at_the_moved_ability():
    items = ItemParameters.build(
        ["graded", "gpcm", "nominal"],
        [1.2, 0.8, 1.0],
        [[1, -0.5, -1], [0.4, 0.1, -1], [0.2, 0.3, 0.1]],
        scores=[[0, 1, 2, 3], [0, 1, 2, 3], [0, 0.6, 1.7, 3]],
    )
    theta = np.linspace(-3, 3, 7)
    assert probabilities(moved(items, 1.3, -0.4), 1.3 * theta - 0.4) == pytest.approx(probabilities(items, theta))


def test_the_order_of_items_and_extra_items_do_not_matter():
    form = bank(1, 10)
    base = moved(form, 1.1, 0.2).select([7, 3, 1, 9, 5])
    one = link(form, base, se="none")
    two = link(form.select(range(9, -1, -1)), base, se="none")
    assert len(one.anchors) == 5
    assert one.constants == pytest.approx(two.constants, abs=1e-9)


def test_rasch_items_are_moved_by_their_mean_or_freed():
    form = ItemParameters.from_difficulty("rasch", np.ones(5), np.arange(5.0))
    shifted = link(form, moved(form, 1.0, 0.7), method="mean")
    assert shifted.constants == pytest.approx((1, 0.7))
    assert shifted.transform(form).models == ("rasch",) * 5
    assert moved(form, 1.2, 0).models == ("1pl",) * 5


def test_scores_move_with_their_errors():
    form = bank(2)
    found = link(form, moved(form, 1.5, -0.5))
    theta, se = found.scores([0.0, 1.0], [0.3, 0.4])
    assert theta == pytest.approx([-0.5, 1.0], abs=1e-6)
    assert se == pytest.approx([0.45, 0.6], abs=1e-6)
    assert found.to_table()["item"] == list(form.ids)
    assert "stocking-lord" in found.summary()


def test_a_drifted_anchor_stands_out():
    form = bank(3)
    base = moved(form, 1.0, 0.0)
    intercepts = base.intercepts.copy()
    intercepts[4] += 0.8
    base = ItemParameters.build("2pl", base.slopes, intercepts, ids=base.ids)
    found = link(form, base, method="haebara")
    assert found.gap.argmax() == 4
    assert abs(found.shift).argmax() == 4


def test_nonsense_is_refused():
    form = bank()
    with pytest.raises(NotConnected):
        link(form, ItemParameters.build("2pl", [1.0], [0.0], ids=["other"]))
    with pytest.raises(BadShape):
        link(form, form, anchors=["I1", "absent"])
    with pytest.raises(NotOneDimensional):
        link(ItemParameters.build("2pl", np.ones((3, 2)), np.zeros(3)), form)
    with pytest.raises(MeasurementError):
        link(form, form, method="guess")
    with pytest.raises(BadShape):
        link(form, form, se="delta")
    with pytest.raises(BadShape):
        link(form, form, anchors=["I1", "I2"], se="jackknife")
    with pytest.raises(BadModel):
        link(form, ItemParameters.build("gpcm", np.ones(8), np.zeros(8)), se="none")
    flat = ItemParameters.from_difficulty("2pl", np.ones(3), np.zeros(3))
    with pytest.raises(BadParameter):
        link(flat, flat, method="mean-sigma")
    nominal = ItemParameters.build("nominal", [1.0], [[0.1, 0.2]], scores=[[0, 1.2, 2]])
    with pytest.raises(BadModel):
        link(nominal, nominal, method="mean-mean")
    assert link(nominal, nominal).constants[0] == pytest.approx(1.0)
