"""The catalogue, the workbench and the debrief, as their person gets them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuyang.practice import api as practice
from shuyang.practice.models import Run
from tests.cast import Cast
from tests.practice.conftest import E9, do_as_expert
from tests.practice.test_runs import refuse

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def learner(cast: Cast) -> Client:
    return cast.learner.client()


def text_of(client: Client, address: str) -> str:
    reply = client.get(address)
    assert reply.status_code == 200
    return str(reply.content.decode())


def begin(learner: Client, mode: str = "practice") -> str:
    reply = learner.post(f"/range/{E9}/begin/", {"mode": mode})
    assert reply.status_code == 302
    return str(reply.headers["Location"])


def test_it_lists_scenarios_and_begins_a_run(learner: Client) -> None:
    assert "找准群众不满意的根子" in text_of(learner, "/range/")
    page = text_of(learner, begin(learner))
    assert "一件一评" in page
    assert "ratings" in page
    assert "继续练习" in text_of(learner, "/range/")


def test_it_is_closed_to_others(cast: Cast, learner: Client) -> None:
    run = begin(learner)
    assert cast.colleague.client().get(run).status_code == 404
    assert Client().get(run).status_code == 302


def test_it_filters_and_pivots_without_sql_and_keeps_the_look(learner: Client) -> None:
    run = begin(learner)
    address = f"{run}data/cases/?c1=channel&o1=%3D&v1=窗口&rows=hall_id&measure=avg&of=waited"
    page = text_of(learner, address)
    assert "6 行" in page
    assert "网上" not in page.split("pr-outcome")[1]
    sql = 'SELECT "hall_id", AVG("waited") AS w FROM cases GROUP BY "hall_id"'
    kept = learner.post(f"{run}keep/", {"name": "等候", "sql": sql, "back": address})
    assert kept.headers["Location"].endswith("/queries/")
    assert "等候" in text_of(learner, f"{run}queries/")
    refused = learner.post(f"{run}keep/", {"name": "cases", "sql": sql, "back": address}, follow=True)
    assert "已被数据表或其他查询使用" in refused.content.decode()


def test_it_bears_nonsense_in_an_address(learner: Client) -> None:
    run = begin(learner)
    query = "?c1=nope&o1=DROP&v1=x&sort=;--&rows=%22&measure=evil&of=1&c2=waited&o2=%3E&v2=abc"
    assert "查询没有运行成功" in text_of(learner, f"{run}data/cases/{query}")
    assert learner.get(f"{run}data/no_such_table/").status_code == 200


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT count(*) AS n FROM ratings", '<th scope="col" class="num">n</th>'),
        ("DROP TABLE ratings", "数据表只能读取"),
        ("SELECT nope FROM ratings", "查询没有运行成功"),
        ("SELECT * FROM read_csv('/etc/passwd')", "不能使用函数 read_csv"),
        ("", "没有可运行的查询"),
    ],
)
def test_it_runs_queries_and_says_why_not(learner: Client, sql: str, said: str) -> None:
    run = begin(learner)
    assert said in learner.post(f"{run}look/", {"sql": sql}, headers=HTMX).content.decode()


def test_it_saves_while_one_works_and_keeps_what_is_wrong_on_the_page(learner: Client) -> None:
    run = begin(learner)
    task = f"{run}task/returns/"
    saved = learner.post(task, {"revision": "0", "field.item": "3", "field.share": "7"}, headers=HTMX).content.decode()
    assert "已保存" in saved
    assert 'value="1"' in saved
    stale = learner.post(task, {"revision": "0", "field.item": "4"}, headers=HTMX).content.decode()
    assert "已在另一窗口改动" in stale
    wrong = learner.post(task, {"revision": "1", "field.item": "三号"})
    assert wrong.status_code == 422
    assert "三号" in wrong.content.decode()
    assert "此处应填数字" in wrong.content.decode()


def test_it_gives_hints_at_their_cost(learner: Client) -> None:
    run = begin(learner)
    page = f"{run}task/returns/"
    assert "扣减得分率 15%" in text_of(learner, page)
    learner.post(f"{run}act/", {"act": "hint", "task": "returns", "back": page})
    assert "别被只有几件的事项带偏" in text_of(learner, page)
    assessed = begin(learner, "assessed")
    assert "扣减得分率" not in text_of(learner, f"{assessed}task/returns/")


def test_it_leads_back_only_to_its_own_pages(learner: Client) -> None:
    run = begin(learner)
    reply = learner.post(f"{run}act/", {"act": "undo", "back": "https://evil.example/"})
    assert reply.headers["Location"] == run


def test_it_tells_what_each_grade_rests_on(cast: Cast, learner: Client) -> None:
    run = begin(learner)
    run_id = practice.runs(actor=cast.learner.actor)[0].id
    do_as_expert(cast.learner.actor, run_id)
    revision = practice.run(actor=cast.learner.actor, run_id=run_id).revision
    learner.post(f"{run}task/time/", {"revision": str(revision), "field.item": "1", "field.step": "review"})
    assert learner.post(f"{run}submit/").headers["Location"] == f"{run}result/"
    page = text_of(learner, f"{run}result/")
    assert "六个大厅的差评率都与口径一致" in page
    assert "这个事项的会签时间不突出" in page
    assert "83%" in page
    assert learner.get(run).headers["Location"] == f"{run}result/"
    assert learner.get(f"{run}task/time/").status_code == 409


@pytest.mark.parametrize("page", ["", "data/cases/", "queries/", "task/rates/", "task/advice/"])
def test_it_reads_a_run_once_for_a_page(learner: Client, page: str) -> None:
    run = begin(learner)
    with CaptureQueriesContext(connection) as seen:
        text_of(learner, run + page)
    assert sum('FROM "practice_run"' in one["sql"] for one in seen.captured_queries) == 1
    assert not any('FROM "practice_graded"' in one["sql"] for one in seen.captured_queries)


def test_it_lets_only_the_editors_own_style_in(learner: Client) -> None:
    run = begin(learner)
    replies = [learner.get(f"{run}queries/") for _ in range(2)]
    nonces = [editor_of(reply.content.decode())["nonce"] for reply in replies]
    assert nonces[0] != nonces[1]
    for nonce, reply in zip(nonces, replies, strict=True):
        assert f"style-src 'self' 'nonce-{nonce}';" in reply.headers["Content-Security-Policy"]
    assert "nonce" not in learner.get(run).headers["Content-Security-Policy"]


def editor_of(page: str) -> dict[str, Any]:
    found = re.search(r"<script type=\"application/json\" data-editor>(.*?)</script>", page, re.DOTALL)
    assert found is not None
    return dict(json.loads(found.group(1)))


def test_it_tells_what_columns_mean_beside_them(learner: Client) -> None:
    run = begin(learner)
    tables = {table["name"]: table for table in editor_of(text_of(learner, f"{run}queries/"))["tables"]}
    (waited,) = (column for column in tables["cases"]["columns"] if column["name"] == "waited")
    assert waited["title"] == "等候时间"
    assert waited["meaning"].startswith("等候时间（分钟）：取号到叫号")
    data = text_of(learner, f"{run}data/cases/")
    assert "取号到叫号" in data
    assert '<small lang="zh-Hans">等候时间</small>' in data


def test_it_keeps_a_query_without_scripts(learner: Client) -> None:
    run = begin(learner)
    assert learner.post(f"{run}queries/", {"revision": "0", "name0": "甲", "sql0": "SELECT 1 AS x"}).status_code == 302
    page = text_of(learner, f"{run}queries/")
    assert re.search(r"<textarea[^>]*data-sql>SELECT 1 AS x</textarea>", page)
    assert re.search(r"data-run=[^>]*hidden>", page), "what needs a script is not shown before it runs"


def test_it_shows_the_way_out_of_a_grading_that_failed(
    cast: Cast, learner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin(learner)
    with monkeypatch.context() as patch:
        patch.setattr("shuyang.practice.services.grading.judge", refuse)
        learner.post(f"{run}submit/")
    page = text_of(learner, f"{run}result/")
    assert "这次评分没有成功" in page
    assert "every 2s" not in page, "nothing will change by itself"
    assert learner.post(f"{run}again/", follow=True).content.decode().count("pr-grade") == 6


def test_it_shows_the_way_out_of_a_scenario_that_was_changed(learner: Client) -> None:
    run = begin(learner)
    learner.post(f"{run}queries/", {"revision": "0", "name0": "甲", "sql0": "SELECT 1 AS x"})
    Run.objects.update(scenario_hash="of an earlier release")
    page = text_of(learner, run)
    assert "SELECT 1 AS x" in page, "what was written can be copied"
    assert learner.get(f"{run}data/").status_code == 409
    fresh = learner.post(f"{run}leave/", {"again": "1"}).headers["Location"]
    assert fresh != run
    assert "一件一评" in text_of(learner, fresh)


CHART = {
    "source": "cases", "type": "line", "x": "submitted_at", "per": "month", "measure": "avg", "y": "waited",
    "split": "hall_id", "axis": "zero", "title": "各大厅每月平均等候", "unit": "分钟", "c1": "channel", "o1": "=", "v1": "窗口",
}  # fmt: skip


def option_of(page: str) -> dict[str, Any]:
    found = re.search(r'data-option="work">(.*?)</script>', page, re.DOTALL)
    assert found is not None, page
    return dict(json.loads(found.group(1)))


def test_it_draws_a_chart_as_it_stands(learner: Client) -> None:
    run = begin(learner)
    assert "请先选择图表的数据来源" in text_of(learner, f"{run}task/trend/")
    reply = learner.post(f"{run}task/trend/chart/", CHART, headers=HTMX)
    option = option_of(reply.content.decode())
    assert [series["type"] for series in option["series"]] == ["line"] * 6
    assert option["series"][0]["name"] == "大厅编号 1"
    assert len(option["xAxis"]["data"]) == 12
    assert option["yAxis"]["scale"] is False
    assert Run.objects.get().work == {}, "a preview keeps nothing"
    learner.post(f"{run}task/trend/", CHART | {"revision": "0"})
    kept = text_of(learner, f"{run}task/trend/")
    assert option_of(kept) == option
    assert '<option value="submitted_at" selected>' in kept


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"type": ""}, "请选择图表类型"),
        ({"x": ""}, "请选择横轴"),
        ({"y": ""}, "请选择要计算的列"),
        ({"type": "radar"}, "请从给出的选项中选择"),
        ({"per": ""}, "太密了"),
        ({"v1": "没有"}, "没有符合条件的行"),
        ({"type": "scatter"}, "散点图的横轴应当是数字"),
        ({"source": "nobody"}, "所选的查询运行不了"),
    ],
)
def test_it_says_what_a_chart_lacks(learner: Client, changed: dict[str, str], said: str) -> None:
    reply = learner.post(f"{begin(learner)}task/trend/chart/", CHART | changed, headers=HTMX)
    assert said in reply.content.decode()


def test_it_draws_a_chart_over_an_own_query(learner: Client) -> None:
    run = begin(learner)
    learner.post(f"{run}queries/", {"revision": "0", "name0": "窗口数", "sql0": "SELECT name, windows FROM halls"})
    chart = {"source": "窗口数", "type": "bar", "x": "name", "measure": "max", "y": "windows", "title": "各大厅窗口数"}
    option = option_of(learner.post(f"{run}task/trend/chart/", chart, headers=HTMX).content.decode())
    assert option["yAxis"]["scale"] is True, "fitted, until he says from zero"
    assert len(option["series"][0]["data"]) == 6


def test_it_draws_only_where_a_chart_is_asked_for(learner: Client) -> None:
    run = begin(learner)
    assert learner.post(f"{run}task/rates/chart/", CHART).status_code == 404
    assert learner.post(f"{run}task/nothing/chart/", CHART).status_code == 404


def test_it_counts_dates_by_month_in_a_pivot_of_many_rows(learner: Client) -> None:
    run = begin(learner)
    query = "?rows=submitted_at&per=month&columns=item_id&measure=count"
    page = text_of(learner, f"{run}data/cases/{query}")
    assert "2025-12" in page, "a cross table is made of all rows, not of those that fit a page"


def test_it_says_how_grades_stand_to_the_scale_of_the_test(learner: Client) -> None:
    for mode, said in (("practice", "不留作证据"), ("assessed", "尚未与测评量尺链接")):
        run = begin(learner, mode)
        learner.post(f"{run}submit/")
        assert said in text_of(learner, f"{run}result/")


def test_it_says_which_parts_need_a_desk(learner: Client) -> None:
    run = begin(learner)
    for page, needs in (
        ("", False),
        ("data/cases/", False),
        ("queries/", True),
        ("task/trend/", True),
        ("task/cause/", False),
    ):
        assert ("请用电脑登录" in text_of(learner, run + page)) is needs, page
