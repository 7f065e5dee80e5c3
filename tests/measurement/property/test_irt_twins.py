"""Fast kernels against slow twins written straight from the formulas."""

from __future__ import annotations

import numpy as np
import pytest

from shuyang.measurement.irt.bifactor import BifactorExpectation, Population
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.estep import GridExpectation
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import log_probabilities

NODES = np.linspace(-6, 6, 61)
PRIOR = -0.5 * NODES**2 - np.log(np.exp(-0.5 * NODES**2).sum())


def bank() -> ItemParameters:
    rng = np.random.default_rng(1)
    return ItemParameters.build(
        "graded", rng.uniform(0.7, 2, 8), np.sort(rng.normal(0, 1, (8, 2)))[:, ::-1] + [0.2, -0.2]
    )


def matrix(missing: float) -> np.ndarray:
    rng = np.random.default_rng(2)
    x = rng.integers(0, 3, (70, 8))
    x[rng.random(x.shape) < missing] = -1
    return x


def naive(x: np.ndarray, logs: np.ndarray, prior: np.ndarray) -> tuple[float, np.ndarray]:
    total, counts = 0.0, np.zeros_like(logs)
    for row in x:
        joint = prior + sum(logs[j, c] for j, c in enumerate(row) if c >= 0)
        top = joint.max()
        total += top + np.log(np.exp(joint - top).sum())
        share = np.exp(joint - top) / np.exp(joint - top).sum()
        for j, c in enumerate(row):
            if c >= 0:
                counts[j, c] += share
    return total, counts


@pytest.mark.parametrize("missing", [0.0, 0.3, 0.8])
def test_expectation_step(missing: float) -> None:
    x = matrix(missing)
    logs = log_probabilities(bank(), NODES)
    engine = GridExpectation(Responses.from_matrix(x), 3, 61, threads=2)
    total, counts = naive(x, logs, PRIOR)
    for reach in (0.0, 6.5, 6.5):  # the last one inside windows
        step = engine.run(logs, PRIOR[None], reach=reach)
        assert step.loglik == pytest.approx(total, abs=1e-6)
        np.testing.assert_allclose(step.counts, counts, atol=1e-6)
    assert step.prior_counts.sum() == pytest.approx(70)


def test_bifactor_step_equals_the_full_grid() -> None:
    """Two specific factors: the full product of three dimensions gives the same likelihood and counts."""
    line = np.linspace(-4, 4, 9)
    prior = -0.5 * line**2 - np.log(np.exp(-0.5 * line**2).sum())
    rng = np.random.default_rng(3)
    specific = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    slopes = rng.uniform(0.6, 1.6, (8, 2))
    two = ItemParameters.build("2pl", slopes, rng.normal(0, 1, 8))
    x = rng.integers(0, 2, (40, 8))
    x[rng.random(x.shape) < 0.2] = -1
    x[0, 4:] = -1
    pairs = np.stack([g.ravel() for g in np.meshgrid(line, line, indexing="ij")], axis=1)
    engine = BifactorExpectation(Responses.from_matrix(x), 2, specific, line, Population(), 1)
    step = engine.run(log_probabilities(two, pairs), prior[None], np.tile(prior, (1, 2, 1)))
    full = np.stack([g.ravel() for g in np.meshgrid(line, line, line, indexing="ij")], axis=1)
    wide = np.zeros((8, 3))
    wide[:, 0] = slopes[:, 0]
    wide[np.arange(8), 1 + specific] = slopes[:, 1]
    three = ItemParameters.build("2pl", wide, two.intercepts)
    weights = (prior[:, None, None] + prior[None, :, None] + prior[None, None, :]).ravel()
    total, counts = naive(x, log_probabilities(three, full), weights)
    assert step.loglik == pytest.approx(total, abs=1e-9)
    cells = counts.reshape(8, 2, 9, 9, 9)
    np.testing.assert_allclose(step.counts[:4].reshape(4, 2, 9, 9), cells[:4].sum(axis=4), atol=1e-10)
    np.testing.assert_allclose(step.counts[4:].reshape(4, 2, 9, 9), cells[4:].sum(axis=3), atol=1e-10)
