"""Pages of the framework."""

from __future__ import annotations

import pytest
from django.test import Client

from shuyang.packs.api import load_builtin
from shuyang.trust.api import SYSTEM
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    load_builtin(actor=SYSTEM)
    return make_cast()


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_it_shows_the_lattice_with_all_facets(cast: Cast) -> None:
    text = page(cast.learner.client(), "/framework/")
    for name in ("数感", "数用", "数智", "感知力", "发展力", "数据价值感知", "数字组织与人才建设"):
        assert name in text
    assert text.count('class="fw-facet"') == 12


def test_it_opens_a_facet_with_levels_crosswalk_and_citations(cast: Cast) -> None:
    text = page(cast.learner.client(), "/framework/F11/")
    assert text.count('fw-level"') == 5
    for words in ("个人数据与隐私", "数字安全与伦理", "个人信息保护法", "数据使用与治理"):
        assert words in text
    assert text.count('aria-current="true"') == 1


def test_it_speaks_english_too(cast: Cast) -> None:
    client = cast.learner.client()
    response = client.get("/framework/F09/", headers={"Accept-Language": "en"})
    text = response.content.decode()
    assert "Data analysis and judgement" in text
    assert "Can " in text


def test_it_knows_no_other_facet(cast: Cast) -> None:
    page(cast.learner.client(), "/framework/F99/", 404)


def test_it_opens_the_profile_of_ones_own_post_and_any_other(cast: Cast) -> None:
    client = cast.learner.client()
    own = page(client, "/framework/profiles/")
    assert '<option value="general" selected>' in own
    assert '<option value="general_administration" selected>' in own
    other = page(client, "/framework/profiles/?rank=leader&job=data_it")
    assert "数据治理与安全的主责岗位" in other
    page(client, "/framework/profiles/?rank=king&job=data_it", 404)


def test_it_gives_credit_to_everyone_who_looks() -> None:
    load_builtin(actor=SYSTEM)
    text = page(Client(), "/framework/credits/")
    for words in ("罗亮", "李忆汝", "邱钰", "学习时报", "决策参阅", "孙智强", "网络数据安全管理条例", "2026-11-22"):
        assert words in text


def test_it_shows_credits_before_content_is_loaded() -> None:
    assert "罗亮" in page(Client(), "/framework/credits/")


def test_it_sends_strangers_to_sign_in() -> None:
    response = Client().get("/framework/F01/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/")
