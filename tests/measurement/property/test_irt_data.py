"""The response layout: what goes in comes out, and what is wrong is refused by name."""

from __future__ import annotations

import numpy as np
import pytest

from shuyang.measurement.errors import BadCategory, BadShape, DuplicateResponse, NoResponses, NotConnected
from shuyang.measurement.irt.data import Responses, check_connected


def sparse(seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    matrix = rng.integers(0, 4, (30, 7)).astype(float)
    matrix[rng.random(matrix.shape) < 0.4] = np.nan
    matrix[3] = np.nan
    return matrix


def test_matrix_comes_back() -> None:
    matrix = sparse()
    data = Responses.from_matrix(matrix)
    np.testing.assert_array_equal(data.to_matrix(), np.nan_to_num(matrix, nan=-1))
    assert data.persons == 30
    assert data.items == 7
    assert not data.complete
    assert data.answered()[3] == 0
    np.testing.assert_allclose(data.sum_scores(), np.nansum(matrix, axis=1))
    assert data.counts().sum() == np.isfinite(matrix).sum()


def test_long_table_in_any_order_equals_the_matrix() -> None:
    matrix = sparse(2)
    person, item = np.nonzero(np.ones_like(matrix))
    shuffle = np.random.default_rng(0).permutation(len(person))
    data = Responses.from_long(person[shuffle], item[shuffle], matrix[person, item][shuffle])
    np.testing.assert_array_equal(data.to_matrix(), np.nan_to_num(matrix, nan=-1))


def test_texts_name_persons_and_items() -> None:
    data = Responses.from_long(["p2", "p1", "p1"], ["b", "a", "b"], [1, 0, 2], item_ids=["b", "a"])
    assert data.person_ids == ("p1", "p2")
    assert data.item_ids == ("b", "a")
    np.testing.assert_array_equal(data.to_matrix(), [[2, 0], [1, -1]])


def test_selections() -> None:
    data = Responses.from_matrix(sparse())
    whole = data.to_matrix()
    np.testing.assert_array_equal(data.select_items([5, 1]).to_matrix(), whole[:, [5, 1]])
    np.testing.assert_array_equal(data.select_persons([7, 0, 3]).to_matrix(), whole[[7, 0, 3]])
    np.testing.assert_array_equal(data.select_persons(np.arange(30) < 4).to_matrix(), whole[:4])


def test_first_category_is_shifted() -> None:
    np.testing.assert_array_equal(
        Responses.from_matrix([[1, 4], [-1, 2]], first_category=1).to_matrix(), [[0, 3], [-1, 1]]
    )


@pytest.mark.parametrize("bad", [np.inf, 1.5, -2, 200])
def test_impossible_responses_are_refused_with_their_cell(bad: float) -> None:
    matrix = np.zeros((3, 2))
    matrix[2, 1] = bad
    with pytest.raises(BadCategory) as caught:
        Responses.from_matrix(matrix)
    assert caught.value.data["row"] == 2
    assert caught.value.data["column"] == 1


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(BadShape):
        Responses.from_matrix(np.zeros(4))
    with pytest.raises(BadShape):
        Responses.from_matrix(np.zeros((2, 2)), item_ids=["a", "a"])
    with pytest.raises(NoResponses):
        Responses.from_matrix(np.zeros((0, 3)))
    with pytest.raises(BadShape):
        Responses.from_long([1, 2], [1, 2], [0, 1], item_ids=[1])
    with pytest.raises(BadShape):
        Responses.from_matrix(np.zeros((2, 2)), weights=[1.0, -1.0])


def test_duplicates_are_refused() -> None:
    with pytest.raises(DuplicateResponse):
        Responses.from_long([1, 1], ["a", "a"], [0, 1])


def test_unconnected_design_is_named() -> None:
    matrix = np.array([[1, 0, -1, -1], [0, 1, -1, -1], [-1, -1, 0, 1]])
    with pytest.raises(NotConnected) as caught:
        check_connected(Responses.from_matrix(matrix))
    assert caught.value.data["parts"] == [["I1", "I2"], ["I3", "I4"]]
