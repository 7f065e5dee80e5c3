"""Linking constants against equateIRT, EqUMP and a separate hand computation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.linking import link


def banks(result: dict[str, Any]) -> tuple[ItemParameters, ItemParameters]:
    """(form X, form Y) of a reference file."""
    forms = []
    for form in result["forms"]:
        model = "3pl" if any(form["g"]) else "2pl"
        forms.append(ItemParameters.from_difficulty(model, form["a"], form["b"], g=form["g"], ids=form["items"]))
    return forms[0], forms[1]


@pytest.mark.parametrize("name", ["linking-2pl", "linking-3pl"])
@pytest.mark.parametrize("method", ["mean-mean", "mean-sigma", "mean-gmean", "Haebara", "Stocking-Lord"])
def test_constants_equal_equateirt(reference: Any, name: str, method: str):
    result = reference(name).results
    x, y = banks(result)
    found = link(y, x, method=method.lower(), se="none")
    expected = result["equateIRT"][method]
    assert found.anchors == tuple(result["common"])
    assert found.constants == pytest.approx((expected["A"], expected["B"]), abs=1e-5)


@pytest.mark.parametrize("name", ["linking-2pl", "linking-3pl"])
@pytest.mark.parametrize("method", ["Haebara", "Stocking-Lord"])
@pytest.mark.parametrize(("scale", "key"), [("base", "on_X"), ("form", "on_Y"), ("symmetric", "symmetric")])
def test_every_integration_scale_equals_the_hand_check(reference: Any, name: str, method: str, scale: Any, key: str):
    result = reference(name).results
    x, y = banks(result)
    found = link(y, x, method=method.lower(), scale=scale, se="none")
    expected = result["hand_check"][method][key]
    assert found.constants == pytest.approx((expected["A"], expected["B"]), abs=1e-6)


def test_curve_gaps_are_small_where_the_forms_fit(reference: Any):
    x, y = banks(reference("linking-2pl").results)
    found = link(y, x)
    assert found.se_method == "jackknife"
    assert 0 < found.se_A < 0.2
    assert np.all(found.gap < 0.1)
