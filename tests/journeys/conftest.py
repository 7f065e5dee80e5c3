"""One running product and one browser for all journeys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.browser import Watch, chromium
from tests.journeys.product import Product, start


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    running = start(Path(tmp_path_factory.mktemp("home")))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def page(browser: Browser, product: Product, watch: Watch) -> Iterator[Page]:
    """A fresh visitor. The test fails on console errors, script errors, and requests to any other host."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800}, accept_downloads=True)
    context.set_default_timeout(20_000)
    watch.attach(context, product)
    yield context.new_page()
    context.close()
    assert watch.problems == []
