"""The tables are as the schema says, their relations hold, and a seed always makes the same city."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from shuyang.practice.city.api import TABLES, Table
from tests.practice.seeds import RESIDENTS

GOLDEN = Path(__file__).parent / "golden_city.json"
every_table = pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))


def one(city: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = city.execute(sql).fetchone()
    assert row is not None
    return row[0]


@every_table
def test_it_has_the_columns_of_the_schema(city: duckdb.DuckDBPyConnection, table: Table) -> None:
    found = city.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table.name]
    ).fetchall()
    assert found == [(f.name, f.type) for f in table.fields]
    assert one(city, f"SELECT count(*) FROM {table.name}") > 0


@every_table
def test_its_key_names_one_row(city: duckdb.DuckDBPyConnection, table: Table) -> None:
    keys = ", ".join(table.keys)
    assert one(city, f"SELECT count(*) FROM (SELECT {keys} FROM {table.name} GROUP BY ALL HAVING count(*) > 1)") == 0


@every_table
def test_only_optional_fields_are_empty(city: duckdb.DuckDBPyConnection, table: Table) -> None:
    counts = ", ".join(f"count(*) - count({f.name})" for f in table.fields)
    empty = city.execute(f"SELECT {counts} FROM {table.name}").fetchone()
    assert empty is not None
    assert not [f.name for f, n in zip(table.fields, empty, strict=True) if n and not f.optional]


REFERENCES = [(t.name, f.name, f.references) for t in TABLES.values() for f in t.fields if f.references]


@pytest.mark.parametrize(("table", "field", "target"), REFERENCES, ids=[f"{t}.{f}" for t, f, _ in REFERENCES])
def test_every_reference_is_met(city: duckdb.DuckDBPyConnection, table: str, field: str, target: str) -> None:
    to, _, key = target.partition(".")
    missing = f"SELECT count(*) FROM {table} a ANTI JOIN {to} b ON a.{field} = b.{key} WHERE a.{field} IS NOT NULL"
    assert one(city, missing) == 0
    assert one(city, f"SELECT count({field}) FROM {table}") > 0, "a reference that is always empty shows nothing"


def test_it_has_exactly_the_residents_asked_for(city: duckdb.DuckDBPyConnection) -> None:
    assert one(city, "SELECT count(*) FROM resident") == RESIDENTS


def test_it_has_no_table_beyond_the_schema(city: duckdb.DuckDBPyConnection) -> None:
    assert {name for (name,) in city.execute("SELECT table_name FROM duckdb_tables()").fetchall()} == set(TABLES)


def test_no_name_needs_quotes_in_sql(city: duckdb.DuckDBPyConnection) -> None:
    reserved = {
        w
        for (w,) in city.execute(
            "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
        ).fetchall()
    }
    assert not reserved & {name for table in TABLES.values() for name in (table.name, *(f.name for f in table.fields))}


def fingerprint(city: duckdb.DuckDBPyConnection, table: Table) -> str:
    """Hash over all values of a table, as text, row by row in the order of its key."""
    values = ", '|', ".join(f"coalesce(CAST({f.name} AS VARCHAR), '∅')" for f in table.fields)
    sql = f"SELECT md5(string_agg(md5(concat({values})), '' ORDER BY {', '.join(table.keys)})) FROM {table.name}"
    row = city.execute(sql).fetchone()
    assert row is not None
    return str(row[0])


@every_table
def test_a_seed_always_makes_the_same_city(city: duckdb.DuckDBPyConnection, table: Table) -> None:
    """`python -m tests.practice.golden` writes the file anew when the generator was changed on purpose."""
    golden = json.loads(GOLDEN.read_text("utf-8"))
    assert fingerprint(city, table) == golden[table.name]


def test_another_seed_makes_another_city(
    city: duckdb.DuckDBPyConnection, other_city: duckdb.DuckDBPyConnection
) -> None:
    for name in ("resident", "firm", "application", "rating"):
        assert fingerprint(city, TABLES[name]) != fingerprint(other_city, TABLES[name])
