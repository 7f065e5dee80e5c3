"""The pages of a sitting, without a browser: forms, refusals, fragments."""

from __future__ import annotations

import re

from django.test import Client

from shuyang.delivery.models import Response, Sitting
from shuyang.trust.models import Consent
from tests.delivery.world import World


def begin(learner: Client, world: World) -> str:
    """Consent and begin; returns the address of the sitting."""
    reply = learner.post(f"/sitting/start/{world.campaign.id}/", {"consent": "yes", "then": "begin"})
    assert reply.status_code == 302
    return str(reply["Location"])


def form_of(html: str) -> dict[str, str]:
    page = html.split("data-item", 1)[1].split("</form>", 1)[0]
    return dict(re.findall(r'name="(position|key|type)" value="([^"]*)"', page))


def test_it_does_not_begin_without_consent(learner: Client, world: World) -> None:
    reply = learner.post(f"/sitting/start/{world.campaign.id}/", {"then": "begin"})
    assert reply.status_code == 422
    assert "未同意不能参加测评" in reply.content.decode()
    assert not Sitting.objects.exists()
    assert not Consent.objects.exists()


def test_it_asks_for_consent_once(learner: Client, world: World) -> None:
    begin(learner, world)
    assert Consent.objects.filter(person_id=world.cast.learner.person_id, given=True).count() == 1
    assert learner.get(f"/sitting/start/{world.campaign.id}/").status_code == 302


def test_it_takes_an_omission_and_shows_the_next_item(learner: Client, world: World) -> None:
    address = begin(learner, world)
    form = form_of(learner.get(address).content.decode())
    headers = {"X-Requested-With": "fetch"}
    reply = learner.post(f"{address}answer/", form | {"omit": "yes"}, headers=headers)
    assert reply.status_code == 200
    assert form_of(reply.content.decode())["position"] == "2"
    assert "<html" not in reply.content.decode(), "a fragment, not a page"
    again = learner.post(f"{address}answer/", form | {"omit": "yes"}, headers=headers)
    assert again.status_code == 200
    assert Response.objects.count() == 1


def test_it_works_without_script(learner: Client, world: World) -> None:
    address = begin(learner, world)
    form = form_of(learner.get(address).content.decode())
    assert learner.post(f"{address}answer/", form | {"omit": "yes"})["Location"] == address


def test_it_says_what_is_missing_and_writes_nothing(learner: Client, world: World) -> None:
    address = begin(learner, world)
    form = form_of(learner.get(address).content.decode())
    reply = learner.post(f"{address}answer/", form, headers={"X-Requested-With": "fetch"})
    assert reply.status_code == 422
    assert 'role="alert"' in reply.content.decode()
    assert form_of(reply.content.decode())["key"] == form["key"], "the same answer may be sent again, completed"
    assert not Response.objects.exists()


def test_it_leads_on_when_another_tab_was_faster(learner: Client, world: World) -> None:
    address = begin(learner, world)
    first, second = (form_of(learner.get(address).content.decode()) for _ in range(2))
    learner.post(f"{address}answer/", first | {"omit": "yes"})
    reply = learner.post(f"{address}answer/", second | {"omit": "yes"}, headers={"X-Requested-With": "fetch"})
    assert reply.status_code == 409
    assert "上一题已有答案" in reply.content.decode()
    assert form_of(reply.content.decode())["position"] == "2"


def test_it_refuses_broken_forms(learner: Client, world: World) -> None:
    address = begin(learner, world)
    form = form_of(learner.get(address).content.decode())
    for broken in ({"position": "x"}, {"key": "1"}, {"position": "99999999"}):
        assert learner.post(f"{address}answer/", form | broken | {"omit": "yes"}).status_code == 422
    assert not Response.objects.exists()


def test_it_hides_a_sitting_from_others(learner: Client, world: World) -> None:
    address = begin(learner, world)
    for other in (world.cast.colleague.client(), world.cast.organiser.client()):
        assert other.get(address).status_code == 404
        assert (
            other.post(
                f"{address}answer/", {"position": "1", "key": "01a20189-44cf-7eb6-81c6-2426003a0768"}
            ).status_code
            == 404
        )
    assert Client().get(address).status_code == 302


def test_it_takes_a_report_about_the_item(learner: Client, world: World) -> None:
    address = begin(learner, world)
    assert "表述不清楚" in learner.get(f"{address}report/").content.decode()
    refused = learner.post(f"{address}report/", {"reason": "other", "text": ""})
    assert refused.status_code == 422
    taken = learner.post(f"{address}report/", {"reason": "unclear", "text": "第二个选项不明确"})
    assert "已提交" in taken.content.decode()


def test_it_ends_early_with_a_result(learner: Client, world: World) -> None:
    address = begin(learner, world)
    form = form_of(learner.get(address).content.decode())
    learner.post(f"{address}answer/", form | {"omit": "yes"})
    assert learner.post(f"{address}end/")["Location"] == address
    result = learner.get(address, follow=True)
    assert "您提前结束了测评" in result.content.decode()
    assert "证据不足" in result.content.decode()


def test_it_ends_without_answers_without_a_result(learner: Client, world: World) -> None:
    address = begin(learner, world)
    learner.post(f"{address}end/")
    assert "未产生任何测评记录" in learner.get(address).content.decode()


def test_it_teaches_every_item_type_in_the_trial(learner: Client, world: World) -> None:
    kinds = []
    for number in range(1, 8):
        address = f"/sitting/trial/{world.campaign.id}/{number}/"
        kinds.append(form_of(learner.get(address).content.decode())["type"])
        assert learner.post(address, {"type": kinds[-1]}).status_code == 422
    assert sorted(kinds) == ["chart", "mark", "match", "multiple", "number", "order", "single"]
    solved = learner.post(f"/sitting/trial/{world.campaign.id}/5/", {"type": "number", "value": "９０"})
    assert "回答正确" in solved.content.decode()
    assert learner.get(f"/sitting/trial/{world.campaign.id}/8/").status_code == 404
