"""Standard errors in several dimensions against numerical second derivatives of a plain marginal log-likelihood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tests.measurement.property.naive import marginal

from shuyang.measurement.irt.bifactor import BifactorEM, Structure
from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.em import Options
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.irt.priors import Priors
from shuyang.measurement.irt.result import Calibration
from shuyang.measurement.irt.rotate import rotate
from shuyang.measurement.irt.squarem import Trace
from shuyang.measurement.irt.working import working_layout

LOADS = np.repeat(np.eye(2, dtype=bool), 5, axis=0)
GROUP = np.arange(900) % 2
X = np.arange(900) % 3 - 1.0


def simulate(items: ItemParameters, theta: np.ndarray, seed: int) -> np.ndarray:
    above = np.cumsum(probabilities(items, theta), axis=1)
    return (np.random.default_rng(seed).random((len(items), 1, len(theta))) > above).sum(axis=1).T.astype(float)


def data(shift: np.ndarray, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    theta = rng.standard_normal((900, 2)) @ np.linalg.cholesky([[1, 0.5], [0.5, 1]]).T + shift
    items = ItemParameters.build("2pl", np.where(LOADS, rng.uniform(0.9, 1.8, (10, 1)), 0.0), rng.normal(0, 0.7, 10))
    return simulate(items, theta, seed)


def item_unknowns(items: ItemParameters) -> tuple[np.ndarray, Callable[[np.ndarray], ItemParameters]]:
    """Slopes that are not 0 and intercepts as a vector, and the way back."""
    free = items.slopes != 0
    size = int(free.sum())

    def back(vector: np.ndarray) -> ItemParameters:
        slopes = items.slopes.copy()
        slopes[free] = vector[:size]
        return ItemParameters.build("2pl", slopes, vector[size:].reshape(len(items), 1), ids=items.ids)

    return np.concatenate([items.slopes[free], items.intercepts[:, 0]]), back


def hessian(value: Callable[[np.ndarray], float], at: np.ndarray, step: float = 2e-3) -> np.ndarray:
    size = len(at)
    shifts = step * np.eye(size)
    out = np.empty((size, size))
    for r in range(size):
        for c in range(r + 1):
            corners = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
            parts = [one * two * value(at + one * shifts[r] + two * shifts[c]) for one, two in corners]
            out[r, c] = out[c, r] = sum(parts) / (4 * step**2)
    return out


def ordered_errors(result: Calibration) -> np.ndarray:
    errors = result.items.standard_errors()
    slopes = [se for (_, name), se in sorted(errors.items()) if name[0] == "a"]
    return np.array(slopes + [se for (_, name), se in sorted(errors.items()) if name[0] == "d"])


def lower(covariance: np.ndarray) -> np.ndarray:
    return covariance[np.tril_indices(2)]


def symmetric(entries: np.ndarray) -> np.ndarray:
    return np.array([[entries[0], entries[1]], [entries[1], entries[2]]])


def test_errors_with_groups_are_those_of_the_likelihood() -> None:
    matrix = data(np.outer(GROUP, [0.5, -0.3]))
    result = calibrate(
        matrix, loads=LOADS, groups=GROUP.tolist(), method="adaptive", points=512, tolerance=1e-5, standard_errors=True
    )
    start, back = item_unknowns(result.items)
    latent = result.latent
    r = latent.covariance[0, 0, 1]
    point = np.concatenate([start, [r], latent.mean[1], lower(latent.covariance[1])])
    size = len(start)

    def value(at: np.ndarray) -> float:
        spread = np.array([[1.0, at[size]], [at[size], 1.0]]), symmetric(at[size + 3 :])
        return marginal(
            matrix, back(at[:size]), np.array([[0.0, 0.0], at[size + 1 : size + 3]])[GROUP], spread, group=GROUP
        )

    errors = np.sqrt(np.diag(np.linalg.inv(-hessian(value, point))))
    mine = [result.latent_errors[n] for n in (
        "covariance:0:2,1", "mean:1:1", "mean:1:2", "covariance:1:1,1", "covariance:1:2,1", "covariance:1:2,2"
    )]  # fmt: skip
    assert result.second_order
    np.testing.assert_allclose(ordered_errors(result), errors[:size], rtol=0.03)
    np.testing.assert_allclose(mine, errors[size:], rtol=0.03)


def test_errors_of_a_regression_are_those_of_the_likelihood() -> None:
    matrix = data(np.outer(X, [0.6, 0.0]))
    result = calibrate(matrix, loads=LOADS, covariates=X, points=512, tolerance=1e-5, standard_errors=True)
    assert result.latent.coefficients is not None
    np.testing.assert_allclose(result.latent.coefficients[0], [0.6, 0.0], atol=0.2)
    start, back = item_unknowns(result.items)
    size = len(start)
    point = np.concatenate([start, [result.latent.covariance[0, 0, 1]], result.latent.coefficients[0]])

    def value(at: np.ndarray) -> float:
        spread = np.array([[1.0, at[size]], [at[size], 1.0]])
        return marginal(matrix, back(at[:size]), np.outer(X, at[size + 1 :]), (spread,))

    errors = np.sqrt(np.diag(np.linalg.inv(-hessian(value, point))))
    mine = [result.latent_errors[n] for n in ("covariance:2,1", "coefficient:0,1", "coefficient:0,2")]
    np.testing.assert_allclose(ordered_errors(result), errors[:size], rtol=0.03)
    np.testing.assert_allclose(mine, errors[size:], rtol=0.03)


def test_a_regression_in_several_dimensions_reaches_the_maximum() -> None:
    """The gradient of the plain log-likelihood is nothing beside its curvature; so the estimates are its maximum."""
    matrix = data(np.outer(X, [0.6, 0.0]))
    result = calibrate(matrix, loads=LOADS, covariates=X, points=1024, tolerance=1e-5)
    assert result.latent.coefficients is not None
    start, back = item_unknowns(result.items)
    spread = (result.latent.covariance[0],)

    def value(at: np.ndarray) -> float:
        return marginal(matrix, back(at[:20]), np.outer(X, at[20:]), spread)

    point = np.concatenate([start, result.latent.coefficients[0]])
    for k in (0, 7, 12, 20, 21):
        step = 0.05 * np.eye(22)[k]
        low, here, high = value(point - step), value(point), value(point + step)
        newton = 0.05 * 0.5 * (high - low) / (2 * here - low - high)
        assert abs(newton) < 5e-3


@pytest.mark.parametrize("method", ["grid", "adaptive"])
def test_errors_of_rotated_slopes_are_their_spread_over_samples(method: str) -> None:
    rng = np.random.default_rng(30)
    truth = np.where(LOADS, rng.uniform(0.9, 1.8, (10, 1)), 0.0)
    items = ItemParameters.build("2pl", truth, rng.normal(0, 0.7, 10))
    root = np.linalg.cholesky([[1, 0.5], [0.5, 1]])
    z = []
    for seed in range(25):
        matrix = simulate(items, np.random.default_rng(seed).standard_normal((900, 2)) @ root.T, seed)
        result = calibrate(matrix, factors=2, method=method, points=64, standard_errors=True)
        gram = result.items.slopes.T @ result.items.slopes
        assert result.second_order
        assert abs(gram[0, 1]) < 1e-6 * gram[0, 0]
        turned, _ = rotate(result.items, "oblimin")
        order = [0, 1] if turned.slopes[0, 0] > turned.slopes[0, 1] else [1, 0]
        for (j, name), se in turned.standard_errors().items():
            if name[0] == "a":
                axis = int(name[1:]) - 1
                z.append((turned.slopes[j, axis] - truth[j, order.index(axis)]) / se)
    assert np.std(z) == pytest.approx(1.0, abs=0.12)
    assert abs(np.mean(z)) < 0.25


def test_testlet_errors_are_those_of_the_likelihood() -> None:
    rng = np.random.default_rng(8)
    labels = np.repeat([0, 1, 2], 3)
    slopes = np.zeros((9, 4))
    slopes[:, 0] = rng.uniform(1.0, 1.8, 9)
    slopes[np.arange(9), 1 + labels] = slopes[:, 0]
    theta = rng.standard_normal((1500, 4)) * [1.0, 0.8, 0.7, 0.9]
    matrix = simulate(ItemParameters.build("2pl", slopes, rng.normal(0, 0.7, 9)), theta, 4)
    result = calibrate(matrix, specific=labels.tolist(), testlet=True, standard_errors=True, tolerance=1e-5)
    assert result.second_order
    items, variances = result.items, np.diagonal(result.latent.covariance[0])[1:]
    patterns, weights = np.unique(matrix, axis=0, return_counts=True)
    both = np.stack([items.slopes[:, 0], items.slopes[:, 0]], axis=1)
    layout = working_layout(ItemParameters.build("2pl", both, items.intercepts))
    em = BifactorEM(
        Responses.from_matrix(patterns, weights=weights), layout, Structure.of(labels.tolist()),
        np.linspace(-6, 6, 31), Priors(), Options(), testlet=True, threads=1,
    )  # fmt: skip

    def value(at: np.ndarray) -> float:
        psi = np.stack([at[:9], at[:9], at[9:18]], axis=1)
        latent = replace(em.latent, covariance=np.diag([1.0, *at[18:]])[None])
        return em.fitted_at(psi, latent, Trace(psi)).expected.loglik

    point = np.r_[items.slopes[:, 0], items.intercepts[:, 0], variances]
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian(value, point, 5e-3))))
    own = items.standard_errors()
    np.testing.assert_allclose([own[j, "a1"] for j in range(9)], errors[:9], rtol=0.05)
    np.testing.assert_allclose([own[j, "d1"] for j in range(9)], errors[9:18], rtol=0.05)
    mine = [result.latent_errors[f"covariance:{k},{k}"] for k in (2, 3, 4)]
    np.testing.assert_allclose(mine, errors[18:], rtol=0.1)
    assert own[0, "a2"] == pytest.approx(own[0, "a1"], rel=1e-6)


def test_anchored_errors_in_several_dimensions() -> None:
    matrix = data(np.tile([0.4, -0.2], (900, 1)), seed=6)
    first = calibrate(matrix, loads=LOADS)
    anchors = replace(first.items, covariance=None, free=()).select([0, 1, 2, 5, 6, 7])
    later = calibrate(matrix, loads=LOADS, anchors=anchors, standard_errors=True)
    assert later.second_order
    assert {j for j, _ in later.items.free} == {3, 4, 8, 9}
    assert set(later.latent_errors) == {"mean:1", "mean:2", "covariance:1,1", "covariance:2,1", "covariance:2,2"}
    assert later.latent_errors["mean:1"] == pytest.approx(1 / np.sqrt(900), rel=0.6)
