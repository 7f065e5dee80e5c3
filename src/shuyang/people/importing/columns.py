"""Find the header of a roster and guess what its columns mean, from Chinese or English headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from shuyang.kernel.errors import Invalid, Problem
from shuyang.people.importing.contracts import Field, Reading, SheetHead
from shuyang.people.rules import halfwidth

HEADINGS: dict[Field, tuple[str, ...]] = {
    Field.NUMBER: (
        "人员编号",
        "工号",
        "编号",
        "职工号",
        "干部编号",
        "人员代码",
        "职工编号",
        "警号",
        "人员工号",
        "number",
        "personnumber",
        "staffno",
        "staffnumber",
        "employeeid",
        "employeenumber",
        "personid",
        "id",
    ),
    Field.NAME: ("姓名", "人员姓名", "名字", "干部姓名", "职工姓名", "name", "fullname", "personname"),
    Field.UNIT_CODE: ("单位编码", "单位代码", "机构编码", "部门编码", "部门代码", "unitcode", "departmentcode"),
    Field.UNIT: (
        "单位",
        "单位名称",
        "所在单位",
        "工作单位",
        "机构",
        "机构名称",
        "所属单位",
        "unit",
        "organisation",
        "organization",
    ),
    Field.SUBUNIT: (
        "科室",
        "处室",
        "部门",
        "部门名称",
        "所在部门",
        "所在科室",
        "内设机构",
        "所在处室",
        "department",
        "subunit",
        "division",
        "office",
    ),
    Field.RANK_LAYER: (
        "人员层次",
        "职级层次",
        "干部层次",
        "人员类别",
        "干部类别",
        "层次",
        "ranklayer",
        "rank",
        "layer",
    ),
    Field.JOB_CATEGORY: ("岗位类别", "岗位类型", "职位类别", "岗位分类", "jobcategory", "category", "postcategory"),
    Field.TITLE: ("职务", "岗位", "职务名称", "岗位名称", "现任职务", "职位", "title", "jobtitle", "post", "position"),
    Field.FROM_DATE: (
        "任现职时间",
        "任职时间",
        "任现职日期",
        "任职日期",
        "到岗时间",
        "到岗日期",
        "fromdate",
        "since",
        "startdate",
    ),
    Field.IDENTITY_NUMBER: (
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "居民身份证号",
        "证件号码",
        "身份证",
        "identitynumber",
        "idnumber",
        "idcard",
        "nationalid",
    ),
    Field.PHONE: (
        "手机",
        "手机号",
        "手机号码",
        "联系电话",
        "电话",
        "联系方式",
        "phone",
        "mobile",
        "telephone",
        "phonenumber",
    ),
}
_BY_HEADING = {heading: field for field, headings in HEADINGS.items() for heading in headings}


def meaning(heading: str) -> Field | None:
    """What a heading means; notes in brackets, stars and blanks don't count."""
    plain = re.sub(r"\(.*?\)|\[.*?\]|【.*?】|[*_:\-/.]", "", halfwidth(heading)).casefold()
    return _BY_HEADING.get(plain)


def guess(head: SheetHead) -> Reading:
    """The row with the most headings we know is the header (titles above it are passed over); each field once."""
    best_row, best = 0, dict[Field, int]()
    for index, cells in enumerate(head.rows):
        found = _meanings(cells)
        if len(found) > len(best):
            best_row, best = index, found
    if not best:  # nothing known: the first row with several cells
        best_row = next((i for i, cells in enumerate(head.rows) if sum(map(bool, cells)) > 1), 0)
    return Reading(head.sheet, best_row, best)


def _meanings(cells: Sequence[str]) -> dict[Field, int]:
    found: dict[Field, int] = {}
    for column, text in enumerate(cells):
        field = meaning(text) if text else None
        if field is not None:
            found.setdefault(field, column)
    if Field.UNIT not in found and Field.SUBUNIT in found:  # a lone 部门 column names the unit
        found[Field.UNIT] = found.pop(Field.SUBUNIT)
    return found


def checked(
    columns: Mapping[Field, int], head: SheetHead, header_row: int, create_units: bool, *, has_base: bool
) -> Reading:
    """A reading chosen by hand. Raises `Invalid` where a needed column is missing or one column is used twice."""
    problems = []
    for field in (Field.NUMBER, Field.NAME):
        if field not in columns:
            problems.append(Problem(field, "column_needed"))
    if not has_base and not {Field.UNIT, Field.UNIT_CODE} & set(columns):
        problems.append(Problem(Field.UNIT, "column_unit_needed"))
    if (Field.RANK_LAYER in columns) != (Field.JOB_CATEGORY in columns):
        missing = Field.JOB_CATEGORY if Field.RANK_LAYER in columns else Field.RANK_LAYER
        problems.append(Problem(missing, "column_post_needed"))
    used = list(columns.values())
    problems += [Problem(f, "column_twice") for f, c in columns.items() if used.count(c) > 1]
    if not 0 <= header_row < len(head.rows) or any(not 0 <= c < head.width for c in used):
        problems.append(Problem("header_row", "header_row_bad"))
    if problems:
        raise Invalid(problems)
    return Reading(head.sheet, header_row, dict(columns), create_units)
