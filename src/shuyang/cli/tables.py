"""Tables in files: CSV, Parquet, Excel and JSON, read and written by suffix."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from shuyang.kernel.errors import Invalid

Column = Sequence[Any] | np.ndarray[Any, np.dtype[Any]]
Columns = dict[str, Column]
EMPTY = ("", "NA", "NaN", "nan", "NULL")


def read_table(path: Path) -> Columns:
    """Columns of a file by name: numpy arrays or lists, None or NaN where a cell is empty.

    Raises Invalid when the file is absent, of another kind, or has no rows.
    """
    if not path.is_file():
        raise Invalid(message=f"{path}: no such file")
    readers = {".csv": _duck, ".tsv": _duck, ".txt": _duck, ".parquet": _duck, ".xlsx": _excel, ".xls": _excel}
    if path.suffix.lower() not in readers:
        raise Invalid(message=f"{path}: give a .csv, .parquet or .xlsx file")
    columns = readers[path.suffix.lower()](path)
    if not columns or not len(next(iter(columns.values()))):
        raise Invalid(message=f"{path}: the table has no rows")
    return columns


def _duck(path: Path) -> Columns:
    import duckdb

    if path.suffix.lower() == ".parquet":
        query, values = "SELECT * FROM read_parquet(?)", list[Any]([str(path)])
    else:
        query = "SELECT * FROM read_csv(?, header = true, sample_size = -1, nullstr = ?)"
        values = [str(path), list(EMPTY)]
    try:
        with duckdb.connect() as connection:
            found = connection.execute(query, values).fetchnumpy()
    except duckdb.Error as error:
        raise Invalid(message=f"{path}: {str(error).splitlines()[0]}") from error
    return {name: _unmasked(column) for name, column in found.items()}


def _unmasked(column: Any) -> Column:
    if isinstance(column, np.ma.MaskedArray):
        if column.dtype.kind in "iufb":
            return np.asarray(np.ma.filled(column.astype(float), np.nan))
        hidden = np.ma.getmaskarray(column)
        return [None if empty else value for value, empty in zip(column.data, hidden, strict=True)]
    return np.asarray(column)


def _excel(path: Path) -> Columns:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except CalamineError as error:
        raise Invalid(message=f"{path}: {error}") from error
    if not rows:
        return {}
    header = [str(name).strip() for name in rows[0]]
    body = [row for row in rows[1:] if any(cell not in EMPTY for cell in row)]
    return {name: [None if r[k] in EMPTY else r[k] for r in body] for k, name in enumerate(header) if name}


def numbers(name: str, column: Column) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A column as numbers, NaN where empty; Invalid names the first cell that is none."""
    array = np.asarray(column)
    if array.dtype.kind in "iufb":
        return array.astype(float)
    out = np.full(len(column), np.nan)
    for row, cell in enumerate(column):
        if cell is None or (isinstance(cell, str) and cell.strip() in EMPTY):
            continue
        try:
            out[row] = float(cell)
        except (TypeError, ValueError):
            raise Invalid(message=f'column "{name}", row {row + 2}: "{cell}" is not a number') from None
    return out


def write_table(path: Path, columns: Mapping[str, Sequence[Any]]) -> None:
    """Write columns by suffix: .csv, .parquet, .xlsx or .json (a list of rows). Raises Invalid for another."""
    writers = {".csv": _write_csv, ".parquet": _write_parquet, ".xlsx": _write_excel, ".json": _write_json}
    if path.suffix.lower() not in writers:
        raise Invalid(message=f"{path}: write to a .csv, .parquet, .xlsx or .json file")
    path.parent.mkdir(parents=True, exist_ok=True)
    writers[path.suffix.lower()](path, columns)


def _plain(cell: Any) -> Any:
    value = cell.item() if isinstance(cell, np.generic) else cell
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _rows(columns: Mapping[str, Sequence[Any]]) -> list[list[Any]]:
    return [[_plain(cell) for cell in row] for row in zip(*columns.values(), strict=True)]


def _write_csv(path: Path, columns: Mapping[str, Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(_rows(columns))


def _write_parquet(path: Path, columns: Mapping[str, Sequence[Any]]) -> None:
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        middle = Path(folder) / "table.csv"
        _write_csv(middle, columns)
        source = duckdb.read_csv(str(middle), header=True, sample_size=-1)
        source.write_parquet(str(path))


def _write_excel(path: Path, columns: Mapping[str, Sequence[Any]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(columns), book.add_format({"bold": True}))
        for k, row in enumerate(_rows(columns)):
            sheet.write_row(k + 1, 0, row)
        sheet.freeze_panes(1, 0)
        sheet.autofit()


def _write_json(path: Path, columns: Mapping[str, Sequence[Any]]) -> None:
    rows = [dict(zip(columns, row, strict=True)) for row in _rows(columns)]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
