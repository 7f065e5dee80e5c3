"""Every page of the product at 1280 and 360 pixels, as PNG files in screenshots/.

python -m tests.screenshots            all pages
python -m tests.screenshots result     pages whose name contains "result"
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.browser import answer_item, chromium, sign_in, submit_item
from tests.journeys.product import DEMO_PERSON, LEADER, Product, start

OUT = Path("screenshots")
SIZES = {"1280": (1280, 800), "360": (360, 740)}
ADMIN_PAGES = {
    "home-organiser": "/",
    "ops-rooms": "/rooms/",
    "ops-surveys": "/surveys/",
    "ops-survey-new": "/surveys/new/",
    "ops-standards": "/standards/",
    "ops-appeals": "/recruitment/appeals/",
    "campaigns": "/campaigns/",
    "campaign-new": "/campaigns/new/",
    "designs": "/campaigns/designs/",
    "design-new": "/campaigns/designs/new/",
    "units": "/units/",
    "units-explained": "/units/explained/",
    "briefings": "/briefings/",
    "briefing-new": "/briefings/new/",
    "people": "/people/",
    "people-new": "/people/new/",
    "people-import": "/people/import/",
    "people-units": "/people/units/",
    "people-roles": "/people/roles/",
    "people-codes": "/people/codes/",
    "people-requests": "/people/requests/",
    "bank": "/bank/",
    "bank-coverage": "/bank/coverage/",
    "bank-reports": "/bank/reports/",
    "bank-releases": "/bank/releases/",
    "audit": "/audit/",
    "account": "/account/",
    "tokens": "/account/tokens/",
    "api": "/api/",
    "not-found": "/nothing-here/",
}
PUBLIC_PAGES = {"sign-in": "/sign-in/", "enter": "/enter/", "verify": "/verify/", "privacy": "/privacy/"}
PERSON_PAGES = {
    "framework": "/framework/",
    "framework-facet": "/framework/F09/",
    "framework-profiles": "/framework/profiles/",
    "framework-credits": "/framework/credits/",
    "results-empty": "/results/",
    "learn": "/learn/",
    "lesson": "/learn/L-F09-1/",
    "range": "/range/",
    "home-person": "/",
    "my-data": "/my-data/",
    "ops-noted": "/integrity/mine/",
}


class Camera:
    """Takes pictures of pages whose name is wanted."""

    def __init__(self, page: Page, product: Product, wanted: str) -> None:
        self.page, self.product, self.wanted = page, product, wanted

    def shoot(self, name: str, address: str | None = None) -> None:
        if self.wanted not in name:
            return
        if address is not None:
            self.page.goto(self.product.url + address)
        for size, (width, height) in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_timeout(250)
            self.page.screenshot(path=OUT / f"{name}-{size}.png", full_page=True)
        self.page.set_viewport_size({"width": 1280, "height": 800})
        print(name, flush=True)


def take_sitting(camera: Camera) -> None:
    """Start page, trial, one item of each type, result, explanation."""
    page, product = camera.page, camera.product
    page.goto(product.url + "/")
    page.click("main .sy-task a.btn-primary")
    camera.shoot("sitting-start")
    page.check("input[name=consent]")
    page.click("button[value=trial]")
    camera.shoot("sitting-trial")
    answer_item(page)
    page.click("form[data-item] .btn-primary")
    camera.shoot("sitting-trial-solution")
    page.click("form >> button[value=begin]")
    seen: set[str] = set()
    while "/results/" not in page.url:
        page.wait_for_selector("form[data-item], main .sy-summary")
        if "/results/" in page.url:
            break
        kind = page.get_attribute("form[data-item] input[name=type]", "value") or ""
        if kind not in seen:
            seen.add(kind)
            camera.shoot(f"sitting-item-{kind}")
        answer_item(page)
        submit_item(page)
    page.wait_for_load_state()
    camera.shoot("result")
    result = page.url
    for name in ("explained", "others", "certificate"):
        page.goto(f"{result}{name}/")
        camera.shoot(f"result-{name}")
    camera.shoot("results", "/results/")


def take_range(camera: Camera) -> None:
    """A run on the range: memo, data, queries, each kind of task, the debrief."""
    page, product = camera.page, camera.product
    page.goto(product.url + "/range/")
    page.click("section:has(#s-service_satisfaction) button[value=practice]")
    page.wait_for_load_state()
    run = page.url.removeprefix(product.url)
    camera.shoot("range-memo")
    camera.shoot("range-data", f"{run}data/cases/?c1=channel&o1=%3D&v1=窗口&rows=hall_id&measure=avg&of=waited")
    page.goto(f"{product.url}{run}queries/")
    page.fill("#name0", "各大厅差评率")
    page.fill("#sql0", "SELECT source, count(*) AS n FROM ratings GROUP BY source")
    page.click("[data-run]")
    page.wait_for_selector("#outcome0 table")
    camera.shoot("range-queries")
    links = [link.get_attribute("href") or "" for link in page.query_selector_all(".pr-steps a[href*=task]")]
    for address in links:
        camera.shoot("range-" + address.rstrip("/").rsplit("/", 1)[1], address)
    page.goto(product.url + run)
    page.click(".pr-end summary")
    page.click(".pr-end .btn-primary")
    page.wait_for_selector(".pr-grade", timeout=60_000)
    camera.shoot("range-result")


def take_briefing(camera: Camera) -> None:
    """A draft, its editor with a problem in it, and the document handed in and issued."""
    page, product = camera.page, camera.product
    for _ in range(120):  # the demonstration's figures are published by a job
        page.goto(product.url + "/briefings/new/")
        if page.query_selector("main form .btn-primary"):
            break
        page.wait_for_timeout(1000)
    camera.shoot("briefing-new")
    page.click("main form .btn-primary")
    page.wait_for_load_state()
    page.click("[data-figures] summary")
    camera.shoot("briefing-edit")
    page.fill("#addressee", "市领导")
    page.fill("#paragraph-summary", page.input_value("#paragraph-summary") + "其中三成不到50分。")
    page.click("button[value=show]")
    page.wait_for_load_state()
    camera.shoot("briefing-edit-problem")
    page.goto(page.url.split("edit/")[0])
    camera.shoot("briefing-draft")
    address = page.url.removeprefix(product.url)
    page.click("button[value=submit]")
    page.wait_for_load_state()
    leader = page.context.browser.new_context(locale="zh-CN").new_page()
    sign_in(leader, product, LEADER, product.demo)
    second = Camera(leader, product, camera.wanted)
    second.shoot("briefings-waiting", "/briefings/")
    leader.goto(product.url + address)
    leader.click("button[value=sign]")
    leader.wait_for_load_state()
    second.shoot("briefing-issued", f"{address}?check=1")
    second.shoot("briefings-list", "/briefings/")


def main() -> int:
    wanted = next((a for a in sys.argv[1:] if not a.startswith("-")), "")
    if "-h" in sys.argv or "--help" in sys.argv:
        print(__doc__)
        return 0
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="shuyang-shots-") as home, chromium() as browser:
        product = start(Path(home))
        try:
            for user, secret, pages in (
                ("", "", PUBLIC_PAGES),
                (DEMO_PERSON, product.demo, PERSON_PAGES),
                ("admin", product.administrator, ADMIN_PAGES),
            ):
                page = browser.new_context(locale="zh-CN").new_page()
                camera = Camera(page, product, wanted)
                if user:
                    sign_in(page, product, user, secret)
                for name, address in pages.items():
                    camera.shoot(name, address)
                if user == DEMO_PERSON and wanted.split("-")[0] in ("", "sitting", "result", "results"):
                    take_sitting(camera)
                if user == DEMO_PERSON and wanted.split("-")[0] in ("", "range"):
                    take_range(camera)
                if user == "admin" and wanted.split("-")[0] in ("", "briefing", "briefings"):
                    take_briefing(camera)
                if user == "admin":
                    _linked_pages(camera)
        finally:
            product.stop()
    return 0


def _linked_pages(camera: Camera) -> None:
    """Pages whose address holds an id: the first of each list."""
    page, product = camera.page, camera.product
    for name, listing, link in (
        ("campaign", "/campaigns/", "main table a"),
        ("ops-room", "/rooms/", "main table a"),
        ("ops-integrity", "/campaigns/", "main table a"),
        ("person", "/people/", "main table a"),
        ("bank-item", "/bank/", "main table a"),
    ):
        page.goto(product.url + listing)
        found = page.query_selector(link)
        if found is not None:
            found.click()
            page.wait_for_load_state()
            if name == "ops-integrity":
                page.click("a[href^='/integrity/']")
                page.wait_for_load_state()
            camera.shoot(name)
            if name == "campaign":
                _campaign_pages(camera, page.url.removeprefix(product.url))


def _campaign_pages(camera: Camera, address: str) -> None:
    """The pages of one campaign, and whom a new one would invite."""
    for name in ("sheet", "codes", "needs", "release"):
        camera.shoot(f"campaign-{name}", f"{address}{name}/")
    page = camera.page
    page.goto(camera.product.url + "/campaigns/new/")
    page.fill("#name", "第一季度诊断")
    page.click("main form .btn-primary")
    page.wait_for_load_state()
    camera.shoot("campaign-preview")
    _design_pages(camera)


def _design_pages(camera: Camera) -> None:
    """A design with printable forms, checked and fixed, and the paper page of a campaign with it."""
    page, product = camera.page, camera.product
    page.goto(product.url + "/campaigns/designs/new/")
    page.fill("#title", "纸笔诊断卷")
    page.check("input[value=forms]")
    page.check("input[name=paper]")
    page.click("button[value=check]")
    page.wait_for_selector("main table", timeout=180_000)
    camera.shoot("design-checked")
    page.click("main .sy-actions .btn-primary")
    page.wait_for_load_state()
    page.click("main .sy-actions a.btn-primary")
    page.fill("#name", "纸笔诊断")
    page.click("main form .btn-primary")
    page.click("button[value=open]")
    page.wait_for_load_state()
    page.goto(page.url.split("#")[0] + "paper/")
    page.click("button[value=sheets]")
    page.wait_for_load_state()
    camera.shoot("campaign-paper")


if __name__ == "__main__":
    sys.exit(main())
