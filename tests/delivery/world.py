"""A small bank, a campaign on it, and ways to answer: what every test of delivery starts from."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from shuyang.delivery import engine
from shuyang.delivery.api import (
    CampaignDraft,
    CampaignView,
    Outcome,
    Purpose,
    SittingView,
    answer,
    begin,
    create_campaign,
)
from shuyang.delivery.models import Response, Sitting
from shuyang.frameworks.api import Framework, load_framework
from shuyang.itembank.api import answer_earning, load_items, publish_release
from shuyang.kernel.ids import new_id
from shuyang.packs.api import builtin_folder, read_pack
from shuyang.trust.api import SYSTEM, Actor
from tests.cast import Cast, make_cast
from tests.itembank.make import SHAPES, item

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
FACETS = [f"F{n:02d}" for n in range(1, 13)]
PER_FACET = 7


@dataclass(frozen=True)
class World:
    """The cast, and a synthetic campaign of the finance office that is open from `NOON` on for a week."""

    cast: Cast
    campaign: CampaignView

    @property
    def learner(self) -> Actor:
        return self.cast.learner.actor

    def begin(self, actor: Actor | None = None) -> SittingView:
        return begin(actor=actor or self.learner, campaign_id=self.campaign.id)


def make_world() -> World:
    """The cast, a bank of 84 items of every type, its release, and the campaign. The clock should stand at `NOON`."""
    load_bank()
    cast = make_cast()
    return World(cast, open_campaign(cast))


@cache
def _framework() -> Framework:
    pack, problems = read_pack(builtin_folder())
    assert pack is not None, problems
    return pack.framework


def load_bank(*, per_facet: int = PER_FACET) -> None:
    load_framework(actor=SYSTEM, framework=_framework())
    contents = [_item(facet, number) for facet in FACETS for number in range(per_facet)]
    load_items(actor=SYSTEM, contents=contents, source="test")
    publish_release(actor=SYSTEM)


def _item(facet: str, number: int) -> Any:
    kind = list(SHAPES)[number % len(SHAPES)]
    level = 1 + (number + int(facet[1:])) % 5
    prior = {
        "difficulty": (level - 3) * 0.7,
        "slope": 1.3,
        "guessing": 0.2 if kind == "single" else 0.0,
        "reason": "按经验",
    }
    return item(kind, id=f"S-{facet}-{level}-{number + 1:03d}", prior=prior)


def open_campaign(cast: Cast, *, actor: Actor | None = None, synthetic: bool = True, **changes: Any) -> CampaignView:
    """A campaign of the finance office, opened by its organiser; `changes` are fields of its draft."""
    values: dict[str, Any] = {
        "name": "诊断测评",
        "purpose": Purpose.DIAGNOSIS,
        "unit_id": cast.finance.id,
        "blueprint": "diagnosis",
        "opens_at": NOON,
        "closes_at": NOON + timedelta(days=7),
    }
    draft = CampaignDraft(**values | changes)
    return create_campaign(actor=actor or cast.organiser.actor, draft=draft, synthetic=synthetic)


def raw_for(sitting_id: UUID, category: int = 0, *, seed: int = 1) -> dict[str, Any]:
    """An answer to the item at hand that earns `category`."""
    content = engine.content(engine.item_at(Sitting.objects.get(id=sitting_id)).version_id)
    return answer_earning(content, category, random.Random(seed))


def give(actor: Actor, sitting_id: UUID, *, category: int = 0, key: UUID | None = None) -> Outcome:
    """Answer the item at hand."""
    position = Sitting.objects.values_list("position", flat=True).get(id=sitting_id)
    raw = raw_for(sitting_id, category)
    return answer(actor=actor, sitting_id=sitting_id, position=position, key=key or new_id(), raw=raw)


def give_all(actor: Actor, sitting_id: UUID) -> Outcome:
    """Answer until the sitting is over, now right, now wrong."""
    for number in range(200):
        outcome = give(actor, sitting_id, category=number % 2)
        if outcome.page.presentation is None:
            return outcome
    raise AssertionError("the sitting does not end")


def stored(sitting_id: UUID) -> tuple[Any, ...]:
    """Everything written about a sitting, to see that nothing changed."""
    row = Sitting.objects.filter(id=sitting_id).values_list().get()
    return row, list(Response.objects.filter(sitting_id=sitting_id).order_by("position").values_list())
