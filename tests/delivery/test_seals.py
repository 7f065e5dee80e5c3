"""What is shown to whom and when: a sealed result leaves evidence by no door, whoever asks, until it is released."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shuyang.delivery.api import (
    Frame,
    NotSealed,
    Showing,
    ShownWhen,
    audit_export,
    begin,
    close_campaign,
    end_by_person,
    finished_sittings,
    prolong_campaign,
    release_results,
)
from shuyang.delivery.models import Sitting
from shuyang.evidence import api as evidence
from shuyang.feedback import api as feedback
from shuyang.kernel.errors import Conflict, NotFound
from shuyang.trust.api import SYSTEM, Actor, Grant, Role
from shuyang.trust.models import AuditEntry
from tests.delivery.world import NOON, World, give, open_campaign

Clock = Callable[[timedelta], None]


def _sealed(world: World, when: ShownWhen, **more: bool) -> tuple[UUID, UUID]:
    """A campaign with one finished sitting of the learner: ids of campaign and estimate."""
    made = open_campaign(world.cast, frame=Frame(showing=Showing(when, **more)))
    sitting = begin(actor=world.learner, campaign_id=made.id)
    give(world.learner, sitting.id, category=1)
    ended = end_by_person(actor=world.learner, sitting_id=sitting.id)
    assert ended.estimate_id is not None
    return made.id, ended.estimate_id


def _person_reads(world: World, estimate_id: UUID) -> set[str]:
    """The doors by which the person gets at the result."""
    actor, found = world.learner, set()
    sitting_id = Sitting.objects.get(estimate_id=estimate_id).id
    tries: dict[str, Callable[[], Any]] = {
        "estimate": lambda: evidence.estimate(actor=actor, estimate_id=estimate_id),
        "estimate_of": lambda: evidence.estimate_of(actor=actor, source="delivery", source_id=sitting_id),
        "estimates_of_person": lambda: evidence.estimates_of_person(
            actor=actor, person_id=world.cast.learner.person_id
        ),
        "receipt": lambda: evidence.receipt(actor=actor, estimate_id=estimate_id),
        "feedback.result": lambda: feedback.result(actor=actor, estimate_id=estimate_id),
        "feedback.results": lambda: feedback.results(actor=actor),
    }
    for name, read in tries.items():
        try:
            if read():
                found.add(name)
        except NotFound:
            continue
    return found


ALL = {"estimate", "estimate_of", "estimates_of_person", "receipt", "feedback.result", "feedback.results"}


def _unit_reads(world: World, campaign_id: UUID) -> tuple[int, int]:
    path, asked = world.cast.finance.path, {"campaign_id": campaign_id}
    sums = evidence.estimates_in(actor=world.cast.organiser.actor, unit_path=path, **asked)
    counted = evidence.counted_in(actor=world.cast.organiser.actor, unit_path=path, **asked)
    return len(sums), len(counted)


def test_it_shows_at_once_unless_told_otherwise(world: World) -> None:
    campaign_id, estimate_id = _sealed(world, ShownWhen.AT_ONCE)
    assert _person_reads(world, estimate_id) == ALL
    assert _unit_reads(world, campaign_id) == (1, 1)
    with pytest.raises(NotSealed):
        release_results(actor=world.cast.organiser.actor, campaign_id=campaign_id)


def test_it_is_sealed_in_every_door_until_released(world: World, clock: Clock) -> None:
    campaign_id, estimate_id = _sealed(world, ShownWhen.ON_RELEASE)
    clock(timedelta(days=30))
    assert _person_reads(world, estimate_id) == set()
    assert _unit_reads(world, campaign_id) == (0, 0)
    for member in (world.learner, world.cast.stranger.actor):
        with pytest.raises(NotFound):
            release_results(actor=member, campaign_id=campaign_id)
    for _ in range(2):
        released = release_results(actor=world.cast.organiser.actor, campaign_id=campaign_id)
    assert released.released_at is not None
    assert _person_reads(world, estimate_id) == ALL
    assert _unit_reads(world, campaign_id) == (1, 1)
    assert AuditEntry.objects.filter(action="campaign.released").count() == 1


def test_it_seals_the_auditors_export_too(world: World) -> None:
    campaign_id, estimate_id = _sealed(world, ShownWhen.ON_RELEASE)
    sitting_id = Sitting.objects.get(estimate_id=estimate_id).id
    auditor = Actor(world.cast.organiser.account_id, None, "", (Grant(Role.AUDITOR, "c/"),))
    with pytest.raises(Conflict):
        audit_export(actor=auditor, sitting_id=sitting_id)
    assert finished_sittings(actor=auditor) == [], "what would be refused is not offered"
    assert audit_export(actor=SYSTEM, sitting_id=sitting_id)["claimed"]
    release_results(actor=world.cast.organiser.actor, campaign_id=campaign_id)
    assert [row[0] for row in finished_sittings(actor=auditor)] == [sitting_id]
    assert audit_export(actor=auditor, sitting_id=sitting_id)["claimed"]


def test_it_opens_with_the_end_of_the_campaign_also_when_that_moves(world: World, clock: Clock) -> None:
    campaign_id, estimate_id = _sealed(world, ShownWhen.AFTER_CLOSE)
    organiser = world.cast.organiser.actor
    prolong_campaign(actor=organiser, campaign_id=campaign_id, closes_at=NOON + timedelta(days=9))
    clock(timedelta(days=8))
    assert _person_reads(world, estimate_id) == set()
    assert _unit_reads(world, campaign_id) == (0, 0)
    clock(timedelta(hours=1))
    close_campaign(actor=organiser, campaign_id=campaign_id)
    assert _person_reads(world, estimate_id) == ALL
    assert _unit_reads(world, campaign_id) == (1, 1)


def test_it_opens_by_itself_after_the_end(world: World, clock: Clock) -> None:
    _, estimate_id = _sealed(world, ShownWhen.AFTER_CLOSE)
    clock(timedelta(days=7))
    assert _person_reads(world, estimate_id) == ALL


def test_it_shows_each_side_only_what_is_meant_for_it(world: World) -> None:
    campaign_id, estimate_id = _sealed(world, ShownWhen.AT_ONCE, to_person=False)
    assert (_person_reads(world, estimate_id), _unit_reads(world, campaign_id)) == (set(), (1, 1))
    campaign_id, estimate_id = _sealed(world, ShownWhen.ON_RELEASE, to_unit=False)
    release_results(actor=world.cast.organiser.actor, campaign_id=campaign_id)
    assert _person_reads(world, estimate_id) == ALL
    assert _unit_reads(world, campaign_id) == (0, 0)


def test_a_sitting_that_ends_after_the_release_is_shown_at_once(world: World, clock: Clock) -> None:
    campaign_id, _ = _sealed(world, ShownWhen.ON_RELEASE)
    release_results(actor=world.cast.organiser.actor, campaign_id=campaign_id)
    clock(timedelta(hours=1))
    clerk = world.cast.clerk.actor
    sitting = begin(actor=clerk, campaign_id=campaign_id)
    give(clerk, sitting.id)
    ended = end_by_person(actor=clerk, sitting_id=sitting.id)
    assert ended.estimate_id is not None
    assert evidence.estimate(actor=clerk, estimate_id=ended.estimate_id)
