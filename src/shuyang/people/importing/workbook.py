"""Open a workbook from the world: refuse what is none or would exhaust the machine; give rows with true places.

A workbook is a zip of XML. The reader lays a sheet out as a full rectangle, so one cell in the far corner
would cost gigabytes: the used rectangle is measured on the raw XML first, streaming.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from shuyang.kernel.errors import Invalid, Problem
from shuyang.people.importing.contracts import SheetHead

MAX_BYTES = 40 * 1024 * 1024
MAX_UNPACKED = 600 * 1024 * 1024
MAX_RATIO = 200
MAX_ENTRIES = 2000
MAX_ROWS = 200_000
MAX_COLUMNS = 200
HEAD = 30
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,3})(\d{1,7})\"[^>]*?(?<!/)>\s*<(?:\w+:)?(?:v|f|is)\b")
_CHUNK = 1 << 20


def _refuse(code: str, **data: object) -> Invalid:
    return Invalid([Problem("file", code, tuple((k, str(v)) for k, v in data.items()))])


class Roster:
    """A workbook that passed the checks. Raises `Invalid` (where "file") with the reason otherwise.

    `trusted`: it passed them before (we kept it sealed since).
    """

    def __init__(self, data: bytes, *, trusted: bool = False) -> None:
        if not trusted:
            _check_file(data)
        try:
            self._book = CalamineWorkbook.from_filelike(BytesIO(data))
        except (CalamineError, ValueError, OSError) as error:
            raise _refuse("file_unreadable") from error
        self.sheets = tuple(self._book.sheet_names)
        if not self.sheets:
            raise _refuse("file_empty")
        self._open: tuple[str, CalamineSheet] | None = None

    def head(self, sheet: str = "") -> SheetHead:
        """The first rows of a sheet (the first with anything in it, if none is named) as text."""
        name = sheet or next((s for s in self.sheets if self._sheet(s).end is not None), self.sheets[0])
        rows = [tuple(shown(c) for c in cells) for _, cells in zip(range(HEAD), self._rows(name), strict=False)]
        if not any(any(r) for r in rows):
            raise _refuse("sheet_empty", sheet=name)
        return SheetHead(self.sheets, name, tuple(rows), max(map(len, rows)))

    def rows(self, sheet: str, after: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Rows below row `after` (0-based) that hold anything, each with its 0-based place; cells start at column A."""
        for index, cells in enumerate(self._rows(sheet)):
            if index > after and any(c != "" for c in cells):
                yield index, cells

    def height(self, sheet: str) -> int:
        """Rows of the sheet down to the last one used."""
        end = self._sheet(sheet).end
        return end[0] + 1 if end else 0

    def _rows(self, sheet: str) -> Iterator[tuple[Any, ...]]:
        opened = self._sheet(sheet)
        if opened.start is None:
            return
        left = ("",) * opened.start[1]
        for cells in opened.iter_rows():
            yield (*left, *cells)

    def _sheet(self, name: str) -> CalamineSheet:
        if name not in self.sheets:
            raise _refuse("sheet_unknown", sheet=name)
        if self._open is None or self._open[0] != name:
            try:
                self._open = (name, self._book.get_sheet_by_name(name))
            except (CalamineError, ValueError, OSError) as error:
                raise _refuse("file_unreadable") from error
        return self._open[1]


def shown(value: Any) -> str:
    """A cell as one would see it: whole floats without ".0", dates as 2024-01-31."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return str(value)


def _check_file(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise _refuse("file_too_big", megabytes=MAX_BYTES >> 20)
    if data.startswith(_OLE):
        raise _refuse("file_encrypted" if _ENCRYPTED in data else "file_old_excel")
    if not data.startswith(b"PK\x03\x04"):
        raise _refuse("file_not_excel")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_archive(archive, len(data))
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _refuse("file_unreadable") from error


def _check_archive(archive: zipfile.ZipFile, packed: int) -> None:
    entries = archive.infolist()
    names = {e.filename for e in entries}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise _refuse("file_not_excel")
    if any(e.flag_bits & 1 for e in entries):
        raise _refuse("file_encrypted")
    unpacked = sum(e.file_size for e in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > packed * MAX_RATIO + (8 << 20):
        raise _refuse("file_too_big_unpacked")
    for entry in entries:
        if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
            _check_rectangle(archive, entry)


def _check_rectangle(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Measure the used rectangle of one sheet by the addresses of its filled cells; reads piece by piece."""
    tail, total = b"", 0
    with archive.open(entry) as stream:
        while piece := stream.read(_CHUNK):
            total += len(piece)
            if total > MAX_UNPACKED:  # the directory lied about the size
                raise _refuse("file_too_big_unpacked")
            text = tail + piece
            found = _CELL.findall(text)
            if found:
                _check_addresses(found)
            tail = text[-300:]


def _check_addresses(found: list[tuple[bytes, bytes]]) -> None:
    for letters in {letters for letters, _ in found}:
        if column_index(letters.decode()) >= MAX_COLUMNS:
            raise _refuse("sheet_too_wide", columns=MAX_COLUMNS, cell=letters.decode())
    if max(int(row) for _, row in found) > MAX_ROWS:
        raise _refuse("sheet_too_long", rows=MAX_ROWS)


def column_index(letters: str) -> int:
    """A -> 0, Z -> 25, AA -> 26."""
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - 64
    return value - 1


def column_letters(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Cell address as Excel shows it; both 0-based."""
    return f"{column_letters(column)}{row + 1}"
