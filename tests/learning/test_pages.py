"""The catalogue and the reading view, as their reader gets them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from shuyang.feedback.api import result, results
from shuyang.frameworks.api import current, load_framework
from shuyang.itembank.api import contents, practice_version_ids, public_id
from shuyang.learning import api as learning
from shuyang.packs.api import builtin_folder, read_pack
from shuyang.trust.api import SYSTEM
from shuyang.web.lesson_view import suggested
from shuyang.web.markdown import markdown
from tests.cast import Cast, client_of, make_cast
from tests.delivery.world import World
from tests.itembank.make import RIGHT
from tests.learning.make import KINDS, PRACTICE, TEXT, lesson, load, load_practice

pytestmark = pytest.mark.django_db
PAGE = "/learn/L-F09-2/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast() -> Cast:
    pack, _ = read_pack(builtin_folder())
    assert pack is not None
    load_framework(actor=SYSTEM, framework=pack.framework)
    load_practice()
    load()
    return make_cast()


@pytest.fixture
def learner(cast: Cast) -> Client:
    return cast.learner.client()


def text_of(client: Client, address: str) -> str:
    reply = client.get(address)
    assert reply.status_code == 200
    return str(reply.content.decode())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True), ("?force=&facet=&level=", True), ("?facet=F09", True), ("?level=3", True), ("?facet=F01", False),
        ("?level=5", False), ("?facet=nonsense&level=99&force=x", True),
    ],
)  # fmt: skip
def test_it_lists_lessons_that_meet_the_conditions(learner: Client, query: str, found: bool) -> None:
    html = text_of(learner, "/learn/" + query)
    assert ("看清样本再说差异" in html) is found
    assert ("数据应用方法" in html) is found
    assert ("没有符合条件的课程" in html) is not found


def test_it_filters_by_force(learner: Client, cast: Cast) -> None:
    force = next(one.force for one in current().facets if one.id == "F09")
    for one in current().forces:
        assert ("看清样本再说差异" in text_of(learner, f"/learn/?force={one.id}")) is (one.id == force)


def test_it_shows_a_lesson_without_its_secure_side(learner: Client) -> None:
    html = text_of(learner, PAGE)
    for words in (
        "先看样本",
        "三个百分点",
        "data-chart",
        "我的笔记",
        "中华人民共和国数据安全法",
        "第 21 条",
        "ln-todo",
    ):
        assert words in html
    assert "S-F09" not in html
    assert "<b onclick" not in html
    assert '<img src="http' not in html
    assert html.count('class="sy-card ln-practice"') == len(PRACTICE)
    assert html.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert "理由a" not in html, "no reason before an answer"


def posted(kind: str, key: str) -> dict[str, Any]:
    """The form of a right answer."""
    content = next(c for c in contents(version_ids=practice_version_ids(facet="F09")).values() if c.id == key)
    right = RIGHT[kind]

    def public(one: str) -> str:
        return public_id(content, one)

    match kind:
        case "single":
            return {"choice": public(right["choice"])}
        case "multiple":
            return {"choices": [public(one) for one in right["choices"]]}
        case "order":
            return {"order": [public(one) for one in right["order"]]}
        case "match":
            return {f"pair-{public(left)}": public(one) for left, one in right["pairs"].items()}
        case "mark":
            return {"cell": [f"{a},{b}" for a, b in right["cells"]]}
        case "chart":
            return {"point": [f"{a},{b}" for a, b in right["points"]]}
        case _:
            return dict(right)


@pytest.mark.parametrize(("kind", "key"), list(zip(KINDS, PRACTICE, strict=True)))
def test_it_explains_an_answer_at_once(learner: Client, kind: str, key: str) -> None:
    reply = learner.post(f"{PAGE}practice/{key}/", posted(kind, key), headers=HTMX)
    html = reply.content.decode()
    assert reply.status_code == 200
    assert "<html" not in html
    assert "alert-success" in html
    assert "反馈" in html
    assert "答对" in html or "正确" in html
    if kind in ("single", "multiple"):
        assert html.count("理由") == (4 if kind == "single" else 5)
    again = learner.get(f"{PAGE}practice/{key}/", headers=HTMX).content.decode()
    assert "<form" in again
    assert "反馈" not in again


@pytest.mark.parametrize(
    ("number", "form", "given"),
    [(5, {"value": "99"}, "99 %"), (6, {"cell": ["1,1"]}, "二 · 件数: 20"), (7, {"point": ["1,0"]}, "乙 · 1月")],
)
def test_it_puts_a_wrong_answer_beside_the_right_one(
    learner: Client, number: int, form: dict[str, Any], given: str
) -> None:
    html = learner.post(f"{PAGE}practice/{PRACTICE[number - 1]}/", form, headers=HTMX).content.decode()
    assert f"<li>{given}</li>" in html
    assert "alert-info" in html


def test_it_puts_wrong_orders_and_pairs_beside_the_right_ones(learner: Client) -> None:
    form = posted("order", PRACTICE[2])
    html = learner.post(f"{PAGE}practice/{PRACTICE[2]}/", {"order": form["order"][::-1]}, headers=HTMX).content.decode()
    assert "<li>1. 做法b</li>" in html
    form = dict(list(posted("match", PRACTICE[3]).items())[:1])
    html = learner.post(f"{PAGE}practice/{PRACTICE[3]}/", form, headers=HTMX).content.decode()
    assert "<li>做法l1 → 做法r2</li>" in html


def test_it_says_what_is_missing_in_an_answer(learner: Client) -> None:
    address = f"{PAGE}practice/{PRACTICE[0]}/"
    assert "alert-warning" in learner.post(address, {}, headers=HTMX).content.decode()
    whole = learner.post(address, {})
    assert whole.status_code == 422
    assert "<h1" in whole.content.decode()


def test_it_explains_without_script_within_the_lesson(learner: Client) -> None:
    html = learner.post(f"{PAGE}practice/{PRACTICE[4]}/", {"value": "12.5"}).content.decode()
    assert "alert-success" in html
    assert html.count('class="sy-card ln-practice"') == len(PRACTICE)


def test_it_knows_only_practice_items_of_the_lesson(learner: Client) -> None:
    for address in (f"{PAGE}practice/S-F09-3-001/", "/learn/L-F01-1/", f"{PAGE}practice/nothing/"):
        assert learner.get(address).status_code == 404


def test_it_keeps_notes_and_progress(learner: Client, cast: Cast) -> None:
    assert "已保存" in learner.post(PAGE + "note/", {"text": "我的要点"}, headers=HTMX).content.decode()
    assert learner.post(PAGE + "note/", {"text": "我的要点"})["Location"] == PAGE + "#note"
    assert "我的要点" in text_of(learner, PAGE)
    assert "我的要点" not in text_of(cast.colleague.client(), PAGE)
    too_long = learner.post(PAGE + "note/", {"text": "长" * 4001})
    assert too_long.status_code == 422
    assert "长" * 4001 in too_long.content.decode(), "what was typed stays"
    assert learner.post(PAGE + "progress/", {"sections": "2"}).status_code == 204
    assert learner.post(PAGE + "progress/", {"sections": "-1"}).status_code == 422
    assert 'class="is-read" data-for="s1"' in text_of(learner, PAGE)
    assert "接着学" in text_of(learner, "/learn/")
    assert "已学完" in learner.post(PAGE + "finish/", follow=True).content.decode()
    assert "接着学" not in text_of(learner, "/learn/")


def test_it_lets_accounts_without_a_person_only_read(cast: Cast) -> None:
    client = client_of(cast.administrator_id)
    html = text_of(client, PAGE)
    assert "note-text" not in html
    assert "本课学完了" not in html
    assert client.post(PAGE + "finish/").status_code == 403
    assert Client().get(PAGE).status_code == 302


def towards(facet: str, level: int) -> learning.Lesson:
    """Our lesson, moved to another facet and level."""
    number, levels = {1: (1, "[1, 2]"), 2: (1, "[1, 2]"), 3: (2, "[3]"), 4: (3, "[4]"), 5: (4, "[5]")}[level]
    text = TEXT.replace("id: L-F09-2", f"id: L-{facet}-{number}").replace("facet: F09", f"facet: {facet}")
    return lesson(text.replace("levels: [3]", f"levels: {levels}"), f"L-{facet}-{number}.md")


def test_it_leads_from_a_result_to_lessons(measured: World) -> None:
    load_practice()
    me = measured.learner
    [newest] = results(actor=me)
    wanted = [towards(s.facet, s.towards_level) for s in result(actor=me, estimate_id=newest.id).suggestions]
    assert wanted
    load(*wanted)
    assert [row["head"] for row in suggested(me, current())] == [one.head for one in wanted]
    client = measured.cast.learner.client()
    assert "根据最近一次测评结果推荐" in text_of(client, "/learn/")
    html = text_of(client, f"/results/{newest.id}/")
    assert all(f"/learn/{one.head.id}/" in html for one in wanted)


def test_its_markdown_is_safe() -> None:
    html = markdown("[甲](javascript:alert(1)) <script>x</script> ![图](http://a.b/c.png)\n\n|甲|\n|--:|\n|1|")
    assert "javascript:" not in html.replace("[甲](javascript:alert(1))", "")
    assert "<script" not in html
    assert "<img" not in html
    assert "style=" not in html
    assert '<td class="num">1</td>' in html
