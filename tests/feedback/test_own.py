"""What a person is told beside his result: earlier results, self-rating, an anonymous group. And what he is not told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.db import transaction

from shuyang.evidence.api import record_self_ratings
from shuyang.evidence.models import Estimate
from shuyang.feedback import rules
from shuyang.feedback.api import ChangeFinding, SelfFinding, growth_of, others_like, result, self_views_of
from shuyang.frameworks.api import current
from shuyang.kernel.clock import frozen, now
from shuyang.kernel.errors import NotFound
from shuyang.kernel.ids import new_id
from shuyang.people.api import merge_units
from tests.delivery.world import NOON, World, make_world
from tests.feedback.make import an_estimate, write

Advance = Callable[[timedelta], None]
YEAR = timedelta(days=400)


@pytest.fixture
def clock() -> Iterator[Advance]:
    with frozen(NOON) as advance:
        yield advance


@pytest.fixture
def world(db: None, clock: Advance) -> World:
    return make_world()


def own(world: World, mean: float, **changes: Any) -> UUID:
    return write(an_estimate(world.cast, world.cast.learner.person_id, [mean] * 5, **changes))


# --- growth ----------------------------------------------------------------------------------------------------------


def test_a_large_change_is_reliable_and_a_small_one_not_yet(world: World, clock: Advance) -> None:
    own(world, -1.5, sd=0.3)
    clock(YEAR)
    second = own(world, 0.0, sd=0.3)
    clock(YEAR)
    third = own(world, 0.2, sd=0.3)
    (since_first,) = growth_of(actor=world.learner, estimate_id=second)
    assert {f.finding for f in since_first.forces} == {ChangeFinding.UP}
    assert all(f.change.low > 0 and 100 < f.change.score < 180 for f in since_first.forces)
    since_second, since_start = growth_of(actor=world.learner, estimate_id=third)
    assert {f.finding for f in since_second.forces} == {ChangeFinding.NOT_YET}
    assert all(f.change.low < 0 < f.change.high for f in since_second.forces)
    assert {f.finding for f in since_start.forces} == {ChangeFinding.UP}


def test_a_first_result_has_nothing_to_grow_from_and_a_later_one_is_not_looked_at(world: World, clock: Advance) -> None:
    first = own(world, 0.0)
    assert growth_of(actor=world.learner, estimate_id=first) == ()
    clock(YEAR)
    own(world, 1.0)
    assert growth_of(actor=world.learner, estimate_id=first) == ()


def test_someone_who_changed_posts_twice_sees_each_result_with_the_post_of_its_day(
    world: World, clock: Advance
) -> None:
    base = an_estimate(world.cast, world.cast.learner.person_id, [0.0] * 5)
    posts = [("卫健委", "general", "data_it"), ("财政局", "leader", "data_it"), ("财政局", "leader", "enforcement")]
    for unit_name, layer, category in posts:
        last = write(
            replace(base, post=replace(base.post, unit_name=unit_name, rank_layer=layer, job_category=category))
        )
        clock(YEAR)
    growths = growth_of(actor=world.learner, estimate_id=last)
    assert [(g.unit_name, g.rank_layer, g.job_category) for g in growths] == [posts[1], posts[0]]
    assert [g.same_post for g in growths] == [False, False]
    assert all(g.comparable for g in growths), "ability is compared, not the post"


def test_results_on_another_scale_are_said_to_be_incomparable(
    world: World, clock: Advance, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = own(world, 0.0)
    clock(YEAR)
    second = own(world, 1.0)
    scales = iter(["calibrated", "expert"])
    monkeypatch.setattr("shuyang.feedback.growth.scale_of", lambda found: next(scales))
    (growth,) = growth_of(actor=world.learner, estimate_id=second)
    assert (growth.earlier_id, growth.comparable, growth.forces) == (first, False, ())


def test_a_result_revised_later_counts_once_in_its_revised_form(world: World, clock: Advance) -> None:
    """A campaign half neutralised: items were taken out and the estimate written anew, with another mean."""
    sitting = new_id()
    person = world.cast.learner.person_id
    write(an_estimate(world.cast, person, [-2.0] * 5), source_id=sitting)
    revised = write(an_estimate(world.cast, person, [0.0] * 5, sd=0.6), source_id=sitting)
    clock(YEAR)
    later = own(world, 0.1)
    (growth,) = growth_of(actor=world.learner, estimate_id=later)
    assert growth.earlier_id == revised
    assert {f.finding for f in growth.forces} == {ChangeFinding.NOT_YET}


def test_a_unit_merged_last_month_stays_the_unit_of_its_day(world: World, clock: Advance) -> None:
    """The result keeps where it was earned; the person still reads it, compares it, and has his group."""
    cast, clerk = world.cast, world.cast.clerk
    base = an_estimate(cast, clerk.person_id, [0.0] * 5)
    there = replace(base.post, unit_id=cast.budget.id, unit_path=cast.budget.path, unit_name=cast.budget.name)
    first = write(replace(base, post=there))
    merge_units(actor=cast.administrator, unit_id=cast.budget.id, into_id=cast.health.id)
    clock(timedelta(days=30))
    assert clerk.actor.unit_path == cast.health.path
    assert result(actor=clerk.actor, estimate_id=first).unit_name == cast.budget.name
    later = write(an_estimate(cast, clerk.person_id, [0.2] * 5))
    assert [g.unit_name for g in growth_of(actor=clerk.actor, estimate_id=later)] == [cast.budget.name]
    crowd(world, 30)
    assert others_like(actor=clerk.actor, estimate_id=first).unit_name == cast.city.name


# --- self-rating -----------------------------------------------------------------------------------------------------


def rate(world: World, level: int, *facets: str) -> None:
    cast = world.cast
    with transaction.atomic():
        record_self_ratings(
            person_id=cast.learner.person_id, unit_path=cast.finance.path, ratings=dict.fromkeys(facets, level),
            source="survey", source_id=new_id(), at=now(), synthetic=True,
        )  # fmt: skip


def test_it_says_over_and_under_only_where_the_measurement_is_sure(world: World) -> None:
    framework = current()
    facets = {force.id: [f.id for f in framework.facets_of(force.id)] for force in framework.forces}
    forces = list(facets)
    rate(world, 5, *facets[forces[0]])
    rate(world, 1, *facets[forces[1]])
    rate(world, 3, *facets[forces[2]])
    views = self_views_of(actor=world.learner, estimate_id=own(world, 0.0))
    assert {v.force: v.finding for v in views} == {
        forces[0]: SelfFinding.OVER, forces[1]: SelfFinding.UNDER, forces[2]: SelfFinding.AGREES,
    }  # fmt: skip
    assert all(0 <= v.lower <= 1 and 0 <= v.higher <= 1 for v in views)


def test_the_rating_given_before_the_result_counts(world: World, clock: Advance) -> None:
    facet = current().facets[0].id
    rate(world, 2, facet)
    clock(timedelta(days=1))
    result = own(world, 0.0)
    clock(timedelta(days=1))
    rate(world, 5, facet)
    (view,) = self_views_of(actor=world.learner, estimate_id=result)
    assert view.rated == 2


def test_without_a_rating_nothing_is_said(world: World) -> None:
    assert self_views_of(actor=world.learner, estimate_id=own(world, 0.0)) == ()


@pytest.mark.parametrize(
    ("rated", "levels", "finding"),
    [
        (4.0, (0.3, 0.4, 0.2, 0.1, 0.0), SelfFinding.OVER),
        (3.5, (0.3, 0.4, 0.2, 0.1, 0.0), SelfFinding.AGREES),  # between 3 and 4: below 3 is only 70 % probable
        (2.0, (0.0, 0.1, 0.2, 0.4, 0.3), SelfFinding.UNDER),
        (1.0, (0.9, 0.1, 0.0, 0.0, 0.0), SelfFinding.AGREES),
        (5.0, (0.0, 0.0, 0.0, 0.0, 1.0), SelfFinding.AGREES),
    ],
)
def test_a_rating_between_two_levels_gets_the_benefit_of_the_doubt(
    rated: float, levels: tuple[float, ...], finding: SelfFinding
) -> None:
    assert rules.self_finding(rated, levels)[2] is finding


# --- others ----------------------------------------------------------------------------------------------------------


def crowd(world: World, people: int, *, mean: float = 0.0, **post: str) -> None:
    rng = np.random.default_rng(11)
    for _ in range(people):
        new = an_estimate(world.cast, new_id(), rng.normal(mean, 0.7, 5).tolist())
        write(replace(new, post=replace(new.post, **post)))


def test_a_group_under_thirty_is_refused_and_thirty_are_shown(world: World) -> None:
    mine = own(world, 0.0)
    crowd(world, 28)
    hidden = others_like(actor=world.learner, estimate_id=mine)
    assert (hidden.shown, hidden.count, hidden.forces) == (False, 0, ())
    crowd(world, 1)
    shown = others_like(actor=world.learner, estimate_id=mine)
    assert (shown.shown, shown.count, shown.minimum, shown.synthetic) == (True, 30, 30, True)
    for force in shown.forces:
        assert force.p10 < force.p25 < force.p50 < force.p75 < force.p90
        assert {v % 10 for v in (force.p10, force.p25, force.p50, force.p75, force.p90)} == {0}


def test_only_the_same_kind_of_post_counts(world: World) -> None:
    mine = own(world, 0.0)
    crowd(world, 25)
    crowd(world, 25, rank_layer="leader")
    crowd(world, 25, job_category="data_it")
    crowd(world, 25, unit_path="x/f/")
    assert not others_like(actor=world.learner, estimate_id=mine).shown


def test_the_picture_stays_until_ten_more_have_come(world: World) -> None:
    """Else the newest member's result could be had by looking before and after."""
    mine = own(world, 0.0)
    crowd(world, 29)
    before = others_like(actor=world.learner, estimate_id=mine)
    for more in range(9):
        crowd(world, 1, mean=8.0)
        assert others_like(actor=world.learner, estimate_id=mine) == before, more
    crowd(world, 1, mean=8.0)
    assert others_like(actor=world.learner, estimate_id=mine) != before


def test_thirty_results_of_few_people_are_no_group(world: World) -> None:
    mine = own(world, 0.0)
    for _ in range(40):
        own(world, 0.1)
    assert not others_like(actor=world.learner, estimate_id=mine).shown


def test_everyone_the_same_is_still_a_distribution(world: World) -> None:
    mine = own(world, 0.0)
    for _ in range(29):
        write(an_estimate(world.cast, new_id(), [0.0] * 5))
    shown = others_like(actor=world.learner, estimate_id=mine)
    assert all(f.p10 <= f.p50 <= f.p90 and abs(f.p50 - 500) <= 10 for f in shown.forces)


def test_real_and_synthetic_people_are_not_mixed(world: World) -> None:
    mine = own(world, 0.0, synthetic=False)
    crowd(world, 40)
    assert not others_like(actor=world.learner, estimate_id=mine).shown


def test_a_large_group_is_seen_through_its_last_thousand() -> None:
    assert [rules.comparison_window(n) for n in (29, 30, 39, 1000, 1019)] == [
        (0, 20), (0, 30), (0, 30), (0, 1000), (10, 1010),
    ]  # fmt: skip


# --- for nobody else -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [growth_of, self_views_of, others_like])
def test_it_is_told_to_its_person_alone(world: World, read: Callable[..., Any]) -> None:
    mine = own(world, 0.0)
    for actor in (world.cast.organiser.actor, world.cast.colleague.actor, world.cast.administrator):
        with pytest.raises(NotFound):
            read(actor=actor, estimate_id=mine)
    assert Estimate.objects.count() == 1
