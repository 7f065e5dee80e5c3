"""The picture of a unit: published once for a campaign, fixed, with nothing where a person would show through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shuyang.delivery.api import CampaignView, close_campaign
from shuyang.evidence.api import Seal
from shuyang.evidence.models import Estimate
from shuyang.feedback.api import (
    OVERALL,
    Breakdown,
    FilesChanged,
    TooFewResults,
    UnitPicture,
    check_extract,
    publish_campaign,
    publish_closed,
    rebuild_extract,
    unit_picture,
    update_extract,
)
from shuyang.feedback.models import Publication
from shuyang.feedback.publishing.storing import CELLS, check_files, publication_folder
from shuyang.itembank.api import release
from shuyang.kernel.clock import frozen, now
from shuyang.kernel.errors import NotFound
from shuyang.people.api import merge_units
from shuyang.people.models import Unit
from shuyang.trust.api import SYSTEM, Actor, Grant, Role
from tests.cast import make_unit
from tests.delivery.world import NOON, World, make_world, open_campaign
from tests.feedback.organisation import Official, hire, measure, write


@dataclass
class Place:
    """The world, a clock to move on, and a generator."""

    world: World
    advance: Callable[[timedelta], None]
    rng: np.random.Generator

    @property
    def campaign(self) -> CampaignView:
        return self.world.campaign

    def unit(self, name: str, code: str) -> Unit:
        return make_unit(name, code, self.world.cast.finance)

    def seen(self, unit: Unit | None = None, **changes: Any) -> UnitPicture:
        place = unit or self.world.cast.finance
        return unit_picture(actor=leader("c/"), unit_id=place.id, **changes)

    def publish(self) -> Publication:
        return Publication.objects.get(id=publish_campaign(actor=SYSTEM, campaign_id=self.campaign.id))


@pytest.fixture
def place(db: None, settings: Any, tmp_path: Path) -> Iterator[Place]:
    settings.SHUYANG_EXTRACT, settings.SHUYANG_FILES = str(tmp_path / "extract"), str(tmp_path / "files")
    with frozen(NOON) as advance:
        yield Place(make_world(), advance, np.random.default_rng(20261122))


def leader(path: str) -> Actor:
    return Actor(None, None, "", (Grant(Role.LEADER, path),))


def people(picture: UnitPicture) -> dict[str, int | None]:
    return {g.name: g.people for g in (picture.whole, *picture.parts)}


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_before_anything_is_published_it_says_so(place: Place) -> None:
    measure(place.campaign, hire(place.world.cast.finance, 9), place.rng)
    picture = place.seen()
    assert picture.publication is None
    assert not picture.whole.shown
    assert picture.campaigns == ()


def test_it_shows_means_levels_and_gaps_with_their_uncertainty(place: Place) -> None:
    measure(place.campaign, hire(place.world.cast.finance, 30), place.rng, mean=0.5)
    place.publish()
    picture = place.seen()
    forces = release(hash=place.campaign.release_hash).forces
    assert [m.measure for m in picture.whole.measures] == [*forces, OVERALL]
    assert picture.whole.people == 30
    for figures in picture.whole.measures[:-1]:
        assert figures.mean.low < figures.mean.score < figures.mean.high
        assert 500 < figures.mean.score < 610
        assert sum(s.share for s in figures.levels) == pytest.approx(1.0)
        assert figures.at_target is not None
        assert figures.gap is not None
        assert figures.growth is None
        assert figures.self_rating is None
    assert [f.measure for f in picture.whole.facets] == [f"F{n:02d}" for n in range(1, 13)]
    assert picture.publication is not None
    assert (picture.publication.people, picture.publication.synthetic, picture.publication.final) == (30, True, False)
    assert picture.publication.bank_error > 0


def test_one_unit_stays_hidden_and_another_with_it(place: Place) -> None:
    cash, pay = place.unit("国库科", "F2"), place.unit("支付科", "F3")
    for unit, count in ((place.world.cast.budget, 3), (cash, 5), (pay, 9)):
        measure(place.campaign, hire(unit, count), place.rng)
    place.publish()
    assert people(place.seen()) == {"财政局": 17, "预算科": None, "国库科": None, "支付科": 9}
    assert not place.seen(cash).whole.shown
    assert place.seen(pay).whole.measures == place.seen().parts[2].measures


def test_fewer_than_five_are_not_published_at_all(place: Place) -> None:
    measure(place.campaign, hire(place.world.cast.finance, 4), place.rng)
    with pytest.raises(TooFewResults):
        place.publish()
    place.advance(timedelta(days=8))
    assert publish_closed() == 0
    assert place.seen().publication is None


def test_a_single_person_gives_no_figure(place: Place) -> None:
    measure(place.campaign, hire(place.world.cast.finance, 1), place.rng)
    with pytest.raises(TooFewResults):
        place.publish()


def test_everyone_the_same_still_has_an_interval(place: Place) -> None:
    found = release(hash=place.campaign.release_hash)
    for official in hire(place.world.cast.finance, 8):
        write(place.campaign, found, official, np.full(5, 0.4))
    place.publish()
    for figures in place.seen().whole.measures:
        assert figures.mean.score == pytest.approx(540, abs=0.5)
        assert 5 < figures.mean.high - figures.mean.low < 200


def test_groups_of_people_where_each_has_five(place: Place) -> None:
    finance = place.world.cast.finance
    for rank, count in (("leader", 8), ("general", 22), ("specialist", 3)):
        measure(place.campaign, hire(finance, count, rank=rank), place.rng)
    place.publish()
    picture = place.seen()
    groups = {g.groups: g.people for g in picture.breakdown(Breakdown.RANK_LAYER)}
    assert groups in ({("leader",): 8, ("general",): 22}, {("leader", "specialist"): 11, ("general",): 22})
    one = place.seen(dimension=Breakdown.RANK_LAYER, group="general")
    assert one.whole.people == 22
    assert not place.seen(dimension=Breakdown.RANK_LAYER, group="specialist").whole.shown


def test_regions_are_told_apart(place: Place) -> None:
    cast = place.world.cast
    district = Unit.objects.create(name="青溪区", code="R1", parent=cast.finance, path="c/f/r1/", kind="区")
    measure(place.campaign, hire(cast.finance, 12), place.rng)
    measure(place.campaign, hire(district, 7), place.rng)
    place.publish()
    assert {g.name: g.people for g in place.seen().breakdown(Breakdown.REGION)} == {"青溪区": 7}


def test_the_same_numbers_for_everyone_and_only_for_those_who_lead(place: Place) -> None:
    cast = place.world.cast
    measure(place.campaign, hire(cast.finance, 12), place.rng)
    place.publish()
    assert unit_picture(actor=cast.organiser.actor, unit_id=cast.finance.id) == place.seen()
    strangers = [cast.learner.actor, cast.stranger.actor, cast.administrator, leader("c/h/")]
    strangers += [Actor(None, None, "", (Grant(role, "c/"),)) for role in (Role.AUDITOR, Role.AUTHOR, Role.APPRAISER)]
    for actor in strangers:
        with pytest.raises(NotFound):
            unit_picture(actor=actor, unit_id=cast.finance.id)


# --- fixed, and what changes it --------------------------------------------------------------------------------------


def test_it_is_fixed_until_enough_has_changed(place: Place) -> None:
    """Two more results would be the difference of two publications: they wait until there are five."""
    finance = place.world.cast.finance
    measure(place.campaign, hire(finance, 20), place.rng)
    first, before = place.publish(), place.seen()
    measure(place.campaign, hire(finance, 2), place.rng)
    assert place.publish().id == first.id
    assert place.seen() == before
    measure(place.campaign, hire(finance, 3), place.rng)
    second = place.publish()
    assert (second.number, second.people, second.held_back) == (2, 25, 0)


def test_the_few_of_one_unit_wait_while_the_many_of_another_come(place: Place) -> None:
    cash, pay = place.unit("国库科", "F2"), place.unit("支付科", "F3")
    measure(place.campaign, hire(cash, 10), place.rng)
    measure(place.campaign, hire(pay, 10), place.rng)
    place.publish()
    late = place.seen(cash).whole.measures
    measure(place.campaign, hire(cash, 2), place.rng)
    measure(place.campaign, hire(pay, 6), place.rng)
    second = place.publish()
    assert (second.people, second.held_back) == (26, 2)
    picture = place.seen()
    assert people(picture) == {"财政局": 26, "预算科": None, "国库科": 10, "支付科": 16}
    own = [m.own.score for m in place.seen(cash).whole.measures]
    assert own == pytest.approx([m.own.score for m in late])
    assert picture.publication is not None
    assert picture.publication.held_back == 2


def test_a_campaign_half_neutralised_is_published_again_from_rescored_results(place: Place) -> None:
    found, finance = release(hash=place.campaign.release_hash), place.world.cast.finance
    officials = hire(finance, 14)
    measure(place.campaign, officials, place.rng)
    place.publish()
    before = place.seen().whole.measures[-1].own.score
    sources = dict(Estimate.objects.values_list("person_id", "source_id"))
    for official in officials[:7]:
        write(place.campaign, found, official, np.full(5, 1.5), source_id=sources[official.person.id])
    second = place.publish()
    assert (second.number, second.people) == (2, 14)
    assert place.seen().whole.measures[-1].own.score > before + 30
    for official in officials[7:9]:  # two more would be told apart
        write(place.campaign, found, official, np.full(5, 1.5), source_id=sources[official.person.id])
    assert place.publish().id == second.id


def test_it_publishes_by_itself_when_a_campaign_has_closed(place: Place) -> None:
    measure(place.campaign, hire(place.world.cast.finance, 9), place.rng)
    assert publish_closed() == 0
    close_campaign(actor=place.world.cast.organiser.actor, campaign_id=place.campaign.id)
    assert publish_closed() == 1
    assert publish_closed() == 0
    publication = place.seen().publication
    assert publication is not None
    assert publication.final


def test_sealed_results_enter_no_sum(place: Place) -> None:
    later = Seal(person_from=NOON, unit_from=NOON + timedelta(days=3))
    measure(place.campaign, hire(place.world.cast.finance, 9), place.rng, seal=later)
    with pytest.raises(TooFewResults):
        place.publish()
    place.advance(timedelta(days=3, hours=1))
    assert place.publish().people == 9


def test_a_changed_file_is_noticed(place: Place) -> None:
    measure(place.campaign, hire(place.world.cast.finance, 9), place.rng)
    row = place.publish()
    check_files(row)
    path = publication_folder(row.id) / CELLS
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(FilesChanged):
        check_files(row)


# --- people move, units merge ----------------------------------------------------------------------------------------


def test_who_changed_posts_twice_counts_where_he_stood_on_the_day(place: Place) -> None:
    cash, pay = place.unit("国库科", "F2"), place.unit("支付科", "F3")
    stay = hire(cash, 6)
    (mover,) = hire(cash, 1)
    measure(place.campaign, [*stay, mover, *hire(pay, 6)], place.rng)
    for unit in (pay, place.world.cast.budget):
        mover.post.unit, mover.post.unit_path = unit, unit.path
        mover.post.save()
    place.publish()
    assert place.seen(cash).whole.people == 7


def test_a_unit_merged_last_month_keeps_its_own_figures(place: Place) -> None:
    cash, pay = place.unit("国库科", "F2"), place.unit("支付科", "F3")
    measure(place.campaign, [*hire(cash, 8), *hire(pay, 8)], place.rng)
    place.advance(timedelta(days=1))
    merge_units(actor=SYSTEM, unit_id=cash.id, into_id=pay.id)
    place.publish()
    merged = {g.name: g for g in place.seen().parts}["国库科"]
    assert (merged.people, merged.merged_into) == (8, "支付科")
    assert place.seen(pay).whole.people == 8


# --- growth ----------------------------------------------------------------------------------------------------------


def _again(place: Place, officials: list[Official], *, mean: float) -> CampaignView:
    place.advance(timedelta(days=8))
    later = open_campaign(place.world.cast, name="第二次测评", opens_at=now(), closes_at=now() + timedelta(days=7))
    measure(later, officials, place.rng, mean=mean)
    publish_campaign(actor=SYSTEM, campaign_id=later.id)
    return later


def test_growth_is_counted_from_the_campaign_before(place: Place) -> None:
    officials = hire(place.world.cast.finance, 60)
    measure(place.campaign, officials, place.rng)
    place.publish()
    later = _again(place, officials, mean=0.8)
    picture = place.seen()
    assert picture.publication is not None
    assert (picture.publication.campaign_id, picture.publication.before) == (later.id, place.campaign.id)
    growth = picture.whole.measures[-1].growth
    assert growth is not None
    assert abs(growth.score - 80) < 4 * growth.se
    assert growth.low > 20
    assert place.seen(campaign_id=place.campaign.id).whole.measures[-1].growth is None
    assert [c.campaign_id for c in picture.campaigns] == [later.id, place.campaign.id]


# --- the extract -----------------------------------------------------------------------------------------------------


def test_the_extract_grows_with_evidence_and_equals_one_made_anew(place: Place) -> None:
    finance = place.world.cast.finance
    measure(place.campaign, hire(finance, 5), place.rng)
    assert (update_extract().rows, update_extract().added) == (5, 0)
    measure(place.campaign, hire(finance, 3), place.rng)
    assert update_extract().added == 3
    check = check_extract()
    assert (check.rows, check.equal) == (8, True)
    assert rebuild_extract().digest == check.digest


def test_a_result_that_the_extract_lacks_is_noticed(place: Place) -> None:
    measure(place.campaign, hire(place.world.cast.finance, 6), place.rng)
    update_extract()
    lost = Estimate.objects.first()
    assert lost is not None
    Estimate.objects.filter(id=lost.id).update(rank_layer="leader")
    check = check_extract()
    assert not check.equal
    assert rebuild_extract().digest == check.digest_anew
