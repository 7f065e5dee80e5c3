"""The main job on real input: a messy roster comes in through the browser, one of its people takes a whole sitting

(the server is killed in the middle), and gets result and PDF; the auditor checks it all.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.browser import Watch, answer_item, position, sign_in, submit_item
from tests.journeys.product import Product
from tests.journeys.roster import RARE_NAME, RARE_NUMBER, messy_roster

pytestmark = pytest.mark.journey


def test_it_goes_from_a_messy_roster_to_a_result(page: Page, product: Product, watch: Watch, tmp_path: Path) -> None:
    code = import_roster(page, product, tmp_path)
    first_sign_in(page, product, code)
    take_sitting_with_power_cut(page, product, watch)
    check_result(page, tmp_path)
    check_as_auditor(page, product, tmp_path)


def import_roster(page: Page, product: Product, folder: Path) -> str:
    """Import 200 rows through the wizard; returns the one-time code of one of the imported people."""
    roster = folder / "名册.xlsx"
    roster.write_bytes(messy_roster())
    sign_in(page, product, "admin", product.administrator)
    page.goto(product.url + "/people/import/")
    page.set_input_files("input[type=file]", str(roster))
    page.click("main form .btn-primary")
    page.wait_for_selector("select[name=number]")
    page.click("main form .btn-primary")  # the columns were guessed; check the list
    page.wait_for_selector("form[action$='/accept/'] .btn-primary", timeout=60_000)
    body = page.inner_text("main")
    assert counts(page)["名单行数"] == "200", body[:800]
    assert counts(page)["未通过"] == "6", body
    for cell in ("A12", "A13", "A23", "C33", "H43", "B54"):
        assert cell in body, f"{cell} is named as the place of an error: {body}"
    page.click("form[action$='/accept/'] .btn-primary")
    page.wait_for_selector("a[href='/people/codes/'].btn-primary", timeout=60_000)
    with page.expect_download() as download:
        page.click("a[href$='/rejected/']")
    assert download.value.suggested_filename.endswith(".xlsx")
    return issue_code(page, product)


def counts(page: Page) -> dict[str, str]:
    """The figures of the check, by their Chinese names."""
    names, values = page.query_selector_all("main .sy-dl dt"), page.query_selector_all("main .sy-dl dd")
    return {name.inner_text(): value.inner_text() for name, value in zip(names, values, strict=True)}


def issue_code(page: Page, product: Product) -> str:
    """Find the person by number and give him a new one-time code; the slip shows it once."""
    page.goto(product.url + "/people/")
    page.fill("input[type=search]", RARE_NUMBER)
    page.press("input[type=search]", "Enter")
    page.wait_for_load_state()
    assert RARE_NAME in page.inner_text("main")
    page.click("main table a")
    page.click("details:has(form[action$='/reset/']) > summary")
    page.click("form[action$='/reset/'] button")
    return page.inner_text(".sy-card dd strong")


def first_sign_in(page: Page, product: Product, code: str) -> None:
    page.click("text=退出登录")
    sign_in(page, product, RARE_NUMBER.lower(), code)
    assert "/set-password/" in page.url
    for field in page.query_selector_all("main input[type=password]"):
        field.fill("qingshan-lvshui-26")
    page.click("main form .btn-primary")
    page.wait_for_load_state()
    assert RARE_NAME in page.inner_text("main")


def take_sitting_with_power_cut(page: Page, product: Product, watch: Watch) -> None:
    page.click("main .sy-task:has-text('诊断') a.btn-primary")
    watch.expected.append("422 (Unprocessable Entity)")  # the page says what is missing
    page.click("button[value=begin]")
    assert "请阅读告知内容" in page.inner_text("main"), "without consent there is no test"
    page.check("input[name=consent]")
    page.click("button[value=trial]")
    answer_item(page)
    page.click("form[data-item] .btn-primary")
    assert "下一道试答题" in page.inner_text("main")
    page.click("form >> button[value=begin]")
    page.wait_for_selector("#save")
    answered = 0
    while "/results/" not in page.url:
        if answered == 10:
            answer_through_a_power_cut(page, product, watch)
        else:
            answer_item(page)
            submit_item(page)
        answered += 1
        if answered == 20:
            page.reload()
            page.wait_for_selector("form[data-item]")
    assert answered >= 25


def answer_through_a_power_cut(page: Page, product: Product, watch: Watch) -> None:
    """The answer handed in while the server is dead is kept in the browser and recorded once when it is back."""
    watch.expected.append("ERR_CONNECTION_REFUSED")
    before = position(page)
    product.kill_web()
    answer_item(page)
    page.click("[data-submit]")
    page.wait_for_selector("#save[data-state=retry]")
    assert position(page) == before
    product.start_web()
    page.wait_for_selector("#save[data-state=saved]", timeout=60_000)
    assert int(position(page)) == int(before) + 1


def check_result(page: Page, folder: Path) -> None:
    page.wait_for_load_state()
    body = page.inner_text("main")
    for words in ("感知力", "执行力", "决策力", "创造力", "发展力", "从哪里学起", "四层短板", "本结果不能说明什么"):
        assert words in body
    with page.expect_download() as download:
        page.click("text=保存为 PDF")
    target = folder / "result.pdf"
    download.value.save_as(target)
    text = subprocess.run(["pdftotext", "-layout", str(target), "-"], capture_output=True, text=True, check=True).stdout
    assert RARE_NAME in text.replace(" ", "")
    assert "数字素养测评个人结果" in text
    score = page.inner_text(".sy-force-score strong >> nth=0")
    assert score in text, "page and paper say the same number"


def check_as_auditor(page: Page, product: Product, folder: Path) -> None:
    """The log is whole after the power cut, and the score can be recomputed from the export on the command line."""
    said = product.command("audit", "verify")
    assert said.returncode == 0, said.stdout
    page.click("text=退出登录")
    sign_in(page, product, "admin", product.administrator)
    page.goto(product.url + "/audit/")
    with page.expect_download() as download:
        page.click("text=导出供复算 >> nth=0")
    export = folder / "export.json"
    download.value.save_as(export)
    said = product.command("verify", str(export))
    assert said.returncode == 0, said.stdout + said.stderr
    body = json.loads(export.read_text("utf-8"))
    body["responses"][3]["category"] = 1 - min(body["responses"][3]["category"], 1)
    export.write_text(json.dumps(body), "utf-8")
    assert product.command("verify", str(export)).returncode == 1, "a changed answer is noticed"
