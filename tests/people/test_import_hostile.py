"""Files that are none, or would exhaust the machine: a clear refusal each."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from tests.people.rosters import good, workbook

from shuyang.kernel.errors import Invalid
from shuyang.people.importing import workbook as reading
from shuyang.people.importing.workbook import Roster, address, column_index, column_letters


def _code(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        Roster(data).head()
    assert [p.where for p in caught.value.problems] == ["file"]
    return caught.value.problems[0].code


def _changed(data: bytes, name: str, content: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return stream.getvalue()


def _sheet(cells: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


GOOD = workbook([good("N1")])
SHEET = "xl/worksheets/sheet1.xml"


def test_it_says_what_is_wrong_with_a_file_that_is_no_workbook() -> None:
    assert _code(b"") == "file_not_excel"
    assert _code("编号,姓名\n".encode()) == "file_not_excel"
    assert _code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == "file_old_excel"
    assert _code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")) == "file_encrypted"
    assert _code(GOOD[: len(GOOD) // 2]) == "file_unreadable"
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert _code(other.getvalue()) == "file_not_excel"
    assert _code(_changed(GOOD, SHEET, b"<worksheet><oops")) in ("file_unreadable", "sheet_empty")
    assert _code(workbook([], header=None)) == "sheet_empty"


def test_it_refuses_a_bomb_before_unpacking_it() -> None:
    assert _code(_changed(GOOD, SHEET, _sheet(" " * 40_000_000))) == "file_too_big_unpacked"


def test_it_refuses_a_cell_in_the_far_corner() -> None:
    assert _code(_changed(GOOD, SHEET, _sheet('<row r="1"><c r="XFD1" s="1"><v>1</v></c></row>'))) == "sheet_too_wide"
    far = '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    assert _code(_changed(GOOD, SHEET, _sheet(far))) == "sheet_too_long"


def test_it_overlooks_cells_that_are_only_coloured() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>'
    assert Roster(_changed(GOOD, SHEET, _sheet(cells))).head().width == 1


def test_it_refuses_a_file_above_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 1000)
    assert _code(GOOD) == "file_too_big"


def test_it_names_cells_as_excel_does() -> None:
    assert [column_letters(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_index(column_letters(i)) == i for i in range(1000))
    assert address(16, 2) == "C17"
