"""What a published value may stand for: a range, a cut date, asterisks, nothing at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

RANGE = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(?:-|–|~|～|至|,)\s*(-?\d+(?:\.\d+)?)\s*")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PART_OF_DAY = re.compile(r"\d{4}(-\d{2})?")
Places = NDArray[np.int64]
_NONE: Places = np.zeros(0, dtype=np.int64)


def covers(published: Any, known: Any) -> bool:
    """May a published value stand for this known one?

    An empty value or only asterisks stand for all. `1980-1989`: numbers in the range (both ends); of a known date, its year.
    Asterisks stand for one character each, those at the end for any rest (张**, 1980*). A shorter value without asterisks
    stands for what begins with it where it is a date cut to year or month (1980, 1980-05). Otherwise both must be equal.
    """
    if published is None or known is None:
        return True
    text, exact = str(published).strip(), str(known).strip()
    if not text.strip("*"):
        return True
    if DAY.fullmatch(exact) and PART_OF_DAY.fullmatch(text):
        return exact.startswith(text)
    if found := RANGE.fullmatch(text):
        number = NUMBER.match(exact)
        return text == exact or (number is not None and float(found[1]) <= float(number[0]) <= float(found[2]))
    if "*" in text:
        pattern = re.escape(text).replace(r"\*", ".")
        return bool(re.fullmatch(pattern, exact) or (text.endswith("*") and exact.startswith(text.rstrip("*"))))
    return text == exact


class Known:
    """Known values, sorted so that those a published value may stand for are found without looking at each: the same answers
    as `covers`, for tables of thousands."""

    def __init__(self, values: Sequence[Any]) -> None:
        self.size = len(values)
        self._texts = ["" if value is None else str(value).strip() for value in values]
        self._empty = np.array([place for place, value in enumerate(values) if value is None], dtype=np.int64)
        self._filled = np.array([place for place, value in enumerate(values) if value is not None], dtype=np.int64)
        self._index: dict[tuple[Any, ...], dict[Any, Places]] = {}
        self._numbers: NDArray[np.float64] | None = None

    def covered_by(self, published: Any) -> NDArray[np.bool_]:
        """Which of the known values it may stand for, in their order."""
        places = self.places(published)
        if places is None:
            return np.ones(self.size, dtype=bool)
        found = np.zeros(self.size, dtype=bool)
        found[places] = True
        return found

    def places(self, published: Any) -> Places | None:
        """The places of those it may stand for, in no order, some perhaps twice; None where it may stand for all."""
        text = "" if published is None else str(published).strip()
        if not text.strip("*"):
            return None
        found = [*self._filled_places(text), self._empty]
        return np.concatenate([one for one in found if len(one)]) if any(map(len, found)) else _NONE

    def _filled_places(self, text: str) -> list[Places]:
        if "*" in text:
            return self._starred(text)
        whole = self._those(("whole",), text)
        if text[0] not in "-0123456789":
            return [whole]
        cut = [self._those(("day", len(text)), text)] if PART_OF_DAY.fullmatch(text) else []
        if found := RANGE.fullmatch(text):
            low, high = float(found[1]), float(found[2])
            inside = np.flatnonzero((low <= self._as_numbers()) & (self._as_numbers() <= high))
            days = self._those(("any day",), True) if cut else _NONE
            cut.append(np.setdiff1d(inside, days))  # 1980-05 is a month of a day, a range of all else
        return [*cut, whole]

    def _starred(self, text: str) -> list[Places]:
        fixed = tuple(place for place, sign in enumerate(text) if sign != "*")
        found = [self._those(("fixed", len(text), fixed), tuple(text[place] for place in fixed))]
        if text.endswith("*"):
            start = text.rstrip("*")
            found.append(self._those(("start", len(start)), start))
        return found

    def _those(self, kind: tuple[Any, ...], key: Any) -> Places:
        """The places of the values that have this key in an index of this kind."""
        if kind not in self._index:
            self._index[kind] = self._sorted(_KEYS[kind[0]](*kind[1:]))
        return self._index[kind].get(key, _NONE)

    def _sorted(self, key: Callable[[str], Any]) -> dict[Any, Places]:
        places: defaultdict[Any, list[int]] = defaultdict(list)
        for place in self._filled:
            places[key(self._texts[place])].append(int(place))
        return {found: np.array(those, dtype=np.int64) for found, those in places.items()}

    def _as_numbers(self) -> NDArray[np.float64]:
        """The number that each value begins with, or not a number."""
        if self._numbers is None:
            begun = [NUMBER.match(text) for text in self._texts]
            self._numbers = np.array([float(one[0]) if one else np.nan for one in begun])
        return self._numbers


def _whole() -> Callable[[str], Any]:
    return lambda text: text


def _day(length: int) -> Callable[[str], Any]:
    return lambda text: text[:length] if DAY.fullmatch(text) else None


def _any_day() -> Callable[[str], Any]:
    return lambda text: bool(DAY.fullmatch(text))


def _start(length: int) -> Callable[[str], Any]:
    return lambda text: text[:length]


def _fixed(length: int, places: tuple[int, ...]) -> Callable[[str], Any]:
    return lambda text: tuple(text[place] for place in places) if len(text) == length else None


_KEYS: dict[str, Callable[..., Callable[[str], Any]]] = {
    "whole": _whole, "day": _day, "any day": _any_day, "start": _start, "fixed": _fixed,
}  # fmt: skip
