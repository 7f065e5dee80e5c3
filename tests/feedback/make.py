"""Estimates written straight into evidence: results of known position without taking a sitting each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction

from shuyang.evidence.api import NewEstimate, PostOfDay, record
from shuyang.itembank.api import Release, current_release
from shuyang.kernel.ids import new_id
from shuyang.measurement.cat.levels import levels
from tests.cast import Cast


@dataclass(frozen=True)
class Belief:
    """As much of a posterior as `levels` asks for."""

    mean: np.ndarray[Any, Any]
    sd: np.ndarray[Any, Any]


def an_estimate(cast: Cast, person_id: UUID, mean: Sequence[float], *, sd: float = 0.4, **changes: Any) -> NewEstimate:
    """A result of the finance office's general administration with independent errors of `sd` on every force."""
    found: Release = current_release()
    prior = np.asarray(found.prior.cov)
    cov = np.linalg.inv(np.linalg.inv(prior) + np.eye(5) / sd**2)
    belief = Belief(np.asarray(mean, float), np.sqrt(cov.diagonal()))
    new = NewEstimate(
        person_id=person_id,
        post=PostOfDay(
            cast.finance.id, cast.finance.path, cast.finance.name, "general", "general_administration", "科员"
        ),
        campaign_id=UUID(int=1),
        purpose="diagnosis",
        release_hash=found.hash,
        mean=tuple(map(float, mean)),
        covariance=tuple(tuple(map(float, row)) for row in cov),
        level_probabilities=tuple(levels(belief, [found.cuts[f] for f in found.forces])),  # type: ignore[arg-type]
        reached=(True,) * 5,
        counts={},
        stop_reason="precision",
        answered=40,
        seconds=1800,
        provisional=True,
        synthetic=True,
    )
    return replace(new, **changes)


def write(new: NewEstimate, *, source_id: UUID | None = None) -> UUID:
    """Record the estimate as of now; returns its id."""
    with transaction.atomic():
        return record(
            source="delivery",
            source_id=source_id or new_id(),
            estimate=new,
            observations=[],
            receipt_body={"kind": "test"},
        )
