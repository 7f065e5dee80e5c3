"""Every page: opens without errors, has one h1, passes axe-core, fits a phone, and works in both languages and large type."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.browser import Watch, sign_in
from tests.journeys.product import DEMO_PERSON, Product

pytestmark = pytest.mark.journey
AXE = Path(__file__).parent / "vendor/axe.min.js"
PERSON = [
    "/",
    "/results/",
    "/learn/",
    "/learn/?level=3",
    "/learn/L-F09-1/",
    "/framework/",
    "/framework/F09/",
    "/framework/profiles/",
    "/framework/credits/",
    "/privacy/",
    "/account/",
    "/account/tokens/",
    "/api/",
]
ADMIN = [
    "/", "/campaigns/", "/campaigns/new/", "/enter/", "/units/", "/units/explained/",
    "/people/", "/people/new/", "/people/import/", "/people/units/",
    "/people/roles/", "/people/codes/", "/bank/", "/bank/coverage/", "/bank/reports/", "/bank/releases/", "/audit/",
]  # fmt: skip


def problems(page: Page, address: str) -> list[str]:
    """What is wrong with the page at hand."""
    found = page.evaluate(
        "async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})).violations"
        ".map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | '))"
    )
    if page.locator("h1").count() != 1:
        found.append("there is not one heading that says what the page is for")
    if not page.title().split(" · ")[0].strip():
        found.append("the title is empty")
    page.set_viewport_size({"width": 360, "height": 740})
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > 360:
        found.append(f"{wide} px wide on a phone of 360")
    page.set_viewport_size({"width": 1280, "height": 800})
    return [f"{address} {one}" for one in found]


@pytest.mark.parametrize(("user", "addresses"), [(DEMO_PERSON, PERSON), ("admin", ADMIN)])
def test_it_is_accessible_and_fits(page: Page, product: Product, user: str, addresses: list[str]) -> None:
    page.context.add_init_script(path=str(AXE))
    sign_in(page, product, user, product.administrator if user == "admin" else product.demo)
    found = []
    for address in addresses:
        page.goto(product.url + address)
        found += problems(page, address)
    assert found == []


def test_it_switches_language_and_type(page: Page, product: Product) -> None:
    sign_in(page, product, DEMO_PERSON, product.demo)
    assert page.get_attribute("html", "lang") == "zh-Hans"
    page.click("button[value=en]")
    assert page.get_attribute("html", "lang") == "en"
    assert "Framework" in page.inner_text(".sy-nav")
    page.click("button[name=type]")
    assert page.get_attribute("html", "data-type") == "large"
    page.click("button[value=zh-hans]")
    assert "素养框架" in page.inner_text(".sy-nav")
    assert page.get_attribute("html", "data-type") == "large"


def test_it_keeps_what_was_typed_and_says_what_is_wrong(page: Page, product: Product, watch: Watch) -> None:
    watch.expected.append("422 (Unprocessable Entity)")
    sign_in(page, product, "admin", product.administrator)
    page.goto(product.url + "/campaigns/new/")
    page.fill("#name", "春季诊断")
    page.fill("#closes_at", "2020-01-01T09:00")
    page.click("main form .btn-primary")
    page.wait_for_load_state()
    assert page.input_value("#name") == "春季诊断"
    assert "截止时间应晚于开始时间" in page.inner_text("main")
    page.goto(product.url + "/campaigns/")
    assert "春季诊断" not in page.inner_text("main")


def test_it_hides_what_is_not_yours(page: Page, product: Product, watch: Watch) -> None:
    watch.expected.append("404 (Not Found)")
    sign_in(page, product, DEMO_PERSON, product.demo)
    for address in ("/campaigns/", "/units/", "/bank/", "/audit/", "/sitting/01a20189-44cf-7eb6-81c6-2426003a0768/"):
        response = page.goto(product.url + address)
        assert response is not None
        assert response.status == 404, address
