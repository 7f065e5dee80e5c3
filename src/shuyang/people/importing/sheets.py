"""Workbooks we hand out: the template, the rejected rows, one-time codes.

Text is always written as text, and what could be read as a formula (=, +, -, @, tab, CR) carries Excel's quote mark
as well: no cell of ours ever computes anything, even after it was saved as CSV.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from shuyang.people.contracts import IssuedCode
from shuyang.people.importing.contracts import Field

_RISKY = ("=", "+", "-", "@", "\t", "\r")
TEMPLATE = (
    (Field.NUMBER, "人员编号", 14),
    (Field.NAME, "姓名", 12),
    (Field.UNIT, "单位", 26),
    (Field.SUBUNIT, "科室", 18),
    (Field.RANK_LAYER, "人员层次", 16),
    (Field.JOB_CATEGORY, "岗位类别", 20),
    (Field.TITLE, "职务", 18),
    (Field.FROM_DATE, "任现职时间", 14),
    (Field.IDENTITY_NUMBER, "身份证号", 22),
    (Field.PHONE, "手机", 16),
)
_LISTS = {
    Field.RANK_LAYER: ["领导干部", "一般干部", "专业技能人才"],
    Field.JOB_CATEGORY: ["综合管理", "机关事务", "行政审批与政务服务", "行政执法", "数据与信息化", "专业业务"],
}
_TEMPLATE_ROWS = 5000


class TextBook:
    """An xlsx under construction, in which text stays text."""

    def __init__(self, *, streaming: bool = True) -> None:
        self._stream = BytesIO()
        self.book = xlsxwriter.Workbook(self._stream, {"constant_memory": streaming, "strings_to_formulas": False})
        self._text = self.book.add_format({"num_format": "@"})
        self._quoted = self.book.add_format({"num_format": "@"})
        self._quoted.set_quote_prefix()
        self._head = self.book.add_format({"num_format": "@", "bold": True, "bg_color": "#E8EEF7", "bottom": 1})

    def sheet(
        self, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int] = ()
    ) -> Any:
        sheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self._text)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, self._head)
        for at, cells in enumerate(rows, start=1):
            for column, value in enumerate(cells):
                self.put(sheet, at, column, value)
        return sheet

    def put(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value)
        elif value not in (None, ""):
            text = str(value)
            sheet.write_string(row, column, text, self._quoted if text.startswith(_RISKY) else self._text)

    def bytes(self) -> bytes:
        self.book.close()
        return self._stream.getvalue()


def template_workbook(
    *, explanation: Mapping[Field, str], sheet: str, explanation_sheet: str, headings: tuple[str, str]
) -> bytes:
    """The empty roster: text columns, choices as drop-down lists, and a sheet that explains each column."""
    book = TextBook(streaming=False)
    roster = book.sheet(sheet, [heading for _, heading, _ in TEMPLATE], (), [width for _, _, width in TEMPLATE])
    for column, (field, _, _) in enumerate(TEMPLATE):
        if field in _LISTS:
            roster.data_validation(1, column, _TEMPLATE_ROWS, column, {"validate": "list", "source": _LISTS[field]})
    book.sheet(explanation_sheet, headings, [(heading, explanation[field]) for field, heading, _ in TEMPLATE], (16, 90))
    return book.bytes()


def rejected_workbook(
    *,
    heading: Sequence[str],
    rows: Iterable[tuple[int, str, Sequence[Any]]],
    sheet: str,
    row_heading: str,
    reason_heading: str,
) -> bytes:
    """Rejected rows (place, reasons, cells), the original cells first: it can be corrected and imported as it is."""
    book, width = TextBook(), len(heading)

    def lines() -> Iterable[Sequence[Any]]:
        for number, reasons, cells in rows:
            padded = (*cells[:width], *("",) * (width - len(cells)))
            yield (*padded, number, reasons)

    book.sheet(sheet, (*heading, row_heading, reason_heading), lines(), (*(16,) * width, 8, 80))
    return book.bytes()


def codes_workbook(*, codes: Iterable[IssuedCode], sheet: str, headings: Sequence[str]) -> bytes:
    """One-time codes: number, name, unit, user name, code, good until."""
    book = TextBook()
    rows = ((c.number, c.name, c.unit_name, c.username, c.code, c.expires_at.date().isoformat()) for c in codes)
    book.sheet(sheet, headings, rows, (16, 14, 26, 16, 16, 14))
    return book.bytes()
