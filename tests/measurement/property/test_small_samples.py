"""Samples too small for the model: told soon, with what helps; with that, an estimate."""

from __future__ import annotations

import numpy as np
import pytest

from shuyang.measurement.errors import NotConverged
from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.irt.priors import LogNormal, Normal, Priors
from shuyang.measurement.irt.squarem import PATIENCE, accelerate


def few(persons: int, items: int = 20) -> np.ndarray:
    rng = np.random.default_rng(persons)
    bank = ItemParameters.from_difficulty("3pl", rng.uniform(0.8, 1.8, items), rng.normal(0, 1, items), g=0.2)
    x = (rng.random((persons, items)) < probabilities(bank, rng.normal(size=persons))[:, 1].T).astype(int)
    return x[:, (x.min(axis=0) == 0) & (x.max(axis=0) == 1)]


@pytest.mark.filterwarnings("ignore::shuyang.measurement.errors.MeasurementWarning")
@pytest.mark.parametrize("model", ["2pl", "3pl", "4pl"])
def test_a_likelihood_without_a_maximum_is_given_up(model: str) -> None:
    with pytest.warns(NotConverged, match="run to infinity"):
        found = calibrate(few(12), model)
    assert not found.converged
    assert found.iterations < 400
    assert "12 persons" in found.notes[0]
    assert ("guessing=" in found.notes[0]) == (model != "2pl")


@pytest.mark.parametrize("model", ["2pl", "3pl", "4pl"])
def test_the_priors_it_names_give_an_estimate(model: str) -> None:
    priors = Priors(slope=LogNormal(0, 0.5), guessing=Normal(-1.4, 0.5), upper=Normal(3, 0.5))
    found = calibrate(few(12), model, priors=priors)
    assert found.converged
    assert np.abs(found.items.slopes).max() < 5


def test_a_steep_item_of_a_large_sample_still_converges() -> None:
    rng = np.random.default_rng(3)
    bank = ItemParameters.from_difficulty("2pl", [12.0, 1, 1.2, 0.8, 1.5, 1, 1.2, 0.8], np.linspace(-1, 1, 8))
    x = (rng.random((20_000, 8)) < probabilities(bank, rng.normal(size=20_000))[:, 1].T).astype(int)
    with pytest.warns(match="beyond 6"):
        found = calibrate(x, "2pl")
    assert found.converged
    assert found.items.slopes[0, 0] > 8


def test_the_best_point_met_is_what_an_endless_search_returns() -> None:
    def step(x: np.ndarray) -> tuple[np.ndarray, float]:
        """Runs off for ever; the objective is highest at 30."""
        return x + 1.0, -float((x[0] - 30) ** 2) * 1e-6

    trace = accelerate(step, np.zeros(1), tolerance=1e-6, limit=1000, longest=1.0, runaway=lambda x: bool(x[0] > 25))
    assert trace.given_up
    assert trace.steps < 30 + 2 * PATIENCE
    assert abs(trace.point[0] - 30) < 4
