"""Standard setting and recruitment through pages: ratings from Excel, the rule with its risk, two who sign, an appeal."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from shuyang.delivery import api as delivery
from shuyang.delivery.models import Appeal, JudgeRating, StandardSetting
from shuyang.itembank.api import release
from shuyang.trust.api import Role
from tests.cast import make_member
from tests.delivery.test_recruitment import organiser, recruit
from tests.delivery.test_standards import true_ratings
from tests.delivery.world import World


def _filled(sheet: bytes, ratings: dict[str, Any], judges: int, *, spoil: bool = False) -> SimpleUploadedFile:
    """The template with the same ratings for each judge; the second row's label broken if `spoil`."""
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    out, line = book.add_worksheet(), 1
    for judge in range(judges):
        for number, (row, values) in enumerate(zip(rows[1:], ratings.values(), strict=True)):
            label = "S-F99-9-999" if spoil and number == 1 else row[1]
            for column, cell in enumerate([f"评委{judge}", label, *(max(v - judge, 0.0) for v in values)]):
                out.write(line, column, cell)
            line += 1
    book.close()
    return SimpleUploadedFile("ratings.xlsx", stream.getvalue())


def test_a_panel_is_held_through_pages(world: World) -> None:
    member = make_member("P040", "测量专员", world.cast.city, Role.PSYCHOMETRICIAN)
    client = member.client()
    bad = client.post("/standards/", {"name": "标准设定", "method": "angoff", "per_force": "x"})
    assert bad.status_code == 422
    assert 'value="标准设定"' in bad.content.decode()
    address = str(client.post("/standards/", {"name": "标准设定", "method": "angoff", "per_force": "6"})["Location"])
    setting_id = UUID(address.split("/")[2])
    ratings = true_ratings(member.actor, setting_id)
    typed = {
        "act": "rate",
        "judge": "评委甲",
        **{f"{i}-{k}": f"{v:.1f}" for i, vs in ratings.items() for k, v in enumerate(vs, 1)},
    }
    first = next(iter(ratings))
    refused = client.post(f"{address}act/", {**typed, f"{first}-1": "101"})
    assert refused.status_code == 422
    assert 'value="101"' in refused.content.decode()
    assert client.post(f"{address}act/", typed).status_code == 302
    sheet = client.get(f"{address}ratings.xlsx").content
    spoilt = client.post(f"{address}act/", {"act": "import", "file": _filled(sheet, ratings, 2, spoil=True)})
    assert spoilt.status_code == 422
    assert "B3" in spoilt.content.decode()
    assert JudgeRating.objects.count() == 1
    assert client.post(f"{address}act/", {"act": "close"}).status_code == 422
    done = client.post(f"{address}act/", {"act": "import", "file": _filled(sheet, ratings, 5)})
    assert done.status_code == 302, done.content.decode()
    page = client.get(address).content.decode()
    assert "评委 6 人" in page
    assert "误判为高" in page
    client.post(f"{address}act/", {"act": "close"})
    client.post(f"{address}act/", {"act": "adopt"})
    assert "已采用" in client.get("/standards/").content.decode()
    assert StandardSetting.objects.get().hash in client.get(f"{address}record/").content.decode()
    assert world.cast.organiser.client().get("/standards/").status_code == 404


def test_a_recruitment_from_rule_to_appeal(world: World) -> None:
    campaign, sittings = recruit(world)
    keepers = [organiser(world, n) for n in ("P051", "P052", "P053")]
    first = keepers[0].client()
    address, forces = f"/recruitment/{campaign.id}/", release(hash=campaign.release_hash).forces
    assert "考生0" not in first.get(address).content.decode()
    shown = first.get(address, {"level": "3", "force": forces}).content.decode()
    assert "实际未达到却判为合格" in shown
    assert first.get(address, {"level": "9", "force": forces}).status_code == 422
    assert first.post(f"{address}act/", {"act": "sign"}).status_code == 422
    first.post(f"{address}act/", {"act": "rule", "level": "3", "force": forces})
    delivery.close_campaign(actor=keepers[0].actor, campaign_id=campaign.id)
    second, third = (keeper.client() for keeper in keepers[1:])
    first.post(f"{address}act/", {"act": "sign"})
    assert first.post(f"{address}act/", {"act": "sign"}).status_code == 422
    second.post(f"{address}act/", {"act": "sign"})
    page = first.get(address).content.decode()
    assert "考生0" in page
    candidate = make_client(sittings[0])
    own = f"/recruitment/own/{sittings[0]}/"
    assert "考号" in candidate.get(own).content.decode()
    assert candidate.post(own, {"reason": " "}).status_code == 422
    assert candidate.post(own, {"reason": "题目显示不全"}).status_code == 302
    assert "我的报考" in candidate.get("/").content.decode()
    appeal = {"id": str(Appeal.objects.get().id), "decision": "refused", "words": "经复核显示正常"}
    assert "待裁定申诉 1 件" in third.get("/").content.decode()
    assert "待裁定申诉" not in first.get("/").content.decode(), "who had a hand in it does not decide"
    involved = first.post("/recruitment/appeals/", appeal)
    assert involved.status_code == 422
    assert "经复核显示正常" in involved.content.decode(), "what was typed stays"
    assert third.post("/recruitment/appeals/", appeal).status_code == 302
    assert "经复核显示正常" in candidate.get(own).content.decode()
    assert first.get(f"/recruitment/evidence/{sittings[0]}/")["Content-Type"] == "application/zip"
    assert candidate.get(f"/recruitment/evidence/{sittings[0]}/").status_code == 404
    assert candidate.get(address).status_code == 404
    assert delivery.recruitment(actor=world.cast.organiser.actor, campaign_id=campaign.id).released


def make_client(sitting_id: UUID) -> Client:
    from shuyang.delivery.models import Sitting
    from shuyang.people.models import Account
    from tests.cast import client_of

    return client_of(Account.objects.get(person_id=Sitting.objects.get(id=sitting_id).person_id).id)
