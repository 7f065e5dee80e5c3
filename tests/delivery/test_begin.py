"""Beginning: once, with the post of the day, and with nothing met within twelve months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from shuyang.delivery.api import CampaignView, NothingLeft, begin, invitations, page
from shuyang.delivery.models import Campaign, Response, Sitting
from shuyang.itembank.api import current_release
from shuyang.kernel.clock import now
from shuyang.kernel.errors import NotFound
from shuyang.kernel.ids import new_id
from shuyang.people.models import Post
from shuyang.trust.models import AuditEntry
from tests.delivery.world import World, give_all, open_campaign

Clock = Callable[[timedelta], None]


def test_it_begins_once_however_often_it_is_asked(world: World) -> None:
    first = world.begin()
    assert world.begin() == first
    assert Sitting.objects.count() == 1
    assert AuditEntry.objects.filter(action="sitting.begun").count() == 1
    assert [i.sitting for i in invitations(actor=world.learner)] == [first]


def test_it_shows_the_same_item_in_the_same_order_each_time(world: World) -> None:
    sitting = world.begin()
    first = page(actor=world.learner, sitting_id=sitting.id)
    assert first.presentation is not None
    assert page(actor=world.learner, sitting_id=sitting.id) == first


def test_it_refuses_a_forged_campaign(world: World) -> None:
    with pytest.raises(NotFound):
        begin(actor=world.learner, campaign_id=new_id())
    with pytest.raises(NotFound):
        begin(actor=world.learner, campaign_id=world.cast.finance.id)
    assert not Sitting.objects.exists()


def test_it_keeps_the_post_of_the_day(world: World) -> None:
    sitting = world.begin()
    Post.objects.filter(person_id=world.cast.learner.person_id).update(job_category="data_it", title="改任")
    row = Sitting.objects.get(id=sitting.id)
    assert (row.post["job_category"], row.post["title"]) == ("general_administration", "科员")
    assert row.unit_path == world.cast.finance.path


def test_it_stays_on_its_release_when_another_is_published(world: World) -> None:
    sitting = world.begin()
    Campaign.objects.update(release_hash="0" * 64)
    assert page(actor=world.learner, sitting_id=sitting.id).presentation is not None


def test_it_repeats_nothing_within_twelve_months(world: World, clock: Clock) -> None:
    first = world.begin()
    give_all(world.learner, first.id)
    clock(timedelta(days=364))
    second = begin(actor=world.learner, campaign_id=_again(world).id)
    give_all(world.learner, second.id)
    assert _versions(first.id)
    assert not _versions(first.id) & _versions(second.id)


def test_it_may_repeat_after_twelve_months(world: World, clock: Clock) -> None:
    first = world.begin()
    give_all(world.learner, first.id)
    clock(timedelta(days=366))
    second = begin(actor=world.learner, campaign_id=_again(world).id)
    assert Sitting.objects.get(id=second.id).excluded == []


def test_it_keeps_one_persons_items_from_no_one_else(world: World) -> None:
    give_all(world.learner, world.begin().id)
    other = world.begin(world.cast.colleague.actor)
    assert Sitting.objects.get(id=other.id).excluded == []


def test_it_says_so_when_nothing_is_left(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = {item.version_id for item in current_release().items}
    monkeypatch.setattr("shuyang.delivery.services.sittings.items_met_since", lambda **_: everything)
    with pytest.raises(NothingLeft):
        world.begin()
    assert not Sitting.objects.exists()


def _again(world: World) -> CampaignView:
    return open_campaign(world.cast, opens_at=now(), closes_at=now() + timedelta(days=7))


def _versions(sitting_id: object) -> set[object]:
    return set(Response.objects.filter(sitting_id=sitting_id).values_list("item_version_id", flat=True))
