"""How precisely the secure items could measure, by their experts' priors: before anyone has answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shuyang.measurement.cat.bank import compile_bank
from shuyang.packs.contracts import Pack
from shuyang.packs.expert_items import cat_items, secure_contents

ABILITIES = (-2.0, -1.0, 0.0, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class ForceInformation:
    """Of one force at `ABILITIES` (logits): Fisher information of all its items with the doubt about their parameters
    integrated, the smallest posterior SE they allow under a standard normal prior, and that of the best dozen.
    """

    force: str
    items: int
    mean_slope: float
    information: tuple[float, ...]
    smallest_se: tuple[float, ...]
    best_dozen_se: tuple[float, ...]


def information_of(pack: Pack) -> tuple[ForceInformation, ...]:
    """Information of the reviewed secure items by force; other forces' answers would add to it."""
    forces = [force.id for force in pack.framework.forces]
    items = cat_items(secure_contents(pack), pack.framework)
    if not items:
        return ()
    bank = compile_bank(items, dims=len(forces))
    places = [int(np.argmin(np.abs(bank.nodes - ability))) for ability in ABILITIES]
    found = []
    for dim, force in enumerate(forces):
        rows = np.sort(bank.info[bank.dim == dim][:, places], axis=0)[::-1]
        slopes = [item.slope for item in items if item.dim == dim]
        found.append(
            ForceInformation(
                force=force,
                items=len(slopes),
                mean_slope=float(np.mean(slopes)) if slopes else 0.0,
                information=_floats(rows.sum(axis=0)),
                smallest_se=_se(rows.sum(axis=0)),
                best_dozen_se=_se(rows[:12].sum(axis=0)),
            )
        )
    return tuple(found)


def _se(information: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, ...]:
    return _floats(1 / np.sqrt(1 + information))


def _floats(values: Sequence[float] | np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
