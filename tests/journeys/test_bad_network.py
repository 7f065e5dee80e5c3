"""Bad networks: what a person has handed in is safe, counts once, and he always sees how it stands.

One sitting goes through all of it, an item for each trouble, so that the whole takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.journeys.browser import Watch, answer_item, position, sign_in
from tests.journeys.product import DEMO_PERSON, Product

pytestmark = pytest.mark.journey
ANSWERS = "**/answer/"
Act = Callable[[Route, int], None]


class Trouble:
    """A network that treats the first requests badly: `act(route, n)` for request n, and lets the rest through."""

    def __init__(self, page: Page, act: Act, times: int = 1) -> None:
        self.page, self.act, self.times, self.keys = page, act, times, list[str]()

    def _handle(self, route: Route) -> None:
        body = route.request.post_data or ""
        self.keys.append(next(part for part in body.split("&") if part.startswith("key=")))
        if len(self.keys) <= self.times:
            self.act(route, len(self.keys))
        else:
            route.continue_()

    def __enter__(self) -> Trouble:
        self.page.route(ANSWERS, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        self.page.unroute(ANSWERS)


def hand_in(page: Page) -> None:
    answer_item(page)
    page.click("[data-submit]")


def wait_for_item(page: Page, number: int) -> None:
    """Until the server has acknowledged: another item is at hand and nothing is under way."""
    page.wait_for_selector(f"form[data-item] input[name=position][value='{number}']", state="attached")
    page.locator("#save", has_text="已全部保存").wait_for()


def wait_for_words(page: Page, words: str) -> None:
    page.locator("#save", has_text=words).wait_for()


def drop(route: Route, n: int) -> None:
    route.abort("connectionreset")


def drop_reply(route: Route, n: int) -> None:
    """The server takes the answer; its reply never arrives."""
    route.fetch()
    route.abort("connectionreset")


def twice(route: Route, n: int) -> None:
    route.fetch()
    route.fulfill(response=route.fetch())


def portal_page(route: Route, n: int) -> None:
    route.fulfill(status=200, content_type="text/html", body="<html><form data-item>Wi-Fi</form></html>")


def portal_redirect(route: Route, n: int) -> None:
    route.fulfill(status=302, headers={"Location": "http://portal.invalid/"})


def server_fails(route: Route, n: int) -> None:
    route.fulfill(status=502, content_type="text/html", body="Bad gateway")


@pytest.fixture
def sitting(page: Page, product: Product, watch: Watch) -> Page:
    """A page with the first item of a sitting."""
    watch.expected += ["Failed to load resource", "net::ERR"]
    sign_in(page, product, DEMO_PERSON, product.demo)
    page.goto(product.url + "/")
    page.click("main .sy-task a.btn-primary")
    page.check("input[name=consent]")
    page.click("button[value=begin]")
    page.wait_for_selector("form[data-item]")
    return page


def test_no_trouble_of_the_network_loses_or_doubles_an_answer(sitting: Page, product: Product) -> None:
    page, at = sitting, int(position(sitting))
    assert "已全部保存" in page.inner_text("#save")
    for act, words in (
        (drop, "本机"),
        (drop_reply, "本机"),
        (portal_page, "本机"),
        (portal_redirect, "本机"),
        (server_fails, "本机"),
    ):
        with Trouble(page, act) as trouble:
            hand_in(page)
            wait_for_words(page, words)
            wait_for_item(page, at + 1)
        assert len(set(trouble.keys)) == 1, f"{act.__name__}: sent again with the same key"
        assert len(trouble.keys) == 2
        assert "已全部保存" in page.inner_text("#save")
        at += 1
    with Trouble(page, twice):
        hand_in(page)
        wait_for_item(page, at + 1)
    at += 1
    answer_item(page)
    page.dblclick("[data-submit]")
    wait_for_item(page, at + 1)
    at += 1
    page.reload()
    assert int(position(page)) == at, "the server knows exactly what was handed in"

    _sleep_and_reload(page, at)
    _two_tabs(page, at + 2)
    _signed_out(page, product, at + 3)


def _sleep_and_reload(page: Page, at: int) -> None:
    """Handed in without a connection: sent when it is back; or, after a reload, by the page that opens next."""
    page.context.set_offline(True)
    hand_in(page)
    wait_for_words(page, "本机")
    page.context.set_offline(False)
    wait_for_item(page, at + 1)
    with Trouble(page, drop, times=99):
        hand_in(page)
        wait_for_words(page, "本机")
    page.reload()
    wait_for_item(page, at + 2)


def _two_tabs(page: Page, at: int) -> None:
    """The second tab is told that the item has its answer, and goes on with the next."""
    other = page.context.new_page()
    other.goto(page.url)
    hand_in(page)
    wait_for_item(page, at + 1)
    hand_in(other)
    wait_for_item(other, at + 1)
    assert "上一题已有答案" in other.inner_text("#item")
    other.close()


def _signed_out(page: Page, product: Product, at: int) -> None:
    """Signed out meanwhile: the person is told, and after signing in again in another tab the answer goes through."""
    kept = page.context.cookies()
    page.context.clear_cookies(name="shuyang")
    hand_in(page)
    wait_for_words(page, "登录")
    page.context.add_cookies([cookie for cookie in kept if cookie["name"] == "shuyang"])
    wait_for_item(page, at + 1)
