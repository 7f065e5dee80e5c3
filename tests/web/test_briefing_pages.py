"""The pages of briefings: the same text on page, in PDF and Word; what was typed is never lost; each state has its words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import docx
import pikepdf
import pytest
from django.test import Client

from shuyang.insight.api import BriefingView, briefing, sign, submit, withdraw
from shuyang.insight.models import Briefing
from shuyang.kernel.clock import frozen
from tests.delivery.world import NOON
from tests.insight.world import Office, drafted, make_office
from tests.web.test_unit_pages import _text


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Iterator[Office]:
    settings.SHUYANG_EXTRACT, settings.SHUYANG_FILES = str(tmp_path / "extract"), str(tmp_path / "files")
    with frozen(NOON):
        yield make_office()


def form_of(page: str) -> dict[str, str]:
    """The fields of the editor as a browser would send them."""
    found = dict(re.findall(r'<input class="form-control" id="[^"]+" name="([^"]+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<input type="hidden" name="(revision)" value="(\d+)"', page))
    found |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S))
    for name, body in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        found[name] = re.findall(r'value="([^"]+)" selected', body)[0]
    return {name: html.unescape(value) for name, value in found.items()}


def issued(office: Office) -> BriefingView:
    view = drafted(office)
    view = submit(actor=office.organiser.actor, briefing_id=view.head.id, revision=view.revision)
    return sign(actor=office.leader.actor, briefing_id=view.head.id, revision=view.revision)


def get(client: Client, briefing_id: UUID, tail: str = "") -> Any:
    return client.get(f"/briefings/{briefing_id}/{tail}")


def squeezed(text: str) -> str:
    return re.sub(r"\s|　", "", text)


def words_of(page: str) -> str:
    return squeezed(html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<script.*?</script>", "", page, flags=re.S))))


def test_page_pdf_and_word_say_the_same(office: Office) -> None:
    """Every line of the archived document stands in all three, and the figures in the same order."""
    view = issued(office)
    client = office.leader.client()
    page = words_of(get(client, view.head.id).content.decode())
    with pikepdf.open(BytesIO(get(client, view.head.id, "file.pdf").content)) as pdf:
        paper = squeezed("".join(_text(p) for p in pdf.pages))
        assert 2 <= len(pdf.pages) <= 4
    word = squeezed(text_of_word(get(client, view.head.id, "file.docx").content))
    lines = [squeezed(line) for line in view.document.lines]
    assert len(lines) > 30
    for line in lines:
        assert line in page, line
        assert line in word, line
        # a footer may stand between two lines of a paragraph that runs over the end of a page
        assert line in re.sub("—\\d—", "", paper), line


def test_word_pictures_have_words_and_properties(office: Office) -> None:
    word = docx.Document(BytesIO(get(office.leader.client(), issued(office).head.id, "file.docx").content))
    told = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert told
    assert all(told)
    assert word.core_properties.title
    strong = [run for p in word.paragraphs for run in p.runs if run.style.name == "Briefing Strong"]
    assert strong, "words that are set off have the template's style"


def own_template(settings: Any, tmp_path: Path, *lines: str) -> None:
    settings.SHUYANG_HOME = str(tmp_path)
    (tmp_path / "templates").mkdir()
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    made.save(str(tmp_path / "templates" / "briefing-zh.docx"))


def test_an_organisation_has_its_own_word_template(office: Office, settings: Any, tmp_path: Path) -> None:
    view = issued(office)
    own_template(settings, tmp_path, "支付科内部专报", "{{ title }}")
    text = text_of_word(get(office.leader.client(), view.head.id, "file.docx").content)
    assert text == f"支付科内部专报\n{view.document.title}"


@pytest.mark.parametrize("line", ["{{ title", "{{ title.__class__.__mro__[1].__subclasses__() }}", "{% for %}"])
def test_an_unfit_word_template_is_said_and_gives_nothing_away(
    office: Office, settings: Any, tmp_path: Path, line: str
) -> None:
    view = issued(office)
    own_template(settings, tmp_path, line)
    reply = get(office.leader.client(), view.head.id, "file.docx")
    assert reply.status_code == 409
    assert "Word 模板" in reply.content.decode()


def text_of_word(body: bytes) -> str:
    """Paragraphs, and cells of tables, in order."""
    word = docx.Document(BytesIO(body))
    parts = [p.text for p in word.paragraphs]
    parts += [cell.text for table in word.tables for row in table.rows for cell in dict.fromkeys(row.cells)]
    return "\n".join(parts)


def test_an_organiser_drafts_edits_and_hands_in_and_a_leader_signs(office: Office) -> None:
    organiser, leader = office.organiser.client(), office.leader.client()
    assert "拟写决策参阅" in organiser.get("/briefings/").content.decode()
    shown = organiser.get(f"/briefings/new/?unit={office.finance.id}").content.decode()
    assert "支付科" in shown
    made = organiser.post("/briefings/new/", {"unit": str(office.finance.id), "language": "zh"})
    assert made.status_code == 302
    form = form_of(organiser.get(made.url).content.decode())
    form |= {"title": form["title"] + "（请阅）", "cost-1": "约 3 万元，2 人 5 天", "then": "show"}
    saved = organiser.post(made.url, form)
    assert saved.status_code == 302, saved.content.decode()
    page = organiser.get(saved.url).content.decode()
    assert "约 3 万元，2 人 5 天（组织员填报）" in page
    row = Briefing.objects.get()
    act = f"/briefings/{row.id}/act/"
    assert organiser.post(act, {"act": "submit", "revision": row.revision}).status_code == 302
    assert "待您签发" in leader.get("/briefings/").content.decode()
    row.refresh_from_db()
    assert leader.post(act, {"act": "sign", "revision": row.revision}).status_code == 302
    after = leader.get(f"/briefings/{row.id}/?check=1").content.decode()
    assert "2026年第1期" in after
    assert "签发：林局长" in after
    assert "全部相符" in after
    assert "2026年各期" in leader.get("/briefings/").content.decode()
    assert leader.get("/briefings/?year=2026").status_code == 200


def test_a_refused_edit_shows_the_problem_at_its_field_and_keeps_what_was_typed(office: Office) -> None:
    organiser = office.organiser.client()
    view = drafted(office)
    address = f"/briefings/{view.head.id}/edit/"
    form = form_of(organiser.get(address).content.decode())
    token = view.content.bindings[0].token
    typed = form | {
        "paragraph-summary": f"提高了35分，{token.replace(view.content.bindings[0].text, '别的')}",
        "addressee": "另一位领导",
        "cost-2": "5 万元",
    }
    refused = organiser.post(address, typed)
    assert refused.status_code == 422
    page = refused.content.decode()
    kept = form_of(page)
    assert kept == typed
    assert "没有数据来源的数字" in page.split('id="p-paragraph-summary"')[1][:300]
    assert "不能改写" in page
    assert briefing(actor=office.organiser.actor, briefing_id=view.head.id).revision == view.revision


def test_someone_elses_edit_in_the_meantime_loses_nothing_typed(office: Office) -> None:
    organiser, both = office.organiser.client(), office.both.client()
    view = drafted(office)
    address = f"/briefings/{view.head.id}/edit/"
    form = form_of(organiser.get(address).content.decode())
    assert both.post(address, form).status_code == 302
    late = organiser.post(address, form | {"addressee": "另一位领导"})
    assert late.status_code == 409
    assert 'value="另一位领导"' in late.content.decode()


def test_the_form_unchanged_is_accepted_and_nonsense_is_not_a_crash(office: Office) -> None:
    organiser = office.organiser.client()
    view = drafted(office)
    address = f"/briefings/{view.head.id}/edit/"
    form = form_of(organiser.get(address).content.decode())
    assert organiser.post(address, form).status_code == 302
    assert organiser.post(address, {"revision": "x" * 5000}).status_code == 409
    current = briefing(actor=office.organiser.actor, briefing_id=view.head.id).revision
    assert organiser.post(address, {"revision": str(current)}).status_code == 422
    assert organiser.post(address, form | {"revision": "²", "title": "\x00\x07好"}).status_code == 409
    assert organiser.post(f"/briefings/{view.head.id}/act/", {"act": "burn"}).status_code == 404
    assert organiser.get(f"/briefings/{view.head.id}/file.exe").status_code == 404


def test_reasons_are_asked_for_and_a_withdrawn_issue_says_so_everywhere(office: Office) -> None:
    view = issued(office)
    leader = office.leader.client()
    act = f"/briefings/{view.head.id}/act/"
    refused = leader.post(act, {"act": "withdraw", "reason": " "})
    assert refused.status_code == 422
    assert "此处不能为空" in refused.content.decode()
    assert leader.post(act, {"act": "withdraw", "reason": "数据有误"}).status_code == 302
    assert "已撤回：" in leader.get(f"/briefings/{view.head.id}/").content.decode()
    assert "已撤回" in leader.get("/briefings/").content.decode()
    assert "本期已撤回。原因：数据有误" in text_of_word(get(leader, view.head.id, "file.docx").content)
    with pikepdf.open(BytesIO(get(leader, view.head.id, "file.pdf").content)) as pdf:
        assert "原因：数据有误" in squeezed(_text(pdf.pages[0]))


def test_units_without_figures_have_a_page_that_says_why(office: Office) -> None:
    organiser = office.organiser.client()
    page = organiser.get(f"/briefings/new/?unit={office.small.id}").content.decode()
    assert "数据不公布" in page
    assert "生成文稿" not in page
    refused = organiser.post("/briefings/new/", {"unit": str(office.small.id)})
    assert refused.status_code == 409
    assert "没有已公布的数据" in refused.content.decode()
    assert organiser.get("/briefings/new/?unit=nonsense").status_code == 200
    assert organiser.get(f"/briefings/new/?unit={office.world.cast.health.id}").status_code == 404


def test_strangers_and_learners_see_nothing(office: Office) -> None:
    view = issued(office)
    for member in (office.world.cast.stranger, office.world.cast.learner):
        client = member.client()
        for tail in ("", "file.pdf", "file.docx", "file.json", "edit/"):
            assert get(client, view.head.id, tail).status_code == 404
        assert client.post(f"/briefings/{view.head.id}/act/", {"act": "withdraw", "reason": "x"}).status_code == 404
    assert office.world.cast.learner.client().get("/briefings/").status_code == 404
    assert office.leader.client().get("/briefings/new/").status_code == 404


def test_a_withdrawal_by_the_door_shows_on_the_page(office: Office) -> None:
    view = issued(office)
    withdraw(actor=office.leader.actor, briefing_id=view.head.id, reason="口径有误")
    page = office.organiser.client().get(f"/briefings/{view.head.id}/").content.decode()
    assert "口径有误" in page
    assert 'value="withdraw"' not in page


def test_a_list_costs_as_many_statements_for_many_issues_as_for_few(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        drafted(office)
    with django_assert_max_num_queries(15):
        office.organiser.client().get("/briefings/")
