"""Rosters from Excel: what survives, what is refused and where, and that nothing is written until accepted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.cast import Cast, make_cast
from tests.people.rosters import HEADER, good, identity, messy, workbook

from shuyang.kernel.clock import frozen
from shuyang.kernel.errors import Forbidden, Invalid, NotFound
from shuyang.people import api, tasks
from shuyang.people.importing import columns
from shuyang.people.importing import services as importing
from shuyang.people.importing.contracts import Field, ImportState, ImportView
from shuyang.people.importing.queries import import_view, rejected_rows
from shuyang.people.importing.workbook import Roster
from shuyang.people.models import ImportPart, Person, Post, RoleGrant, Unit
from shuyang.trust.api import Actor, check_audit, decrypt_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def _checked(actor: Actor, data: bytes, unit_id: UUID | None, *, create: bool = False) -> ImportView:
    batch = importing.upload(actor=actor, file_name="名单.xlsx", data=data, unit_id=unit_id)
    head, reading = importing.head(actor=actor, batch_id=batch)
    importing.check(
        actor=actor,
        batch_id=batch,
        sheet=head.sheet,
        header_row=reading.header_row,
        matched=reading.columns,
        create_units=create,
        in_job=False,
    )
    importing.run_check(batch, lambda done, total: None)
    return import_view(actor=actor, batch_id=batch)


def _imported(actor: Actor, data: bytes, unit_id: UUID | None, *, create: bool = False) -> ImportView:
    batch = _checked(actor, data, unit_id, create=create).id
    importing.accept(actor=actor, batch_id=batch, in_job=False)
    importing.run_write(batch, lambda done, total: None)
    return import_view(actor=actor, batch_id=batch)


def _problems(view: ImportView) -> set[tuple[str, str]]:
    return {(p.where, p.code) for report in view.reports for p in report.problems}


def test_it_writes_nothing_until_accepted_and_then_everything(cast: Cast) -> None:
    data = workbook([good("0017", "张㛃"), good("0018", "刘䶮", **{"科室": "预算科"})])
    view = _checked(cast.organiser.actor, data, cast.finance.id)
    assert (view.state, view.counts.new, view.counts.rejected) == (ImportState.CHECKED, 2, 0)
    assert not Person.objects.filter(number__startswith="00").exists()
    importing.accept(actor=cast.organiser.actor, batch_id=view.id, in_job=False)
    importing.run_write(view.id, lambda done, total: None)
    people = {p.number: p for p in Person.objects.filter(number__startswith="00")}
    assert people["0017"].unit == cast.finance
    assert people["0018"].unit == cast.budget
    post = api.post_on(person_ids=[people["0018"].id], day=date(2024, 1, 1))[people["0018"].id]
    assert (post.rank_layer, post.job_category, post.unit_path) == (
        "general",
        "general_administration",
        cast.budget.path,
    )
    assert check_audit().whole


def test_it_finds_everybody_unchanged_the_second_time(cast: Cast) -> None:
    data = workbook([good(f"N{i}", "王小明", **{"身份证号": identity(i), "手机": "13800138000"}) for i in range(5)])
    assert _imported(cast.organiser.actor, data, cast.finance.id).counts.new == 5
    before = list(Person.objects.order_by("number").values_list("id", "identity_number"))
    counts = _imported(cast.organiser.actor, data, cast.finance.id).counts
    assert (counts.new, counts.changed, counts.unchanged, counts.rejected) == (0, 0, 5, 0)
    assert list(Person.objects.order_by("number").values_list("id", "identity_number")) == before
    assert Person.objects.filter(name="王小明").count() == 5, "never merged by name"


def test_it_keeps_what_excel_and_people_do_to_cells(cast: Cast) -> None:
    rows = [
        good("００１２", "王　明", **{"任现职时间": "2024年1月1日"}),
        good(" 0013 ", "买买提•艾力", **{"任现职时间": date(2024, 1, 2)}),
        good("a-14", "陈𬭎", **{"任现职时间": "2024/1/3"}),
        good("0015", "王𠅤", **{"任现职时间": "2024-01-04", "身份证号": identity(3).lower()}),
        good("0016", "李𫖯", **{"任现职时间": "２０２４．１．５", "手机": 13800138000}),
    ]
    assert _imported(cast.organiser.actor, workbook(rows), cast.finance.id).counts.new == 5
    people = {p.number: p for p in Person.objects.filter(account=None)}
    assert {n: p.name for n, p in people.items()} == {
        "0012": "王明",
        "0013": "买买提·艾力",
        "A-14": "陈𬭎",
        "0015": "王𠅤",
        "0016": "李𫖯",
    }
    days = [people[n].posts.get().from_date.day for n in ("0012", "0013", "A-14", "0015", "0016")]
    assert days == [1, 2, 3, 4, 5]
    assert decrypt_for(people["0015"].id, bytes(people["0015"].identity_number), field="identity_number") == identity(3)
    assert decrypt_for(people["0016"].id, bytes(people["0016"].phone), field="phone") == "13800138000"
    for text in ("𬭎", "chenhong", "ch", "A-14"):
        assert "A-14" in [p.number for p in api.search(actor=cast.organiser.actor, text=text)], text


@pytest.mark.parametrize(
    ("heading", "value", "address", "code"),
    [
        ("人员编号", 1234, "A2", "number_as_number"),
        ("人员编号", date(2024, 1, 1), "A2", "number_as_date"),
        ("人员编号", "张三", "A2", "number_bad_cell"),
        ("人员编号", None, "A2", "number_missing"),
        ("姓名", None, "B2", "name_missing"),
        ("姓名", "#N/A", "B2", "excel_error"),
        ("单位", "林业局", "C2", "unit_unknown"),
        ("科室", "会计科", "C2", "unit_unknown"),
        ("人员层次", "神仙", "E2", "rank_layer_unknown"),
        ("人员层次", None, "E2", "rank_layer_missing"),
        ("岗位类别", None, "F2", "job_category_missing"),
        ("任现职时间", 2024.1, "H2", "date_as_number"),
        ("任现职时间", "2024.13.1", "H2", "date_bad"),
        ("任现职时间", "2199-01-01", "H2", "post_in_future"),
        ("身份证号", 110101199001010012, "I2", "identity_as_number"),
        ("身份证号", identity(1)[:-1] + ("0" if identity(1)[-1] != "0" else "1"), "I2", "identity_bad_cell"),
        ("手机", "12", "J2", "phone_bad_cell"),
    ],
)
def test_it_refuses_a_bad_cell_with_its_address(cast: Cast, heading: str, value: Any, address: str, code: str) -> None:
    view = _checked(cast.organiser.actor, workbook([good("N1", **{heading: value})]), cast.finance.id)
    assert (address, code) in _problems(view)
    assert view.counts.rejected == 1


def test_it_reports_doubled_numbers_and_identities_on_both_rows(cast: Cast) -> None:
    same = {"身份证号": identity(7)}
    rows = [good("N1"), good("N2", **same), good("Ｎ１"), good("N3", **same), good("N4")]
    view = _checked(cast.organiser.actor, workbook(rows), cast.finance.id)
    assert _problems(view) == {
        ("A2", "number_twice"),
        ("A4", "number_twice"),
        ("I3", "identity_twice"),
        ("I5", "identity_twice"),
    }
    assert view.counts.new == 1


def test_it_finds_the_header_below_a_merged_title_and_skips_blank_rows(cast: Cast) -> None:
    rows = [good("N1"), [None] * 10, ["", "  "], good("N2")]
    view = _checked(cast.organiser.actor, workbook(rows, title="云川市财政局人员名册"), cast.finance.id)
    assert view.reading is not None
    assert view.reading.header_row == 2
    assert (view.counts.rows, view.counts.new) == (2, 2)


def test_it_knows_english_headings_and_notes_in_brackets() -> None:
    head = Roster(workbook([], header=("Staff No.", "* Full name", "单位（必填）", "岗位类别[下拉]", "Remarks"))).head()
    assert columns.guess(head).columns == {Field.NUMBER: 0, Field.NAME: 1, Field.UNIT: 2, Field.JOB_CATEGORY: 3}


def test_it_changes_only_what_the_file_says_and_dates_the_post(cast: Cast) -> None:
    first = workbook([good("N1", **{"手机": "13800138000", "职务": "科员"})])
    _imported(cast.organiser.actor, first, cast.finance.id)
    second = workbook([good("N1", "王小鸣", unit="预算科", **{"人员层次": "领导干部", "任现职时间": "2025-03-01"})])
    counts = _imported(cast.organiser.actor, second, cast.finance.id).counts
    assert (counts.changed, counts.new) == (1, 0)
    person = Person.objects.get(number="N1")
    assert (person.name, person.unit, bool(person.phone)) == ("王小鸣", cast.budget, True)
    held = list(
        Post.objects.filter(person=person).order_by("from_date").values_list("rank_layer", "from_date", "to_date")
    )
    assert held == [("general", date(2024, 1, 1), date(2025, 2, 28)), ("leader", date(2025, 3, 1), None)]
    again = _imported(cast.organiser.actor, second, cast.finance.id).counts
    assert (again.unchanged, again.changed) == (1, 0)
    back = _checked(cast.organiser.actor, workbook([good("N1", **{"任现职时间": "2024-06-01"})]), cast.finance.id)
    assert ("H2", "post_before_current") in _problems(back)


def test_it_makes_missing_units_only_when_asked_and_only_for_rows_taken(cast: Cast) -> None:
    rows = [good("N1", unit="财政局/国库科"), good("N2", **{"科室": "国库科"}), good(5, unit="财政局/幽灵科")]
    refused = _checked(cast.organiser.actor, workbook(rows), cast.finance.id)
    assert ("C2", "unit_unknown") in _problems(refused)
    assert refused.counts.units == 0
    view = _imported(cast.organiser.actor, workbook(rows), cast.finance.id, create=True)
    assert (view.counts.new, view.counts.units, view.new_units) == (2, 1, ("云川市/财政局/国库科",))
    unit = Unit.objects.get(name="国库科")
    assert unit.parent == cast.finance
    assert unit.path.startswith(cast.finance.path)
    assert Person.objects.filter(unit=unit, unit_path=unit.path).count() == 2


def test_it_keeps_to_the_units_of_the_one_who_imports(cast: Cast) -> None:
    stranger = cast.stranger.actor
    view = _checked(stranger, workbook([good("P002", unit="卫健委"), good("N9", unit="财政局")]), cast.health.id)
    assert _problems(view) == {("A2", "number_elsewhere"), ("C3", "unit_unknown")}
    with pytest.raises((NotFound, Forbidden)):
        importing.upload(actor=stranger, file_name="x.xlsx", data=workbook([good("N1")]), unit_id=cast.finance.id)
    with pytest.raises(NotFound):
        import_view(actor=cast.organiser.actor, batch_id=view.id)


def test_it_says_who_else_has_an_identity_number_and_who_left(cast: Cast) -> None:
    _imported(cast.organiser.actor, workbook([good("N1", **{"身份证号": identity(9)})]), cast.finance.id)
    api.deactivate_person(actor=cast.organiser.actor, person_id=cast.learner.person_id)
    rows = [good("N2", **{"身份证号": identity(9)}), good("P002")]
    assert _problems(_checked(cast.organiser.actor, workbook(rows), cast.finance.id)) == {
        ("I2", "identity_of_other"),
        ("A3", "person_inactive_row"),
    }


def test_it_gives_rejected_rows_back_and_forgets_the_workbook(cast: Cast) -> None:
    view = _imported(cast.organiser.actor, workbook([good("N1"), good(17, "=1+1")]), cast.finance.id)
    heading, rows = rejected_rows(actor=cast.organiser.actor, batch_id=view.id)
    assert heading == list(HEADER)
    assert [(r.row, cells[0], cells[1]) for r, cells in rows] == [(3, 17.0, "=1+1")]
    assert not ImportPart.objects.filter(batch_id=view.id, kind="workbook").exists()


def test_it_keeps_no_readable_copy_of_what_was_uploaded(cast: Cast) -> None:
    view = _checked(cast.organiser.actor, workbook([good(8, "某某某")]), cast.finance.id)
    sealed = b"".join(bytes(p.sealed) for p in ImportPart.objects.filter(batch_id=view.id))
    assert sealed
    assert "某某某".encode() not in sealed
    assert b"PK" not in sealed[:64]
    importing.discard(actor=cast.organiser.actor, batch_id=view.id)
    assert not ImportPart.objects.filter(batch_id=view.id).exists()


def test_it_asks_for_the_columns_it_needs(cast: Cast) -> None:
    actor = cast.organiser.actor
    batch = importing.upload(actor=actor, file_name="x.xlsx", data=workbook([good("N1")]), unit_id=cast.finance.id)
    with pytest.raises(Invalid) as caught:
        importing.check(
            actor=actor,
            batch_id=batch,
            sheet="人员",
            header_row=0,
            create_units=False,
            in_job=False,
            matched={Field.NUMBER: 0, Field.RANK_LAYER: 4, Field.TITLE: 4},
        )
    assert {(p.where, p.code) for p in caught.value.problems} == {
        ("name", "column_needed"),
        ("job_category", "column_post_needed"),
        ("rank_layer", "column_twice"),
        ("title", "column_twice"),
    }


def test_it_takes_up_an_import_that_stopped_on_the_way(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    view = _checked(cast.organiser.actor, workbook([good(f"N{i}") for i in range(5)]), cast.finance.id)
    importing.accept(actor=cast.organiser.actor, batch_id=view.id, in_job=False)

    def stop(done: int, total: int) -> None:
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        importing.run_write(view.id, stop)
    assert Person.objects.filter(number__startswith="N").count() == 2
    assert import_view(actor=cast.organiser.actor, batch_id=view.id).state == ImportState.FAILED
    importing.accept(actor=cast.organiser.actor, batch_id=view.id, in_job=False)
    counts = importing.run_write(view.id, lambda done, total: None)
    assert (counts.new, counts.unchanged) == (3, 2)


def test_it_reads_an_excel_date_with_a_time(cast: Cast) -> None:
    _imported(cast.organiser.actor, workbook([good("N1", **{"任现职时间": datetime(2024, 5, 6)})]), cast.finance.id)
    assert Post.objects.get(person__number="N1").from_date == date(2024, 5, 6)


def test_it_counts_an_import_as_stopped_when_its_process_died(cast: Cast) -> None:
    with frozen(datetime(2026, 11, 22, 1, tzinfo=UTC)) as advance:
        view = _checked(cast.organiser.actor, workbook([good("N1")]), cast.finance.id)
        importing.accept(actor=cast.organiser.actor, batch_id=view.id, in_job=False)
        with pytest.raises(importing.ImportMoved):
            importing.accept(actor=cast.organiser.actor, batch_id=view.id, in_job=False)
        advance(timedelta(minutes=3))
        assert import_view(actor=cast.organiser.actor, batch_id=view.id).state == ImportState.FAILED
        importing.accept(actor=cast.organiser.actor, batch_id=view.id, in_job=False)
        assert importing.run_write(view.id, lambda done, total: None).new == 1


def test_it_forgets_old_uploads(cast: Cast) -> None:
    with frozen(datetime(2026, 11, 22, 1, tzinfo=UTC)) as advance:
        view = _checked(cast.organiser.actor, workbook([good("N1")]), cast.finance.id)
        assert importing.sweep() == 0
        advance(timedelta(days=8))
        assert importing.sweep() == 1
        assert not ImportPart.objects.exists()
        assert import_view(actor=cast.organiser.actor, batch_id=view.id).state == ImportState.DISCARDED


def test_it_ends_an_import_whose_owner_lost_the_role(cast: Cast) -> None:
    view = _checked(cast.organiser.actor, workbook([good("N1")]), cast.finance.id)
    importing.accept(actor=cast.organiser.actor, batch_id=view.id, in_job=False)
    RoleGrant.objects.filter(account_id=cast.organiser.account_id).delete()
    with pytest.raises(NotFound):
        importing.run_write(view.id, lambda done, total: None)
    assert not Person.objects.filter(number="N1").exists()


def test_it_imports_a_roster_as_life_makes_them(cast: Cast) -> None:
    data, fit, bad = messy(200)
    counts = _imported(cast.organiser.actor, data, cast.finance.id).counts
    assert (counts.rows, counts.new, counts.rejected) == (200, fit, bad)
    assert Person.objects.filter(number="00007", unit=cast.finance).exists()
    again = _imported(cast.organiser.actor, data, cast.finance.id).counts
    assert (again.new, again.changed, again.unchanged, again.rejected) == (0, 0, fit, bad)


def test_it_reports_progress_at_most_twice_a_second(cast: Cast) -> None:
    seen: list[int] = []

    class Recorder:
        def step(self, done: int, total: int) -> None:
            seen.append(done)

    with frozen(datetime(2026, 11, 22, 1, tzinfo=UTC)) as advance:
        step = tasks.paced(Recorder())  # type: ignore[arg-type]
        for done in (1, 2, 3):
            step(done, 9)
        advance(timedelta(seconds=1))
        step(4, 9)
        step(9, 9)
    assert seen == [1, 4, 9]
