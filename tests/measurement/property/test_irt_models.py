"""Curves of every model: probabilities, derivatives and information."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuyang.measurement.errors import BadModel, BadParameter, BadShape
from shuyang.measurement.irt import models
from shuyang.measurement.irt.items import ItemParameters, concatenate


def mixed_bank() -> ItemParameters:
    intercepts = [[0.2], [-0.7], [0.5], [1.1], [2.0, 0.3, -1.5], [0.4, -0.9], [0.6, 0.1], [0.3, -0.4, -1.9]]
    return ItemParameters.build(
        ["rasch", "2pl", "3pl", "4pl", "graded", "graded", "pcm", "gpcm", "rsm", "nominal"],
        [1.0, 1.4, 2.0, 1.7, 1.5, 0.8, 1.0, 1.3, 1.0, 0.9],
        [*intercepts, [0.5, 0.2, -0.4], [0.7, 0.9, -0.2]],
        g=[0, 0, 0.2, 0.1, 0, 0, 0, 0, 0, 0],
        u=[1, 1, 1, 0.95, 1, 1, 1, 1, 1, 1],
        scores=[*[list(range(len(d) + 1)) for d in intercepts], [0, 1, 2, 3], [0, 1.6, 0.7, 3]],
    )


def test_probabilities_sum_to_one_and_stay_finite_far_out() -> None:
    bank = mixed_bank()
    theta = np.linspace(-40, 40, 81)
    p = models.probabilities(bank, theta)
    np.testing.assert_allclose(p.sum(axis=1), 1.0, atol=1e-13)
    inside = np.arange(4)[None, :] < bank.categories[:, None]
    assert np.isfinite(models.log_probabilities(bank, theta)[inside]).all()
    assert (p[~inside] == 0).all()


def test_derivatives_match_differences() -> None:
    bank = mixed_bank()
    theta = np.linspace(-3, 3, 13)
    h = 1e-5
    exact = models.curves(bank, theta)
    slope = bank.slopes[:, :, None]
    up, down = models.curves(bank, theta + h), models.curves(bank, theta - h)
    np.testing.assert_allclose(exact.p, models.probabilities(bank, theta), atol=1e-14)
    np.testing.assert_allclose(exact.first * slope, (up.p - down.p) / (2 * h), atol=1e-9)
    np.testing.assert_allclose(exact.second * slope, (up.first - down.first) / (2 * h), atol=1e-9)


def test_information_is_minus_the_expected_second_derivative() -> None:
    bank = mixed_bank()
    theta = np.linspace(-3, 3, 13)
    h = 1e-4
    logs = [models.log_probabilities(bank, theta + e) for e in (-h, 0.0, h)]
    with np.errstate(invalid="ignore"):
        second = np.nan_to_num((logs[0] - 2 * logs[1] + logs[2]) / h**2)
    expected = -(models.probabilities(bank, theta) * second).sum(axis=1)
    np.testing.assert_allclose(models.information(bank, theta), expected, atol=1e-5)
    assert (models.information(bank, theta) >= 0).all()


def test_information_of_several_dimensions_is_a_matrix() -> None:
    bank = ItemParameters.build("2pl", [[1.2, 0.0], [0.5, 0.9]], [0.0, -0.4])
    info = models.information(bank, [[0.0, 0.0], [1.0, -1.0]])
    assert info.shape == (2, 2, 2, 2)
    np.testing.assert_allclose(info[0, 0], [[1.44 / 4, 0], [0, 0]])


def test_graded_equals_difference_of_boundaries() -> None:
    bank = ItemParameters.build("graded", [1.3], [[1.0, 0.2, -1.1]])
    theta = np.linspace(-4, 4, 9)
    above = 1 / (1 + np.exp(-(1.3 * theta + np.array([[1.0], [0.2], [-1.1]]))))
    naive = -np.diff(np.vstack([np.ones(9), above, np.zeros(9)]), axis=0)
    np.testing.assert_allclose(models.probabilities(bank, theta)[0], naive, atol=1e-14)


@settings(max_examples=40, deadline=None)
@given(
    a=st.floats(0.1, 4), b=st.lists(st.floats(-4, 4), min_size=1, max_size=5), kind=st.sampled_from(["graded", "gpcm"])
)
def test_difficulties_come_back(a: float, b: list[float], kind: str) -> None:
    steps = sorted(b)
    steps = [s + 0.01 * k for k, s in enumerate(steps)]
    bank = ItemParameters.from_difficulty(kind, [a], [steps])
    np.testing.assert_allclose(bank.difficulties()[0], steps, atol=1e-9)


def test_expected_scores_rise_with_theta() -> None:
    bank = mixed_bank().select(range(9))
    assert (np.diff(models.expected_scores(bank, np.linspace(-5, 5, 41)), axis=1) > 0).all()


def test_bank_goes_to_plain_data_and_back() -> None:
    bank = mixed_bank()
    again = ItemParameters.from_dict(bank.to_dict())
    theta = np.linspace(-2, 2, 5)
    np.testing.assert_array_equal(models.probabilities(again, theta), models.probabilities(bank, theta))
    assert again.ids == bank.ids
    assert "10 items" in bank.summary()
    assert len(bank.to_table()["d3"]) == 10


def test_select_and_concatenate_keep_order_and_covariance() -> None:
    bank = ItemParameters.build(
        "2pl",
        [1.0, 1.5],
        [0.1, 0.2],
        covariance=np.diag([1.0, 2.0, 3.0, 4.0]),
        free=[(0, "a1"), (0, "d1"), (1, "a1"), (1, "d1")],
    )
    swapped = bank.select([1, 0])
    assert swapped.ids == ("I2", "I1")
    assert swapped.standard_errors()[(0, "d1")] == 2.0
    other = ItemParameters.from_dict(bank.to_dict() | {"ids": ["X", "Y"]})
    joined = concatenate([swapped, other])
    assert joined.ids == ("I2", "I1", "X", "Y")
    assert joined.standard_errors()[(2, "a1")] == 1.0


@pytest.mark.parametrize(
    ("error", "arguments"),
    [
        (BadModel, ("5pl", [1.0], [0.0])),
        (BadModel, ("2pl", [1.0], [[0.0, -1.0]])),
        (BadParameter, ("graded", [1.0], [[-1.0, 0.0]])),
        (BadParameter, ("2pl", [np.nan], [0.0])),
        (BadParameter, ("2pl", [1.0], [np.inf])),
        (BadShape, ("2pl", [1.0, 1.0], [0.0])),
        (BadShape, (["2pl"], [1.0, 1.0], [0.0, 0.0])),
    ],
)
def test_wrong_parameters_are_refused(error: type[Exception], arguments: tuple[object, ...]) -> None:
    with pytest.raises(error):
        ItemParameters.build(*arguments)  # type: ignore[arg-type]


def test_wrong_nodes_are_refused() -> None:
    with pytest.raises(BadShape):
        models.probabilities(mixed_bank(), np.zeros((3, 2)))
