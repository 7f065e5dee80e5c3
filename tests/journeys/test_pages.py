"""Every page: opens without errors, is accessible (tests/journeys/accessible.py), and works in both languages."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from playwright.sync_api import Page

from tests.journeys.accessible import LOOKED_AT, prepare, problems, walk
from tests.journeys.addresses import NO_PAGES, NOT_YET, openable
from tests.journeys.browser import Watch, answer_item, sign_in, submit_item
from tests.journeys.product import DEMO_PERSON, ROOT, Product

pytestmark = pytest.mark.journey
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
    "/integrity/mine/",
    "/account/",
    "/my-data/",
    "/verify/",
    "/account/tokens/",
    "/api/",
]
ADMIN = [
    "/",
    "/rooms/",
    "/surveys/",
    "/surveys/new/",
    "/standards/",
    "/recruitment/appeals/",
    "/campaigns/",
    "/campaigns/new/",
    "/campaigns/designs/",
    "/campaigns/designs/new/",
    "/enter/",
    "/units/",
    "/overview/",
    "/developers/charts/",
    "/units/explained/",
    "/briefings/",
    "/briefings/new/",
    "/people/",
    "/people/new/",
    "/people/import/",
    "/people/units/",
    "/people/roles/",
    "/people/codes/",
    "/people/requests/",
    "/bank/",
    "/bank/coverage/",
    "/bank/reports/",
    "/bank/releases/",
    "/audit/",
]


# Without a result these look otherwise; the other pages of a person are walked with one.
FRESH = ["/", "/results/", "/learn/", "/range/", "/integrity/mine/", "/my-data/"]
PUBLIC = ["/sign-in/", "/enter/", "/verify/", "/verify/AAAABBBBCCCCDDDD/", "/privacy/", "/nothing-here/"]
UNMEASURED, MEASURED = DEMO_PERSON, "yc00124"  # the demonstration measures the last people of its list


@pytest.fixture(scope="module")
def filled(product: Product) -> dict[str, list[str]]:
    """The demonstration with a questionnaire, a standard setting, a recruitment, a run: addresses that no list leads to."""
    line = [sys.executable, "-m", "tests.journeys.filled"]
    environment = product.environment | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    said = subprocess.run(line, env=environment, capture_output=True, text=True, check=False, cwd=product.home)
    assert said.returncode == 0, said.stderr[-3000:]
    return dict(json.loads(said.stdout))


def _wait_for_a_result(page: Page, product: Product) -> None:
    """The demonstration's sittings are made by a job after the start."""
    for _ in range(240):
        page.goto(product.url + "/results/")
        if page.locator("main .sy-task a").count():
            return
        page.wait_for_timeout(500)
    raise AssertionError("the demonstration has made no result")


def _draft_a_briefing(page: Page, product: Product) -> None:
    """As soon as the demonstration's figures are published."""
    draft = page.locator("main form[method=post] .btn-primary")
    for _ in range(120):
        page.goto(product.url + "/briefings/new/")
        if draft.count():
            break
        page.wait_for_timeout(1000)
    draft.click()
    page.wait_for_url("**/briefings/*-*/**")


@pytest.mark.parametrize(
    ("user", "seeds", "follow"),
    [("", PUBLIC, False), (UNMEASURED, FRESH, False), (MEASURED, ["/results/", *PERSON], True), ("admin", ADMIN, True)],
)
def test_it_is_accessible(
    page: Page, product: Product, watch: Watch, filled: dict[str, list[str]], user: str, seeds: list[str], follow: bool
) -> None:
    """Every page that a link leads to, in both states of a person: axe-core, keyboard, zoom, phone, large type, colours."""
    watch.expected.append("404 (Not Found)")
    prepare(page.context)
    if user:
        sign_in(page, product, user, product.administrator if user == "admin" else product.demo)
    if user == MEASURED:
        _wait_for_a_result(page, product)
    if user == "admin":
        _draft_a_briefing(page, product)
    seeds = [*seeds, *filled.get({UNMEASURED: "person", "admin": "admin"}.get(user, ""), [])]
    pages = walk(page, product, seeds, most=90 if follow else len(seeds))
    found = [problem for address in pages for problem in problems(page, address)]
    assert not found, "\n".join(found)


def test_a_sitting_is_accessible(page: Page, product: Product) -> None:
    """Start, trial, and one item of each type that comes among the first twelve."""
    prepare(page.context)
    sign_in(page, product, "yc00022", product.demo)
    page.goto(product.url + "/")
    page.click("main .sy-task a.btn-primary")
    found = problems(page, "start")
    page.check("input[name=consent]")
    page.click("button[value=trial]")
    found += problems(page, "trial")
    answer_item(page)
    page.click("form[data-item] .btn-primary")
    found += problems(page, "trial, explained")
    page.click("form >> button[value=begin]")
    seen: set[str] = set()
    for _ in range(12):
        page.wait_for_selector("form[data-item]")
        kind = page.get_attribute("form[data-item] input[name=type]", "value") or ""
        if kind not in seen:
            found += problems(page, f"item {kind}")
        seen.add(answer_item(page))
        submit_item(page)
    assert not found, "\n".join(found)


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


def test_the_first_password_is_set_on_an_accessible_page(
    page: Page, product: Product, filled: dict[str, list[str]]
) -> None:
    prepare(page.context)
    username, code = filled["code"]
    sign_in(page, product, username, code)
    assert "/set-password/" in page.url
    assert problems(page, "set-password") == []


def test_every_page_was_looked_at() -> None:
    """A page that no walk reaches must be reached, or be named in `NO_PAGES` or `NOT_YET` with its reason."""
    if len(LOOKED_AT) < 40:
        pytest.skip("only some of the tests of this file have run")
    excused = NO_PAGES.keys() | NOT_YET.keys()
    missed = {name: address for name, address in openable().items() if name not in LOOKED_AT and name not in excused}
    assert missed == {}
