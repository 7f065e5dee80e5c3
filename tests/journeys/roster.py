"""A roster of 200 people as offices send them: merged title, blank rows, doubled numbers, full-width digits, a wrong unit."""

from __future__ import annotations

from typing import Any

from tests.people.rosters import HEADER, good, workbook

RARE_NAME, RARE_NUMBER = "王𠅤𬭎", "R0077"
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈", ("建国", "晓燕", "志远", "丽华", "文静")


def messy_roster() -> bytes:
    """200 rows with content.

    Six can't be imported: both of a doubled number, a number stored as a float, a wrong unit, a bad date, no name.
    """
    rows: list[list[Any]] = []
    for serial in range(1, 201):
        name = _SURNAMES[serial % 10] + _GIVEN[serial % 5] + ("" if serial % 3 else "儿")
        rows.append(good(f"R{serial:04d}", name=name, unit="市财政局" if serial % 2 else "市政府办公室"))
        if serial % 40 == 0:
            rows.append([None] * len(HEADER))
    by_number = {row[0]: row for row in rows if row[0]}
    _set(by_number[RARE_NUMBER], 姓名=RARE_NAME)
    _set(by_number["R0003"], 人员编号="Ｒ０００３", 任现职时间="2024年1月1日")
    _set(by_number["R0004"], 任现职时间="2023.12.5")
    _set(by_number["R0010"], 人员编号="R0009")
    _set(by_number["R0020"], 人员编号=20.0)
    _set(by_number["R0030"], 单位="不存在的局")
    _set(by_number["R0040"], 任现职时间="2024.13.1")
    _set(by_number["R0050"], 姓名=None)
    return workbook(rows, title="2026 年机关干部花名册（汇总）")


def _set(row: list[Any], **values: Any) -> None:
    for heading, value in values.items():
        row[HEADER.index(heading)] = value
