"""Data as they come: copies, turned items, too few items, texts, abilities beyond the nodes, mixed formats."""

from __future__ import annotations

import numpy as np
import pytest

from shuyang.measurement.errors import BadCategory, NotConverged, NotIdentified, WeaklyIdentified
from shuyang.measurement.fit import item_fit, model_fit, q3, s_x2
from shuyang.measurement.irt.calibrate import calibrate
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.models import probabilities
from shuyang.measurement.irt.priors import Normal, Priors
from shuyang.measurement.irt.starts import turned_items


def draw(items: ItemParameters, theta: np.ndarray, seed: int = 0) -> np.ndarray:
    above = np.cumsum(probabilities(items, theta), axis=1)
    return (np.random.default_rng(seed).random((len(items), 1, len(theta))) > above).sum(axis=1).T


def plain(persons: int = 1000, items: int = 12, seed: int = 1) -> tuple[ItemParameters, np.ndarray]:
    rng = np.random.default_rng(seed)
    bank = ItemParameters.from_difficulty("2pl", rng.uniform(0.8, 1.8, items), rng.normal(0, 1, items))
    return bank, draw(bank, rng.normal(size=persons))


@pytest.mark.parametrize("turned", [2, 6, 10])
@pytest.mark.parametrize("missing", [0.0, 0.5])
def test_turned_items_do_not_trap_the_search(turned: int, missing: float) -> None:
    _, x = plain()
    seen = np.where(np.random.default_rng(2).random(x.shape) < missing, np.nan, x)
    flipped = seen.copy()
    flipped[:, :turned] = 1 - seen[:, :turned]
    straight, found = calibrate(seen, tolerance=1e-6), calibrate(flipped, tolerance=1e-6)
    assert found.log_likelihood == pytest.approx(straight.log_likelihood, abs=1e-4)
    sign = np.where(np.arange(12) < turned, -1.0, 1.0)
    if turned > 6:
        sign = -sign
    np.testing.assert_allclose(np.abs(found.items.slopes[:, 0]), straight.items.slopes[:, 0], atol=1e-3)
    if turned != 6:
        np.testing.assert_array_equal(np.sign(found.items.slopes[:, 0]), sign)


def test_sorted_files_and_tables_of_patterns_turn_nothing() -> None:
    _, x = plain(20_000, 5)
    order = np.lexsort(x.T)
    rows, count = np.unique(x, axis=0, return_counts=True)
    tables = Responses.from_matrix(x[order]), Responses.from_matrix(rows, weights=count)
    for data in tables:
        assert not turned_items(data).any()
    x[:, 0] = 1 - x[:, 0]
    rows, count = np.unique(x, axis=0, return_counts=True)
    for data in (Responses.from_matrix(x[order]), Responses.from_matrix(rows, weights=count)):
        np.testing.assert_array_equal(turned_items(data), np.arange(5) == 0)


def test_two_opposite_kinds_of_persons_are_no_flat_scale() -> None:
    x = np.vstack([np.tile([0, 1] * 6, (100, 1)), np.tile([1, 0] * 6, (100, 1))])
    with pytest.warns(NotConverged, match="infinity"):
        found = calibrate(x, "2pl")
    assert found.log_likelihood > -200


def test_copies_are_said_to_be_possible() -> None:
    _, x = plain()
    with pytest.warns(NotConverged, match="copy one another"):
        calibrate(np.column_stack([x, x[:, 0]]))


@pytest.mark.parametrize(("items", "model"), [(1, "2pl"), (2, "2pl"), (1, "rasch"), (2, "3pl")])
def test_more_unknowns_than_patterns_are_refused(items: int, model: str) -> None:
    _, x = plain()
    with pytest.raises(NotIdentified):
        calibrate(x[:, :items], model)
    with pytest.raises(NotIdentified):
        calibrate(x[:, :1], "2pl", groups=["a", "b"] * 500)
    assert calibrate(x[:, :3], "2pl").converged


def test_numbers_read_as_text_are_numbers() -> None:
    _, x = plain(200)
    texts = np.where(x == 1, "1", "0").astype(object)
    texts[0, 0] = ""
    numbers = x.astype(float)
    numbers[0, 0] = np.nan
    expected = Responses.from_matrix(numbers)
    for given in (texts, texts.astype(str)):
        found = Responses.from_matrix(given)
        np.testing.assert_array_equal(found.category, expected.category)
        np.testing.assert_array_equal(found.ptr, expected.ptr)
    for wrong in (np.array([["yes", "no"]]), np.array([["yes", 1]], object)):
        with pytest.raises(BadCategory, match="numbers"):
            Responses.from_matrix(wrong)


def test_abilities_beyond_the_nodes_are_noted() -> None:
    rng = np.random.default_rng(3)
    bank = ItemParameters.from_difficulty("rasch", np.ones(15), rng.normal(0, 3, 15))
    x = draw(bank, rng.normal(0, 4, 1500))
    with pytest.warns(WeaklyIdentified, match="larger bound"):
        calibrate(x, "rasch")
    wide = calibrate(x, "rasch", bound=20, nodes=121)
    assert not wide.notes
    assert wide.latent.sd[0, 0] == pytest.approx(4, abs=0.4)


def test_weights_are_repetitions_in_every_statistic() -> None:
    _, x = plain(800, 6)
    rows, count = np.unique(x, axis=0, return_counts=True)
    data = Responses.from_matrix(rows, weights=count)
    one, two = calibrate(x, standard_errors=True), calibrate(data, standard_errors=True)
    np.testing.assert_allclose(two.items.slopes, one.items.slopes, rtol=1e-9)
    np.testing.assert_allclose(two.items.covariance, one.items.covariance, rtol=1e-7, atol=1e-12)
    assert model_fit(data, two).value == pytest.approx(model_fit(x, one).value, rel=1e-8)
    np.testing.assert_allclose(s_x2(data, two).x2, s_x2(x, one).x2, rtol=1e-8)
    np.testing.assert_allclose(item_fit(data, two).infit, item_fit(x, one).infit, rtol=1e-8)
    np.testing.assert_allclose(q3(data, two).value, q3(x, one).value, rtol=1e-7, atol=1e-10)


def test_formats_of_every_kind_in_one_calibration() -> None:
    rng = np.random.default_rng(5)
    d = [[0.3], [1.0, -1.0], [0.2, 0.5], [0.3, -0.3]] * 4
    scores = [[0, 1], [0, 1, 2], [0, 1.3, 2], [0, 1, 2]] * 4
    slopes = np.tile([1.4, 1.2, 0.6, 1.0], 4)
    models = ["3pl", "graded", "nominal", "pcm"] * 4
    bank = ItemParameters.build(models, slopes, d, g=[0.2, 0, 0, 0] * 4, scores=scores)
    x = draw(bank, rng.normal(size=3000), 6)
    found = calibrate(x, models, priors=Priors(guessing=Normal(-1.4, 0.5)), standard_errors=True)
    assert found.converged
    assert found.second_order
    z = []
    for (j, name), se in found.items.standard_errors().items():
        if name[0] == "a":
            z.append((found.items.slopes[j, 0] - slopes[j]) / se)
        elif name[0] == "s":
            z.append((found.items.scores[j, 1] - bank.scores[j, 1]) / se)
    assert np.abs(z).max() < 3.5
