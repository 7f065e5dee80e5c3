"""Compiled banks: curves are probabilities, integrals are right, bad items are refused by name."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from shuyang.measurement.cat.bank import compile_bank, marginal_curves
from shuyang.measurement.cat.contracts import Blueprint, CatItem, FacetQuota, KindLimit, LevelCuts, Prior
from shuyang.measurement.cat.curves import category_curves
from shuyang.measurement.cat.errors import BadItem

from .cat_cases import mixed_items

GRADED = CatItem("g", 0, "grm", 1.3, (-1.0, 0.2, 1.1), slope_log_sd=0.3, threshold_sd=0.5)
PARTIAL = CatItem("p", 1, "gpcm", 0.9, (-0.5, 0.4), slope_log_sd=0.3, threshold_sd=0.5)
GUESSED = CatItem("d", 2, "3pl", 1.6, (0.3,), slope_log_sd=0.3, threshold_sd=0.6, guessing=0.2, guessing_sd=0.05)


def test_probabilities_sum_to_one_and_information_is_positive() -> None:
    bank = compile_bank(mixed_items(60))
    assert np.allclose(bank.prob.sum(axis=1), 1.0, atol=1e-9)
    assert np.all(bank.info > 0)
    assert np.all(np.isneginf(bank.log_prob) == (np.arange(4)[None, :, None] >= bank.n_categories[:, None, None]))


@pytest.mark.parametrize("item", [GRADED, PARTIAL, GUESSED], ids=lambda item: item.model)
def test_integrated_curve_matches_a_dense_integral(item: CatItem) -> None:
    theta = np.linspace(-3, 3, 7)
    z = np.linspace(-6, 6, 241)
    w = np.exp(-0.5 * z * z)
    w /= w.sum()
    slope = (item.slope * np.exp(item.slope_log_sd * z))[:, None, None]
    prob, _ = category_curves(item, theta, slope, (item.threshold_sd * z)[None, :, None])
    dense = np.einsum("kabq,a,b->kq", prob, w, w)
    assert np.abs(marginal_curves(item, theta)[0] - dense).max() < 2e-5


@pytest.mark.parametrize("item", [GRADED, PARTIAL, GUESSED], ids=lambda item: item.model)
def test_derivative_matches_differences(item: CatItem) -> None:
    theta = np.linspace(-3, 3, 7)
    up, down = marginal_curves(item, theta + 1e-5)[0], marginal_curves(item, theta - 1e-5)[0]
    assert np.abs((up - down) / 2e-5 - marginal_curves(item, theta)[1]).max() < 1e-8


def test_uncertain_parameters_flatten_the_curve() -> None:
    sure = replace(GUESSED, slope_log_sd=0.0, threshold_sd=0.0)
    bank = compile_bank([replace(GUESSED, id="wide"), sure], dims=3)
    assert bank.info[0].max() < bank.info[1].max()


def test_tables_are_read_only_and_survive_pickling() -> None:
    bank = compile_bank(mixed_items(12))
    with pytest.raises(ValueError, match="read-only"):
        bank.log_prob[0, 0, 0] = 0.0
    again = pickle.loads(pickle.dumps(bank))
    assert np.array_equal(again.log_prob, bank.log_prob)
    assert again.index == bank.index


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"dim": 9}, "dim"),
        ({"model": "2pl"}, "model"),
        ({"slope": 0.0}, "slope"),
        ({"slope": float("nan")}, "not_finite"),
        ({"threshold_sd": -1.0}, "sd"),
        ({"guessing": 1.0}, "guessing"),
        ({"thresholds": (0.0, 1.0)}, "thresholds"),
        ({"model": "grm", "guessing": 0.0, "thresholds": (1.0, 0.0)}, "order"),
    ],
)
def test_bad_item_is_refused_by_name(change: dict[str, object], wrong: str) -> None:
    with pytest.raises(BadItem) as caught:
        compile_bank([replace(GUESSED, **change)])  # type: ignore[arg-type]
    assert caught.value.data["item"] == "d"
    assert wrong in caught.value.data["wrong"]


def test_double_ids_are_refused() -> None:
    with pytest.raises(BadItem):
        compile_bank([GUESSED, GUESSED])


def test_enemies_become_symmetric_and_strangers_are_left_out() -> None:
    bank = compile_bank([replace(GUESSED, enemies=("p", "elsewhere")), PARTIAL, GRADED])
    assert bank.enemies == ((1,), (0,), ())


def test_contracts_survive_json_shapes() -> None:
    blueprint = Blueprint(
        (0.4, 0.4), 5, 20, 900.0, (FacetQuota("a", 1, 3),), (KindLimit("k", 3, 0.5),), 4, (LevelCuts((0.0,)),) * 2
    )
    prior = Prior.equicorrelated(2, 0.5)
    assert Blueprint.from_dict(blueprint.to_dict()) == blueprint
    assert Prior.from_dict(prior.to_dict()) == prior
    assert CatItem.from_dict(GUESSED.to_dict()) == GUESSED
