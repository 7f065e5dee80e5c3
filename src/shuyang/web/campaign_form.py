"""The form of a new campaign, read back into what delivery takes. What can't be read is a problem at its field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict

from shuyang.delivery import api as delivery
from shuyang.kernel.canonical import content_hash
from shuyang.kernel.clock import BEIJING
from shuyang.kernel.errors import Invalid, Problem
from shuyang.kernel.ids import parse_id
from shuyang.people.api import JobCategory, RankLayer, Roster, address

NUMBER_HEADINGS = ("人员编号", "人员编码", "工号", "编号", "number", "person number")
_AUDIENCE_FIELDS = ("unit", "audience", "age_from", "age_to", "numbers")


def read_form(form: QueryDict) -> delivery.CampaignDraft:
    """Read every field. Raises `Invalid` naming all that can't be read."""
    reader = _Reader(form)
    purpose = reader.choice("purpose", delivery.Purpose)
    unit_id = reader.key("unit")
    opens_at, closes_at = reader.moment("opens_at"), reader.moment("closes_at")
    frame = _frame(reader)
    if reader.problems or purpose is None or unit_id is None:
        raise Invalid(reader.problems)
    return delivery.CampaignDraft(
        form.get("name", ""), purpose, unit_id, reader.blueprint(), opens_at, closes_at, frame
    )


def _frame(reader: _Reader) -> delivery.Frame:
    form = reader.form
    return delivery.Frame(
        plan_hash=reader.plan(),
        audience=_audience(reader),
        showing=delivery.Showing(
            reader.choice("shown_when", delivery.ShownWhen, delivery.ShownWhen.AT_ONCE),
            to_person=form.get("shown_to_person") == "yes",
            to_unit=form.get("shown_to_unit") == "yes",
        ),
        attempts=reader.whole("attempts") or 1,
        days_between=reader.whole("days_between") or 0,
        pretest_id=parse_id(form.get("pretest", "")),
        remind=form.get("remind") == "yes",
    )


def _audience(reader: _Reader) -> delivery.Audience:
    form = reader.form
    return delivery.Audience(
        kind=reader.choice("audience", delivery.AudienceKind, delivery.AudienceKind.UNIT),
        rank_layers=tuple(RankLayer(one) for one in form.getlist("rank_layers") if one in list(RankLayer)),
        job_categories=tuple(JobCategory(one) for one in form.getlist("job_categories") if one in list(JobCategory)),
        age_from=reader.whole("age_from"),
        age_to=reader.whole("age_to"),
        numbers=form.get("numbers", ""),
    )


class _Reader:
    """Reads fields and collects what is wrong."""

    def __init__(self, form: QueryDict) -> None:
        self.form, self.problems = form, list[Problem]()

    def choice(self, name: str, kind: Any, default: str = "") -> Any:
        value = self.form.get(name) or default
        if value in list(kind):
            return kind(value)
        self.problems.append(Problem(name, "unknown_choice", (("value", value),)))
        return None

    def key(self, name: str) -> UUID | None:
        found = parse_id(self.form.get(name, ""))
        if found is None:
            self.problems.append(Problem(name, "required"))
        return found

    def whole(self, name: str) -> int | None:
        text = self.form.get(name, "").strip()
        if text.isdecimal() and len(text) < 6:
            return int(text)
        if text:
            self.problems.append(Problem(name, "not_whole", (("value", text[:20]),)))
        return None

    def moment(self, name: str) -> datetime | None:
        try:
            return moment(self.form.get(name, ""), name)
        except Invalid as error:
            self.problems += error.problems
            return None

    def plan(self) -> str:
        chosen = self.form.get("blueprint", "")
        return chosen.removeprefix("plan:") if chosen.startswith("plan:") else ""

    def blueprint(self) -> str:
        return "" if self.plan() else self.form.get("blueprint", "")


def moment(text: str, where: str) -> datetime | None:
    """A date and time as the browser's field gives it, in Beijing time. Raises `Invalid`."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=BEIJING)
    except ValueError as error:
        raise Invalid([Problem(where, "not_a_date", (("value", text[:30]),))]) from error


def fingerprint(form: QueryDict) -> str:
    """Names the audience of a form: whoever opens a campaign has seen whom exactly this audience invites."""
    fields: Mapping[str, Any] = {name: form.get(name, "").strip() for name in _AUDIENCE_FIELDS}
    chosen = {name: sorted(form.getlist(name)) for name in ("rank_layers", "job_categories")}
    return content_hash({**fields, **chosen})[:16]


def numbers_from_workbook(data: bytes) -> str:
    """Person numbers of a workbook, one a line. Raises `Invalid` for what is no workbook, has none, or stores one as
    a number: each such cell is named, because Excel may have cut its zeros."""
    book = Roster(data)
    head = book.head()
    row, column = _number_column(head.rows)
    numbers, problems = list[str](), list[Problem]()
    for index, cells in book.rows(head.sheet, row):
        value = cells[column] if column < len(cells) else ""
        if isinstance(value, str):
            numbers += [value.strip()] if value.strip() else []
        else:
            problems.append(Problem(address(index, column), "number_as_number", (("value", f"{value:g}"),)))
    if problems:
        raise Invalid(problems)
    if not numbers:
        raise Invalid([Problem("file", "list_no_numbers")])
    return "\n".join(numbers)


def _number_column(rows: tuple[tuple[str, ...], ...]) -> tuple[int, int]:
    """Row and column of the heading of person numbers; (−1, 0) where there is none: the first column from the top."""
    for index, row in enumerate(rows):
        for column, text in enumerate(row):
            if text.strip().casefold() in NUMBER_HEADINGS:
                return index, column
    return -1, 0
