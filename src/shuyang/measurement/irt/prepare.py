"""Checks before estimation: models, categories, degenerate items, connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shuyang.measurement.errors import (
    BadModel,
    BadShape,
    NoResponses,
    NotConnected,
    NotIdentified,
    NoVariation,
    UnusedCategory,
)
from shuyang.measurement.irt.data import Responses, connected_parts
from shuyang.measurement.irt.items import BINARY, ItemParameters, model_name
from shuyang.measurement.irt.priors import LogNormal, Priors
from shuyang.measurement.irt.starts import starting_items, turned_items

Float = NDArray[np.float64]
SAMPLE = 2000
FREE_SLOPES = frozenset({"2pl", "3pl", "4pl", "graded", "gpcm"})


def models_of(model: str | Sequence[str] | Mapping[str, str], ids: Sequence[str]) -> tuple[str, ...]:
    """The model of each item from one name, one name an item, or a mapping from item id."""
    if isinstance(model, str):
        return (model_name(model),) * len(ids)
    if isinstance(model, Mapping):
        missing = [i for i in ids if i not in model]
        if missing:
            raise BadModel("items without a model", items=missing[:10])
        return tuple(model_name(model[i]) for i in ids)
    if len(model) != len(ids):
        raise BadShape("one model an item is needed", models=len(model), items=len(ids))
    return tuple(model_name(m) for m in model)


def check_counts(
    responses: Responses, counts: Float, models: Sequence[str], *, fixed: NDArray[np.bool_], allow_flat: bool
) -> NDArray[np.int64]:
    """Number of categories of each item; refuses what has no finite maximum.

    Args:
        counts: [J, K] answers.
        fixed: items whose parameters are given.
        allow_flat: a prior makes the intercept of an item finite even if everyone gave the same answer.
    """
    if responses.persons == 0 or counts.sum() == 0:
        raise NoResponses("there is no response at all")
    ids = np.array(responses.item_ids)
    empty = (counts.sum(axis=1) == 0) & ~fixed
    if empty.any():
        raise NoResponses("items without a response", items=ids[empty][:10].tolist())
    used = counts > 0
    highest = used.shape[1] - 1 - np.argmax(used[:, ::-1], axis=1)
    flat = (used.sum(axis=1) == 1) & ~fixed
    if flat.any() and not allow_flat:
        raise NoVariation(
            "everyone gave the same answer; leave these items out, or set a prior on intercept or difficulty",
            items=ids[flat][:10].tolist(),
        )
    gaps = (used.sum(axis=1) < highest + 1) & ~flat & ~fixed
    if gaps.any():
        raise UnusedCategory("categories never used; calibrate(..., collapse=True) joins them",
                             items=ids[gaps][:10].tolist())  # fmt: skip
    categories = np.maximum(highest + 1, 2)
    wrong = [j for j, m in enumerate(models) if m in BINARY and categories[j] > 2]
    if wrong:
        raise BadModel("more than two categories under a binary model", items=ids[wrong][:10].tolist())
    return np.asarray(categories, np.int64)


def collapse_unused(responses: Responses, keep: NDArray[np.bool_]) -> tuple[Responses, dict[str, tuple[int, ...]]]:
    """Renumber categories so that none is unused; returns the original numbers of the renumbered items.

    Items with one used category, and those in `keep`, stay as they are.
    """
    used = responses.counts() > 0
    number = np.cumsum(used, axis=1) - 1
    stay = keep | (used.sum(axis=1) < 2)
    number[stay] = np.arange(used.shape[1])
    changed = {
        responses.item_ids[j]: tuple(int(k) for k in np.flatnonzero(used[j]))
        for j in np.flatnonzero((number * used != np.arange(used.shape[1]) * used).any(axis=1))
    }
    if not changed:
        return responses, {}
    category = number[responses.item, responses.category].astype(np.int8)
    return replace(responses, category=category), changed


def check_design(responses: Responses) -> None:
    """Raise `NotConnected` unless common persons connect all answered items; a sample settles most designs."""
    step = max(1, responses.persons // SAMPLE)
    sample = responses.select_persons(np.arange(0, responses.persons, step))
    answered = len(np.unique(responses.item)) if len(responses.item) < 5_000_000 else responses.items
    found = connected_parts(sample)
    if len(found) == 1 and len(found[0]) >= answered:
        return
    parts = connected_parts(responses)
    if len(parts) > 1:
        raise NotConnected(
            "items fall into parts without a common person; pass check_connection=False if equivalent groups took them",
            parts=[p[:10] for p in parts],
        )


def anchored(ids: Sequence[str], anchors: ItemParameters | None) -> NDArray[np.bool_]:
    """[J] which items are anchors; raises `BadShape` where none of the anchors is among them."""
    known = set(anchors.ids) if anchors is not None else set()
    found = np.array([i in known for i in ids], bool)
    if anchors is not None and not found.any():
        raise BadShape("none of the anchors is among the items answered", anchors=anchors.ids[:10])
    return found


def starting_bank(
    data: Responses, models: tuple[str, ...], loads: NDArray[np.bool_], priors: Priors, anchors: ItemParameters | None
) -> ItemParameters:
    """A checked bank to start from, [J, D] with slopes where it loads; anchors keep their model, categories and
    parameters. Raises as `check_counts`."""
    counts, known = data.counts(), anchored(data.item_ids, anchors)
    place = {i: j for j, i in enumerate(anchors.ids)} if anchors is not None else {}
    if anchors is not None:
        pairs = zip(data.item_ids, models, strict=True)
        models = tuple(anchors.models[place[i]] if i in place else m for i, m in pairs)
    categories = check_counts(data, counts, models, fixed=known, allow_flat=priors.hold_intercepts)
    if anchors is not None:
        categories[known] = [anchors.categories[place[i]] for i in np.array(data.item_ids)[known]]
    counts = np.pad(counts, ((0, 0), (0, max(0, int(categories.max()) - counts.shape[1]))))
    bank = starting_items(data.item_ids, models, counts, categories, loads)
    if anchors is not None:
        return with_anchors(bank, anchors)
    if loads.shape[1] > 1 or isinstance(priors.slope, LogNormal) or not set(models) <= FREE_SLOPES:
        return bank
    return replace(bank, slopes=np.where(turned_items(data)[:, None], -bank.slopes, bank.slopes))


def check_size(categories: NDArray[np.int64], unknowns: int, groups: int) -> None:
    """Raise `NotIdentified` where even all patterns of answers, of all groups, are fewer than the unknowns."""
    patterns = np.exp(min(float(np.log(categories).sum()), 50.0))
    if unknowns > groups * (patterns - 1):
        raise NotIdentified("more unknowns than patterns of answers: give more items, a simpler model or priors",
                            unknowns=unknowns, items=len(categories))  # fmt: skip


def with_anchors(bank: ItemParameters, anchors: ItemParameters) -> ItemParameters:
    """The bank with the anchors' parameters in the place of its own, matched by id."""
    place = {i: j for j, i in enumerate(anchors.ids)}

    def rows(mine: Float, theirs: Float) -> list[list[float]]:
        chosen = [theirs[place[i]] if i in place else mine[j] for j, i in enumerate(bank.ids)]
        return [[float(v) for v in np.atleast_1d(row) if not np.isnan(v)] for row in chosen]

    return ItemParameters.build(
        bank.models, rows(bank.slopes, anchors.slopes), rows(bank.intercepts, anchors.intercepts),
        g=[r[0] for r in rows(bank.g, anchors.g)], u=[r[0] for r in rows(bank.u, anchors.u)],
        scores=rows(bank.scores, anchors.scores), ids=bank.ids,
    )  # fmt: skip
