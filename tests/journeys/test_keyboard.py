"""The main tasks by keyboard alone: sign in, try every type of item, sit, end, read the result; a step on the range.

No test here touches the mouse: a control is reached with Tab as a person reaches it, and used with the keys that it asks for.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import position
from tests.journeys.product import Product

pytestmark = pytest.mark.journey
SITTER, PLAYER = "yc00021", "yc00018"
MOST_STOPS = 150
_ON = "wanted => !!document.activeElement && document.activeElement.matches(wanted)"


def reach(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on `wanted` (a CSS selector)."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(_ON, wanted):
            return
    raise AssertionError(f"Tab does not reach {wanted} on {page.url}")


def press(page: Page, wanted: str, key: str = "Enter") -> None:
    reach(page, wanted)
    page.keyboard.press(key)


def follow(page: Page, wanted: str) -> None:
    """Press Enter on something that leads to another page."""
    reach(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(page: Page, product: Product, username: str) -> None:
    page.goto(product.url + "/sign-in/")
    if not page.evaluate(_ON, "input[name=username]"):
        reach(page, "input[name=username]")
    page.keyboard.type(username)
    reach(page, "input[type=password]")
    page.keyboard.type(product.demo)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == product.url + "/"


def answer(page: Page) -> str:
    """Answer the item at hand; returns its type."""
    kind = page.get_attribute("form[data-item] input[name=type]", "value") or ""
    form = "form[data-item]"
    if kind == "single":
        press(page, f"{form} input[name=choice]", "Space")
        page.keyboard.press("ArrowDown")
        assert page.locator(f"{form} input[name=choice]:checked").count() == 1
    elif kind == "multiple":
        press(page, f"{form} input[name=choices]", "Space")
        press(page, f"{form} input[name=choices]", "Space")
        assert page.locator(f"{form} input[name=choices]:checked").count() == 2
    elif kind == "order":
        _order(page, form)
    elif kind == "match":
        for number in range(page.locator(f"{form} .sy-match select").count()):
            reach(page, f"{form} .sy-match select")
            for _ in range(1 + number):
                page.keyboard.press("ArrowDown")
    elif kind == "number":
        reach(page, f"{form} input[name=value]")
        page.keyboard.type("12.5")
    elif kind == "mark":
        press(page, f"{form} input[name=cell]", "Space")
        assert page.locator(f"{form} input[name=cell]:checked").count() == 1
    elif kind == "chart":
        press(page, f"{form} input[name=point]", "Space")
        assert page.locator(f"{form} input[name=point]:checked").count() == 1
    return kind


def _order(page: Page, form: str) -> None:
    """Move the first line down with the arrow key; the focus stays on it, and the move is said."""
    first = page.locator(f"{form} .sy-order input").first.get_attribute("value")
    press(page, f"{form} .sy-order li", "ArrowDown")
    second = page.locator(f"{form} .sy-order input").nth(1).get_attribute("value")
    assert first == second
    assert page.evaluate(_ON, ".sy-order li")
    assert page.locator("[data-moved]").inner_text()


def test_a_person_tries_sits_and_reads_by_keyboard(page: Page, product: Product) -> None:
    sign_in(page, product, SITTER)
    follow(page, "main .sy-task a.btn-primary")
    press(page, "input[name=consent]", "Space")
    follow(page, "button[value=trial]")
    tried = set()
    for _ in range(9):
        tried.add(answer(page))
        follow(page, "form[data-trial] .btn-primary")
        last = page.locator("main button[value=begin].btn-primary").count()
        if last:
            break
        follow(page, "main a.btn-primary")
    assert tried == {"single", "multiple", "order", "match", "number", "mark", "chart"}
    if page.evaluate(_ON, "button[value=begin].btn-primary"):  # it takes the focus by itself
        with page.expect_navigation():
            page.keyboard.press("Enter")
    else:
        follow(page, "main button[value=begin].btn-primary")
    for _ in range(2):
        before = position(page)
        answer(page)
        press(page, "[data-submit]")
        expect(page.locator(f"form[data-item] input[name=position]:not([value='{before}'])")).to_have_count(1)
        assert page.evaluate("document.activeElement !== document.body"), "the focus is not lost with the next item"
    press(page, "details:has(form[action$='/end/']) > summary")
    follow(page, "form[action$='/end/'] button")
    assert "/results/" in page.url
    press(page, ".sy-figure details > summary")
    expect(page.locator(".sy-figure details[open] table").first).to_be_visible()
    follow(page, "main a[href$='/explained/']")
    assert page.locator("h1").count() == 1


def test_a_step_on_the_range_by_keyboard(page: Page, product: Product) -> None:
    sign_in(page, product, PLAYER)
    follow(page, ".sy-nav a[href='/range/']")
    follow(page, "section:has(#s-catalogue_sharing) button[value=practice]")
    follow(page, ".pr-steps a[href*='/task/']")
    reach(page, "main #bench-form select")
    name = page.evaluate("document.activeElement.name")
    page.keyboard.press("ArrowDown")
    chosen = page.evaluate("document.activeElement.value")
    assert chosen
    follow(page, "#bench-form .sy-buttons .btn")
    expect(page.locator(".alert-success")).to_be_visible()
    assert page.locator(f"[name='{name}']").input_value() == chosen
