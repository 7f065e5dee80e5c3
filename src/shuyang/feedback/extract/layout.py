"""The columns of the extract, for a framework's forces and facets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from shuyang.trust.api import blind_index

Columns = dict[str, np.ndarray[Any, Any]]
FACTS = (
    "estimate", "source", "revision", "person", "at", "campaign", "release", "purpose", "path", "rank_layer",
    "job_category", "age_band", "answered", "synthetic", "provisional",
)  # fmt: skip
TEXTS = ("campaign", "release", "purpose", "path", "rank_layer", "job_category", "age_band")
WHOLE_NUMBERS = ("estimate", "source", "revision", "person", "at", "answered")


@dataclass(frozen=True, slots=True)
class Layout:
    """Forces in the order of posteriors, and facets; names of columns follow from them.

    `mean_*` and `cov_*_*` are the posterior, `value_*` and `error_*` its site (the answers alone: value and error variance, in
    logits), `level_*` the expected level; `items_*`, `facet_*`, `facet_error_*` are counts and sites of facets.
    """

    forces: tuple[str, ...]
    facets: tuple[str, ...]

    def per_force(self, kind: str) -> tuple[str, ...]:
        """Columns `mean_…`, `value_…`, `error_…` or `level_…`."""
        return tuple(f"{kind}_{force}" for force in self.forces)

    def per_facet(self, kind: str) -> tuple[str, ...]:
        """Columns `items_…`, `facet_…` or `facet_error_…`."""
        return tuple(f"{kind}_{facet}" for facet in self.facets)

    @property
    def covariances(self) -> tuple[tuple[int, int, str], ...]:
        """(row, column, name) of the upper triangle."""
        n = len(self.forces)
        return tuple((i, j, f"cov_{self.forces[i]}_{self.forces[j]}") for i in range(n) for j in range(i, n))

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns in their order."""
        forces = [name for kind in ("mean", "value", "error", "level") for name in self.per_force(kind)]
        facets = [name for kind in ("items", "facet", "facet_error") for name in self.per_facet(kind)]
        return (*FACTS, *forces, *(name for _, _, name in self.covariances), *facets)

    def to_dict(self) -> dict[str, list[str]]:
        return {"forces": list(self.forces), "facets": list(self.facets)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Layout:
        return cls(tuple(data["forces"]), tuple(data["facets"]))


def result_key(estimate_id: UUID) -> int:
    """A result as a number: the random half of its id."""
    return estimate_id.int & (2**63 - 1)


def person_key(person_id: UUID) -> int:
    """A person as a number that leads to no one without the installation's key."""
    return int(blind_index(str(person_id), field="extract")[:15], 16)
