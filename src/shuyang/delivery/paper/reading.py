"""Read a workbook of answers: every cell that can't be taken is named, and nothing counts before it is confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from shuyang.delivery.entry import invites
from shuyang.delivery.models import Campaign, PaperImport, PaperSheet, Sitting
from shuyang.delivery.paper.contracts import PaperCheck, PaperForm
from shuyang.delivery.paper.printing import NotOnPaper, forms_of
from shuyang.delivery.paper.rules import NUMBER_HEADINGS, SHEET_HEADINGS, cell_problem, read_cell
from shuyang.delivery.rules import NOTHING_REPEATED_FOR
from shuyang.delivery.services.campaigns import locked_campaign
from shuyang.evidence.api import items_met_since
from shuyang.itembank.api import contents, normalise, plan, release
from shuyang.kernel.clock import now, today
from shuyang.kernel.errors import Invalid, NotFound, Problem
from shuyang.people.api import PersonView, Roster, address, clean_number, persons_by_number
from shuyang.trust.api import Actor


@dataclass(slots=True)
class _Row:
    """A row as it is read: `index` from 0."""

    index: int
    code: str = ""
    number: str = ""
    cells: list[Any] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Columns:
    header: int
    code: int
    number: int
    answers: Mapping[int, int]  # item number (from 1) → column


def read_answers(
    *, actor: Actor, campaign_id: UUID, held_on: date | None, file_name: str, data: bytes, agreed: bool
) -> UUID:
    """Read and check a workbook of answers. Returns the id of the check; nothing is scored yet.

    Raises `NotFound`, `NotOnPaper`; `Invalid` for what is no such workbook, a day that can't be, or where the organiser
    does not confirm that everyone agreed to the notice on the sheet.
    """
    with transaction.atomic():
        campaign = locked_campaign(actor, campaign_id)
    forms = forms_of(campaign)
    if not forms:
        raise NotOnPaper("this test can't be printed")
    if held_on is None or held_on > today():
        raise Invalid([Problem("held_on", "required" if held_on is None else "day_ahead")])
    if not agreed:
        raise Invalid([Problem("agreed", "paper_consent")])
    book = Roster(data)
    head = book.head()
    columns = _columns(head.rows, max(len(form.items) for form in forms))
    rows = [_row(index, cells, columns) for index, cells in book.rows(head.sheet, columns.header)]
    rows = [row for row in rows if row.number or row.problems or any(str(cell).strip() for cell in row.cells)]
    if not rows:
        raise Invalid([Problem("file", "paper_no_answers")])
    _check(actor, campaign, forms, columns, rows)
    return _store(actor, campaign, held_on, file_name, rows)


def _columns(rows: Sequence[Sequence[str]], items: int) -> _Columns:
    for index, row in enumerate(rows):
        named = {text.strip().casefold().removesuffix(".0"): column for column, text in enumerate(row) if text.strip()}
        code = next((named[h] for h in SHEET_HEADINGS if h in named), None)
        number = next((named[h] for h in NUMBER_HEADINGS if h in named), None)
        if code is not None and number is not None:
            missing = [n for n in range(1, items + 1) if str(n) not in named]
            if missing:
                raise Invalid([Problem("file", "paper_columns", (("missing", "、".join(map(str, missing[:10]))),))])
            return _Columns(index, code, number, {n: named[str(n)] for n in range(1, items + 1)})
    raise Invalid([Problem("file", "paper_no_heading")])


def _row(index: int, cells: Sequence[Any], columns: _Columns) -> _Row:
    def at(column: int) -> Any:
        return cells[column] if column < len(cells) else ""

    row = _Row(index, cells=[at(columns.answers[n]) for n in sorted(columns.answers)])
    number, code = at(columns.number), at(columns.code)
    row.code = code.strip().upper().replace("-", "") if isinstance(code, str) else str(code)
    where = address(index, columns.number)
    if not isinstance(number, str):
        row.problems.append(cell_problem(where, "number_as_number", value=f"{number:g}"))
    elif number.strip():
        row.number = clean_number(number) or ""
        if not row.number:
            row.problems.append(cell_problem(where, "number_bad_cell", value=number[:40]))
    elif any(str(cell).strip() for cell in row.cells):
        row.problems.append(cell_problem(where, "number_missing"))
    return row


def _check(
    actor: Actor, campaign: Campaign, forms: Sequence[PaperForm], columns: _Columns, rows: Sequence[_Row]
) -> None:
    people = persons_by_number(actor=actor, numbers=[row.number for row in rows if row.number])
    sheets = {s.code: s for s in PaperSheet.objects.filter(campaign=campaign)}
    codes, numbers = Counter(row.code for row in rows), Counter(row.number for row in rows if row.number)
    for row in rows:
        _check_person(campaign, row, people.get(row.number), address(row.index, columns.number), numbers[row.number])
        where, sheet = address(row.index, columns.code), sheets.get(row.code)
        if sheet is None:
            row.problems.append(cell_problem(where, "paper_unknown_sheet", value=row.code[:20]))
        elif sheet.sitting_id is not None or codes[row.code] > 1:
            row.problems.append(cell_problem(where, "paper_sheet_used", value=row.code))
        else:
            _check_answers(campaign, forms[sheet.form], columns, row)
            _check_met(campaign, sheet.form, row, where)


def _check_person(campaign: Campaign, row: _Row, who: PersonView | None, where: str, times: int) -> None:
    if not row.number:
        return
    if who is None:
        row.problems.append(cell_problem(where, "number_unknown"))
    elif times > 1:
        row.problems.append(cell_problem(where, "paper_person_twice", value=row.number))
    elif not invites(campaign, person_id=who.id, unit_path=who.unit_path):
        row.problems.append(cell_problem(where, "person_not_invited"))
    elif Sitting.objects.filter(campaign=campaign, person_id=who.id).count() >= campaign.attempts:
        row.problems.append(cell_problem(where, "paper_attempts_used", value=row.number))
    else:
        row.person_id = who.id


def _check_answers(campaign: Campaign, form: PaperForm, columns: _Columns, row: _Row) -> None:
    """Read each cell as an answer of its item, and let the item judge its shape."""
    bank = release(hash=campaign.release_hash)
    ids = plan(hash=campaign.plan_hash).forms[form.number]
    said = contents(version_ids=[bank.by_id[item].version_id for item in ids])
    for place, (shown, item) in enumerate(zip(form.items, ids, strict=True)):
        where = address(row.index, columns.answers[place + 1])
        raw = read_cell(row.cells[place], shown)
        if isinstance(raw, str):
            row.problems.append(cell_problem(where, raw, value=str(row.cells[place])[:20]))
            continue
        try:
            normalise(said[bank.by_id[item].version_id], raw)
        except Invalid as error:
            row.problems += [Problem(where, p.code, p.data) for p in error.problems]
        row.answers.append(raw)


def _check_met(campaign: Campaign, form: int, row: _Row, where: str) -> None:
    """No item twice within twelve months, on paper as on the screen."""
    if row.person_id is None:
        return
    met = items_met_since(person_id=row.person_id, since=now() - NOTHING_REPEATED_FOR)
    bank = release(hash=campaign.release_hash)
    again = [item for item in plan(hash=campaign.plan_hash).forms[form] if bank.by_id[item].version_id in met]
    if again:
        row.problems.append(cell_problem(where, "paper_items_met", count=str(len(again))))


def _store(actor: Actor, campaign: Campaign, held_on: date, file_name: str, rows: Sequence[_Row]) -> UUID:
    good = [row for row in rows if not row.problems]
    problems = [[p.where, p.code, [list(pair) for pair in p.data]] for row in rows for p in row.problems]
    made = PaperImport.objects.create(
        campaign=campaign,
        held_on=held_on,
        file_name=file_name[:200],
        rows=[{"code": r.code, "person": str(r.person_id), "answers": r.answers} for r in good],
        problems=problems,
        created_by=actor.account_id,
    )
    return made.id


def paper_check(*, actor: Actor, campaign_id: UUID, import_id: UUID) -> PaperCheck:
    """A workbook that was read, as its page shows it. Raises `NotFound`."""
    return check_view(import_row(actor, campaign_id, import_id))


def import_row(actor: Actor, campaign_id: UUID, import_id: UUID) -> PaperImport:
    with transaction.atomic():
        campaign = locked_campaign(actor, campaign_id)
    row = PaperImport.objects.filter(campaign=campaign, id=import_id).first()
    if row is None:
        raise NotFound("no such workbook")
    return row


def check_view(row: PaperImport) -> PaperCheck:
    problems = tuple(Problem(w, code, tuple((k, v) for k, v in data)) for w, code, data in row.problems)
    return PaperCheck(
        row.id, row.campaign_id, row.held_on, row.file_name, len(row.rows), problems, row.state, row.written
    )
