"""Three scenarios of the range played to their grades, by mouse and keyboard; one is left in the middle and taken up again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import Watch, sign_in
from tests.journeys.product import DEMO_PERSON, Product

pytestmark = pytest.mark.journey


def begin(page: Page, product: Product, name: str) -> str:
    """Begin a practice run from the catalogue; its address."""
    page.goto(product.url + "/range/")
    page.click(f"section:has(#s-{name}) button[value=practice]")
    page.wait_for_url("**/range/run/**")
    return page.url


def truths(product: Product, name: str) -> dict[str, Any]:
    """What only the checkers know: the player of this test has learnt the scenario by heart."""
    found = (product.home / "range" / "worlds").glob(f"{name}-*/truths.json")
    newest = max(found, key=lambda path: path.stat().st_mtime)  # that of the run just begun
    return dict(json.loads(newest.read_text("utf-8")))


def open_task(page: Page, title: str) -> None:
    page.click(f".pr-steps a:has-text('{title}')")
    expect(page.locator("h1")).to_have_text(title)


def write_sql(page: Page, place: int, text: str) -> None:
    """Write a query in the editor, and see that the form's own field has it."""
    page.locator("[data-query]").nth(place).locator(".cm-content").fill(text)
    expect(page.locator(f"#sql{place}")).to_have_value(text)


def complete_by_keyboard(page: Page) -> None:
    """A table by its first letters, a column by its short name; Tab takes what is offered, and otherwise moves on."""
    editor, area = page.locator(".cm-content").nth(1), page.locator("#sql1")
    editor.focus()
    page.keyboard.type("SELECT * FROM rat")
    expect(page.locator(".cm-tooltip-autocomplete li[aria-selected]")).to_contain_text("好差评记录")
    page.wait_for_timeout(150)  # the editor takes nothing within 75 ms of offering it: nobody has read it by then
    page.keyboard.press("Tab")
    expect(area).to_have_value("SELECT * FROM ratings")
    page.keyboard.type(" r WHERE r.sc")
    expect(page.locator(".cm-tooltip-autocomplete li[aria-selected]")).to_contain_text("评分")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    editor.fill("")


def draw_the_trend(page: Page) -> None:
    """Choose a chart part by part; it is drawn as soon as nothing is lacking, and kept."""
    open_task(page, "用一张图说清变化")
    page.select_option("#source", "cases")
    page.wait_for_selector("[name=x] option[value=submitted_at]", state="attached")
    page.check("[name=type][value=line]")
    chosen = {"x": "submitted_at", "per": "month", "measure": "avg", "y": "waited", "split": "hall_id", "c1": "channel"}
    for name, value in chosen.items():
        page.select_option(f"[name={name}]", value)
    page.fill("[name=v1]", "窗口")
    page.fill("#title", "各大厅窗口办件每月平均等候时间")
    expect(page.locator("#chart-preview figcaption")).to_have_text("各大厅窗口办件每月平均等候时间")
    expect(page.locator("#chart-preview svg")).to_be_visible()
    save(page)


def save(page: Page) -> None:
    page.click("#bench-form .sy-buttons .btn")
    page.wait_for_load_state()
    expect(page.locator(".alert-success")).to_be_visible()


def hand_in(page: Page) -> list[str]:
    """Hand in and wait for the debrief; each grade as said."""
    page.click(".pr-end summary")
    page.click(".pr-end .btn-primary")
    page.wait_for_selector(".pr-grade", timeout=180_000)
    return [line.inner_text() for line in page.locator(".pr-grade strong").all()]


def test_it_plays_service_satisfaction_and_takes_it_up_again(page: Page, product: Product) -> None:
    sign_in(page, product, DEMO_PERSON, product.demo)
    run = begin(page, product, "service_satisfaction")
    known = truths(product, "service_satisfaction")
    page.click(".pr-steps a:has-text('查询')")
    page.fill("#name0", "有效评价")
    write_sql(
        page,
        0,
        "SELECT * FROM ratings WHERE source <> '窗口终端' "
        "QUALIFY row_number() OVER (PARTITION BY application_id ORDER BY rated_at DESC) = 1",
    )
    page.press(".cm-content >> nth=0", "Control+Enter")
    expect(page.locator("#outcome0 table")).to_be_visible()
    save(page)
    complete_by_keyboard(page)
    page.fill("#name1", "差评率")
    write_sql(
        page,
        1,
        "SELECT hall_id, avg((score <= 2)::INTEGER) AS bad_rate FROM 有效评价 JOIN cases USING (application_id) "
        "WHERE channel = '窗口' GROUP BY hall_id",
    )
    save(page)
    open_task(page, "按口径重算各大厅差评率")
    page.select_option("#result", "差评率")
    expect(page.locator("#save-state")).to_contain_text("已保存")
    product.kill_web()
    product.start_web()
    assert begin(page, product, "service_satisfaction") == run
    open_task(page, "按口径重算各大厅差评率")
    assert page.input_value("#result") == "差评率"
    draw_the_trend(page)
    open_task(page, "材料清单有问题的事项")
    page.locator("[id='field.item']").fill(str(known["returned_item"]))
    page.keyboard.press("Tab")
    page.keyboard.type(f"{100 * known['returned_share']:.1f}")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    save(page)
    assert hand_in(page) == [
        "第 3 档（最高 3 档）", "第 0 档（最高 4 档）", "第 3 档（最高 3 档）", "第 3 档（最高 3 档）", "第 0 档（最高 3 档）",
        "第 0 档（最高 3 档）",
    ]  # fmt: skip


def test_it_plays_catalogue_and_sharing(page: Page, product: Product) -> None:
    sign_in(page, product, DEMO_PERSON, product.demo)
    begin(page, product, "catalogue_sharing")
    known = truths(product, "catalogue_sharing")
    open_task(page, "核查数据目录")
    for key, mark in known["marks"].items():
        page.select_option(f"[name='mark.{key}']", mark)
    save(page)
    open_task(page, "答复共享申请")
    for key, decision in known["decisions"].items():
        page.select_option(f"[name='cell.decision.{key}']", decision)
    save(page)
    open_task(page, "理顺数据资源全流程")
    order = ("register", "grade", "review", "publish", "request", "decide", "use", "check", "retire")
    actors = {"review": "authority", "publish": "authority", "check": "authority", "request": "user", "use": "user"}
    for place, step in enumerate(order):
        page.fill(f"[name=order{place}]", str(place + 1))
        page.select_option(f"[name=step{place}]", step)
        page.select_option(f"[name=actor{place}]", actors.get(step, "provider"))
    save(page)
    page.click("button[value=undo]")
    page.click("button[value=redo]")
    assert hand_in(page) == [
        "第 3 档（最高 3 档）", "第 3 档（最高 3 档）", "第 0 档（最高 3 档）", "第 3 档（最高 3 档）",
    ]  # fmt: skip


def test_it_plays_policy_finds_people(page: Page, product: Product, watch: Watch) -> None:
    watch.expected.append("422 (Unprocessable")  # rules that can not be read, on purpose
    sign_in(page, product, DEMO_PERSON, product.demo)
    begin(page, product, "policy_finds_people")
    open_task(page, "把条文写成规则")
    page.click(".pr-text summary")
    page.fill("#rules_text", "年龄 >= 60 => 发放\n慢性病 不知道\n否则 => 不发放")
    page.click("button[value=text]")
    expect(page.locator(".sy-problems")).to_contain_text("第 2 行")
    page.fill(
        "#rules_text",
        "慢性病 = 否 => 不发放\n年龄 < 60 => 不发放\n健在 = 否 => 不发放\n参保 = 否 且 人均月收入 >= 640 => 不发放\n"
        "参保 = 是 且 健在 = 是 => 发放\n人均月收入 < 640 且 健在 = 是 => 发放\n否则 => 待核实",
    )
    page.click("button[value=text]")
    page.wait_for_load_state()
    open_task(page, "列出应享未享名单")
    page.click(".pr-work .sy-empty a")
    page.fill("#name0", "名单")
    write_sql(
        page,
        0,
        "SELECT resident_id FROM people WHERE chronic AND age >= 60 AND alive AND (insured OR income < 640) "
        "AND resident_id NOT IN (SELECT resident_id FROM recipients)",
    )
    save(page)
    open_task(page, "列出应享未享名单")
    page.select_option("#result", "名单")
    save(page)
    assert hand_in(page) == [
        "第 4 档（最高 4 档）", "第 0 档（最高 3 档）", "第 3 档（最高 3 档）", "第 0 档（最高 3 档）",
    ]  # fmt: skip
