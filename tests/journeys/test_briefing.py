"""An organiser drafts a briefing, rewords it, is stopped at an invented figure, hands it in; a leader signs and takes it away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.accessible import prepare, problems
from tests.journeys.browser import Watch, sign_in
from tests.journeys.product import LEADER, ORGANISER, Product

pytestmark = pytest.mark.journey


def _draft(page: Page, product: Product) -> None:
    """The demonstration's figures are published by a job after the start."""
    for _ in range(240):
        page.goto(product.url + "/briefings/new/")
        if page.locator("main form .btn-primary").count():
            break
        page.wait_for_timeout(500)
    page.click("main form .btn-primary")
    page.wait_for_load_state()


def test_from_figures_to_an_issue(page: Page, browser: Browser, product: Product, watch: Watch) -> None:
    watch.expected.append("422")
    prepare(page.context)
    sign_in(page, product, ORGANISER, product.demo)
    _draft(page, product)
    found = problems(page, "edit")
    opening = page.input_value("#paragraph-summary")
    page.fill("#paragraph-summary", opening + "比上年提高三成。")
    page.fill("#cost-1", "约 3 万元，两人五天")
    page.click("button[value=show]")
    expect(page.locator("#p-paragraph-summary")).to_contain_text("没有数据来源的数字")
    assert page.input_value("#paragraph-summary").endswith("提高三成。")
    assert page.input_value("#cost-1") == "约 3 万元，两人五天"
    found += problems(page, "edit with a problem")
    page.fill("#paragraph-summary", opening)
    if page.locator("[data-figures]:not([open])").count():  # the accessibility check opens all of them
        page.click("[data-figures] summary")
    page.click("[data-insert] >> nth=0")  # it goes where one typed last
    assert page.input_value("#paragraph-summary").count("{{") == opening.count("{{") + 1
    page.fill("#paragraph-summary", opening + "现将情况报告如下。")
    page.click("button[value=show]")
    expect(page.locator(".sy-paper")).to_contain_text("现将情况报告如下。")
    expect(page.locator(".sy-paper")).to_contain_text("约 3 万元，两人五天")
    found += problems(page, "draft")
    address = page.url.removeprefix(product.url)
    page.click("button[value=submit]")
    expect(page.locator("button[value=sign]")).to_have_count(0)
    found += _sign(browser, product, address)
    assert found == []


def _sign(browser: Browser, product: Product, address: str) -> list[str]:
    """The leader finds it in the list, signs, has it computed again and downloads it."""
    context = browser.new_context(locale="zh-CN", accept_downloads=True)
    prepare(context)
    page = context.new_page()
    sign_in(page, product, LEADER, product.demo)
    page.click(".sy-nav a[href='/briefings/']")
    found = problems(page, "list with one to sign")
    page.click(f"main a[href='{address}']")
    page.click("button[value=sign]")
    expect(page.locator(".sy-paper-issue")).to_contain_text("第1期")
    page.click("a[href='?check=1']")
    expect(page.locator(".alert-success")).to_contain_text("全部相符")
    found += problems(page, "issue")
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("json", b"{")):
        with page.expect_download() as download:
            page.click(f"a[href$='file.{kind}']")
        with open(download.value.path(), "rb") as file:
            assert file.read(4).startswith(begins)
    context.close()
    return found
