"""The result page with earlier results, self-rating and the anonymous group; and with nothing of the kind."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from shuyang.evidence.models import Estimate
from shuyang.kernel.clock import frozen
from tests.delivery.world import NOON, World
from tests.feedback.make import an_estimate, write
from tests.feedback.test_own import crowd, rate


def test_a_first_result_says_that_there_is_nothing_to_compare_with(measured: World, learner: Client) -> None:
    html = learner.get(f"/results/{Estimate.objects.get().id}/").content.decode()
    assert "这是您的第一次结果" in html
    assert "自评与测评结果对照" not in html
    assert "现在能做什么" in html or "证据不足" in html


def test_it_shows_the_change_with_its_interval(world: World, learner: Client) -> None:
    person = world.cast.learner.person_id
    with frozen(NOON - timedelta(days=400)):
        write(an_estimate(world.cast, person, [-1.5] * 5, sd=0.3))
    last = write(an_estimate(world.cast, person, [0.5] * 5, sd=0.3))
    html = learner.get(f"/results/{last}/").content.decode()
    assert "可靠提高：感知力" in html
    assert 'data-option="growth"' in html
    assert html.count("sy-change-up") == 5


def test_it_sets_the_own_view_beside_the_measurement(world: World, learner: Client) -> None:
    rate(world, 5, *(f"F{n:02d}" for n in range(1, 13)))
    mine = write(an_estimate(world.cast, world.cast.learner.person_id, [0.0] * 5))
    assert learner.get(f"/results/{mine}/").content.decode().count("自评高于测评结果</td>") == 5


def test_a_group_too_small_is_said_to_be_so_and_a_large_one_is_shown(world: World, learner: Client) -> None:
    mine = write(an_estimate(world.cast, world.cast.learner.person_id, [0.0] * 5))
    assert "同类岗位的结果不足 30 份" in learner.get(f"/results/{mine}/others/").content.decode()
    crowd(world, 29)
    html = learner.get(f"/results/{mine}/others/").content.decode()
    assert "同类岗位约 30 人" in html
    assert "模拟数据" in html
    for word in ("名次为", "位列", "超过了", "排名第"):
        assert word not in html
    assert world.cast.colleague.client().get(f"/results/{mine}/others/").status_code == 404
