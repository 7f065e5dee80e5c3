"""My data in the browser: seen, taken away, corrected, withdrawn; and the organiser's queue."""

from __future__ import annotations

import io
import json
import zipfile

from django.test import Client

from shuyang.trust.api import answer_consent, has_consented
from tests.delivery.world import World


def test_it_shows_everything_in_words(measured: World, learner: Client) -> None:
    html = learner.get("/my-data/").content.decode()
    for words in ("基本信息", "任职经历", "您的作答", "结果", "回执", "审计记录", "密码和验证码只保存", "删除我的数据"):
        assert words in html, words
    for raw in ("people.Person", "delivery.Response", "identity_number", "elapsed_ms", "sitting.finished"):
        assert raw not in html, f"{raw} has no words"
    assert measured.cast.colleague.name not in html


def test_it_is_taken_away_as_data_and_as_a_page(measured: World, learner: Client) -> None:
    assert learner.get("/my-data/export/").status_code == 405
    reply = learner.post("/my-data/export/")
    with zipfile.ZipFile(io.BytesIO(reply.content)) as made:
        names = set(made.namelist())
        data = json.loads(made.read("data.json"))
        page = made.read("index.html").decode()
    assert {"data.json", "index.html", "receipts/receipt-1.json", "receipts/shuyang-public-key.pem"} == names
    assert data["kind"] == "shuyang-personal-data"
    assert data["name"] == measured.cast.learner.name
    answers = data["tables"]["delivery.Response"]
    assert len(answers["rows"]) == len(data["tables"]["evidence.Observation"]["rows"]) > 10
    assert "password" in data["tables"]["people.Account"]["not_exported"]
    assert measured.cast.learner.name in page
    assert "<script" not in page
    assert "导出本人数据" in learner.get("/my-data/").content.decode(), "the log says so"


def test_a_consent_can_be_withdrawn_and_is_asked_for_again(world: World, learner: Client) -> None:
    person = world.cast.learner.person_id
    answer_consent(actor=world.learner, purpose="assessment", text_version="1", given=True)
    assert "已同意" in learner.get("/my-data/").content.decode()
    learner.post("/my-data/consent/", {"purpose": "assessment"})
    assert not has_consented(person_id=person, purpose="assessment", text_version="1")
    assert "已撤回" in learner.get("/my-data/").content.decode()
    start = learner.get(f"/sitting/start/{world.campaign.id}/")
    assert start.status_code == 404 or 'name="consent"' in start.content.decode()


def test_a_request_goes_there_and_its_answer_comes_back(world: World, learner: Client, organiser: Client) -> None:
    empty = learner.post("/my-data/", {"kind": "correction", "text": " "})
    assert empty.status_code == 422
    assert "请填写" in empty.content.decode()
    learner.post("/my-data/", {"kind": "correction", "text": "单位名称有误"})
    twice = learner.post("/my-data/", {"kind": "correction", "text": "再说一次"})
    assert twice.status_code == 422
    assert "再说一次" in twice.content.decode(), "nothing typed is lost"
    assert "1 件待处理" in organiser.get("/").content.decode()
    page = organiser.get("/people/requests/").content.decode()
    assert "单位名称有误" in page
    request = page.split('name="request" value="')[1].split('"')[0]
    wordless = organiser.post("/people/requests/", {"request": request, "decision": "refuse", "answer": ""})
    assert wordless.status_code == 422
    organiser.post("/people/requests/", {"request": request, "decision": "refuse", "answer": "名册与编制文件一致。"})
    assert "名册与编制文件一致。" in learner.get("/my-data/").content.decode()
    assert "名册与编制文件一致。" in organiser.get("/people/requests/").content.decode()
    again = organiser.post("/people/requests/", {"request": request, "decision": "grant", "answer": "好"})
    assert again.status_code == 422


def test_the_queue_is_for_those_who_manage_people(world: World, learner: Client) -> None:
    assert learner.get("/people/requests/").status_code == 404
    assert world.cast.stranger.client().get("/people/requests/").status_code == 200
    assert learner.post("/my-data/", {"kind": "nonsense", "text": "x"}).status_code == 404
