"""Writes the tables into DuckDB: numbers come as arrays, words are looked up there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from shuyang.practice.city.calendar import START
from shuyang.practice.city.schema import TABLES, Table

# Arrays of one length; some are of scalars' types that numpy's hints can't name.
Columns = Mapping[str, Any]
Progress = Callable[[str, float], None]


def pick(words: str, index: str) -> str:
    """SQL: the word at this (0-based) index of a list kept with `Store.words`."""
    return f"getvariable('{words}')[{index} + 1]"


def day(column: str) -> str:
    """SQL: the date of a day number; null for negative numbers."""
    return f"CASE WHEN {column} >= 0 THEN DATE '{START}' + CAST({column} AS INTEGER) END"


def moment(column: str) -> str:
    """SQL: the timestamp of a number of minutes since the start of the books; null for negative numbers."""
    return f"CASE WHEN {column} >= 0 THEN make_timestamp(epoch_us(TIMESTAMP '{START}') + {column} * 60000000) END"


class Store:
    """One DuckDB database that is being filled.

    `path` is a new file, or ":memory:"; `answers` a second new file, for what only graders may know. Every table is created as
    the schema says, with its comments; the columns written must be exactly those of the schema.
    """

    def __init__(
        self, path: Path | str, *, answers: Path | None = None, threads: int = 2, memory: str = "1500MB"
    ) -> None:
        self.connection = duckdb.connect(str(path), config={"threads": threads, "memory_limit": memory})
        self._answers = answers is not None
        if answers is not None:
            target = str(answers).replace("'", "''")
            self.connection.execute(f"ATTACH '{target}' AS answers")
        self._known: set[str] = set()

    def words(self, name: str, words: Sequence[Any]) -> None:
        """Keep a list of words, once, under a name for `pick`."""
        if name not in self._known:
            self.connection.execute(f"SET VARIABLE {name} = ?", [list(words)])
            self._known.add(name)

    def write(self, table: str, columns: Columns, sql: Mapping[str, str] | None = None) -> None:
        """Create and fill a table. `columns` are arrays of one length; `sql` computes fields from them (a field that is
        not in `sql` is the column of its own name)."""
        schema, sql = TABLES[table], sql or {}
        self.connection.register("given", dict(columns))
        parts = [f"CAST({sql.get(field.name, field.name)} AS {field.type}) AS {field.name}" for field in schema.fields]
        # names, table and expressions are the generator's own
        self._create(schema, f"CREATE TABLE {table} AS SELECT {', '.join(parts)} FROM given", None)  # noqa: S608
        self.connection.unregister("given")

    def write_rows(self, table: str, records: Sequence[Sequence[Any]]) -> None:
        """Create and fill a small table from its records, in the order of the schema."""
        schema = TABLES[table]
        columns = [list(column) for column in zip(*records, strict=True)] or [[] for _ in schema.fields]
        parts = [f"unnest(CAST(? AS {field.type}[])) AS {field.name}" for field in schema.fields]
        self._create(schema, f"CREATE TABLE {table} AS SELECT {', '.join(parts)}", columns)

    def _create(self, table: Table, sql: str, values: list[Any] | None) -> None:
        """The table and its comments in one transaction: each comment in its own would cost a write to disk."""
        self.connection.begin()
        self.connection.execute(sql, values)
        _comment(self.connection, table)
        self.connection.commit()

    def answer(self, table: str, columns: Columns, sql: Mapping[str, str]) -> None:
        """Append to a table of the answers, where such are wanted: these fields, in this order."""
        if not self._answers:
            return
        parts = ", ".join(f"{text} AS {field}" for field, text in sql.items())
        self.connection.register("given", dict(columns))
        empty = f"CREATE TABLE IF NOT EXISTS answers.{table} AS SELECT {parts} FROM given LIMIT 0"  # noqa: S608
        self.connection.execute(empty)
        self.connection.execute(f"INSERT INTO answers.{table} SELECT {parts} FROM given")  # noqa: S608
        self.connection.unregister("given")

    def close(self) -> None:
        """Write everything to the file and let go of it."""
        self.connection.close()


def _comment(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    quoted = table.meaning.replace("'", "''")
    connection.execute(f"COMMENT ON TABLE {table.name} IS '{table.title}：{quoted}'")
    for field in table.fields:
        words = f"{field.title}：{field.meaning}".replace("'", "''")
        connection.execute(f"COMMENT ON COLUMN {table.name}.{field.name} IS '{words}'")
