"""Reminders: one mail a day for all campaigns together, only to who gave an address, with nothing personal in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from shuyang.config.environment import mail as mail_settings
from shuyang.delivery.api import Frame, begin, campaigns
from shuyang.delivery.models import Reminder
from shuyang.kernel.errors import Invalid
from shuyang.people.api import mail_addresses, set_mail_address
from shuyang.people.models import MailAddress
from shuyang.web.reminders import remind
from tests.delivery.world import NOON, World, give_all, open_campaign

Clock = Callable[[timedelta], None]


class Silent:
    def step(self, done: int, total: int, note: str = "") -> None: ...


def _run() -> int:
    return int(remind(Silent())["sent"])  # type: ignore[arg-type]


@pytest.fixture
def two_campaigns(world: World, clock: Clock, settings: Any) -> World:
    """Two campaigns that end in three days; the learner and the clerk have given addresses. It is 10 in the morning."""
    settings.SHUYANG_MAIL, settings.SHUYANG_ADDRESS = "smtp://localhost", "https://example.test/"
    clock(timedelta(hours=-2))
    for name in ("春季诊断", "专项测评"):
        open_campaign(world.cast, name=name, opens_at=NOON - timedelta(hours=3), closes_at=NOON + timedelta(days=3),
                      frame=Frame(remind=True))  # fmt: skip
    for member in (world.cast.learner, world.cast.clerk):
        set_mail_address(actor=member.actor, address=f"{member.username}@example.test")
    return world


def test_a_digest_goes_out_once_a_day_for_all_campaigns_together(two_campaigns: World, clock: Clock) -> None:
    assert _run() == 2
    assert _run() == 0
    first = next(m for m in mail.outbox if m.to == ["p002@example.test"])
    assert "春季诊断" in first.body
    assert "专项测评" in first.body
    assert "诊断测评" not in first.body  # a campaign that does not remind
    assert "https://example.test/" in first.body
    for personal in ("曾小雨", "P002", "财政局"):
        assert personal not in first.body + first.subject
    clock(timedelta(days=1))
    assert _run() == 0  # two days before the end nobody is reminded
    clock(timedelta(days=1))
    assert _run() == 2
    assert Reminder.objects.count() == 4


def test_who_has_finished_is_not_reminded(two_campaigns: World) -> None:
    learner = two_campaigns.learner
    for one in campaigns(actor=two_campaigns.cast.organiser.actor):
        if one.remind:
            give_all(learner, begin(actor=learner, campaign_id=one.id).id)
    assert _run() == 1
    assert mail.outbox[0].to == ["p004@example.test"]


def test_nothing_is_sent_where_mail_is_off_or_at_night(two_campaigns: World, clock: Clock, settings: Any) -> None:
    settings.SHUYANG_MAIL = ""
    assert _run() == 0
    settings.SHUYANG_MAIL = "smtp://localhost"
    clock(timedelta(hours=-5))
    assert _run() == 0
    assert mail.outbox == []
    assert not Reminder.objects.exists()


def test_an_address_is_kept_sealed_and_forgotten_on_wish(world: World, settings: Any) -> None:
    settings.SHUYANG_MAIL = "smtp://localhost"
    client: Client = world.cast.learner.client()
    client.post("/account/mail/", {"mail": "xiaoyu@example.test"})
    assert b"xiaoyu" not in bytes(MailAddress.objects.get().address)
    assert 'value="xiaoyu@example.test"' in client.get("/account/").content.decode()
    client.post("/account/mail/", {"mail": "no address"})
    assert mail_addresses(person_ids=[world.cast.learner.person_id]) == {
        world.cast.learner.person_id: "xiaoyu@example.test"
    }
    client.post("/account/mail/", {"mail": ""})
    assert not MailAddress.objects.exists()
    with pytest.raises(Invalid):
        set_mail_address(actor=world.learner, address="x" * 300 + "@example.test")


def test_mail_settings_come_from_one_address() -> None:
    assert mail_settings("")["EMAIL_BACKEND"].endswith("dummy.EmailBackend")
    found = mail_settings("smtps://us%40er:p%3Ass@mail.example.test")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_SSL"]) == ("mail.example.test", 465, True)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("us@er", "p:ss")
