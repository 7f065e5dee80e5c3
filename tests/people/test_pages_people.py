"""The pages of people: who sees what, what the forms keep, the import in the browser."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook
from tests.cast import Cast, client_of, make_cast
from tests.people.rosters import good, identity, workbook

from shuyang.people import api
from shuyang.people.models import Person, RoleGrant, Unit
from shuyang.trust.api import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def _text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def _rows(data: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


def test_it_shows_an_organiser_his_people_and_no_others(cast: Cast) -> None:
    page = _text(cast.organiser.client(), "/people/")
    assert "曾小雨" in page
    assert "陈𬭎" in page
    assert "外人" not in page
    assert "曾小雨" not in _text(cast.stranger.client(), "/people/")


@pytest.mark.parametrize(
    "address", ["/people/", "/people/new/", "/people/codes/", "/people/import/", "/people/units/", "/people/roles/"]
)
def test_it_shows_none_of_these_pages_to_a_learner(cast: Cast, address: str) -> None:
    assert cast.learner.client().get(address).status_code == 404


@pytest.mark.parametrize("text", ["曾小雨", "小雨", "zengxiao", "ｚｘｙ", "P002", "p002"])
def test_it_finds_people_by_name_pinyin_and_number(cast: Cast, text: str) -> None:
    page = cast.organiser.client().get("/people/", {"q": text}).content.decode()
    assert "曾小雨" in page
    assert "陈𬭎" not in page


def test_it_filters_by_unit_and_post_and_keeps_the_filter_on_the_pages(cast: Cast) -> None:
    client = cast.organiser.client()
    page = client.get(
        "/people/", {"unit": cast.budget.path, "rank": "general", "job": "general_administration"}
    ).content.decode()
    assert "陈𬭎" in page
    assert "曾小雨" not in page
    assert "陈𬭎" not in client.get("/people/", {"rank": "leader"}).content.decode()
    assert client.get("/people/", {"rank": "no", "job": "no", "page": "99999999999", "unit": "%"}).status_code == 200


def test_it_hides_a_person_of_another_unit_like_one_who_is_not(cast: Cast) -> None:
    mine = f"/people/{cast.learner.person_id}/"
    assert cast.stranger.client().get(mine).status_code == 404
    assert cast.stranger.client().post(mine, {"do": "deactivate"}).status_code == 404
    assert cast.stranger.client().post(f"{mine}reset/").status_code == 404
    assert Person.objects.get(id=cast.learner.person_id).active


def test_it_lets_a_person_see_his_own_page_without_the_forms(cast: Cast) -> None:
    page = _text(cast.learner.client(), f"/people/{cast.learner.person_id}/")
    assert "曾小雨" in page
    assert 'name="do"' not in page
    assert cast.learner.client().post(f"/people/{cast.learner.person_id}/", {"do": "deactivate"}).status_code == 403


def test_it_adds_a_person_or_says_why_not_and_keeps_what_was_typed(cast: Cast) -> None:
    client = cast.organiser.client()
    bad = client.post("/people/new/", {"number": "P002", "name": "新<人>", "unit": cast.budget.id, "phone": "1"})
    page = bad.content.decode()
    assert bad.status_code == 422
    assert page.count('sy-problem"') == 3
    assert 'value="新&lt;人&gt;"' in page
    done = client.post(
        "/people/new/", {"number": "0099", "name": "张㛃", "unit": cast.budget.id, "identity_number": identity(5)}
    )
    made = Person.objects.get(number="0099")
    assert done["Location"] == f"/people/{made.id}/"
    assert f"{identity(5)[:4]}************{identity(5)[-2:]}" in _text(client, f"/people/{made.id}/")


def test_it_records_a_post_from_its_day_on(cast: Cast) -> None:
    client, address = cast.organiser.client(), f"/people/{cast.learner.person_id}/"
    form = {"do": "post", "unit": cast.budget.id, "rank_layer": "leader", "job_category": "data_it", "title": "科长"}
    assert client.post(address, form | {"from_date": "2023-01-01"}).status_code == 422
    assert client.post(address, form | {"from_date": "soon"}).status_code == 422
    assert client.post(address, form | {"from_date": "2025-01-01", "unit": cast.health.id}).status_code == 404
    assert client.post(address, form | {"from_date": "2025-01-01"}).status_code == 302
    person = Person.objects.get(id=cast.learner.person_id)
    assert person.unit == cast.budget
    assert person.posts.count() == 2
    assert "2024-12-31" in _text(client, address)


def test_it_gives_a_new_code_once(cast: Cast) -> None:
    answer = cast.organiser.client().post(f"/people/{cast.learner.person_id}/reset/")
    code = re.search(r"<strong>(\w{5}-\w{5})</strong>", answer.content.decode())
    assert code
    assert answer.headers["Cache-Control"] == "no-store"
    assert api.sign_in(username="p002", secret=code[1], address="").must_set_password


def test_it_issues_codes_as_workbook_and_as_slips(cast: Cast) -> None:
    api.add_person(actor=cast.organiser.actor, number="0001", name="甲", unit_id=cast.budget.id)
    client = cast.organiser.client()
    data = client.post("/people/codes/", {"as": "xlsx"}).content
    rows = _rows(data)
    assert len(rows) == 2
    assert rows[1][:2] == ["0001", "甲"]
    assert api.sign_in(username="0001", secret=str(rows[1][4]), address="").must_set_password
    assert "0001" not in client.post("/people/codes/", {"as": "print"}).content.decode(), "the code is still good"
    assert "0001" in client.post("/people/codes/", {"as": "print", "renew": "1"}).content.decode()


def test_it_adds_renames_and_merges_units(cast: Cast) -> None:
    client = cast.organiser.client()
    assert client.post("/people/units/", {"name": "国库科", "parent": cast.finance.id}).status_code == 302
    assert client.post("/people/units/", {"name": "国库科", "parent": cast.finance.id}).status_code == 422
    assert client.post("/people/units/", {"name": "X", "parent": cast.health.id}).status_code == 404
    assert client.post("/people/units/", {"name": "X", "parent": ""}).status_code == 403
    made = Unit.objects.get(name="国库科")
    assert client.post(f"/people/units/{made.id}/", {"do": "rename", "name": "国库处", "code": "GK"}).status_code == 302
    assert client.post(f"/people/units/{cast.finance.id}/", {"do": "merge", "into": made.id}).status_code == 422
    assert client.post(f"/people/units/{cast.budget.id}/", {"do": "merge", "into": made.id}).status_code == 302
    assert Person.objects.get(id=cast.clerk.person_id).unit == made
    assert cast.organiser.actor.has(Role.ORGANISER, at=cast.budget.path)


def test_it_reaches_what_is_stored_under_a_merged_unit(cast: Cast) -> None:
    api.grant_role(
        actor=cast.administrator, person_id=cast.colleague.person_id, role=Role.LEADER, unit_id=cast.health.id
    )
    api.merge_units(actor=cast.administrator, unit_id=cast.budget.id, into_id=cast.health.id)
    assert cast.colleague.actor.has(Role.LEADER, at=cast.budget.path)
    assert not cast.colleague.actor.has(Role.LEADER, at=cast.finance.path)


def test_it_gives_and_takes_roles(cast: Cast) -> None:
    client = client_of(cast.administrator_id)
    form = {"number": "p002", "role": "leader", "unit": cast.finance.id}
    assert client.post("/people/roles/", form | {"number": "nobody"}).status_code == 422
    assert client.post("/people/roles/", form | {"role": "king"}).status_code == 422
    assert client.post("/people/roles/", form).status_code == 302
    assert cast.learner.actor.has(Role.LEADER, at=cast.budget.path)
    grant = RoleGrant.objects.get(account_id=cast.learner.account_id)
    assert client.post(f"/people/roles/{grant.id}/revoke/").status_code == 302
    last = RoleGrant.objects.get(account_id=cast.administrator_id)
    assert client.post(f"/people/roles/{last.id}/revoke/").status_code == 409
    assert cast.organiser.client().post("/people/roles/", form).status_code == 404


def test_it_imports_a_messy_roster_through_the_pages(cast: Cast) -> None:
    client = cast.organiser.client()
    rows = [
        good("００３１", "张㛃"),
        [None] * 10,
        good("0032", "刘䶮"),
        good("0032", "重复"),
        good(33, "=cmd()"),
        good("0034", unit="林业局"),
    ]
    file = SimpleUploadedFile("名册.xlsx", workbook(rows, title="财政局人员名册"))
    uploaded = client.post("/people/import/", {"unit": cast.finance.id, "file": file})
    assert uploaded.status_code == 302
    page = _text(client, uploaded["Location"])
    assert "A 人员编号" in page
    assert page.count(" selected") >= 10
    form = dict(re.findall(r'<select class="form-select" id="f-(\w+)".*?<option value="(\d+)" selected', page))
    done = client.post(uploaded["Location"], form | {"sheet": "人员", "header": "3"})
    assert done.status_code == 302
    page = _text(client, done["Location"])
    assert all(f'<strong class="sy-num">{cell}</strong>' in page for cell in ("A6", "A7", "A8", "C9"))
    assert not Person.objects.filter(number="0031").exists()
    client.post(f"{done['Location']}accept/")
    assert Person.objects.get(number="0031").name == "张㛃"
    assert not Person.objects.filter(number="0034").exists()
    rejected = _rows(client.get(f"{done['Location']}rejected/").content)
    assert [r[0] for r in rejected[1:]] == ["0032", "0032", 33.0, "0034"]
    assert rejected[3][1] == "=cmd()"
    assert all(str(r[-1]) for r in rejected[1:])
    assert rejected[1][-2] == 6.0


def test_it_asks_again_for_what_an_upload_lacks(cast: Cast) -> None:
    client = cast.organiser.client()
    assert client.post("/people/import/", {"unit": cast.finance.id}).status_code == 422
    assert client.post("/people/import/", {"unit": ""}).status_code == 422
    text = SimpleUploadedFile("名册.csv", "编号,姓名".encode())
    assert ".xlsx" in client.post("/people/import/", {"unit": cast.finance.id, "file": text}).content.decode()


def test_it_keeps_the_columns_chosen_when_one_is_missing(cast: Cast) -> None:
    client = cast.organiser.client()
    file = SimpleUploadedFile("名册.xlsx", workbook([good("1a")]))
    address = client.post("/people/import/", {"unit": cast.finance.id, "file": file})["Location"]
    answer = client.post(address, {"sheet": "人员", "header": "1", "number": "1", "create_units": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "sy-problem" in page
    assert 'value="1" checked' in page
    assert re.search(r'id="f-number".*?<option value="1" selected', page)


def test_it_shows_an_import_to_no_one_else(cast: Cast) -> None:
    file = SimpleUploadedFile("名册.xlsx", workbook([good("1a")]))
    address = cast.organiser.client().post("/people/import/", {"unit": cast.finance.id, "file": file})["Location"]
    for client in (cast.stranger.client(), client_of(cast.administrator_id)):
        assert client.get(address).status_code == 404


def test_it_gives_a_template_that_the_import_understands(cast: Cast) -> None:
    client = cast.organiser.client()
    data = client.get("/people/import/template/").content
    assert _rows(data)[0][:3] == ["人员编号", "姓名", "单位"]
    assert CalamineWorkbook.from_filelike(BytesIO(data)).sheet_names == ["人员名单", "填写说明"]
    answer = client.post("/people/import/", {"unit": cast.finance.id, "file": SimpleUploadedFile("t.xlsx", data)})
    assert "A 人员编号" in _text(client, answer["Location"])


def test_it_marks_synthetic_people(cast: Cast) -> None:
    Person.objects.filter(id=cast.learner.person_id).update(synthetic=True)
    assert "sy-mark-synthetic" in _text(cast.organiser.client(), "/people/")
