"""The editor of test designs: what was typed stays, what the bank can't give is said, what is fixed can be used."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from shuyang.delivery.api import paper_state
from shuyang.delivery.models import Campaign, Sitting
from shuyang.itembank.models import DesignRow
from shuyang.people.api import Roster
from tests.delivery.world import FACETS, World
from tests.web.test_campaign_pages import opened, typed, workbook


def wished(**changes: Any) -> dict[str, Any]:
    form = {"title": "短诊断", "kind": "adaptive", "min_items": "12", "max_items": "20", "minutes": "40",
            "single_share": "0", "forms": "2", "length": "12", "then": "check"}  # fmt: skip
    form |= {f"target_se_{n}": "0.7" for n in range(5)} | {f"facet_{facet}": "1" for facet in FACETS}
    return form | changes


def test_a_design_goes_from_wish_to_campaign(organiser: Client, learner: Client, world: World) -> None:
    assert "还没有自建方案" in organiser.get("/campaigns/designs/").content.decode()
    address = organiser.post("/campaigns/designs/new/", wished())["Location"]
    html = organiser.get(address).content.decode()
    assert "题库支持情况" in html
    assert "Words(" not in html + organiser.get("/campaigns/designs/new/").content.decode()
    assert "感知力" in html
    assert re.search(r"400 名模拟人员", html)
    organiser.post(f"{address}fix/")
    html = organiser.get(address).content.decode()
    assert "已定稿" in organiser.get("/campaigns/designs/").content.decode()
    plan = DesignRow.objects.get().hash
    assert f"?plan={plan}" in html
    assert f'value="plan:{plan}" selected' in organiser.get(f"/campaigns/new/?plan={plan}").content.decode()
    reply = opened(organiser, typed(world, blueprint=f"plan:{plan}"))
    assert reply.status_code == 302
    made = Campaign.objects.get(plan_hash=plan)
    assert "短诊断 v1" in organiser.get(f"/campaigns/{made.id}/").content.decode()
    assert "最多20题" in learner.get(f"/sitting/start/{made.id}/").content.decode().replace(" ", "")
    learner.post(f"/sitting/start/{made.id}/", {"consent": "yes", "then": "begin"})
    assert Sitting.objects.get().plan_hash == plan
    assert organiser.post(f"{address}version/")["Location"].endswith("/edit/")
    assert organiser.post(f"{address}retire/").status_code == 302
    assert plan not in organiser.get("/campaigns/new/").content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"target_se_2": "很小"}, "很小"),
        ({"target_se_2": "0.01"}, "0.2 至 1"),
        ({"facet_F03": "9"}, "只有 7 题"),
        ({"facet_F03": "15"}, "合计要求 26 题"),
        ({"min_items": "30"}, "最少题数"),
        ({"kind": "magic"}, "不在可选范围内"),
        ({"title": ""}, "请填写此项"),
        ({"kind": "forms", "forms": "9"}, "只有 84 题"),
    ],
)
def test_it_says_what_cannot_be_and_keeps_what_was_typed(
    organiser: Client, world: World, changes: dict[str, str], said: str
) -> None:
    reply = organiser.post("/campaigns/designs/new/", wished(length="13") | changes)
    html = reply.content.decode()
    assert reply.status_code == 422
    assert said in html
    assert 'value="13"' in html
    assert not DesignRow.objects.exists()


def test_it_refuses_to_fix_what_was_not_checked(organiser: Client, world: World) -> None:
    address = organiser.post("/campaigns/designs/new/", wished(then="save"))["Location"]
    assert "尚未检验" in organiser.get(address).content.decode()
    reply = organiser.post(f"{address}fix/")
    assert reply.status_code == 409
    assert "请先检验" in reply.content.decode()


def test_it_says_when_no_such_forms_exist(organiser: Client, world: World) -> None:
    """Seven items a facet can't make five forms in which one type fills half: the programme has no solution."""
    form = wished(kind="forms", forms="6", length="12", single_share="1", paper="yes")
    reply = organiser.post("/campaigns/designs/new/", form)
    html = organiser.get(reply["Location"]).content.decode() if reply.status_code == 302 else reply.content.decode()
    assert "题库无法组成这样的试卷" in html or "只有" in html


def test_designs_do_not_exist_for_learners(learner: Client, world: World) -> None:
    for address in ("/campaigns/designs/", "/campaigns/designs/new/"):
        assert learner.get(address).status_code == 404


def test_paper_goes_from_print_to_result(organiser: Client, world: World) -> None:
    form = wished(kind="forms", paper="yes", length="8", **{f"facet_{facet}": "0" for facet in FACETS})
    address = organiser.post("/campaigns/designs/new/", form)["Location"]
    organiser.post(f"{address}fix/")
    opened(organiser, typed(world, blueprint=f"plan:{DesignRow.objects.get().hash}"))
    made = Campaign.objects.exclude(plan_hash="").get()
    base = f"/campaigns/{made.id}/paper/"
    assert organiser.post(base, {"then": "sheets", "copies": "x"}).status_code == 422
    assert organiser.post(base, {"then": "sheets", "copies": "2"}).status_code == 302
    assert "尚有 2 份未收回" in organiser.get(base).content.decode()
    for name in ("form/0/", "sheets/"):
        reply = organiser.get(base + name)
        assert reply["Content-Type"] == "application/pdf"
        assert reply.content.startswith(b"%PDF")
    assert organiser.get(base + "form/9/").status_code == 404
    blank = organiser.get(base + "template/").content
    state = paper_state(actor=world.cast.organiser.actor, campaign_id=made.id)
    assert [cells[0] for _, cells in Roster(blank).rows("答案", 0)] == [s.code for s in state.sheets]
    rows = [["卷号", "人员编号", *map(str, range(1, 9))], [state.sheets[0].code, "P002", *[""] * 8]]
    upload = {"then": "answers", "held_on": "2026-11-21", "agreed": "yes", "file": workbook(rows)}
    checked = organiser.post(base, upload)["Location"]
    assert "1 行可以写入" in organiser.get(checked).content.decode()
    organiser.post(checked, {"then": "write"})
    assert "已录入并计分 1 人" in organiser.get(checked).content.decode()
    assert Sitting.objects.get().mode == "paper"
    wrong = organiser.post(base, upload | {"file": workbook([["卷号", "人员编号"], ["x", 1.0]]), "agreed": ""})
    assert wrong.status_code == 422
    assert 'value="2026-11-21"' in wrong.content.decode()
