"""The pages of units: the same number on page, Excel, Word, PDF and in the API; every state has its words."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import numpy as np
import pikepdf
import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from shuyang.delivery.api import close_campaign
from shuyang.feedback.api import publish_campaign, unit_picture
from shuyang.feedback.models import Publication
from shuyang.kernel.clock import frozen
from shuyang.people.api import Scope, make_token
from shuyang.trust.api import SYSTEM, Role
from shuyang.web.unit_view import signed
from tests.cast import make_member
from tests.delivery.world import NOON, World, make_world
from tests.feedback.organisation import hire, measure
from tests.web.published import publish_parts


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> Iterator[World]:
    settings.SHUYANG_EXTRACT, settings.SHUYANG_FILES = str(tmp_path / "extract"), str(tmp_path / "files")
    with frozen(NOON):
        yield make_world()


@pytest.fixture
def published(world: World) -> World:
    publish_parts(world)
    return world


def address(world: World, tail: str = "") -> str:
    return f"/units/{world.cast.finance.id}/{tail}"


def page(world: World, tail: str = "") -> str:
    return world.cast.organiser.client().get(address(world, tail)).content.decode()


def rows_of_page(html: str, section: str) -> list[list[str]]:
    """Text of the cells of a section's table, line by line."""
    table = re.search(rf'id="h-{section}".*?<tbody>(.*?)</tbody>', html, re.S)
    assert table is not None, section
    lines = re.findall(r"<tr>(.*?)</tr>", table.group(1), re.S)
    return [
        [
            re.sub(r"<[^>]+>", "", cell.replace("<br>", " "))
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.S)
        ]
        for line in lines
    ]


def test_the_same_number_everywhere(published: World) -> None:
    """Page, Excel, Word, PDF and API say the same of every force of the unit and of every part."""
    client = published.cast.organiser.client()
    html = page(published)
    shown = rows_of_page(html, "forces")
    book = CalamineWorkbook.from_object(BytesIO(client.get(address(published, "file.xlsx")).content))
    word = docx.Document(BytesIO(client.get(address(published, "file.docx")).content))
    told = api(published, f"/api/units/{published.cast.finance.id}/report")
    sheet = [line for line in book.get_sheet_by_name("单位整体").to_python()[3:] if len(line) > 4 and line[2] != ""]
    lines = [[c.text for c in row.cells] for row in word.tables[_place(word, "单位整体")].rows][1:]
    assert len(shown) == len(sheet) == len(lines) == len(told["whole"]["measures"]) == 6
    for on_page, in_sheet, in_word, measure_ in zip(shown, sheet, lines, told["whole"]["measures"], strict=True):
        mean = measure_["mean"]
        numbers = [round(mean["score"]), round(mean["low"]), round(mean["high"])]
        assert on_page[2] == f"{numbers[0]} {numbers[1]}–{numbers[2]}"
        assert [int(v) for v in in_sheet[2:5]] == numbers
        assert in_word[2] == f"{numbers[0]} ({numbers[1]}–{numbers[2]})"
        gap = measure_["gap"]["score"]
        assert on_page[4].startswith(signed(gap))
        assert int(in_sheet[6]) == round(gap)
        assert in_word[4].startswith(signed(gap))
    _parts_agree(html, told)
    _paper_agrees(client.get(address(published, "file.pdf")).content, told)


def _place(word: Any, title: str) -> int:
    """Which table stands below a heading."""
    headings = [p.text for p in word.paragraphs if p.style.name == "Heading 2"]
    return headings.index(title)


def _parts_agree(html: str, told: dict[str, Any]) -> None:
    lines = {line[0]: line[1:] for line in rows_of_page(html, "parts")}
    for part in told["parts"]:
        line = lines[part["name"]]
        if not part["measures"]:
            assert "不公布" in line[0]
            continue
        assert line[0] == str(part["people"])
        for text, one in zip(line[1:], part["measures"], strict=True):
            assert text.split()[0] == str(round(one["mean"]["score"]))


def _paper_agrees(body: bytes, told: dict[str, Any]) -> None:
    """The text of the PDF, read through its own fonts, holds the figures in the order of the table."""
    with pikepdf.open(BytesIO(body)) as pdf:
        text = "".join(_text(p) for p in pdf.pages)
    squeezed = re.sub(r"\s", "", text)
    for one in told["whole"]["measures"]:
        mean = one["mean"]
        assert f"{round(mean['score'])}{round(mean['low'])}–{round(mean['high'])}" in squeezed


def _text(p: Any) -> str:
    """Characters of a page: glyph codes through the fonts' ToUnicode maps."""
    fonts = {str(name): _map(font) for name, font in p.Resources.Font.items()}
    out, current = [], {}
    for operands, operator in pikepdf.parse_content_stream(p):
        if str(operator) == "Tf":
            current = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else [operands[0]]
            for part in parts:
                if isinstance(part, pikepdf.String):
                    raw = bytes(part)
                    out += [current.get(raw[i : i + 2].hex(), "") for i in range(0, len(raw), 2)]
    return "".join(out)


def _map(font: Any) -> dict[str, str]:
    body = font.ToUnicode.read_bytes().decode("latin-1")
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", body, re.S):
        for code, value in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[code.lower()] = bytes.fromhex(value).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", body, re.S):
        for low, high, value in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            for step in range(int(high, 16) - int(low, 16) + 1):
                found[f"{int(low, 16) + step:0{len(low)}x}"] = chr(int(value, 16) + step)
    return found


def api(world: World, path: str) -> Any:
    actor = world.cast.organiser.actor
    token = make_token(actor=actor, name="test", scopes=[Scope.UNITS], days=1)
    response = Client().get(path, HTTP_AUTHORIZATION=f"Bearer {token.secret}")
    assert response.status_code == 200, response.content
    return response.json()


def test_the_page_says_what_is_more_than_chance_and_names_the_weak_part(published: World) -> None:
    html = page(published)
    found = rows_of_page(html, "findings")
    assert any("支付科与本单位其他人员相比" in line[0] for line in found)
    assert "模拟数据" in html
    assert "人N" not in html


def test_filters_keep_their_state_in_the_address(published: World) -> None:
    html = page(published, "?people=rank_layer:leader")
    assert '<option value="rank_layer:leader" selected>' in html
    assert "?people=rank_layer%3Aleader" in html  # links to parts keep the choice
    assert rows_of_page(html, "forces")[0][1] == "8"
    unknown = page(published, "?people=colour:red&campaign=nonsense")
    assert rows_of_page(unknown, "forces")[0][1] == "73"
    small = page(published, "?people=rank_layer:specialist")
    assert "不公布这一群体" in small


def test_a_hidden_unit_says_why(published: World) -> None:
    small = next(g for g in unit_picture(actor=SYSTEM, unit_id=published.cast.finance.id).parts if g.name == "档案科")
    html = published.cast.organiser.client().get(f"/units/{small.unit_id}/").content.decode()
    assert "本单位的数字不公布" in html
    assert published.cast.organiser.client().get(f"/units/{small.unit_id}/file.xlsx").status_code == 404


def test_a_page_costs_as_many_statements_for_many_people_as_for_few(
    published: World, django_assert_max_num_queries: Any
) -> None:
    client = published.cast.organiser.client()
    with django_assert_max_num_queries(30):
        client.get(address(published))


def test_only_the_organiser_publishes_early(world: World) -> None:
    measure(world.campaign, hire(world.cast.finance, 9), np.random.default_rng(1))
    leader = make_member("P077", "领导", world.cast.finance, Role.LEADER).client()
    body = {"campaign": str(world.campaign.id)}
    assert leader.post(address(world, "publish/"), body).status_code == 404
    assert "立即公布" not in leader.get(address(world)).content.decode()
    organiser = world.cast.organiser.client()
    assert "立即公布" in organiser.get(address(world)).content.decode()
    assert organiser.post(address(world, "publish/"), body).status_code == 302
    assert Publication.objects.get().people == 9
    assert organiser.post(address(world, "publish/"), {"campaign": "x"}).status_code == 404


def test_strangers_see_no_unit(published: World) -> None:
    for member in (published.cast.learner, published.cast.stranger):
        for tail in ("", "file.pdf", "file.xlsx", "file.docx"):
            assert member.client().get(address(published, tail)).status_code == 404


def test_files_say_where_their_figures_come_from(published: World) -> None:
    client = published.cast.organiser.client()
    hash_ = Publication.objects.get().hash[:16]
    archive = zipfile.ZipFile(BytesIO(client.get(address(published, "file.xlsx")).content))
    assert hash_ in archive.read("xl/sharedStrings.xml").decode()
    word = docx.Document(BytesIO(client.get(address(published, "file.docx")).content))
    assert any(hash_ in p.text for p in word.paragraphs)
    assert client.get(address(published, "file.pdf")).headers["Content-Type"] == "application/pdf"


def test_after_the_end_the_page_offers_nothing_more_to_publish(published: World) -> None:
    organiser = published.cast.organiser
    close_campaign(actor=organiser.actor, campaign_id=published.campaign.id)
    publish_campaign(actor=SYSTEM, campaign_id=published.campaign.id)
    assert "立即公布" not in page(published)


def test_one_may_go_up_and_down_and_the_choice_stays_in_the_address(published: World) -> None:
    """The list of places holds what is above (within reach) and the parts; links to parts keep what was chosen."""
    html = page(published, "?people=rank_layer:general")
    places = re.search(r"<select[^>]*data-go>(.*?)</select>", html, re.S)
    assert places is not None
    names = [re.sub(r"\s|　", "", name) for name in re.findall(r"<option[^>]*>(.*?)</option>", places.group(1))]
    assert names == ["财政局", "预算科", "国库科", "支付科", "档案科"]
    assert re.search(r'href="/units/[0-9a-f-]+/\?people=rank_layer%3Ageneral">国库科', html)
