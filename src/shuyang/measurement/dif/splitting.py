"""Responses in which some items are a different item in every group."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.irt.data import Responses

Ints = NDArray[np.int64]


def split_items(responses: Responses, codes: Ints, labels: Sequence[str], split: Collection[int]) -> Responses:
    """Responses with every item of `split` replaced by one item a group, named "item @ group".

    codes: [N] group of each person, 0 .. G-1; the other items keep their order and come first.
    """
    kept = [j for j in range(responses.items) if j not in split]
    place = np.zeros((responses.items, len(labels)), np.int32)
    place[kept] = np.arange(len(kept))[:, None]
    names = [responses.item_ids[j] for j in kept]
    for j in sorted(split):
        place[j] = len(names) + np.arange(len(labels))
        names += [name_of(responses.item_ids[j], label) for label in labels]
    who = np.repeat(np.arange(responses.persons), responses.answered())
    item = place[responses.item, codes[who]]
    order = np.lexsort((item, who))
    return Responses(
        responses.ptr, item[order], responses.category[order], tuple(names), responses.person_ids, responses.weights
    )


def name_of(item: str, group: str) -> str:
    """Name of an item's copy for one group."""
    return f"{item} @ {group}"
