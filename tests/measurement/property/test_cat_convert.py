"""Calibrated parameters become items of a sitting, and back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.convert import cat_items, item_parameters
from shuyang.measurement.cat.errors import BadItem
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import probabilities

from .cat_cases import mixed_items


def calibrated() -> ItemParameters:
    return ItemParameters.build(
        ["3pl", "graded", "gpcm", "2pl"],
        [[1.2, 0], [0, 0.9], [1.1, 0], [0, 1.5]],
        [[0.4], [1.0, -0.5], [0.6, -0.2], [0.1]],
        g=[0.2, 0, 0, 0],
        ids=["p", "q", "r", "s"],
    )


def test_curves_survive_the_way_there_and_back() -> None:
    items = calibrated()
    made = cat_items(items, facets={"q": "F02"}, kinds={"q": "order"}, seconds={"q": 90.0}, enemies={"q": ["r"]})
    bank = compile_bank(made, dims=2)
    at = np.stack([bank.nodes, bank.nodes], axis=1)
    assert np.allclose(bank.prob, probabilities(items, at), atol=1e-11)
    assert (made[1].facet, made[1].kind, made[1].seconds, made[1].enemies) == ("F02", "order", 90.0, ("r",))
    back = item_parameters(made, dims=2)
    assert np.allclose(back.slopes, items.slopes)
    assert np.allclose(back.intercepts, items.intercepts, equal_nan=True)


def test_bank_of_expert_items_survives() -> None:
    items = [replace(item, slope_log_sd=0.0, threshold_sd=0.0, guessing_sd=0.0) for item in mixed_items(24)]
    bank = compile_bank(items)
    at = np.repeat(bank.nodes[:, None], 5, axis=1)
    assert np.allclose(bank.prob, probabilities(item_parameters(items, dims=5), at), atol=1e-11)


def test_standard_errors_become_prior_uncertainty() -> None:
    base = calibrated()
    free = ((0, "a1"), (0, "d1"), (0, "logit_g"), (1, "a2"), (1, "d1"), (1, "d2"))
    sds = np.array([0.12, 0.1, 0.3, 0.09, 0.2, 0.2])
    items = replace(base, covariance=np.diag(sds**2), free=free)
    made = cat_items(items)
    assert made[0].slope_log_sd == pytest.approx(0.1)
    assert made[0].guessing_sd == pytest.approx(0.16 * 0.3)
    draws = np.random.default_rng(1).normal(size=(200_000, 6)) * sds
    difficulty = -(0.4 + draws[:, 1]) / (1.2 + draws[:, 0])
    assert made[0].threshold_sd == pytest.approx(difficulty.std(), rel=0.05)
    mean = -(0.25 + draws[:, 4:6].mean(axis=1)) / (0.9 + draws[:, 3])
    assert made[1].threshold_sd == pytest.approx(mean.std(), rel=0.06)
    assert made[3].threshold_sd == 0.0


def test_items_that_no_sitting_can_give_are_refused() -> None:
    base = calibrated()
    two = ItemParameters.build(["2pl"], [[1.0, 0.5]], [[0.0]])
    capped = replace(base, u=np.array([0.9, 1, 1, 1]), models=("4pl", "graded", "gpcm", "2pl"))
    nominal = ItemParameters.build(["nominal"], [[1.0]], [[0.1, 0.2]], scores=[[0, 0.5, 2]])
    for bad in (two, capped, nominal):
        with pytest.raises(BadItem):
            cat_items(bad)
