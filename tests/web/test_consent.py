"""What a person agrees to is what happens in that campaign, and each purpose is agreed to apart."""

from __future__ import annotations

import pytest
from django.test import Client

from shuyang.delivery import api as delivery
from shuyang.delivery.api import CampaignView, Frame, Purpose, Showing, Signal
from shuyang.delivery.models import Sitting
from shuyang.kernel.errors import Invalid
from shuyang.trust.models import Consent
from shuyang.web.consent import Terms, consent, consented, require_consent
from tests.delivery.test_standards import confirmed
from tests.delivery.world import World, open_campaign

BEGIN = {"consent": "yes", "then": "begin"}


def stakes(world: World, purpose: Purpose) -> CampaignView:
    confirmed(world)
    return open_campaign(world.cast, purpose=purpose, blueprint="certification")


def announce(world: World, campaign: CampaignView) -> None:
    delivery.set_plan(actor=world.cast.organiser.actor, campaign_id=campaign.id, signals=[Signal.FOCUS], leaked=())


def notice(learner: Client, campaign: CampaignView) -> str:
    page = learner.get(f"/sitting/start/{campaign.id}/").content.decode()
    return page.split('id="consent-notice"', 1)[1].split("</ul>", 1)[0]


def agreed(world: World) -> set[tuple[str, str]]:
    rows = Consent.objects.filter(person_id=world.cast.learner.person_id, given=True)
    return set(rows.values_list("purpose", "text_version"))


def test_a_diagnosis_says_that_nobody_else_sees_the_result(learner: Client, world: World) -> None:
    said = notice(learner, world.campaign)
    assert "个人结果只向您本人显示" in said
    assert "五人及以上" in said
    assert "可能接受诚信核查" in said
    for other in ("考号", "证据档案", "离开作答页面", "一台设备"):
        assert other not in said


def test_a_recruitment_says_who_sees_name_outcome_and_evidence(learner: Client, world: World) -> None:
    said = notice(learner, stakes(world, Purpose.RECRUITMENT))
    for part in ("用于本次招录", "您的姓名和是否合格", "证据档案", "考号", "申诉一次", "一台设备"):
        assert part in said
    assert "个人结果只向您本人显示" not in said


def test_no_rule_beside_the_notice_contradicts_it(learner: Client, world: World) -> None:
    campaign = stakes(world, Purpose.RECRUITMENT)
    page = learner.get(f"/sitting/start/{campaign.id}/").content.decode()
    assert "单位只能看到汇总" not in page
    assert "本次活动的组织员可以看到您的姓名和是否合格" in page.split("</form>", 1)[1]
    assert "个人结果仅本人可见" not in world.cast.organiser.client().get(f"/campaigns/{campaign.id}/").content.decode()


def test_a_certification_has_its_own_purpose(learner: Client, world: World) -> None:
    said = notice(learner, stakes(world, Purpose.CERTIFICATION))
    assert "用于本次认证" in said
    assert "一台设备" in said
    assert "招录" not in said


def test_it_says_that_leaving_the_page_is_counted_where_it_is(learner: Client, world: World) -> None:
    announce(world, world.campaign)
    assert "离开作答页面的次数" in notice(learner, world.campaign)


def test_it_does_not_promise_what_the_campaign_does_not_show(learner: Client, world: World) -> None:
    hidden = open_campaign(world.cast, name="另一次", frame=Frame(showing=Showing(to_person=False, to_unit=False)))
    said = notice(learner, hidden)
    assert "个人结果不向单位任何人显示" in said
    assert "不向单位提供汇总数据" in said


def test_agreeing_to_a_diagnosis_agrees_to_no_recruitment(learner: Client, world: World) -> None:
    learner.post(f"/sitting/start/{world.campaign.id}/", BEGIN)
    assert agreed(world) == {("assessment", "2")}
    campaign = stakes(world, Purpose.RECRUITMENT)
    assert learner.post(f"/sitting/start/{campaign.id}/", {"then": "begin"}).status_code == 422
    assert not Sitting.objects.filter(campaign_id=campaign.id).exists()
    learner.post(f"/sitting/start/{campaign.id}/", BEGIN)
    assert Sitting.objects.filter(campaign_id=campaign.id).exists()
    assert agreed(world) == {("assessment", "2"), ("recruitment", "1")}
    assert "招录：测评答案、结果和证据档案" in learner.get("/my-data/").content.decode()


def test_counting_is_agreed_to_apart_and_withdrawn_apart(learner: Client, world: World) -> None:
    actor, plain, watched = world.learner, Terms(), Terms(focus=True)
    consent(actor, plain)
    assert not consented(actor, watched)
    consent(actor, watched)
    assert agreed(world) == {("assessment", "2"), ("focus", "1")}
    assert Consent.objects.count() == 2, "what was agreed to is not recorded twice"
    learner.post("/my-data/consent/", {"purpose": "focus"})
    assert consented(actor, plain)
    with pytest.raises(Invalid):
        require_consent(actor, watched)


def test_who_read_another_text_is_asked_again(learner: Client, world: World) -> None:
    read = {"terms": Terms().key}
    announce(world, world.campaign)  # while the person was reading
    reply = learner.post(f"/sitting/start/{world.campaign.id}/", BEGIN | read)
    assert reply.status_code == 422
    assert not Consent.objects.exists()
    assert "离开作答页面的次数" in reply.content.decode()


def test_the_notice_names_everyone_who_sees_something(learner: Client) -> None:
    page = learner.get("/privacy/").content.decode()
    for part in (
        "证据档案",
        "两人共同公布",
        "监考人员",
        "系统管理员",
        "测量专员",
        "诚信核查",
        "离开作答页面的次数",
        "更换设备",
    ):
        assert part in page
