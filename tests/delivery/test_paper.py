"""Paper: every bad cell is named, nothing counts before it is confirmed, and what counts is scored like the screen."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
import xlsxwriter

from shuyang.cli.verifying import verify_export
from shuyang.delivery.api import (
    CampaignView,
    Frame,
    NotOnPaper,
    PaperState,
    ProblemsLeft,
    audit_export,
    make_sheets,
    paper_check,
    paper_state,
    read_answers,
    write_answers,
)
from shuyang.delivery.models import PaperImport, PaperSheet, Response, Sitting
from shuyang.delivery.paper.rules import read_cell
from shuyang.evidence.api import estimate, observations_of
from shuyang.itembank.api import (
    DesignKind,
    ItemType,
    contents,
    current_release,
    fix_design,
    grade,
    normalise,
    plan,
    presentation,
    save_design,
)
from shuyang.itembank.designs.checking import check_design
from shuyang.itembank.models import DesignRow
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.trust.api import SYSTEM
from tests.delivery.test_plans import spec_of
from tests.delivery.world import World, open_campaign

DAY = date(2026, 11, 21)


@pytest.fixture
def made(world: World) -> CampaignView:
    """A campaign whose two forms can be printed, with four answer sheets."""
    spec = spec_of(DesignKind.FORMS, paper=True, length=10, facet_minimums={})
    draft = save_design(actor=SYSTEM, title="纸笔卷", spec=spec)
    found = check_design(spec, current_release(), step=lambda done, total: None)
    DesignRow.objects.filter(id=draft.id).update(check_body=found.to_dict())
    view = fix_design(actor=SYSTEM, design_id=draft.id)
    made = open_campaign(world.cast, blueprint="", frame=Frame(plan_hash=view.hash))
    make_sheets(actor=world.cast.organiser.actor, campaign_id=made.id, copies=4)
    return made


def _state(world: World, made: CampaignView) -> PaperState:
    return paper_state(actor=world.cast.organiser.actor, campaign_id=made.id)


def written(shown: Any) -> str:
    """Some complete answer to an item as one writes it on paper: the first options."""
    match shown.type:
        case ItemType.SINGLE:
            return "A"
        case ItemType.MULTIPLE:
            return "ab"
        case ItemType.ORDER:
            return "".join(chr(65 + n) for n in range(len(shown.options)))
        case ItemType.MATCH:
            return "".join(f"{n + 1}{chr(65 + n)}" for n in range(min(len(shown.left), len(shown.right))))
        case _:
            return "12.5"


def _row(world: World, made: CampaignView, sheet: int, number: Any) -> list[Any]:
    state = _state(world, made)
    form = state.forms[state.sheets[sheet].form]
    return [state.sheets[sheet].code, number, *(written(item) for item in form.items)]


def workbook(rows: list[list[Any]], heading: list[Any] | None = None) -> bytes:
    data = BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, heading or ["卷号", "人员编号", *map(str, range(1, 11))])
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
    return data.getvalue()


def _read(world: World, made: CampaignView, rows: list[list[Any]], **changes: Any) -> UUID:
    values: dict[str, Any] = {"held_on": DAY, "file_name": "答案.xlsx", "data": workbook(rows), "agreed": True}
    return read_answers(actor=world.cast.organiser.actor, campaign_id=made.id, **values | changes)


def _problems(world: World, made: CampaignView, import_id: UUID) -> list[tuple[str, str]]:
    seen = paper_check(actor=world.cast.organiser.actor, campaign_id=made.id, import_id=import_id)
    return [(p.where, p.code) for p in seen.problems]


def test_answers_from_paper_are_scored_as_on_the_screen_and_marked(world: World, made: CampaignView) -> None:
    rows = [_row(world, made, 0, "P002"), _row(world, made, 1, "P004")]
    key = _read(world, made, rows)
    assert not Sitting.objects.exists()
    for _ in range(2):
        seen = write_answers(actor=world.cast.organiser.actor, campaign_id=made.id, import_id=key)
        assert (seen.state, PaperSheet.objects.exclude(sitting_id=None).count()) == ("written", 2)
    row = Sitting.objects.get(person_id=world.cast.learner.person_id)
    assert (row.mode, row.state, row.stop_reason, len(row.answers)) == ("paper", "finished", "form_complete", 10)
    assert verify_export(audit_export(actor=SYSTEM, sitting_id=row.id)).agrees
    observed = observations_of(source="delivery", source_id=row.id)
    assert {o.observation.conditions["mode"] for o in observed} == {"paper"}
    assert row.estimate_id is not None
    assert estimate(actor=world.learner, estimate_id=row.estimate_id).estimate.answered == 10
    assert PaperImport.objects.get().rows == []


def test_each_answer_is_graded_by_its_own_item(world: World, made: CampaignView) -> None:
    rows = [_row(world, made, 0, "P002")]
    write_answers(actor=world.cast.organiser.actor, campaign_id=made.id, import_id=_read(world, made, rows))
    form = _state(world, made).forms[0]
    bank = current_release()
    ids = plan(hash=made.plan_hash).forms[0]
    said = contents(version_ids=[bank.by_id[item].version_id for item in ids])
    for place, item in enumerate(ids):
        content = said[bank.by_id[item].version_id]
        raw = read_cell(rows[0][2 + place], form.items[place])
        assert isinstance(raw, dict)
        expected = grade(content, normalise(content, raw))
        stored = Response.objects.get(position=place + 1)
        assert (stored.item_version_id, stored.category) == (bank.by_id[item].version_id, expected.category)


def test_every_bad_cell_is_named_and_nothing_is_written(world: World, made: CampaignView) -> None:
    rows = [
        _row(world, made, 0, 1234),
        _row(world, made, 1, "P999"),
        ["ZZZZZZZZ", "P003", *_row(world, made, 2, "P003")[2:]],
        _row(world, made, 3, "P005"),
    ]
    form = _state(world, made).forms[_state(world, made).sheets[0].form]
    lettered = (ItemType.SINGLE, ItemType.MULTIPLE)  # a form, drawn anew each time, may have no single choice
    single = next(n for n, item in enumerate(form.items) if item.type in lettered)
    bad = _row(world, made, 0, "P002")
    bad[2 + single] = "Z"
    key = _read(world, made, [*rows, bad])
    cell = f"{chr(ord('C') + single)}6"
    found = _problems(world, made, key)
    assert ("B2", "number_as_number") in found
    assert ("B3", "number_unknown") in found
    assert ("A4", "paper_unknown_sheet") in found
    assert ("B5", "number_unknown") in found
    assert ("A2", "paper_sheet_used") in found
    assert ("A6", "paper_sheet_used") in found
    with pytest.raises(ProblemsLeft):
        write_answers(actor=world.cast.organiser.actor, campaign_id=made.id, import_id=key)
    assert not Sitting.objects.exists()
    alone = _read(world, made, [bad])
    assert _problems(world, made, alone) == [(cell.replace("6", "2"), "paper_unknown_letter")]


def test_good_rows_are_written_when_that_is_confirmed(world: World, made: CampaignView) -> None:
    rows = [_row(world, made, 0, "P002"), _row(world, made, 1, "P999")]
    key = _read(world, made, rows)
    seen = write_answers(actor=world.cast.organiser.actor, campaign_id=made.id, import_id=key, good_rows_only=True)
    assert seen.written == 1
    assert list(Sitting.objects.values_list("person_id", flat=True)) == [world.cast.learner.person_id]


def test_nobody_is_scored_twice(world: World, made: CampaignView) -> None:
    first = _read(world, made, [_row(world, made, 0, "P002")])
    write_answers(actor=world.cast.organiser.actor, campaign_id=made.id, import_id=first)
    used = _read(world, made, [_row(world, made, 0, "P003"), _row(world, made, 1, "P002")])
    assert _problems(world, made, used) == [("A2", "paper_sheet_used"), ("B3", "paper_attempts_used")]
    twice = _read(world, made, [_row(world, made, 1, "P003"), _row(world, made, 2, "P003")])
    assert _problems(world, made, twice) == [("B2", "paper_person_twice"), ("B3", "paper_person_twice")]


def test_rows_left_empty_are_sheets_that_did_not_come_back(world: World, made: CampaignView) -> None:
    codes = [sheet.code for sheet in _state(world, made).sheets]
    rows = [_row(world, made, 0, "P002"), [codes[1]], [codes[2], "", *[""] * 10]]
    assert _problems(world, made, _read(world, made, rows)) == []
    with pytest.raises(Invalid) as refused:
        _read(world, made, [[codes[1]]])
    assert [p.code for p in refused.value.problems] == ["paper_no_answers"]


@pytest.mark.parametrize(
    ("changes", "where", "code"),
    [
        ({"held_on": None}, "held_on", "required"),
        ({"held_on": date(2026, 11, 23)}, "held_on", "day_ahead"),
        ({"agreed": False}, "agreed", "paper_consent"),
        ({"data": b"PK no workbook"}, "file", "file_not_excel"),
        ({"data": workbook([["x"]], ["卷号", "工号", "1", "2"])}, "file", "paper_columns"),
        ({"data": workbook([["x"]], ["a", "b"])}, "file", "paper_no_heading"),
    ],
)
def test_it_refuses_what_is_no_workbook_of_answers(
    world: World, made: CampaignView, changes: dict[str, Any], where: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        _read(world, made, [_row(world, made, 0, "P002")], **changes)
    assert [(p.where, p.code) for p in refused.value.problems] == [(where, code)]
    assert not PaperImport.objects.exists()


def test_cells_are_read_as_one_writes_them(world: World) -> None:
    shown = {}
    for item in current_release().items:
        content = contents(version_ids=[item.version_id])[item.version_id]
        shown.setdefault(item.type, presentation(content, "paper"))
    single, multiple = shown[ItemType.SINGLE], shown[ItemType.MULTIPLE]
    match, number = shown[ItemType.MATCH], shown[ItemType.NUMBER]
    ids = [o.id for o in multiple.options]
    assert read_cell(" b ", single) == {"choice": single.options[1].id}
    assert read_cell("A、c", multiple) == {"choices": [ids[0], ids[2]]}
    assert read_cell("1b, 2A", match) == {
        "pairs": {match.left[0].id: match.right[1].id, match.left[1].id: match.right[0].id}
    }
    assert read_cell(12.5, number) == {"value": "12.5"}
    assert read_cell("", single) == read_cell("  ", match) == read_cell("", number) == {"omitted": True}
    assert read_cell("AB", single) == "paper_one_letter"
    assert read_cell("AA", multiple) == "paper_unknown_letter"
    assert read_cell(1.0, single) == "paper_not_letters"
    assert read_cell("A1", match) == "paper_pairs"
    assert read_cell("A", shown[ItemType.ORDER]) == "paper_all_letters"


def test_only_printable_forms_and_only_organisers(world: World, made: CampaignView) -> None:
    organiser = world.cast.organiser.actor
    assert paper_state(actor=organiser, campaign_id=world.campaign.id).forms == ()
    with pytest.raises(NotOnPaper):
        make_sheets(actor=organiser, campaign_id=world.campaign.id, copies=1)
    with pytest.raises(Invalid):
        make_sheets(actor=organiser, campaign_id=made.id, copies=497)
    for actor in (world.learner, world.cast.stranger.actor):
        for door in (paper_state, lambda **k: make_sheets(copies=1, **k)):
            with pytest.raises(NotFound):
                door(actor=actor, campaign_id=made.id)
    assert [sheet.form for sheet in _state(world, made).sheets] == [0, 0, 1, 1]
