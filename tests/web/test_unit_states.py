"""Unusual states of a unit each have a page that says what is the matter, without figures that would be wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shuyang.delivery.api import close_campaign
from shuyang.delivery.models import Sitting
from shuyang.evidence.models import Estimate
from shuyang.feedback.api import publish_campaign, publish_closed
from shuyang.itembank.api import release
from shuyang.kernel.clock import frozen
from shuyang.people.api import merge_units
from shuyang.people.models import Post, Unit
from shuyang.trust.api import SYSTEM
from tests.cast import make_unit
from tests.delivery.world import NOON, World, give_all, make_world, open_campaign
from tests.feedback.organisation import Official, hire, measure, write
from tests.web.test_unit_pages import rows_of_page


@dataclass
class Place:
    """The world, a clock to move on, and a generator."""

    world: World
    advance: Callable[[timedelta], None]
    rng: np.random.Generator

    def page(self, unit: Unit | None = None) -> str:
        place = unit or self.world.cast.finance
        response = self.world.cast.organiser.client().get(f"/units/{place.id}/")
        assert response.status_code == 200
        return response.content.decode()

    def publish(self) -> None:
        publish_campaign(actor=SYSTEM, campaign_id=self.world.campaign.id)


@pytest.fixture
def place(db: None, settings: Any, tmp_path: Path) -> Iterator[Place]:
    settings.SHUYANG_EXTRACT, settings.SHUYANG_FILES = str(tmp_path / "extract"), str(tmp_path / "files")
    with frozen(NOON) as advance:
        yield Place(make_world(), advance, np.random.default_rng(20261122))


def test_no_results_yet(place: Place) -> None:
    html = place.page()
    assert "data-chart" not in html
    assert "<table" not in html
    assert place.world.campaign.name in html
    assert 'href="/campaigns/"' in html


def test_one_person_alone_and_the_campaign_has_closed(place: Place) -> None:
    sitting = place.world.begin()
    give_all(place.world.learner, sitting.id)
    assert Sitting.objects.get(id=sitting.id).finished_at
    close_campaign(actor=place.world.cast.organiser.actor, campaign_id=place.world.campaign.id)
    publish_closed()
    html = place.page()
    assert "不足五人" in html
    assert "已结束" in html
    assert "<table" not in html


def test_everyone_the_same(place: Place) -> None:
    found = release(hash=place.world.campaign.release_hash)
    for official in hire(place.world.cast.finance, 12):
        write(place.world.campaign, found, official, np.full(5, 0.4))
    place.publish()
    html = place.page()
    for line in rows_of_page(html, "forces"):
        assert re.fullmatch(r"540 [45]\d\d–[56]\d\d", line[2]), "the same for all, and yet not without uncertainty"
    assert not re.search(r">\s*-?nan\b", html)
    assert 'id="h-by_rank_layer"' not in html, "one group alone would repeat the whole"


def test_a_person_who_changed_posts_twice(place: Place) -> None:
    cash, pay = (make_unit(n, c, place.world.cast.finance) for n, c in (("国库科", "F2"), ("支付科", "F3")))
    (mover,) = hire(cash, 1)
    measure(place.world.campaign, [*hire(cash, 6), mover, *hire(pay, 6)], place.rng)
    for unit in (pay, place.world.cast.budget):
        _move(mover, unit)
    place.publish()
    html = place.page()
    counted = {line[0]: line[1:3] for line in rows_of_page(html, "participation")}
    assert counted["国库科"] == ["6", "7"], "six in post today, seven results of the day"
    assert "按作答当日所在单位计" in html
    assert {line[0]: line[1] for line in rows_of_page(html, "parts")}["国库科"] == "7"


def _move(official: Official, unit: Unit) -> None:
    official.post.unit, official.post.unit_path = unit, unit.path
    official.person.unit, official.person.unit_path = unit, unit.path
    official.post.save()
    official.person.save()


def test_a_unit_merged_last_month(place: Place) -> None:
    cash, pay = (make_unit(n, c, place.world.cast.finance) for n, c in (("国库科", "F2"), ("支付科", "F3")))
    old, new = hire(cash, 8), hire(pay, 8)
    measure(place.world.campaign, [*old, *new], place.rng)
    place.publish()
    merge_units(actor=SYSTEM, unit_id=cash.id, into_id=pay.id)
    html = place.page(cash)
    assert "本单位已并入支付科" in html
    assert f'href="/units/{pay.id}/"' in html
    assert rows_of_page(html, "forces")[0][1] == "8", "what was published stays"

    place.advance(timedelta(hours=1))
    later = open_campaign(place.world.cast, name="第二次测评")
    moved = [Official(o.person, Post.objects.get(person=o.person, to_date=None)) for o in old]
    assert {m.post.unit_path for m in moved} == {pay.path}
    measure(later, [*moved, *new], place.rng)
    publish_campaign(actor=SYSTEM, campaign_id=later.id)
    assert rows_of_page(place.page(pay), "forces")[0][1] == "16"
    assert "本单位已并入支付科" in place.page(cash)
    assert "<td" not in place.page(cash).split('id="h-forces"')[0]


def test_a_campaign_half_neutralised(place: Place) -> None:
    """Half of the results are scored anew without the faulty items: the page follows; too few of one unit wait."""
    cash, pay = (make_unit(n, c, place.world.cast.finance) for n, c in (("国库科", "F2"), ("支付科", "F3")))
    campaign, found = place.world.campaign, release(hash=place.world.campaign.release_hash)
    at_cash, at_pay = hire(cash, 10), hire(pay, 10)
    measure(campaign, [*at_cash, *at_pay], place.rng)
    place.publish()
    before = {unit.name: rows_of_page(place.page(unit), "forces") for unit in (cash, pay)}
    sources = dict(Estimate.objects.values_list("person_id", "source_id"))
    for official in [*at_cash[:2], *at_pay[:8]]:
        write(campaign, found, official, np.full(5, 1.5), source_id=sources[official.person.id])
    place.publish()
    html = place.page()
    assert rows_of_page(html, "forces")[0][1] == "20"
    assert "另有 2 份较晚的结果暂不计入" in html
    assert rows_of_page(place.page(pay), "forces") != before["支付科"]
    own = [line[1] for line in rows_of_page(place.page(cash), "forces")]
    assert own == [line[1] for line in before["国库科"]] == ["10"] * 6
