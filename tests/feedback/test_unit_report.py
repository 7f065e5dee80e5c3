"""The picture of a unit: sums with their uncertainty, and nothing where a person would show through."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shuyang.delivery.api import begin, end_by_person
from shuyang.feedback.api import UnitReport, unit_report
from shuyang.itembank.queries import releases
from shuyang.kernel.clock import frozen
from shuyang.kernel.errors import NotFound
from shuyang.people.models import Person, Unit
from shuyang.trust.api import Actor, Grant, Role
from tests.cast import make_member, make_unit
from tests.delivery.world import NOON, World, give, make_world, open_campaign


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with frozen(NOON):
        yield make_world()


def take(world: World, unit: Unit, count: int, *, category: int = 1, answers: int = 5) -> None:
    """So many new people of the unit take a short sitting."""
    for _ in range(count):
        number = f"N{Person.objects.count():04d}"
        actor = make_member(number, f"人{number}", unit).actor
        sitting = begin(actor=actor, campaign_id=world.campaign.id)
        for _ in range(answers):
            give(actor, sitting.id, category=category)
        end_by_person(actor=actor, sitting_id=sitting.id)


def leader(path: str) -> Actor:
    return Actor(None, None, "", (Grant(Role.LEADER, path),))


def seen(world: World, unit: Unit, actor: Actor | None = None) -> UnitReport:
    return unit_report(actor=actor or leader("c/"), unit_id=unit.id)


def counts(report: UnitReport) -> dict[str, int | None]:
    return {g.name: g.count for g in (report.whole, *report.parts)}


def test_it_shows_nothing_of_fewer_than_five(world: World) -> None:
    take(world, world.cast.finance, 4)
    report = seen(world, world.cast.finance)
    assert (report.whole.shown, report.whole.count, report.whole.forces) == (False, None, ())
    take(world, world.cast.finance, 1)
    report = seen(world, world.cast.finance)
    assert (report.whole.shown, report.whole.count, report.minimum) == (True, 5, 5)


def test_it_shows_mean_and_spread_with_their_uncertainty(world: World) -> None:
    take(world, world.cast.finance, 5, category=1)
    report = seen(world, world.cast.finance)
    assert [f.force for f in report.whole.forces] == list(releases.current_release().forces)
    for force in report.whole.forces:
        assert force.mean.low < force.mean.score < force.mean.high
        assert force.spread > 0
        assert force.share_at_target is not None
        assert 0 < force.share_at_target < 1
    assert (report.synthetic, report.provisional, report.incomparable) == (True, True, False)
    assert report.whole.invited == 9  # five, and the four of the cast


def test_a_stronger_group_shows_higher(world: World) -> None:
    take(world, world.cast.finance, 5, category=0)
    take(world, world.cast.budget, 5, category=1)
    report = seen(world, world.cast.finance)
    (budget,) = report.parts
    whole = {f.force: f.mean.score for f in report.whole.forces}
    assert sum(f.mean.score > whole[f.force] for f in budget.forces) >= 4


def test_it_takes_the_newest_result_of_a_person(world: World) -> None:
    take(world, world.cast.finance, 5)
    again = open_campaign(world.cast)
    member = world.cast.learner.actor
    for campaign_id in (world.campaign.id, again.id):
        sitting = begin(actor=member, campaign_id=campaign_id)
        give(member, sitting.id)
        end_by_person(actor=member, sitting_id=sitting.id)
    assert seen(world, world.cast.finance).whole.count == 6
    one = unit_report(actor=leader("c/"), unit_id=world.cast.finance.id, campaign_id=again.id)
    assert not one.whole.shown


def test_it_hides_a_small_part_and_what_would_give_it_away(world: World) -> None:
    cash = make_unit("国库科", "F2", world.cast.finance)
    pay = make_unit("支付科", "F3", world.cast.finance)
    take(world, world.cast.budget, 3)
    take(world, cash, 5)
    take(world, pay, 6)
    report = seen(world, world.cast.finance)
    assert counts(report) == {"财政局": 14, "预算科": None, "国库科": None, "支付科": 6}


def test_it_hides_on_its_own_page_what_the_page_above_hides(world: World) -> None:
    """Else the whole less the two others would be the three of the small office."""
    cash = make_unit("国库科", "F2", world.cast.finance)
    take(world, world.cast.budget, 3)
    take(world, cash, 6)
    assert not seen(world, cash).whole.shown
    assert not seen(world, cash, leader("c/f/")).whole.shown
    assert seen(world, cash, leader(cash.path)).whole.count == 6  # who reaches no further has nothing to subtract from


def test_it_does_not_give_away_the_few_who_belong_to_no_part(world: World) -> None:
    cash = make_unit("国库科", "F2", world.cast.finance)
    take(world, world.cast.finance, 2)
    take(world, world.cast.budget, 5)
    take(world, cash, 7)
    report = seen(world, world.cast.finance)
    assert counts(report) == {"财政局": 14, "预算科": None, "国库科": 7}
    assert not seen(world, world.cast.budget).whole.shown


def test_it_is_for_those_who_lead_the_unit(world: World) -> None:
    take(world, world.cast.finance, 5)
    cast = world.cast
    assert seen(world, cast.finance, cast.organiser.actor).whole.shown
    strangers = [cast.learner.actor, cast.stranger.actor, cast.administrator, leader("c/h/")]
    strangers += [Actor(None, None, "", (Grant(role, "c/"),)) for role in (Role.AUDITOR, Role.AUTHOR, Role.APPRAISER)]
    for actor in strangers:
        with pytest.raises(NotFound):
            unit_report(actor=actor, unit_id=cast.finance.id)
    with pytest.raises(NotFound):
        unit_report(actor=cast.organiser.actor, unit_id=cast.city.id)


def test_it_names_no_one(world: World) -> None:
    take(world, world.cast.finance, 5)
    text = repr(seen(world, world.cast.finance))
    assert "人N" not in text
    assert world.cast.learner.name not in text
