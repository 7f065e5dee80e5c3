"""Read the cells of a row. Nothing is guessed: what Excel may have changed is refused, with address and remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from shuyang.kernel.errors import Problem
from shuyang.people.contracts import JobCategory, RankLayer
from shuyang.people.importing.contracts import Field, Reading, Row
from shuyang.people.importing.workbook import address, shown
from shuyang.people.rules import clean_identity, clean_name, clean_number, clean_phone, halfwidth

RANK_LAYERS: dict[str, RankLayer] = {
    "领导干部": RankLayer.LEADER,
    "领导": RankLayer.LEADER,
    "领导人员": RankLayer.LEADER,
    "leader": RankLayer.LEADER,
    "一般干部": RankLayer.GENERAL,
    "一般": RankLayer.GENERAL,
    "干部": RankLayer.GENERAL,
    "一般人员": RankLayer.GENERAL,
    "general": RankLayer.GENERAL,
    "专业技能人才": RankLayer.SPECIALIST,
    "专业技术人才": RankLayer.SPECIALIST,
    "专业人才": RankLayer.SPECIALIST,
    "技能人才": RankLayer.SPECIALIST,
    "专技": RankLayer.SPECIALIST,
    "specialist": RankLayer.SPECIALIST,
}
JOB_CATEGORIES: dict[str, JobCategory] = {
    "综合管理": JobCategory.GENERAL_ADMINISTRATION,
    "综合管理类": JobCategory.GENERAL_ADMINISTRATION,
    "机关事务": JobCategory.OFFICE_AFFAIRS,
    "机关事务类": JobCategory.OFFICE_AFFAIRS,
    "行政审批与政务服务": JobCategory.APPROVAL_SERVICE,
    "行政审批": JobCategory.APPROVAL_SERVICE,
    "政务服务": JobCategory.APPROVAL_SERVICE,
    "行政执法": JobCategory.ENFORCEMENT,
    "行政执法类": JobCategory.ENFORCEMENT,
    "数据与信息化": JobCategory.DATA_IT,
    "数据": JobCategory.DATA_IT,
    "信息化": JobCategory.DATA_IT,
    "专业业务": JobCategory.PROFESSIONAL,
    "专业技术类": JobCategory.PROFESSIONAL,
    "专业业务类": JobCategory.PROFESSIONAL,
    **{category.value: category for category in JobCategory},
}
_EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
_DATE = re.compile(r"(\d{4})[.\-/年](\d{1,2})(?:[.\-/月](\d{1,2})日?)?月?")
_SPLIT = re.compile(r"[/／\\>＞→|｜]+")


class Refused(Exception):
    def __init__(self, code: str, **data: str) -> None:
        self.problem = (code, tuple(data.items()))


def read_row(index: int, cells: tuple[Any, ...], reading: Reading) -> Row:
    """Read one row; each bad cell becomes a problem with its address, the others are read all the same."""
    row = Row(index, cells)
    for field, column in reading.columns.items():
        value = cells[column] if column < len(cells) else ""
        if isinstance(value, str) and not value.strip():
            continue
        try:
            _READERS[field](row, value)
        except Refused as refused:
            row.problems.append(Problem(address(index, column), *refused.problem))
    _check_whole(row, reading)
    return row


def is_blank(cells: tuple[Any, ...], reading: Reading) -> bool:
    """Is there nothing in the columns we read?"""
    return all(c >= len(cells) or not str(cells[c]).strip() for c in reading.columns.values())


def _check_whole(row: Row, reading: Reading) -> None:
    """What must be there, and what belongs together."""
    bad = {p.where for p in row.problems}

    def missing(field: Field, code: str) -> None:
        where = address(row.index, reading.columns[field])
        if where not in bad:
            row.problems.append(Problem(where, code))

    if not row.number:
        missing(Field.NUMBER, "number_missing")
    if not row.name:
        missing(Field.NAME, "name_missing")
    if Field.RANK_LAYER in reading.columns and Field.JOB_CATEGORY in reading.columns:
        if row.rank_layer and not row.job_category:
            missing(Field.JOB_CATEGORY, "job_category_missing")
        elif not row.rank_layer and (row.job_category or row.title):
            missing(Field.RANK_LAYER, "rank_layer_missing")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        raise Refused("not_text", value=str(value).upper())
    text = shown(value)
    if text in _EXCEL_ERRORS:
        raise Refused("excel_error", value=text)
    return text


def _number(row: Row, value: Any) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise Refused("number_as_number", value=shown(value))
    if isinstance(value, date):
        raise Refused("number_as_date", value=shown(value))
    row.number = clean_number(_text(value)) or ""
    if not row.number:
        raise Refused("number_bad_cell", value=str(value)[:40])


def _name(row: Row, value: Any) -> None:
    row.name = clean_name(_text(value)) or ""
    if not row.name:
        raise Refused("name_bad_cell", value=str(value)[:40])


def _identity(row: Row, value: Any) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise Refused("identity_as_number", value=shown(value))
    row.identity_number = clean_identity(_text(value)) or ""
    if not row.identity_number:
        raise Refused("identity_bad_cell")


def _phone(row: Row, value: Any) -> None:
    row.phone = clean_phone(_text(value)) or ""
    if not row.phone:
        raise Refused("phone_bad_cell")


def _unit_code(row: Row, value: Any) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise Refused("unit_code_as_number", value=shown(value))
    row.unit_code = halfwidth(_text(value)).upper()


def _unit(row: Row, value: Any) -> None:
    row.unit_parts = (*_parts(value), *row.unit_parts)


def _subunit(row: Row, value: Any) -> None:
    row.unit_parts = (*row.unit_parts, *_parts(value))


def _parts(value: Any) -> tuple[str, ...]:
    parts = tuple(" ".join(part.split()) for part in _SPLIT.split(_text(value)))
    parts = tuple(p for p in parts if p)
    if any(len(p) > 100 for p in parts):
        raise Refused("unit_name_bad_cell")
    return parts


def _rank_layer(row: Row, value: Any) -> None:
    found = RANK_LAYERS.get(halfwidth(_text(value)).casefold())
    if found is None:
        raise Refused("rank_layer_unknown", value=str(value)[:40])
    row.rank_layer = found


def _job_category(row: Row, value: Any) -> None:
    found = JOB_CATEGORIES.get(halfwidth(_text(value)).casefold())
    if found is None:
        raise Refused("job_category_unknown", value=str(value)[:40])
    row.job_category = found


def _title(row: Row, value: Any) -> None:
    row.title = " ".join(_text(value).split())[:100]


def _from_date(row: Row, value: Any) -> None:
    if isinstance(value, datetime):
        value = value.date()
    row.from_date = value if isinstance(value, date) else parse_date(value)
    if not 1940 <= row.from_date.year <= 2200:
        row.from_date = None
        raise Refused("date_bad", value=shown(value))


def parse_date(value: Any) -> date:
    """2024.1.1, 2024年1月1日, 2024-01-01, 2024/1/1, 20240101, 2024年1月 (its first day).

    A bare number is refused: 2024.1 typed as a number may have been 2024.10.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise Refused("date_as_number", value=str(value))
    text = halfwidth(_text(value))
    text = re.sub(r"[T ]?00:00:00$", "", text)
    match = _DATE.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    try:
        if match is None:
            raise ValueError
        return date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        raise Refused("date_bad", value=text[:40]) from None


_READERS: dict[Field, Callable[[Row, Any], None]] = {
    Field.NUMBER: _number,
    Field.NAME: _name,
    Field.UNIT_CODE: _unit_code,
    Field.UNIT: _unit,
    Field.SUBUNIT: _subunit,
    Field.RANK_LAYER: _rank_layer,
    Field.JOB_CATEGORY: _job_category,
    Field.TITLE: _title,
    Field.FROM_DATE: _from_date,
    Field.IDENTITY_NUMBER: _identity,
    Field.PHONE: _phone,
}
