"""A person finds a lesson, reads it, practises, notes, finishes; all of it is there on the next visit."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import sign_in
from tests.journeys.product import DEMO_PERSON, Product

pytestmark = pytest.mark.journey
KINDS = {"single": ".sy-option", "multiple": ".sy-option", "mark": ".sy-markcell label", "chart": ".sy-points label"}


def answer(page: Page, number: int) -> None:
    """Answer a practice item in some way, as its type asks."""
    item = page.locator(f"#practice-{number}")
    kind = item.locator("input[name=type]").get_attribute("value") or ""
    if kind in KINDS:
        item.locator(KINDS[kind]).nth(1).click()
    if kind == "number":
        item.locator("input[name=value]").fill("12.5")
    if kind == "order":
        item.locator("[data-move='-1']").nth(1).click()
    for select in item.locator("select").all():
        select.select_option(index=1)
    item.locator(".btn-primary").click()


def test_it_teaches(page: Page, product: Product) -> None:
    sign_in(page, product, DEMO_PERSON, product.demo)
    page.click(".sy-nav a[href='/learn/']")
    page.select_option("#facet", "F05")
    page.wait_for_url("**facet=F05**")
    page.click("main a[href='/learn/L-F05-2/']")
    for section in page.locator(".ln-end").all():
        section.scroll_into_view_if_needed()
    read = page.locator(".ln-contents .is-read")
    expect(read).to_have_count(page.locator(".ln-contents [data-for]").count())
    count = page.locator(".ln-practice").count()
    for number in range(1, count + 1):
        answer(page, number)
        expect(page.locator(f"#practice-{number} [data-focus]")).to_be_visible()
    page.locator("#practice-1 a.btn").click()
    expect(page.locator("#practice-1 form")).to_be_visible()
    page.fill("#note-text", "先写三行，再数日子")
    expect(page.locator("#note-state")).not_to_be_empty()
    page.reload()
    assert page.input_value("#note-text") == "先写三行，再数日子"
    assert read.count() == page.locator(".ln-contents [data-for]").count()
    page.click(".ln-finish button")
    expect(page.locator(".ln-done")).to_be_visible()
    page.click(".ln-finish a")
    assert "/learn/L-F05-3/" in page.url
