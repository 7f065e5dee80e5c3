"""Between the delivery room and the measurement engine: a release made ready once per process, and a step of a sitting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from uuid import UUID

from shuyang.delivery.following import planned_step
from shuyang.delivery.models import Sitting
from shuyang.delivery.rules import sitting_seed
from shuyang.itembank.api import DesignKind, ItemContent, Release, ReleaseItem, contents, plan, release
from shuyang.measurement.cat.bank import compile_bank
from shuyang.measurement.cat.contracts import Blueprint, CompiledBank, Step
from shuyang.measurement.cat.session import next_step

FORECAST_EVERY = 4


@lru_cache(maxsize=4)
def compiled(release_hash: str) -> CompiledBank:
    """The release's bank with parameter uncertainty integrated; releases are immutable, so it is kept."""
    found = release(hash=release_hash)
    return compile_bank(found.cat_items, dims=len(found.forces))


def release_of(sitting: Sitting) -> Release:
    return release(hash=sitting.release_hash)


def blueprint_of(sitting: Sitting) -> Blueprint:
    """The rules of a sitting; its time limit with what the person is granted."""
    rules = plan(hash=sitting.plan_hash).rules if sitting.plan_hash else _release_rules(sitting)
    if sitting.time_factor == 1.0 or rules.max_seconds is None:
        return rules
    return replace(rules, max_seconds=rules.max_seconds * sitting.time_factor)


def _release_rules(sitting: Sitting) -> Blueprint:
    return release_of(sitting).blueprints[sitting.blueprint]


def item_at(sitting: Sitting) -> ReleaseItem:
    """The item at hand. The sitting must be running."""
    assert sitting.current_index is not None
    return release_of(sitting).items[sitting.current_index]


def content(version_id: UUID) -> ItemContent:
    return contents(version_ids=[version_id])[version_id]


def step(sitting: Sitting, answers: Sequence[tuple[int, int]]) -> Step:
    """What follows after `answers`: stop, or the next item and a forecast of how many are still to come.

    The forecast is renewed at every fourth item; in between it counts down.
    Neutralised items count for nothing and are not given again.
    """
    if sitting.mode != DesignKind.ADAPTIVE:
        return _planned(sitting, answers)
    fresh = len(answers) % FORECAST_EVERY == 0
    following = next_step(
        compiled(sitting.release_hash),
        [answer for answer in answers if answer[0] not in sitting.neutralised],
        release_of(sitting).prior,
        blueprint_of(sitting),
        seed=sitting_seed(sitting.id),
        seconds=max(sitting.active_ms / 1000 - sitting.extra_seconds, 0.0),
        excluded=[*sitting.excluded, *sitting.neutralised],
        with_forecast=fresh,
    )
    return following if fresh or following.stop else replace(following, remaining=max(1, sitting.remaining - 1))


def _planned(sitting: Sitting, answers: Sequence[tuple[int, int]]) -> Step:
    """A step of a sitting that follows a fixed form or a panel."""
    return planned_step(
        plan(hash=sitting.plan_hash),
        compiled(sitting.release_hash),
        release_of(sitting).prior,
        answers,
        seed=sitting_seed(sitting.id),
        seconds=max(sitting.active_ms / 1000 - sitting.extra_seconds, 0.0),
        max_seconds=blueprint_of(sitting).max_seconds,
        excluded=sitting.excluded,
        neutralised=sitting.neutralised,
    )


def pairs(sitting: Sitting) -> list[tuple[int, int]]:
    """The cached answers of a sitting as the engine takes them."""
    return [(item, category) for item, category in sitting.answers]


def warm_up(release_hash: str) -> None:
    """Do the work of a first answer before anyone waits for it."""
    bank = compiled(release_hash)
    found = release(hash=release_hash)
    contents(version_ids=[item.version_id for item in found.items])
    for blueprint in found.blueprints.values():
        next_step(bank, [], found.prior, blueprint, seed=0)
