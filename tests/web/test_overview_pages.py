"""The leaders' dashboard: the sentences of the briefing, live; and what it says where there is little or nothing to say."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

from shuyang.feedback.api import findings, publish_campaign, unit_picture
from shuyang.insight.api import StatementKind, statements
from shuyang.kernel.clock import frozen
from shuyang.kit.models import Job
from shuyang.people.models import RoleGrant
from shuyang.trust.api import SYSTEM, Role
from shuyang.web.overview_view import glance
from tests.cast import client_of, make_member, make_unit
from tests.delivery.world import NOON, World, make_world
from tests.feedback.organisation import hire, measure
from tests.web.published import publish_parts


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> Iterator[World]:
    settings.SHUYANG_EXTRACT, settings.SHUYANG_FILES = str(tmp_path / "extract"), str(tmp_path / "files")
    with frozen(NOON):
        yield make_world()


@pytest.fixture
def leader(world: World) -> Client:
    return make_member("P078", "局长", world.cast.finance, Role.LEADER).client()


@pytest.fixture
def published(world: World) -> World:
    publish_parts(world)
    return world


def page(client: Client, world: World, tail: str = "") -> str:
    reply = client.get(f"/overview/{world.cast.finance.id}/{tail}")
    assert reply.status_code == 200
    return reply.content.decode()


def text_of(shown: str) -> str:
    """What is read, without markup and spaces."""
    bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", "", shown, flags=re.S)
    return re.sub(r"\s", "", html.unescape(bare))


def test_it_says_the_very_sentences_of_the_briefing(published: World, leader: Client) -> None:
    said = statements(actor=SYSTEM, unit_id=published.cast.finance.id)
    assert {s.kind for s in said} >= {StatementKind.SITUATION, StatementKind.FINDING, StatementKind.UNCERTAIN}
    shown = text_of(page(leader, published))
    for statement in said:
        assert re.sub(r"\s", "", statement.plain) in shown
        for note in statement.notes:
            assert re.sub(r"\s", "", note) in shown


def test_each_finding_has_its_chart_and_leads_to_its_figures(published: World, leader: Client) -> None:
    shown = page(leader, published)
    found = findings(actor=SYSTEM, unit_id=published.cast.finance.id).found
    weak = next(g for g in unit_picture(actor=SYSTEM, unit_id=published.cast.finance.id).parts if g.name == "支付科")
    assert found
    assert f"/units/{weak.unit_id}/?campaign={published.campaign.id}" in shown
    kinds = {(f.kind, f.path, f.groups) for f in found}
    assert shown.count('data-chart="finding-') == len(kinds)
    for link in re.findall(r'<p><a href="(/units/[^"]+)">', shown):
        assert leader.get(html.unescape(link)).status_code == 200


def test_a_finding_of_a_group_leads_to_the_group(published: World) -> None:
    picture = unit_picture(actor=SYSTEM, unit_id=published.cast.finance.id)
    asked = {"actor": SYSTEM, "unit_id": published.cast.finance.id}
    told = glance(statements(**asked), findings(**asked), picture)
    links = [s.link for s in told.findings]
    assert all(link.startswith("/units/") for link in links)
    groups = [link for link in links if "people=rank_layer" in link]
    assert bool(groups) == any(f.groups for f in findings(**asked).found)


def test_it_shows_participation_hidden_parts_and_the_mark(published: World, leader: Client) -> None:
    shown = page(leader, published)
    assert "模拟数据" in shown
    assert 'data-chart="participation"' in shown
    assert "以下单位的数字不公布" in shown
    assert "档案科" in shown
    assert "人N" not in shown, "no name of a person"


def test_it_says_that_nothing_stands_out(world: World, leader: Client) -> None:
    measure(world.campaign, hire(world.cast.finance, 6), np.random.default_rng(1))
    publish_campaign(actor=SYSTEM, campaign_id=world.campaign.id)
    assert findings(actor=SYSTEM, unit_id=world.cast.finance.id).found == ()
    shown = page(leader, world)
    assert "均未超出误差范围" in text_of(shown)
    assert 'data-chart="finding-' not in shown


def test_before_anything_is_published_it_says_what_is_on_the_way(world: World, leader: Client) -> None:
    assert 'id="waiting"' in page(leader, world)
    assert world.campaign.name not in page(leader, world), "a leader manages no campaign"
    measure(world.campaign, hire(world.cast.finance, 6), np.random.default_rng(1))
    shown = page(world.cast.organiser.client(), world)
    assert world.campaign.name in shown
    assert "截止" in shown
    Job.objects.create(kind="feedback.publish", arguments={"campaign_id": str(world.campaign.id)})
    assert "数据正在汇总" in page(world.cast.organiser.client(), world)
    again = leader.get(f"/overview/{world.cast.finance.id}/", headers={"HX-Request": "true"})
    assert "HX-Refresh" not in again.headers


def test_a_waiting_page_is_told_when_the_figures_are_there(published: World, leader: Client) -> None:
    for address in (f"/overview/{published.cast.finance.id}/", f"/units/{published.cast.finance.id}/"):
        assert leader.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_a_hidden_unit_says_why(published: World, leader: Client) -> None:
    small = next(g for g in unit_picture(actor=SYSTEM, unit_id=published.cast.finance.id).parts if g.name == "档案科")
    shown = leader.get(f"/overview/{small.unit_id}/").content.decode()
    assert "不足五人的数字不予显示" in shown
    assert "data-chart" not in shown


def test_an_unknown_campaign_falls_back_to_the_newest(published: World, leader: Client) -> None:
    for tail in ("?campaign=nonsense", "?campaign=01a20189-44cf-7eb6-81c6-2426003a0768"):
        assert published.campaign.name in page(leader, published, tail)


def test_the_short_address_leads_to_the_uppermost_unit(world: World, leader: Client) -> None:
    assert leader.get("/overview/")["Location"] == f"/overview/{world.cast.finance.id}/"


def test_a_role_for_the_whole_installation_leads_to_the_top_of_the_tree(world: World) -> None:
    RoleGrant.objects.create(account_id=world.cast.administrator_id, role=Role.ORGANISER, unit=None)
    admin = client_of(world.cast.administrator_id)
    assert admin.get("/overview/")["Location"] == f"/overview/{world.cast.city.id}/"
    assert admin.get("/units/")["Location"] == f"/units/{world.cast.city.id}/"


def test_others_see_no_dashboard(published: World) -> None:
    for member in (published.cast.learner, published.cast.stranger):
        assert member.client().get(f"/overview/{published.cast.finance.id}/").status_code == 404
    assert published.cast.learner.client().get("/overview/").status_code == 404


def test_it_costs_as_many_statements_for_many_parts_as_for_few(
    world: World, leader: Client, django_assert_max_num_queries: Any
) -> None:
    rng = np.random.default_rng(3)
    for number in range(12):
        measure(world.campaign, hire(make_unit(f"第{number}科", f"FX{number}", world.cast.finance), 6), rng)
    publish_campaign(actor=SYSTEM, campaign_id=world.campaign.id)
    with django_assert_max_num_queries(30):
        page(leader, world)
