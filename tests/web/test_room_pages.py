"""The room through pages: the person's desk and pause, the supervisor's room and seat."""

from __future__ import annotations

from django.test import Client

from shuyang.delivery import engine
from shuyang.delivery.models import HelpCall, Sitting
from shuyang.kit.jobs.models import Job
from shuyang.kit.jobs.services import run_job
from shuyang.trust.api import Role
from tests.cast import make_member
from tests.delivery.world import World

FRAGMENT = {"HX-Request": "true"}


def test_a_person_pauses_and_goes_on(learner: Client, world: World) -> None:
    sitting = world.begin()
    assert "暂停作答" in learner.get(f"/sitting/{sitting.id}/").content.decode()
    learner.post(f"/sitting/{sitting.id}/pause/")
    page = learner.get(f"/sitting/{sitting.id}/").content.decode()
    assert "继续作答" in page
    assert "data-item" not in page, "a paused item is hidden"
    learner.post(f"/sitting/{sitting.id}/resume/")
    assert "data-item" in learner.get(f"/sitting/{sitting.id}/").content.decode()


def test_a_call_goes_to_the_room_and_the_answer_comes_back(learner: Client, organiser: Client, world: World) -> None:
    sitting = world.begin()
    said = learner.post(f"/sitting/{sitting.id}/help/", {"text": "看不清图表"}, headers=FRAGMENT).content.decode()
    assert "求助已送达" in said
    room = organiser.get(f"/rooms/{world.campaign.id}/").content.decode()
    assert "看不清图表" in room
    assert "曾小雨" in room
    seat = f"/rooms/seat/{sitting.id}/"
    empty = organiser.post(f"{seat}act/", {"act": "reply", "reason": ""})
    assert empty.status_code == 422
    assert "请写明原因或答复内容" in empty.content.decode()
    assert organiser.post(f"{seat}act/", {"act": "reply", "reason": "请按 Ctrl 和加号放大"})["Location"] == seat
    desk = learner.get(f"/sitting/{sitting.id}/desk/", headers=FRAGMENT).content.decode()
    assert "请按 Ctrl 和加号放大" in desk
    learner.post(f"/sitting/{sitting.id}/help/read/", headers=FRAGMENT)
    assert HelpCall.objects.get().state == "closed"


def test_the_room_pauses_everyone_and_the_desk_sends_them_to_the_pause(
    learner: Client, organiser: Client, world: World
) -> None:
    sitting = world.begin()
    act = f"/rooms/{world.campaign.id}/act/"
    refused = organiser.post(act, {"act": "extend", "minutes": "十", "reason": "补时"})
    assert refused.status_code == 422
    assert 'value="补时"' in refused.content.decode(), "what was typed stays"
    assert organiser.post(act, {"act": "pause", "reason": "停电"}).status_code == 302
    assert Sitting.objects.get().paused_by == "supervisor"
    assert learner.get(f"/sitting/{sitting.id}/desk/", headers=FRAGMENT)["HX-Redirect"] == f"/sitting/{sitting.id}/"
    assert "HX-Redirect" not in learner.get(f"/sitting/{sitting.id}/state/", headers=FRAGMENT)
    assert learner.post(f"/sitting/{sitting.id}/resume/").status_code == 409
    organiser.post(act, {"act": "resume"})
    assert learner.get(f"/sitting/{sitting.id}/state/", headers=FRAGMENT)["HX-Redirect"]
    organiser.post(f"/rooms/seat/{sitting.id}/act/", {"act": "extend", "minutes": "10", "reason": "补时"})
    organiser.post(f"/rooms/seat/{sitting.id}/act/", {"act": "end", "reason": "收卷"})
    page = organiser.get(f"/rooms/seat/{sitting.id}/").content.decode()
    assert all(word in page for word in ("停电", "补时", "收卷", "组织员"))
    late = organiser.post(f"/rooms/seat/{sitting.id}/act/", {"act": "pause", "reason": "再停"})
    assert late.status_code == 409


def test_nobody_begins_in_a_paused_room_and_the_page_says_why(learner: Client, organiser: Client, world: World) -> None:
    act, start = f"/rooms/{world.campaign.id}/act/", f"/sitting/start/{world.campaign.id}/"
    organiser.post(act, {"act": "pause", "reason": "停电"})
    assert "考场已暂停" in organiser.get(f"/rooms/{world.campaign.id}/").content.decode()
    refused = learner.post(start, {"consent": "yes", "then": "begin"})
    assert refused.status_code == 409
    assert "监考员已暂停本场测评" in refused.content.decode()
    assert not Sitting.objects.exists()
    organiser.post(act, {"act": "resume"})
    begun = learner.post(start, {"then": "begin"})["Location"]
    going = f"{begun}going/"
    assert "HX-Redirect" not in learner.get(going, headers=FRAGMENT)
    organiser.post(act, {"act": "pause", "reason": "停电"})
    assert learner.get(going, headers=FRAGMENT)["HX-Redirect"] == begun
    assert organiser.get(going, headers=FRAGMENT).status_code == 404


def test_the_room_lists_who_has_not_begun(learner: Client, organiser: Client, world: World) -> None:
    shown = organiser.get(f"/rooms/{world.campaign.id}/?show=absent").content.decode()
    assert "曾小雨" in shown
    world.begin()
    assert "曾小雨" not in organiser.get(f"/rooms/{world.campaign.id}/?show=absent").content.decode()


def test_htmx_gets_only_the_moving_part(organiser: Client, world: World) -> None:
    world.begin()
    part = organiser.get(f"/rooms/{world.campaign.id}/?show=running", headers=FRAGMENT).content.decode()
    assert "<html" not in part
    assert "曾小雨" in part


def test_rooms_are_for_supervisors(learner: Client, world: World) -> None:
    sitting = world.begin()
    for address in ("/rooms/", f"/rooms/{world.campaign.id}/", f"/rooms/seat/{sitting.id}/"):
        assert learner.get(address).status_code == 404
    invigilator = make_member("P020", "监考员", world.cast.finance, Role.INVIGILATOR).client()
    assert world.campaign.name in invigilator.get("/rooms/").content.decode()
    assert "考场" in invigilator.get("/").content.decode()
    assert invigilator.get("/campaigns/").status_code == 404


def test_a_faulty_item_is_looked_up_ruled_on_and_told(measured: World, learner: Client, organiser: Client) -> None:
    sitting = Sitting.objects.get()
    key = engine.release_of(sitting).items[sitting.answers[0][0]].key
    address = f"/rooms/{measured.campaign.id}/items/"
    assert organiser.get(f"{address}?item=S-F99-9-999").status_code == 422
    assert "目前计分" in organiser.get(f"{address}?item={key}").content.decode()
    empty = organiser.post(f"{address}rule/", {"item": key, "kind": "neutralised", "reason": ""})
    assert empty.status_code == 422
    done = {"item": key, "kind": "neutralised", "reason": "选项有歧义", "everywhere": "yes"}
    assert organiser.post(f"{address}rule/", done).status_code == 302
    run_job.func(str(Job.objects.get(kind="delivery.apply_ruling").id))
    assert "选项有歧义" in organiser.get(address).content.decode()
    again = organiser.post(f"{address}rule/", done)
    assert again.status_code == 422
    old, new = sitting.estimate_id, Sitting.objects.get().estimate_id
    assert "本结果已重新计算" in learner.get(f"/results/{new}/").content.decode()
    replaced = learner.get(f"/results/{old}/").content.decode()
    assert f"/results/{new}/" in replaced
    assert "选项有歧义" in replaced
