"""Pages of the item bank."""

from __future__ import annotations

import msgspec
import pytest
from django.test import Client

from shuyang.frameworks import api as frameworks
from shuyang.frameworks.api import Framework
from shuyang.itembank import api
from shuyang.itembank.models import ItemVersion
from shuyang.trust.api import SYSTEM, Role
from tests.cast import Cast, make_cast, make_member
from tests.itembank.make import SHAPES, item


@pytest.fixture
def cast(framework: Framework) -> Cast:
    items = [item(kind, id=f"S-F01-{n % 5 + 1}-{n:03}") for n, kind in enumerate(SHAPES)]
    practice = item("single", id="P-F01-1-001", citations=["pipl-2021#13"], feedback="看口径")
    api.load_items(actor=SYSTEM, contents=[*items, practice], source="test")
    api.publish_release(actor=SYSTEM)
    return make_cast()


@pytest.fixture
def reviewer(cast: Cast) -> Client:
    return make_member("P010", "审题人", cast.finance, Role.REVIEWER).client()


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


PAGES = ["/bank/", "/bank/coverage/", "/bank/reports/", "/bank/releases/", "/bank/items/S-F01-1-000/"]


@pytest.mark.parametrize("address", [*PAGES, "/bank/items/S-F01-1-000/try/"])
def test_it_is_closed_to_everyone_else(cast: Cast, address: str) -> None:
    for member in (cast.learner, cast.organiser):
        page(member.client(), address, 404)
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("address", PAGES)
def test_it_is_open_to_reviewers(reviewer: Client, address: str) -> None:
    page(reviewer, address)


def test_it_lists_and_filters(reviewer: Client) -> None:
    assert page(reviewer, "/bank/").count('class="bk-key"') == 8
    assert page(reviewer, "/bank/?purpose=secure&type=order").count('class="bk-key"') == 1
    assert page(reviewer, "/bank/?level=9&page=x").count('class="bk-key"') == 8
    assert 'class="sy-empty"' in page(reviewer, "/bank/?text=没有这样的题")


@pytest.mark.parametrize("number", range(7))
def test_it_shows_an_item_of_every_type_with_its_key(reviewer: Client, number: int) -> None:
    text = page(reviewer, f"/bank/items/S-F01-{number % 5 + 1}-{number:03}/")
    assert 'class="right"' in text
    assert "独立运用" in text


def test_it_shows_citations_and_the_release(reviewer: Client) -> None:
    text = page(reviewer, "/bank/items/P-F01-1-001/")
    assert "中华人民共和国个人信息保护法" in text
    assert api.current_release().hash[:12] in page(reviewer, "/bank/releases/")
    page(reviewer, "/bank/items/S-F99-1-001/", 404)


def test_it_flags_items_that_rest_on_a_repealed_law(framework: Framework, reviewer: Client) -> None:
    assert "已废止" not in page(reviewer, "/bank/")
    laws = [
        msgspec.structs.replace(one, status=frameworks.CitationStatus.REPEALED) if one.id == "pipl-2021" else one
        for one in framework.citations
    ]
    frameworks.load_framework(actor=SYSTEM, framework=msgspec.structs.replace(framework, citations=tuple(laws)))
    listing = page(reviewer, "/bank/")
    assert "《中华人民共和国个人信息保护法》已废止" in listing
    assert listing.index("已废止") < listing.index('href="/bank/items/P-F01-1-001/"')
    assert "<strong>已废止</strong>" in page(reviewer, "/bank/items/P-F01-1-001/")


def test_it_lets_a_reviewer_answer_without_seeing_the_key(reviewer: Client) -> None:
    address = "/bank/items/P-F01-1-001/try/"
    assert "看口径" not in page(reviewer, address)
    empty = reviewer.post(address, {"type": "single"})
    assert empty.status_code == 422
    right = api.public_id(item("single", id="P-F01-1-001"), "b")
    answered = reviewer.post(address, {"type": "single", "choice": right}).content.decode()
    assert "看口径" in answered
    assert "alert-success" in answered


def test_it_closes_a_report_with_an_answer_and_keeps_what_was_typed(cast: Cast, reviewer: Client) -> None:
    version = ItemVersion.objects.get(item__key="S-F01-1-000").id
    report = api.report_item(actor=cast.learner.actor, version_id=version, reason="wrong", text="应为丙")
    text = page(reviewer, "/bank/reports/")
    assert "应为丙" in text
    assert "曾小雨" not in text
    address = f"/bank/reports/{report}/"
    assert reviewer.post(address, {"decision": "uphold", "answer": " "}).status_code == 422
    long = reviewer.post(address, {"decision": "uphold", "answer": "好" * 1001})
    assert "好" * 1001 in long.content.decode()
    assert reviewer.post(address, {"answer": "好"}).status_code == 409
    done = reviewer.post(address, {"decision": "dismiss", "answer": "键值无误"})
    assert done.status_code == 302
    assert "应为丙" not in page(reviewer, "/bank/reports/")
