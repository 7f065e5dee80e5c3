"""Parameter drift between two calibrations: rejection rate without drift, detection with it, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from shuyang.measurement.errors import BadShape, NotConnected, NotOneDimensional
from shuyang.measurement.fit import parameter_drift
from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.linking import link

BANK = ItemParameters.from_difficulty("2pl", np.linspace(0.9, 1.6, 15), np.tile(np.linspace(-1.2, 1.2, 5), 3))


def sample(bank: ItemParameters, n: int, seed: int, mean: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.random((n, len(bank))) < probabilities(bank, rng.normal(mean, 1, n))[:, 1].T).astype(int)


def test_without_drift_lords_test_holds_its_level() -> None:
    tails = []
    for seed in range(12):
        one, two = (calibrate(sample(BANK, 1500, 2 * seed + k), standard_errors=True).items for k in range(2))
        tails.append(parameter_drift(one, two).p)
    assert 0.02 < np.mean(np.concatenate(tails) < 0.05) < 0.09


def test_a_moved_item_is_found_after_linking() -> None:
    b = BANK.difficulties()[:, 0].copy()
    b[6] += 0.7
    later = ItemParameters.from_difficulty("2pl", BANK.slopes[:, 0], b)
    old = calibrate(sample(BANK, 3000, 1), standard_errors=True).items
    new = calibrate(sample(later, 3000, 2, mean=0.4), standard_errors=True).items
    anchors = [i for i in old.ids if i != "I7"]
    moved = link(new, old, anchors=anchors).transform(new)
    found = parameter_drift(old, moved)
    assert found.drifted() == ("I7",)
    assert found.shift[6] == pytest.approx(0.7, abs=0.2)
    assert found.p.argmin() == 6
    assert "I7" in found.summary()


def test_without_covariances_only_the_curves_speak() -> None:
    found = parameter_drift(BANK, BANK.select(range(5)))
    assert found.items == BANK.ids[:5]
    assert np.isnan(found.p).all()
    assert found.area == pytest.approx(np.zeros(5))
    assert found.drifted() == ()


def test_nonsense_is_refused() -> None:
    with pytest.raises(NotConnected):
        parameter_drift(BANK, ItemParameters.build("2pl", [1.0], [0.0], ids=["x"]))
    with pytest.raises(NotOneDimensional):
        parameter_drift(BANK, ItemParameters.build("2pl", np.ones((2, 2)), np.zeros(2)))
    with pytest.raises(BadShape):
        parameter_drift(BANK, ItemParameters.build("graded", [1.0], [[1.0, 0.0]]))
