"""The pages of campaigns, without a browser: nobody opens one unseen, nothing typed is lost, what is sealed stays so."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuyang.delivery.api import Accommodation, Frame, Showing, ShownWhen, grant_accommodation
from shuyang.delivery.models import AccommodationRow, Admission, Campaign, Invited, Sitting
from tests.delivery.world import World, give_all, open_campaign

Clock = Callable[[timedelta], None]


def typed(world: World, **changes: Any) -> dict[str, Any]:
    """The form of a new campaign as the browser sends it."""
    form = {
        "name": "春季诊断",
        "purpose": "diagnosis",
        "unit": str(world.cast.finance.id),
        "blueprint": "diagnosis",
        "opens_at": "2026-11-22T09:00",
        "closes_at": "2026-12-06T18:00",
        "audience": "unit",
        "shown_when": "at_once",
        "shown_to_person": "yes",
        "shown_to_unit": "yes",
        "attempts": "1",
        "days_between": "0",
        "then": "preview",
    }
    return form | changes


def seen(html: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', html)
    return found.group(1) if found else ""


def opened(client: Client, form: dict[str, Any]) -> Any:
    """Look at who is invited, then open."""
    shown = client.post("/campaigns/new/", form).content.decode()
    return client.post("/campaigns/new/", form | {"then": "open", "seen": seen(shown)})


def workbook(rows: list[list[Any]]) -> SimpleUploadedFile:
    data = BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile("名单.xlsx", data.getvalue())


def test_it_shows_whom_it_invites_before_anything_is_written(organiser: Client, world: World) -> None:
    before = Campaign.objects.count()
    shown = organiser.post("/campaigns/new/", typed(world)).content.decode()
    assert "现有 4 人受邀" in shown
    assert "曾小雨" in shown
    assert Campaign.objects.count() == before
    reply = organiser.post("/campaigns/new/", typed(world, then="open", seen=seen(shown)))
    assert reply.status_code == 302
    assert Campaign.objects.count() == before + 1


def test_it_opens_nothing_whose_audience_was_not_seen(organiser: Client, world: World) -> None:
    before = Campaign.objects.count()
    shown = organiser.post("/campaigns/new/", typed(world)).content.decode()
    changed = typed(world, unit=str(world.cast.budget.id), then="open", seen=seen(shown))
    reply = organiser.post("/campaigns/new/", changed)
    assert reply.status_code == 422
    assert "请核对邀请人员" in reply.content.decode()
    assert "现有 1 人受邀" in reply.content.decode()
    assert Campaign.objects.count() == before


def test_it_says_line_by_line_what_is_wrong_with_a_list_and_keeps_it(organiser: Client, world: World) -> None:
    before = Campaign.objects.count()
    form = typed(world, audience="list", numbers="P002\nP999\n?!")
    reply = organiser.post("/campaigns/new/", form)
    html = reply.content.decode()
    assert reply.status_code == 422
    assert "第 2 行：所辖单位中没有编号为P999的人员" in html
    assert "第 3 行" in html
    assert "P002\nP999\n?!" in html
    assert "现有 1 人受邀" in html
    assert organiser.post("/campaigns/new/", form | {"then": "open", "seen": seen(html)}).status_code == 422
    assert Campaign.objects.count() == before


def test_it_takes_a_list_from_a_workbook(organiser: Client, world: World) -> None:
    rows = [["名单"], ["姓名", "人员编号"], ["曾小雨", "P002"], ["陈𬭎", "P004"]]
    form = typed(world, audience="list")
    shown = organiser.post("/campaigns/new/", form | {"file": workbook(rows)}).content.decode()
    assert "现有 2 人受邀" in shown
    reply = organiser.post("/campaigns/new/", form | {"numbers": "P002\nP004", "then": "open", "seen": seen(shown)})
    assert reply.status_code == 302
    assert Invited.objects.count() == 2


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["工号"], ["P002"], [1234]], "A3：人员编号1234"),
        ([["工号"], [7.5]], "A2：人员编号7.5"),
        ([["工号"]], "没有人员编号"),
    ],
)
def test_it_refuses_numbers_that_excel_may_have_changed(
    organiser: Client, world: World, rows: list[list[Any]], said: str
) -> None:
    form = typed(world, audience="list", name="保留我", file=workbook(rows))
    reply = organiser.post("/campaigns/new/", form)
    assert reply.status_code == 422
    html = reply.content.decode()
    assert said in html
    assert "保留我" in html


def test_it_refuses_what_is_no_workbook(organiser: Client, world: World) -> None:
    file = SimpleUploadedFile("名单.xlsx", b"P002\nP003")
    reply = organiser.post("/campaigns/new/", typed(world, audience="list", file=file))
    assert reply.status_code == 422
    assert "不是Excel" in reply.content.decode() or "Excel" in reply.content.decode()


def test_it_lists_filters_and_pages(organiser: Client, world: World) -> None:
    first = Campaign.objects.get()
    values = {f.attname: getattr(first, f.attname) for f in Campaign._meta.concrete_fields if f.name != "id"}
    Campaign.objects.bulk_create(Campaign(**values | {"name": f"第{n:02d}次"}) for n in range(40))
    html = organiser.get("/campaigns/?q=第").content.decode()
    assert "共 40 个活动" in html
    assert "1 / 2" in html
    html = organiser.get("/campaigns/?q=第&page=2").content.decode()
    assert html.count('<td><a href="/campaigns/') == 15
    assert "没有符合条件" in organiser.get("/campaigns/?q=无此活动").content.decode()
    assert organiser.get("/campaigns/?page=999999999&state=x&purpose=x").status_code == 200


def test_a_sealed_result_is_told_and_not_shown(organiser: Client, learner: Client, world: World) -> None:
    made = open_campaign(world.cast, frame=Frame(showing=Showing(ShownWhen.ON_RELEASE)))
    reply = learner.post(f"/sitting/start/{made.id}/", {"consent": "yes", "then": "begin"})
    sitting = Sitting.objects.get()
    give_all(world.learner, sitting.id)
    page = learner.get(reply["Location"])
    assert "封存" in page.content.decode()
    sitting.refresh_from_db()
    for address in ("", "pdf/", "receipt/", "explained/"):
        assert learner.get(f"/results/{sitting.estimate_id}/{address}").status_code == 404
    assert str(sitting.estimate_id) not in learner.get("/results/").content.decode()
    assert "结果已封存，公布后可查看" in learner.get("/").content.decode()
    assert "确认公布" in organiser.get(f"/campaigns/{made.id}/release/").content.decode()
    assert organiser.post(f"/campaigns/{made.id}/release/").status_code == 302
    assert learner.get(reply["Location"])["Location"] == f"/results/{sitting.estimate_id}/"
    assert learner.get(f"/results/{sitting.estimate_id}/").status_code == 200


def test_it_shows_what_is_granted_before_the_beginning(organiser: Client, learner: Client, world: World) -> None:
    address = f"/campaigns/{world.campaign.id}/needs/"
    form = {"person": "P002", "extra_time": "50", "large_type": "yes", "pauses": "2", "reason": "视力障碍"}
    assert organiser.post(address, form).status_code == 302
    listed = organiser.get(address).content.decode()
    assert "作答时间延长 50%" in listed
    assert "视力障碍" not in listed
    start = learner.get(f"/sitting/start/{world.campaign.id}/").content.decode()
    assert "作答时间延长 50%" in start
    assert "可暂停计时 2 次" in start
    assert 'data-type="large"' in start
    reply = learner.post(f"/sitting/start/{world.campaign.id}/", {"consent": "yes", "then": "begin"})
    assert 'data-type="large"' in learner.get(reply["Location"]).content.decode()
    row = AccommodationRow.objects.get()
    assert "视力障碍" in organiser.post(f"{address}{row.id}/reason/").content.decode()
    assert organiser.post(f"{address}{row.id}/withdraw/").status_code == 302
    assert not AccommodationRow.objects.exists()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"person": "P999", "extra_time": "50"}, "没有"),
        ({"person": "P002", "extra_time": "abc"}, "不是整数"),
        ({"person": "P002", "extra_time": "999"}, "0 至 300"),
        ({"person": "P002"}, "尚未提供任何便利"),
        ({"person": "P002", "until": "2020-01-01T00:00"}, "截止时间"),
    ],
)
def test_it_refuses_a_grant_that_cannot_be_and_keeps_the_form(
    organiser: Client, world: World, form: dict[str, str], said: str
) -> None:
    reply = organiser.post(f"/campaigns/{world.campaign.id}/needs/", form | {"reason": "不要丢"})
    assert reply.status_code == 422
    html = reply.content.decode()
    assert said in html
    assert "不要丢" in html
    assert form["person"] in html


def test_a_room_code_is_shown_once_and_lets_in(organiser: Client, learner: Client, world: World) -> None:
    address = f"/campaigns/{world.campaign.id}/codes/"
    shown = organiser.post(address, {"for": "room"}).content.decode()
    found = re.search(r'sy-bigcode">([0-9A-Z-]+)<', shown)
    assert found
    assert found.group(1) not in organiser.get(address).content.decode()
    assert learner.get(f"/sitting/start/{world.campaign.id}/")["Location"] == "/enter/"
    assert "输入准入码" in learner.get("/").content.decode()
    wrong = learner.post("/enter/", {"code": "AAAAA-AAAAA"})
    assert wrong.status_code == 422
    assert "AAAAA-AAAAA" in wrong.content.decode()
    assert Client().post("/enter/", {"code": found.group(1)})["Location"] == "/sign-in/?next=/enter/"
    reply = learner.post("/enter/", {"code": found.group(1).lower()})
    assert reply["Location"] == f"/sitting/start/{world.campaign.id}/"
    assert Admission.objects.count() == 1
    assert organiser.post(f"{address}end/").status_code == 302


def test_a_personal_code_signs_in(organiser: Client, world: World) -> None:
    shown = organiser.post(f"/campaigns/{world.campaign.id}/codes/", {"for": "persons", "person": "P002"})
    found = re.search(r"<strong>([0-9A-Z]{5}-[0-9A-Z]{5})</strong>", shown.content.decode())
    assert found
    visitor = Client()
    assert visitor.post("/enter/", {"code": found.group(1)})["Location"] == f"/sitting/start/{world.campaign.id}/"
    assert "曾小雨" in visitor.get("/").content.decode()


def test_it_draws_the_address_as_a_qr_code_and_a_sheet(organiser: Client, world: World) -> None:
    reply = organiser.get(f"/campaigns/{world.campaign.id}/qr.svg")
    assert reply["Content-Type"] == "image/svg+xml"
    assert reply.content.startswith(b"<?xml")
    assert b"xmlns=" in reply.content
    assert b"style=" not in reply.content
    sheet = organiser.get(f"/campaigns/{world.campaign.id}/sheet/").content.decode()
    assert f"/sitting/start/{world.campaign.id}/" in sheet


def test_it_moves_the_end(organiser: Client, world: World) -> None:
    address = f"/campaigns/{world.campaign.id}/prolong/"
    assert organiser.post(address, {"closes_at": "2020-01-01T00:00"}).status_code == 422
    assert organiser.post(address, {"closes_at": "2026-12-20T18:00"}).status_code == 302
    assert Campaign.objects.get().closes_at.isoformat().startswith("2026-12-20")


def test_campaign_pages_do_not_exist_for_others(learner: Client, world: World) -> None:
    stranger = world.cast.stranger.client()
    grant_accommodation(
        actor=world.cast.organiser.actor,
        person_id=world.cast.learner.person_id,
        campaign_id=None,
        given=Accommodation(pauses=1),
    )
    key = AccommodationRow.objects.get().id
    base = f"/campaigns/{world.campaign.id}/"
    for client in (learner, stranger):
        for address in ("", "release/", "qr.svg", "sheet/", "needs/", "codes/"):
            assert client.get(base + address).status_code == 404, address
        for address in (
            "close/",
            "prolong/",
            "release/",
            f"needs/{key}/reason/",
            f"needs/{key}/withdraw/",
            "codes/end/",
        ):
            assert client.post(base + address).status_code == 404, address
    assert AccommodationRow.objects.exists()
