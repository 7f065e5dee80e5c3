"""Responses in the layout everything works on: for each person the items answered and the categories given.

The layout is compressed by rows (CSR): the answers of person i are ``item[ptr[i]:ptr[i+1]]`` and
``category[ptr[i]:ptr[i+1]]``, items ascending. Memory follows the answers given, five bytes each, so a design in
which a person sees 30 of 500 items costs 30, not 500.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shuyang.measurement.errors import BadCategory, BadShape, DuplicateResponse, NoResponses, NotConnected

Int = NDArray[np.int64]
MOST_CATEGORIES = 127
COUNT_BLOCK = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """Responses of N persons to J items.

    Attributes:
        ptr: int64 [N+1], start of each person's answers.
        item: int32 [answers], item positions, ascending within a person.
        category: int8 [answers], 0 ... K-1.
        item_ids: J names.
        person_ids: N names, or None for 0 ... N-1.
        weights: float [N], how many persons a row stands for, or None for 1 each.
    """

    ptr: Int
    item: NDArray[np.int32]
    category: NDArray[np.int8]
    item_ids: tuple[str, ...]
    person_ids: tuple[Any, ...] | None = None
    weights: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        if (
            self.ptr.ndim != 1
            or len(self.ptr) < 1
            or self.ptr[-1] != len(self.item)
            or len(self.item) != len(self.category)
        ):
            raise BadShape("ptr, item and category do not fit together")
        for array in (self.ptr, self.item, self.category, self.weights):
            if array is not None:
                array.setflags(write=False)

    @classmethod
    def from_matrix(
        cls,
        matrix: ArrayLike,
        *,
        item_ids: Iterable[str] | None = None,
        person_ids: Iterable[Any] | None = None,
        first_category: int = 0,
        weights: ArrayLike | None = None,
    ) -> Self:
        """From a dense matrix [N, J]; NaN, None and -1 (for floats and integers) mean not presented.

        Args:
            first_category: the number of the lowest category in the matrix (1 when answers are 1 ... K).
            weights: [N] frequencies, positive.

        Raises:
            BadShape: not a matrix, or names that do not fit.
            BadCategory: infinite, fractional or negative numbers; the message names the first cell.
        """
        values = _as_matrix(matrix)
        whole = _whole_numbers(values, first_category)
        ptr = np.zeros(len(whole) + 1, np.int64)
        np.cumsum((whole >= 0).sum(axis=1), out=ptr[1:])
        item = np.nonzero(whole >= 0)[1].astype(np.int32)
        return cls(
            ptr, item, whole[whole >= 0], _names(item_ids, whole.shape[1]), _people(person_ids, len(whole)),
            _weights(weights, len(whole)),
        )  # fmt: skip

    @classmethod
    def from_long(
        cls,
        person: ArrayLike,
        item: ArrayLike,
        category: ArrayLike,
        *,
        item_ids: Sequence[Any] | None = None,
        first_category: int = 0,
    ) -> Self:
        """From a long table, one row an answer, in any order.

        Persons and items may be numbers or texts. Items are ordered as in `item_ids`, else sorted; persons are
        sorted. A missing category (NaN or -1) drops the row but keeps the person.

        Raises:
            BadShape: columns differ in length, or an item is not among `item_ids`.
            BadCategory, DuplicateResponse.
        """
        persons, who = np.unique(np.asarray(person), return_inverse=True)
        names, what = _item_codes(np.asarray(item), item_ids)
        given = _whole_numbers(np.asarray(category, float).reshape(1, -1), first_category)[0]
        if not len(who) == len(what) == len(given):
            raise BadShape("columns differ in length", person=len(who), item=len(what), category=len(given))
        keep = given >= 0
        order = np.lexsort((what[keep], who[keep]))
        who, what, given = who[keep][order], what[keep][order], given[keep][order]
        _refuse_duplicates(who, what, persons, names)
        ptr = np.zeros(len(persons) + 1, np.int64)
        np.cumsum(np.bincount(who, minlength=len(persons)), out=ptr[1:])
        return cls(ptr, what.astype(np.int32), given, tuple(str(n) for n in names), tuple(persons.tolist()))

    @property
    def persons(self) -> int:
        """Number N of persons (rows)."""
        return len(self.ptr) - 1

    @property
    def items(self) -> int:
        """Number J of items."""
        return len(self.item_ids)

    @property
    def complete(self) -> bool:
        """Whether every person answered every item."""
        return len(self.item) == self.persons * self.items

    def total_weight(self) -> float:
        """Number of persons the rows stand for."""
        return float(self.persons if self.weights is None else self.weights.sum())

    def answered(self) -> Int:
        """[N] number of answers of each person."""
        return np.diff(self.ptr)

    def counts(self, categories: int | None = None) -> NDArray[np.float64]:
        """[J, K] weighted number of answers in each category of each item."""
        width = categories or int(self.category.max(initial=1)) + 1
        total = np.zeros(self.items * width)
        for start in range(0, self.persons, COUNT_BLOCK):  # a block at a time: the cell numbers take eight bytes each
            stop = min(start + COUNT_BLOCK, self.persons)
            part = slice(int(self.ptr[start]), int(self.ptr[stop]))
            cell = self.item[part].astype(np.int64) * width + self.category[part]
            weight = None if self.weights is None else np.repeat(self.weights[start:stop], self.answered()[start:stop])
            total += np.bincount(cell, weight, minlength=len(total))
        return total.reshape(self.items, width)

    def to_matrix(self) -> NDArray[np.int8]:
        """The dense matrix [N, J], -1 where nothing was presented."""
        matrix = np.full((self.persons, self.items), -1, np.int8)
        matrix[np.repeat(np.arange(self.persons), self.answered()), self.item] = self.category
        return matrix

    def select_persons(self, rows: ArrayLike) -> Responses:
        """These persons, in this order (positions or a mask)."""
        chosen = np.asarray(rows)
        chosen = np.flatnonzero(chosen) if chosen.dtype == bool else chosen.astype(np.int64)
        lengths = self.answered()[chosen]
        ptr = np.zeros(len(chosen) + 1, np.int64)
        np.cumsum(lengths, out=ptr[1:])
        take = np.arange(ptr[-1]) + np.repeat(self.ptr[chosen] - ptr[:-1], lengths)
        people = None if self.person_ids is None else tuple(self.person_ids[i] for i in chosen)
        weights = None if self.weights is None else self.weights[chosen]
        return Responses(ptr, self.item[take], self.category[take], self.item_ids, people, weights)

    def select_items(self, positions: Sequence[int] | Int) -> Responses:
        """The answers to these items, in this item order; persons stay, even without an answer."""
        place = np.full(self.items, -1, np.int64)
        place[np.asarray(positions, np.int64)] = np.arange(len(positions))
        keep = place[self.item] >= 0
        who = np.repeat(np.arange(self.persons), self.answered())[keep]
        what = place[self.item[keep]]
        order = np.lexsort((what, who))
        ptr = np.zeros(self.persons + 1, np.int64)
        np.cumsum(np.bincount(who, minlength=self.persons), out=ptr[1:])
        names = tuple(self.item_ids[int(j)] for j in positions)
        return Responses(
            ptr, what[order].astype(np.int32), self.category[keep][order], names, self.person_ids, self.weights
        )

    def sum_scores(self) -> NDArray[np.float64]:
        """[N] sum of the categories given."""
        running = np.r_[0.0, np.cumsum(self.category, dtype=float)]
        return np.asarray(running[self.ptr[1:]] - running[self.ptr[:-1]])


def as_responses(data: Responses | ArrayLike, item_ids: Iterable[str] | None = None) -> Responses:
    """Responses as they are, or a dense matrix turned into them."""
    return data if isinstance(data, Responses) else Responses.from_matrix(data, item_ids=item_ids)


def check_connected(responses: Responses) -> None:
    """Raise `NotConnected` unless all answered items hang together through persons who answered several.

    With random persons the common latent distribution also links separate forms; this check is for designs where
    that assumption is not wanted (groups with free means, fixed persons).
    """
    parts = connected_parts(responses)
    if len(parts) > 1:
        raise NotConnected("items fall into parts without a common person", parts=[p[:10] for p in parts])


def connected_parts(responses: Responses) -> list[list[str]]:
    """The answered items' ids, grouped by which items hang together through common persons."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(responses.item), np.int8)
    incidence = csr_array((ones, responses.item, responses.ptr), shape=(responses.persons, responses.items))
    n = responses.persons
    who = np.repeat(np.arange(n), responses.answered())
    graph = csr_array((ones, (who, responses.item + n)), shape=(n + responses.items, n + responses.items))
    label = connected_components(graph, directed=False)[1][n:]
    seen = np.flatnonzero(np.bincount(incidence.indices, minlength=responses.items))
    return [[responses.item_ids[j] for j in seen if label[j] == part] for part in dict.fromkeys(label[seen])]


def _as_matrix(matrix: ArrayLike) -> NDArray[Any]:
    values = np.asarray(matrix)
    if values.dtype == object:
        values = _objects(values)
    if values.ndim != 2:
        raise BadShape("responses must be a matrix [persons, items]", shape=values.shape)
    if values.size == 0:
        raise NoResponses("the response matrix is empty", shape=values.shape)
    if values.dtype.kind in "US":
        values = _parsed(values)
    if values.dtype.kind not in "iufb":
        raise BadCategory("responses must be numbers", dtype=str(values.dtype))
    return values


def _objects(values: NDArray[Any]) -> NDArray[Any]:
    try:
        return np.array([[np.nan if v is None or v == "" else v for v in row] for row in values], float)
    except (TypeError, ValueError) as error:
        raise BadCategory(f"responses must be numbers: {error}", dtype="object") from None


def _parsed(values: NDArray[Any]) -> NDArray[Any]:
    """Numbers that were read as text; empty cells are missing."""
    try:
        return np.asarray(np.where(np.char.strip(values) == "", "nan", values).astype(float))
    except ValueError as error:
        raise BadCategory(f"responses must be numbers: {error}", dtype=str(values.dtype)) from None


def _whole_numbers(values: NDArray[Any], first: int) -> NDArray[np.int8]:
    """Categories from 0 as int8, -1 for missing."""
    missing = values == -1
    if values.dtype.kind == "f":
        missing = missing | np.isnan(values)
        with np.errstate(invalid="ignore"):
            _refuse(values, ~missing & ~(np.isfinite(values) & (np.floor(values) == values)), "is not a whole number")
    _refuse(values, ~missing & ((values < first) | (values > first + MOST_CATEGORIES - 1)), "is not a category")
    shifted = np.where(missing, first - 1, values) - first if first else np.where(missing, -1, values)
    return shifted.astype(np.int8)


def _refuse(values: NDArray[Any], bad: NDArray[np.bool_], what: str) -> None:
    if bad.any():
        row, column = (int(v) for v in np.argwhere(bad)[0])
        value = float(values[row, column])
        raise BadCategory(
            f"response {value:g} in row {row}, column {column} {what}", row=row, column=column, value=value
        )


def _names(item_ids: Iterable[str] | None, size: int) -> tuple[str, ...]:
    names = tuple(f"I{j + 1}" for j in range(size)) if item_ids is None else tuple(str(i) for i in item_ids)
    if len(names) != size or len(set(names)) != size:
        raise BadShape("item ids must be unique, one a column", ids=len(names), columns=size)
    return names


def _people(person_ids: Iterable[Any] | None, size: int) -> tuple[Any, ...] | None:
    people = None if person_ids is None else tuple(person_ids)
    if people is not None and len(people) != size:
        raise BadShape("one person id a row is needed", ids=len(people), rows=size)
    return people


def _weights(weights: ArrayLike | None, size: int) -> NDArray[np.float64] | None:
    if weights is None:
        return None
    values = np.array(weights, float)
    if values.shape != (size,) or not np.all(np.isfinite(values) & (values >= 0)):
        raise BadShape("weights must be finite, not negative, one a row", shape=values.shape, rows=size)
    return values


def _item_codes(item: NDArray[Any], item_ids: Sequence[Any] | None) -> tuple[Sequence[Any], Int]:
    found, code = np.unique(item, return_inverse=True)
    if item_ids is None:
        return found.tolist(), code.astype(np.int64)
    place = {str(name): j for j, name in enumerate(item_ids)}
    unknown = [str(n) for n in found if str(n) not in place]
    if unknown:
        raise BadShape("answers to items that are not in the list", items=unknown[:10])
    return list(item_ids), np.array([place[str(n)] for n in found], np.int64)[code]


def _refuse_duplicates(who: Int, what: Int, persons: NDArray[Any], names: Sequence[Any]) -> None:
    twice = np.flatnonzero((np.diff(who) == 0) & (np.diff(what) == 0))
    if len(twice):
        person, item = persons[who[twice[0]]], names[what[twice[0]]]
        raise DuplicateResponse(
            f"two answers of {person} to {item}", person=str(person), item=str(item), count=len(twice)
        )
