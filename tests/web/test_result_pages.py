"""Results, units, campaigns and audit, seen by those they are for and by those they are not."""

from __future__ import annotations

import json
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuyang.delivery.models import Campaign, Sitting
from shuyang.evidence.models import Estimate
from tests.delivery.world import World
from tests.web.test_campaign_pages import opened


def result_address() -> str:
    return f"/results/{Estimate.objects.get().id}/"


def test_it_shows_a_result_with_its_uncertainty(measured: World, learner: Client) -> None:
    html = learner.get(result_address()).content.decode()
    for words in (
        "我的数字素养",
        "感知力",
        "发展力",
        "95%",
        "从哪里学起",
        "四层短板",
        "数感",
        "等级分界为暂定值",
        "模拟数据",
    ):
        assert words in html
    assert html.count("sy-force-score") == 5
    assert result_address() in learner.get("/results/").content.decode()


def test_it_shows_a_result_to_nobody_else(measured: World, organiser: Client) -> None:
    for page in ("", "pdf/", "receipt/", "explained/"):
        assert organiser.get(result_address() + page).status_code == 404
        assert measured.cast.colleague.client().get(result_address() + page).status_code == 404


def test_it_makes_a_tagged_pdf(measured: World, learner: Client) -> None:
    reply = learner.get(result_address() + "pdf/")
    assert reply["Content-Type"] == "application/pdf"
    assert reply.content.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in reply.content or b"/StructTreeRoot" in reply.content


def test_its_receipt_gives_no_item_away(measured: World, learner: Client) -> None:
    body = json.loads(learner.get(result_address() + "receipt/").content)
    assert body["receipt"]["kind"] == "shuyang-receipt"
    assert body["signature"]
    text = json.dumps(body)
    assert not re.search(r"[SP]-F\d\d-\d-\d{3}", text), "item keys stay inside"
    assert len(body["receipt"]["responses"]) == len(Sitting.objects.get().answers)


def test_it_explains_the_computation(measured: World, learner: Client) -> None:
    html = learner.get(result_address() + "explained/").content.decode()
    assert "区间如实反映不确定性" in html
    assert "shuyang verify" in html


def test_it_hides_what_is_not_published(measured: World, organiser: Client) -> None:
    html = organiser.get(f"/units/{measured.cast.finance.id}/").content.decode()
    assert "尚未公布任何结果" in html
    assert organiser.get(f"/units/{measured.cast.health.id}/").status_code == 404
    assert measured.cast.learner.client().get("/units/").status_code == 404


def new_campaign(world: World, **more: str) -> dict[str, str]:
    return {
        "name": "秋季诊断", "purpose": "diagnosis", "unit": str(world.cast.finance.id), "blueprint": "diagnosis",
        "opens_at": "2026-11-22T09:00", "closes_at": "2026-12-22T18:00", "then": "open",
    } | more  # fmt: skip


def test_it_opens_and_closes_a_campaign(world: World, organiser: Client) -> None:
    address = opened(organiser, new_campaign(world))["Location"]
    page = organiser.get(address).content.decode()
    assert "秋季诊断" in page
    assert "应测人数" in page
    assert "秋季诊断" in world.cast.colleague.client().get("/").content.decode(), "it invites by itself"
    organiser.post(f"{address}close/")
    assert "已结束" in organiser.get(address).content.decode()
    assert "秋季诊断" not in world.cast.colleague.client().get("/").content.decode()


def test_it_keeps_what_was_typed_and_writes_nothing(world: World, organiser: Client) -> None:
    before = Campaign.objects.count()
    for wrong, words in (
        ({"name": ""}, "请填写此项"), ({"closes_at": "2026-11-21T09:00"}, "截止时间应晚于开始时间"),
        ({"purpose": "recruitment"}, "等级分界仍为暂定值"), ({"opens_at": "soon"}, "不是有效日期"), ({"unit": "x"}, "请填写此项"),
        ({"blueprint": "none"}, "不在可选范围内"),
    ):  # fmt: skip
        reply = organiser.post("/campaigns/new/", new_campaign(world) | wrong)
        assert reply.status_code == 422, wrong
        assert words in reply.content.decode(), wrong
        assert 'value="2026-12-22T18:00"' in reply.content.decode() or "closes_at" in wrong
    assert Campaign.objects.count() == before


def test_it_can_not_open_a_campaign_elsewhere(world: World, organiser: Client) -> None:
    assert organiser.post("/campaigns/new/", new_campaign(world, unit=str(world.cast.health.id))).status_code == 404
    assert world.cast.learner.client().get("/campaigns/").status_code == 404


def test_an_auditor_checks_and_exports(measured: World, auditor: Client) -> None:
    assert "日志完整" in auditor.post("/audit/check/").content.decode()
    heads = auditor.get("/audit/heads/").content
    upload = SimpleUploadedFile("heads.json", heads)
    assert "日志完整" in auditor.post("/audit/check/", {"heads": upload}).content.decode()
    forged = SimpleUploadedFile("heads.json", heads.replace(b'"at"', b'"ta"', 1))
    refused = auditor.post("/audit/check/", {"heads": forged})
    assert refused.status_code == 422
    assert "不是本系统导出的链头文件" in refused.content.decode()
    export = json.loads(auditor.get(f"/audit/sittings/{Sitting.objects.get().id}/").content)
    assert export["kind"] == "shuyang-audit-export"


def test_the_audit_is_not_for_everyone(measured: World, learner: Client, organiser: Client) -> None:
    for visitor in (learner, organiser):
        assert visitor.get("/audit/").status_code == 404
        assert visitor.get("/audit/heads/").status_code == 404
        assert visitor.get(f"/audit/sittings/{Sitting.objects.get().id}/").status_code == 404
