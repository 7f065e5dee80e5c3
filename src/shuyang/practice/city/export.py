"""The city as files for anyone's own use."""

from __future__ import annotations

import shutil
import tempfile
from enum import StrEnum
from pathlib import Path

import duckdb

from shuyang.kernel.errors import Invalid
from shuyang.practice.city import dictionary
from shuyang.practice.city.make import LEAST, MOST, Report, make_database, quiet
from shuyang.practice.city.schema import TABLES


class Format(StrEnum):
    """How the tables are written: one file each, or all in one database."""

    PARQUET = "parquet"
    DUCKDB = "duckdb"


DICTIONARY, PAGE = "data_dictionary", "data-dictionary.md"


def export_city(
    *, residents: int, seed: int, out: Path, format: Format = Format.DUCKDB, truths: Path | None = None,
    report: Report = quiet,
) -> tuple[Path, ...]:  # fmt: skip
    """Write the city of this size and seed into the new folder `out`, with its data dictionary.

    `truths`: where to write the file of answers, a DuckDB database (only if asked for, and not into `out`). Returns the files
    written. Raises Invalid for a size out of range, or where `out` or `truths` is there already: nothing is overwritten.
    """
    _check(residents, seed, out, truths)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".yunchuan-") as scratch:
        made = Path(scratch) / "city"
        answers = Path(scratch) / "answers.duckdb" if truths else None
        _write(made, residents, seed, format, answers, report)
        if answers is not None and truths is not None:
            truths.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(answers, truths)
        made.rename(out)  # whole or not at all
    return (*sorted(out.iterdir()), *([truths] if truths else []))


def _write(folder: Path, residents: int, seed: int, format: Format, answers: Path | None, report: Report) -> None:
    folder.mkdir()
    (folder / PAGE).write_text(dictionary.markdown(), "utf-8")
    database = folder / "yunchuan.duckdb"
    make_database(
        database, residents=residents, seed=seed, answers=answers, report=lambda step, share: report(step, share * 0.9)
    )
    with duckdb.connect(str(database)) as connection:
        _dictionary(connection)
        if format is Format.PARQUET:
            report("写出文件", 0.9)
            _parquet(connection, folder)
    if format is Format.PARQUET:
        database.unlink()
    report("完成", 1.0)


def _check(residents: int, seed: int, out: Path, truths: Path | None) -> None:
    if not LEAST <= residents <= MOST:
        raise Invalid(message=f"人数须在 {LEAST} 到 {MOST} 之间 residents must be {LEAST} to {MOST}")
    if seed < 0:
        raise Invalid(message="种子不能为负 the seed can't be negative")
    if truths is not None and truths.resolve().is_relative_to(out.resolve()):
        raise Invalid(message="答案不能与数据放在一起 the truths must not lie with the data")
    for path in (out, truths):
        if path is not None and path.exists():
            raise Invalid(message=f"已存在，未覆盖 already there, nothing overwritten: {path}")


def _dictionary(connection: duckdb.DuckDBPyConnection) -> None:
    """The dictionary as a table beside the others."""
    names = ", ".join(f"{c} {'BOOLEAN' if c == 'optional' else 'VARCHAR'}" for c in dictionary.COLUMNS)
    connection.execute(f"CREATE TABLE {DICTIONARY} ({names})")
    places = ", ".join("?" * len(dictionary.COLUMNS))
    connection.executemany(f"INSERT INTO {DICTIONARY} VALUES ({places})", list(dictionary.rows()))  # noqa: S608


def _parquet(connection: duckdb.DuckDBPyConnection, out: Path) -> None:
    for name in (*TABLES, DICTIONARY):
        target = str(out / f"{name}.parquet").replace("'", "''")
        connection.execute(f"COPY {name} TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
