"""Simulated people who take sittings through the real services: for the demonstration and for recovery tests.

Their persons and campaigns are synthetic; so is everything written.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import transaction

from shuyang.delivery import engine
from shuyang.delivery.contracts import ItemPage
from shuyang.delivery.models import Campaign, Sitting
from shuyang.delivery.services.answering import answer
from shuyang.delivery.services.sittings import begin, own_sitting
from shuyang.itembank.api import answer_earning
from shuyang.kernel.errors import Forbidden
from shuyang.kernel.ids import new_id
from shuyang.kit.api import Progress, enqueue, job
from shuyang.measurement.cat.contracts import CatItem
from shuyang.people.api import people_ids, persons
from shuyang.trust.api import SYSTEM, Actor

FloatArray = npt.NDArray[np.float64]
Truth = Callable[[int], CatItem]


def true_category(item: CatItem, theta: FloatArray, rng: np.random.Generator) -> int:
    """Draw the category that a person at `theta` [D] reaches on an item taken at its parameters' means."""
    z = item.slope * (theta[item.dim] - np.asarray(item.thresholds))
    above = 1.0 / (1.0 + np.exp(-z))
    if item.model == "3pl":
        above = item.guessing + (1.0 - item.guessing) * above
    return int((rng.random() < above).sum())


def drawn_item(item: CatItem, rng: np.random.Generator) -> CatItem:
    """An item whose true parameters are one draw from what is believed about it."""
    shift = item.threshold_sd * rng.standard_normal()
    guessing = float(np.clip(rng.normal(item.guessing, item.guessing_sd), 0.0, 0.5)) if item.guessing else 0.0
    return CatItem(
        id=item.id,
        dim=item.dim,
        model=item.model,
        slope=float(item.slope * np.exp(item.slope_log_sd * rng.standard_normal())),
        thresholds=tuple(t + shift for t in item.thresholds),
        guessing=guessing,
    )


def simulate_sitting(*, actor: Actor, campaign_id: UUID, theta: FloatArray, truth: Truth, seed: int) -> ItemPage:
    """Take a whole sitting as a synthetic person at `theta` [5], whose answers follow `truth(item index)`.

    Raises `Forbidden` for a campaign of real people.
    """
    if not Campaign.objects.filter(id=campaign_id, synthetic=True).exists():
        raise Forbidden("only synthetic campaigns may be simulated")
    rng, choices = np.random.default_rng(seed), random.Random(seed)  # noqa: S311
    sitting_id = begin(actor=actor, campaign_id=campaign_id).id
    while True:
        row = own_sitting(actor, sitting_id)
        assert row.current_index is not None
        category = true_category(truth(row.current_index), theta, rng)
        raw = answer_earning(engine.content(engine.item_at(row).version_id), category, choices)
        page = answer(actor=actor, sitting_id=sitting_id, position=row.position, key=new_id(), raw=raw).page
        if page.presentation is None:
            return page


def simulate_campaign(*, campaign_id: UUID, sittings: int, shifts: Mapping[str, float] | None = None) -> UUID:
    """Queue a job that lets some people of a synthetic campaign take their sittings. Returns the job's id.

    `shifts`: unit path -> by how many standard deviations its people truly lie above (or below) the others in every force.
    """
    arguments = {"campaign_id": str(campaign_id), "sittings": sittings, "shifts": dict(shifts or {})}
    with transaction.atomic():
        return enqueue(name="delivery.simulate", arguments=arguments)


def _shift(unit_path: str, shifts: Mapping[str, float]) -> float:
    """That of the nearest unit above (or of the unit itself) that has one."""
    above = [path for path in shifts if unit_path.startswith(path)]
    return shifts[max(above, key=len)] if above else 0.0


@job("delivery.simulate", attempts=3)
def simulate_people(
    progress: Progress, *, campaign_id: str, sittings: int, shifts: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """Every person but those at the head of the list, who are for trying out by hand; from its end; safe to repeat."""
    campaign = Campaign.objects.get(id=campaign_id, synthetic=True)
    people = people_ids(actor=SYSTEM, unit_path=campaign.unit_path)
    rng = np.random.default_rng(20261122)
    spread = np.linalg.cholesky(0.6 + 0.4 * np.eye(5))
    done = set(Sitting.objects.filter(campaign=campaign).exclude(state="running").values_list("person_id", flat=True))
    items = engine.release(hash=campaign.release_hash).cat_items
    drawn = [drawn_item(item, rng) for item in items]
    chosen = people[-sittings:][::-1]
    views = persons(actor=SYSTEM, person_ids=chosen)
    for number, person_id in enumerate(chosen):
        theta = spread @ rng.standard_normal(5) + _shift(views[person_id].unit_path, shifts or {})
        if person_id not in done:
            actor = Actor(account_id=None, person_id=person_id, unit_path=views[person_id].unit_path)
            simulate_sitting(actor=actor, campaign_id=campaign.id, theta=theta, truth=drawn.__getitem__, seed=number)
        progress.step(number + 1, len(chosen))
    return {"sittings": len(chosen)}
