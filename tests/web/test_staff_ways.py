"""Those whom a policy lets do something also find the page for it, and nobody is shown a way that ends nowhere."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from shuyang.delivery import api as delivery
from shuyang.delivery.api import Signal
from shuyang.delivery.models import IntegrityFlag, ItemRuling, Sitting
from shuyang.kernel.clock import now
from shuyang.trust.api import Role
from tests.cast import make_member
from tests.delivery.world import World
from tests.web.test_survey_pages import _make as make_survey


def staff(world: World, *roles: Role) -> Client:
    return make_member("P060", "工作人员", world.cast.finance, *roles).client()


def ways(client: Client, address: str) -> set[str]:
    """The links within a page besides those to files."""
    links = set(re.findall(r'href="(/[^"#?]*)', client.get(address).content.decode()))
    return {link for link in links if not link.startswith("/static/")}


def _flag(world: World) -> IntegrityFlag:
    sitting = Sitting.objects.get(id=world.begin().id)
    return IntegrityFlag.objects.create(
        sitting=sitting, campaign_id=world.campaign.id, unit_path=world.campaign.unit_path,
        person_id=sitting.person_id, signal=Signal.RAPID, evidence={"rapid": 12}, at=now(),
    )  # fmt: skip


def test_a_psychometrician_decides_on_a_signal_from_the_home_page(world: World) -> None:
    client, flag, page = staff(world, Role.PSYCHOMETRICIAN), _flag(world), f"/integrity/{world.campaign.id}/"
    assert page in ways(client, "/")
    html = client.get(page).content.decode()
    assert "曾小雨" in html
    assert 'value="scan"' not in html
    assert 'value="plan"' not in html
    done = client.post(f"{page}act/", {"act": "dismissed", "id": str(flag.id), "words": "网络原因"})
    assert done["Location"] == page
    assert IntegrityFlag.objects.get().state == "dismissed"
    for act in ("scan", "plan"):
        assert client.post(f"{page}act/", {"act": act}).status_code == 404, "the organiser chooses and searches"


def test_the_organiser_still_chooses_and_searches(organiser: Client, world: World) -> None:
    html = organiser.get(f"/integrity/{world.campaign.id}/").content.decode()
    assert 'value="scan"' in html
    assert 'value="plan"' in html
    assert f"/campaigns/{world.campaign.id}/" in html


def test_others_do_not_reach_a_campaigns_signals(learner: Client, auditor: Client, world: World) -> None:
    for client in (learner, auditor, staff(world, Role.INVIGILATOR)):
        assert client.get(f"/integrity/{world.campaign.id}/").status_code == 404


def test_a_psychometrician_rules_on_an_item(world: World) -> None:
    client, page = staff(world, Role.PSYCHOMETRICIAN), f"/rooms/{world.campaign.id}/items/"
    assert page in ways(client, f"/integrity/{world.campaign.id}/")
    assert client.get(page).status_code == 200
    assert f"/rooms/{world.campaign.id}/" not in ways(client, page), "the room is for supervisors"
    rule = {"item": "S-F01-2-001", "kind": "neutralised", "reason": "题干有误"}
    assert client.post(f"{page}rule/", rule)["Location"] == page
    assert ItemRuling.objects.get().reason == "题干有误"


@pytest.mark.parametrize(("role", "shown"), [(Role.INVIGILATOR, False), (Role.ORGANISER, True)])
def test_the_room_shows_the_way_to_faulty_items_to_those_who_rule(world: World, role: Role, shown: bool) -> None:
    room, items = f"/rooms/{world.campaign.id}/", f"/rooms/{world.campaign.id}/items/"
    client = staff(world, role)
    assert (items in ways(client, room)) is shown
    assert client.get(items).status_code == (200 if shown else 404)


@pytest.mark.parametrize("role", [Role.PSYCHOMETRICIAN, Role.ADMINISTRATOR, Role.ORGANISER])
def test_designs_are_found_and_lead_nowhere_closed(world: World, role: Role) -> None:
    client = staff(world, role)
    start = "/campaigns/" if role == Role.ORGANISER else "/"
    assert "/campaigns/designs/" in ways(client, start)
    for page in ("/campaigns/designs/", "/campaigns/designs/new/"):
        assert {way for way in ways(client, page) if client.get(way).status_code == 404} == set()


def test_the_menu_marks_one_place(world: World) -> None:
    client = staff(world, Role.ORGANISER, Role.PSYCHOMETRICIAN)
    html = client.get("/campaigns/designs/").content.decode()
    assert re.findall(r'<a href="([^"]*)" aria-current="page"', html) == ["/campaigns/designs/"]


def test_an_open_survey_is_closed_from_the_list(organiser: Client, world: World) -> None:
    address = make_survey(organiser, world)
    assert address in ways(organiser, "/surveys/")
    assert address in ways(organiser, f"{address}results/")
    html = organiser.get(address).content.decode()
    assert "结束调查" in html
    assert "结束活动" not in html
    assert organiser.post(f"{address}act/", {"act": "close"}).status_code == 302
    (line,) = delivery.surveys(actor=world.cast.organiser.actor)
    assert line.survey.state == "closed"
    assert f"{address}results/" in ways(organiser, "/surveys/")


def test_a_leader_who_keeps_no_survey_gets_the_sums(organiser: Client, world: World) -> None:
    address, leader = make_survey(organiser, world), staff(world, Role.LEADER)
    assert f"{address}results/" in ways(leader, "/surveys/")
    assert address not in ways(leader, "/surveys/") | ways(leader, f"{address}results/")
