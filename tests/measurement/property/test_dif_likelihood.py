"""The likelihood-ratio sweep on sparse data, with several groups, and where an item can't be tested."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from shuyang.measurement.dif import likelihood_ratio_dif
from shuyang.measurement.dif.splitting import split_items
from shuyang.measurement.errors import BadShape, NoVariation
from shuyang.measurement.irt.data import Responses


def simulate(n: int = 1500, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Sparse Rasch-like answers of three groups; item 2 is harder for group c."""
    rng = np.random.default_rng(seed)
    group = np.array(["a", "b", "c"])[rng.integers(3, size=n)]
    b = np.tile(np.linspace(-1, 1, 10), (n, 1))
    b[group == "c", 2] += 1.0
    theta = rng.normal(size=n) + 0.5 * (group == "b")
    x = (rng.random((n, 10)) < expit(theta[:, None] - b)).astype(float)
    x[rng.random(x.shape) < 0.4] = np.nan
    return x, group


def test_splitting_keeps_every_answer() -> None:
    x, group = simulate(50)
    data = Responses.from_matrix(x)
    codes = np.unique(group, return_inverse=True)[1]
    parted = split_items(data, codes, ("a", "b", "c"), {2})
    assert parted.items == 12
    whole = parted.to_matrix()
    assert whole[:, :9].tolist() == np.delete(data.to_matrix(), 2, axis=1).tolist()
    assert whole[np.arange(50), 9 + codes].tolist() == data.to_matrix()[:, 2].tolist()
    assert parted.item_ids[9:] == ("I3 @ a", "I3 @ b", "I3 @ c")


def test_sparse_data_of_three_groups() -> None:
    x, group = simulate()
    steps: list[tuple[int, int]] = []
    found = likelihood_ratio_dif(
        x, group, "rasch", reference="a", test=["I2", "I3"], progress=lambda k, n: steps.append((k, n))
    )
    assert found.groups[0] == "a"
    assert found.df[1:3].tolist() == [2.0, 2.0]
    assert found.p[2] < 1e-4 < found.p[1]
    assert found.signed[2] < -0.1
    assert found.unsigned[2] == pytest.approx(-found.signed[2])
    assert np.isnan(found.p[5])
    assert steps == [(1, 2), (2, 2)]
    assert "I3" in found.summary()
    assert found.to_dict()["items"]["item"][2] == "I3"


def test_an_item_that_does_not_vary_in_a_group_gives_no_figure() -> None:
    x, group = simulate(600)
    x[(group == "b") & ~np.isnan(x[:, 0]), 0] = 1
    found = likelihood_ratio_dif(x, group, "rasch", test=["I1", "I2"])
    assert np.isnan(found.p[0])
    assert np.isfinite(found.p[1])


def test_nonsense_is_refused() -> None:
    x, group = simulate(60)
    with pytest.raises(NoVariation):
        likelihood_ratio_dif(x, ["one"] * 60)
    with pytest.raises(BadShape):
        likelihood_ratio_dif(x, group[:10])
    with pytest.raises(BadShape):
        likelihood_ratio_dif(x, group, test=["absent"])
