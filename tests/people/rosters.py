"""Workbooks for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

HEADER = ("人员编号", "姓名", "单位", "科室", "人员层次", "岗位类别", "职务", "任现职时间", "身份证号", "手机")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def workbook(rows: Iterable[Sequence[Any]], *, header: Sequence[str] | None = HEADER, title: str = "") -> bytes:
    """An xlsx with a header (below a merged title, if given); text as text, numbers as numbers, dates as dates."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet, day = book.add_worksheet("人员"), book.add_format({"num_format": "yyyy-mm-dd"})
    at = 0
    if title:
        sheet.merge_range(0, 0, 0, len(header or HEADER) - 1, title)
        at = 2  # and an empty row, as in life
    for cells in ([header] if header else []) + [list(r) for r in rows]:
        for column, value in enumerate(cells):
            if isinstance(value, date):
                sheet.write_datetime(at, column, value, day)
            elif isinstance(value, str):
                sheet.write_string(at, column, value)
            elif value is not None:
                sheet.write(at, column, value)
        at += 1
    book.close()
    return stream.getvalue()


def identity(serial: int) -> str:
    """An invented identity number with a true check digit; all different below 336,000."""
    year, month, day = 1960 + serial % 40, serial // 40 % 12 + 1, serial // 480 % 28 + 1
    body = f"110101{year}{month:02d}{day:02d}{serial % 1000:03d}"
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True))
    return body + "10X98765432"[total % 11]


def good(number: str, name: str = "王小明", unit: str = "财政局", **more: Any) -> list[Any]:
    """One good row; `more` sets columns by heading."""
    row: dict[str, Any] = dict.fromkeys(HEADER)
    row |= {
        "人员编号": number,
        "姓名": name,
        "单位": unit,
        "人员层次": "一般干部",
        "岗位类别": "综合管理",
        "任现职时间": "2024.1.1",
    }
    return list((row | more).values())


def messy(people: int = 200, unit: str = "财政局") -> tuple[bytes, int, int]:
    """A roster as life makes them: the workbook, how many of its rows are good, how many must be rejected.

    Merged title, blank rows, full-width digits, dates in five manners, rare names; and rejected: one number twice,
    a number stored as a number, an unknown unit, a wrong identity number.
    """
    names = ("张㛃", "刘䶮", "陈𬭎", "王𠅤", "李𫖯", "欧阳秋实", "买买提·艾力", "单　明", "曾子涵", "覃若兰")
    days = ("2024.1.1", "2023年5月6日", "2022-07-08", "2021/9/10", date(2020, 11, 12))
    rows: list[list[Any]] = []
    for i in range(1, people - 4):
        number = f"{i:05d}" if i % 7 else f"{i:05d}".translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        rows.append(good(number, names[i % 10], unit, 任现职时间=days[i % 5], 身份证号=identity(i), 手机=f"139{i:08d}"))
        if i % 40 == 0:
            rows.append([None] * len(HEADER))
    wrong = identity(1)[:-1] + ("1" if identity(1)[-1] == "0" else "0")
    bad = [good("90001"), good("90001"), good(90002), good("90003", unit="不存在的局"), good("90004", 身份证号=wrong)]
    return workbook([*rows, *bad], title="云川市财政局在职人员名册（2026年）"), people - 5, len(bad)
