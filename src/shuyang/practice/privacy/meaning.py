"""What a reader of a masked table still learns from a value, whatever was done to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shuyang.practice.privacy.classes import Column, codes
from shuyang.practice.privacy.standing import Known


def read_as(published: Column, domain: Sequence[Any], means: Sequence[Any]) -> list[Any]:
    """What an analyst reads each published value as.

    `domain`: values as they can be, `means`: what the analysis makes of each (a day of birth its age band, a subdistrict its
    district). A published value is read as the one meaning that all values have for which it may stand (`standing.covers`);
    as None where it stands for values of several meanings, or for none. Raises ValueError for different lengths.
    """
    if len(domain) != len(means):
        raise ValueError("values and their meanings must be of one length")
    known, (meaning, meanings) = Known(domain), codes(list(means))
    place, values = codes(published)
    readings = [_only(np.unique(meaning[known.covered_by(value)]), meanings) for value in values]
    return [readings[one] for one in place]


def _only(found: np.ndarray, meanings: list[Any]) -> Any:
    return meanings[int(found[0])] if len(found) == 1 else None


def narrowed(published: Column, before: Column, within: Column | None = None) -> float:
    """Share of the records whose published value still says something about the value before: it may stand for it, and not
    for every value of the column. 0 for an emptied column and for numbers that have nothing to do with it.

    `within`: what each record may say; only what narrows it further counts (a subdistrict within its district). Raises
    ValueError for different lengths.
    """
    rows, truth = list(published), list(before)
    allowed = [None] * len(truth) if within is None else list(within)
    if not len(rows) == len(truth) == len(allowed):
        raise ValueError("all columns must be of one length")
    known, groups = Known(truth), {group: set(records) for group, records in _records(allowed).items()}
    telling = 0
    for value, own in _records(rows).items():
        places = known.places(value)
        if places is not None:
            stands = set(places.tolist())
            open_ = {group for group in {allowed[one] for one in own} if not groups[group] <= stands}
            telling += sum(one in stands and allowed[one] in open_ for one in own)
    return telling / len(rows) if rows else 0.0


def _records(rows: Sequence[Any]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = {}
    for place, value in enumerate(rows):
        found.setdefault(value, []).append(place)
    return found
