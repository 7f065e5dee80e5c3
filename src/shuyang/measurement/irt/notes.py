"""What is out of the ordinary in a calibration, in words: as notes of the result and as warnings."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from shuyang.measurement.errors import NotConverged, WeaklyIdentified
from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.se import Information
from shuyang.measurement.irt.squarem import Trace

STEEP = 6.0
MOST_NAMED = 10


def notes_of(
    trace: Trace, items: ItemParameters, data: Responses, information: Information | None, *, stacklevel: int,
    flat: Sequence[str] = (), cut: float = 0.0,
) -> tuple[str, ...]:  # fmt: skip
    """Notes on a calibration; the grave ones are warned about, `stacklevel` calls up from here.

    flat: names of groups in which ability hardly varies. cut: how far ability reaches, where that is beyond the nodes.
    """
    beyond = (np.abs(items.slopes) > STEEP).any(axis=1)
    steep = [items.ids[j] for j in np.flatnonzero(beyond)]
    grave: list[tuple[str, type[Warning]]] = []
    if not trace.converged:
        far = (np.abs(np.nan_to_num(items.scores)) > STEEP + items.categories[:, None]).any(axis=1)
        named = [items.ids[j] for j in np.flatnonzero(beyond | far)]
        grave.append((_stopped(trace, items, data, named), NotConverged))
    if flat:
        text = f"ability hardly varies in {', '.join(flat[:MOST_NAMED])}: the variance is at its lower bound"
        grave.append((text, WeaklyIdentified))
    if cut:
        grave.append((f"ability reaches to {cut:.1f}, beyond the nodes: pass a larger bound", WeaklyIdentified))
    if information is not None and not information.positive:
        text = "the observed information is not positive definite: standard errors are not to be trusted"
        grave.append((text, WeaklyIdentified))
    if steep and not trace.given_up:
        text = f"slopes beyond {STEEP:.0f}, nearly a step function: {', '.join(steep[:MOST_NAMED])}"
        grave.append((text, WeaklyIdentified))
    for text, kind in grave:
        warnings.warn(text, kind, stacklevel=stacklevel)
    silent = int((data.answered() == 0).sum())
    quiet = [f"{silent} persons without a response: they say nothing about the items"] if silent else []
    return tuple([text for text, _ in grave] + quiet)


def _stopped(trace: Trace, items: ItemParameters, data: Responses, named: Sequence[str]) -> str:
    text = f"not converged after {trace.steps} steps: estimates are not the maximum"
    if not trace.given_up:
        return text
    wanted = ["slope=LogNormal(0, 0.5)"]
    if "3pl" in items.models or "4pl" in items.models:
        wanted.append("guessing=Normal(-1.4, 0.5)")
    if "4pl" in items.models:
        wanted.append("upper=Normal(3, 0.5)")
    return (
        f"{text}. Slopes or category scores of {', '.join(named[:MOST_NAMED])} run to infinity: the likelihood has no "
        f"maximum, as happens where {data.total_weight():.0f} persons are too few for the model or items copy one "
        f"another. Leave copies out, take a simpler model, "
        f"or priors, for example Priors({', '.join(wanted)})"
    )
