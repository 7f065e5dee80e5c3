"""Driving Chromium: pages that notice errors and foreign requests, signing in, answering items."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.journeys.product import Product

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is not installed"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What went wrong in a page's eyes: console errors, script errors, requests to other hosts."""

    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext, product: Product) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda e: self._note(f"script: {e.error}"))
        context.on(
            "request",
            lambda r: (
                None if r.url.startswith((product.url, "data:", "blob:")) else self._note(f"foreign request: {r.url}")
            ),
        )

    def _console(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self._note(f"console: {said.text} ({said.location.get('url', '')})")

    def _note(self, text: str) -> None:
        if not any(part in text for part in self.expected):
            self.problems.append(text)


def sign_in(page: Page, product: Product, username: str, secret: str) -> None:
    """Sign in by name and password (or one-time code)."""
    page.goto(product.url + "/sign-in/")
    page.fill("input[name=username]", username)
    page.fill("input[type=password]", secret)
    page.click("main form .btn-primary")
    page.wait_for_load_state()


def position(page: Page) -> str:
    """The number of the item at hand, "" when there is none."""
    found = page.query_selector("form[data-item] input[name=position]")
    return (found.get_attribute("value") or "") if found else ""


def answer_item(page: Page) -> str:
    """Answer the item on the page in some way, as its type asks; returns the type."""
    kind = page.get_attribute("form[data-item] input[name=type]", "value") or ""
    if kind in ("single", "multiple"):
        page.click(".sy-option >> nth=1")
        if kind == "multiple":
            page.click(".sy-option >> nth=2")
    elif kind == "order":
        page.click(".sy-order li:nth-child(2) [data-move='-1']")
    elif kind == "match":
        for number, select in enumerate(page.query_selector_all(".sy-match select")):
            count = len(select.query_selector_all("option"))
            select.select_option(index=1 + number % (count - 1))
    elif kind == "number":
        page.fill("#value", "１２.５")
    elif kind == "mark":
        page.click(".sy-markcell label >> nth=3")
    elif kind == "chart":
        page.click(".sy-points label >> nth=1")
    return kind


def submit_item(page: Page, *, timeout: float = 30.0) -> None:
    """Hand in and wait until the next item, or the result, is there."""
    before = position(page)
    page.click("[data-submit]")
    for _ in range(int(timeout * 40)):
        if "/results/" in page.url:
            return
        try:
            if position(page) not in ("", before):
                return
        except Exception:
            pass
        page.wait_for_timeout(25)
    raise AssertionError(f"item {before} was not acknowledged: {page.inner_text('main')[:300]}")
