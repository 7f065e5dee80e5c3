"""A questionnaire through pages: made, opened, answered with a draft, read in sums, saved as Excel."""

from __future__ import annotations

from io import BytesIO

from django.test import Client
from python_calamine import CalamineWorkbook

from shuyang.delivery.models import Survey, SurveyAnswer
from tests.cast import make_member
from tests.delivery.world import World

FACETS = [f"F{n:02d}" for n in range(1, 13)]


def _make(organiser: Client, world: World) -> str:
    made = organiser.post(
        "/surveys/new/", {"name": "学习需求", "unit": str(world.cast.finance.id), "closes_at": "2026-12-01T18:00"}
    )
    address = str(made["Location"])
    organiser.post(f"{address}act/", {"act": "put", "kind": "likert", "text": "数据好找", "required": "yes"})
    organiser.post(f"{address}act/", {"act": "put", "kind": "open", "text": "=最难的事"})
    organiser.post(f"{address}act/", {"act": "put", "kind": "self_rating", "text": "自评", "required": "yes"})
    assert organiser.post(f"{address}act/", {"act": "open"}).status_code == 302
    return address


def _filled(step: int) -> dict[str, str]:
    return {"q1": str(step), "q2": f"=意见{step}", **{f"q3-{facet}": str(step) for facet in FACETS}}


def test_it_keeps_what_was_typed_when_something_is_wrong(organiser: Client, world: World) -> None:
    bad = organiser.post(
        "/surveys/new/", {"name": "", "unit": str(world.cast.finance.id), "closes_at": "2020-01-01T09:00"}
    )
    assert bad.status_code == 422
    assert "2020-01-01T09:00" in bad.content.decode()
    assert not Survey.objects.exists()
    made = organiser.post(
        "/surveys/new/", {"name": "需求", "unit": str(world.cast.finance.id), "closes_at": "2026-12-01T18:00"}
    )
    address = str(made["Location"])
    bad = organiser.post(f"{address}act/", {"act": "put", "kind": "single", "text": "选一个", "options": "甲"})
    assert bad.status_code == 422
    assert 'value="选一个"' in bad.content.decode()
    assert organiser.post(f"{address}act/", {"act": "open"}).status_code == 422


def test_a_person_drafts_hands_in_and_is_done(organiser: Client, learner: Client, world: World) -> None:
    address = _make(organiser, world)
    assert "学习需求" in learner.get("/").content.decode()
    saved = learner.post(f"{address}save/", {"q1": "4", "q3-F02": "5"}, headers={"HX-Request": "true"})
    assert "草稿已于" in saved.content.decode()
    form = learner.get(f"{address}answer/").content.decode()
    assert 'value="4" checked' in form
    partly = learner.post(f"{address}answer/", {"q1": "2", "q2": "记得我"})
    assert partly.status_code == 422
    assert "记得我" in partly.content.decode()
    assert learner.post(f"{address}answer/", _filled(3)).status_code == 302
    assert "感谢您的参与" in learner.get(f"{address}answer/").content.decode()
    assert "学习需求" not in learner.get("/").content.decode()
    assert SurveyAnswer.objects.get().answers["q1"] == 3
    assert learner.get(f"{address}results/").status_code == 404


def test_sums_are_shown_and_exported_from_five_on(organiser: Client, world: World) -> None:
    address = _make(organiser, world)
    assert "提交满 5 份后显示" in organiser.get(f"{address}results/").content.decode()
    for number in range(5):
        client = make_member(f"Z{number}", f"人{number}", world.cast.finance).client()
        assert client.post(f"{address}answer/", _filled(number + 1)).status_code == 302
    page = organiser.get(f"{address}results/").content.decode()
    assert "3.00 (1.04–4.96)" in page
    assert "=意见1" in page
    assert "人0" not in page
    book = CalamineWorkbook.from_filelike(BytesIO(organiser.get(f"{address}export/").content))
    assert book.sheet_names[0] == "总体"
    words = {cell for row in book.get_sheet_by_name("开放题回答").to_python() for cell in row}
    assert {"2. =最难的事", "=意见5"} <= words


def test_surveys_are_for_organisers_and_leaders(learner: Client, world: World) -> None:
    for address in ("/surveys/", "/surveys/new/"):
        assert learner.get(address).status_code == 404
