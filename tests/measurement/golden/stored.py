"""Banks and latent distributions as stored in the reference results."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from tests.measurement.conftest import Reference

from shuyang.measurement.irt.data import Responses
from shuyang.measurement.irt.items import ItemParameters
from shuyang.measurement.irt.latent import Latent

_NAMES = {"bifactor": "2pl", "two_factor_efa": "2pl", "two_factor_cfa": "2pl"}


def responses(reference: Reference) -> Responses:
    assert reference.matrix is not None
    first = int(np.nanmin(reference.matrix))
    return Responses.from_matrix(reference.matrix, item_ids=reference.header, first_category=first)


def bank(reference: Reference, model: str) -> tuple[ItemParameters, Latent]:
    """The stored estimates of a model, as a bank and its ability distribution."""
    rows: dict[str, dict[str, float]] = {name: {} for name in [*reference.header, "GROUP"]}
    for row in reference.results["models"][model]["parameters"]:
        rows[row["item"]][row["name"]] = row["value"]
    group = rows.pop("GROUP")
    dims = max([int(k[1:]) for r in rows.values() for k in r if re.fullmatch(r"a\d+", k)] or [1])
    default = 1.0 if model in ("Rasch", "PCM") else 0.0
    intercepts = [[r[k] for k in sorted(r, key=len) if re.fullmatch(r"d\d*", k) and k != "d0"] for r in rows.values()]
    pairs = zip(rows.values(), intercepts, strict=True)
    items = ItemParameters.build(
        _NAMES.get(model, model),
        [[r.get(f"a{k + 1}", default) for k in range(dims)] for r in rows.values()],
        intercepts,
        g=[r.get("g", 0.0) for r in rows.values()],
        u=[r.get("u", 1.0) for r in rows.values()],
        scores=[[r.get(f"ak{k}", k) for k in range(len(d))] + [len(d)] for r, d in pairs],
        ids=list(rows),
    )
    return items, _latent(group, dims)


def _latent(group: dict[str, float], dims: int) -> Latent:
    covariance = np.eye(dims)
    for name, value in group.items():
        if name.startswith("COV_"):
            i, j = int(name[4]) - 1, int(name[5]) - 1
            covariance[i, j] = covariance[j, i] = value
    return Latent(("all",), np.zeros((1, dims)), covariance[None])


def cases(reference: Any, key: str) -> list[tuple[str, str]]:
    """(data set, model) pairs that have a stored statistic."""
    names = ("lsat7", "slf", "deayala", "bock1997", "science", "sat12", "simgrm-missing")
    found = []
    for name in names:
        models = reference(name).results["models"]
        found += [(name, model) for model, stored in models.items() if key in stored]
    return found
