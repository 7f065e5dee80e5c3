"""Learners' queries are hostile input: what they may ask, and what happens to those that ask too much."""

from __future__ import annotations

import os
import time
from pathlib import Path

import duckdb
import pytest

from shuyang.practice.sandbox.client import Sandbox, ask
from shuyang.practice.sandbox.contracts import Failure, Limits, NamedQuery, Outcome, Request

QUICK = Limits(seconds=1.0, cpu_seconds=2, memory_mib=128)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("range") / "city.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE resident AS SELECT i AS id, '人' || i AS name, i % 90 AS age FROM range(20000) t(i)"
        )
        connection.execute("CREATE TABLE day AS SELECT DATE '2026-11-22' AS noted, 1.5::DECIMAL(4, 2) AS amount")
    return path


def run_unchecked(database: Path, sql: str, limits: Limits = QUICK) -> Outcome:
    """Past the explanations, straight at the wall."""
    sandbox = Sandbox()
    try:
        return sandbox.run(Request(str(database), sql, (), limits))
    finally:
        sandbox.close()


def test_it_answers_a_query_with_columns_types_and_rows(database: Path) -> None:
    found = ask(database=database, sql="SELECT age, count(*) AS n FROM resident GROUP BY age ORDER BY age LIMIT 2;")
    assert found.ok
    assert found.columns == ("age", "n")
    assert found.types == ("BIGINT", "BIGINT")
    assert found.rows == ((0, 223), (1, 223))


def test_it_hands_dates_and_decimals_over_as_text(database: Path) -> None:
    assert ask(database=database, sql="SELECT noted, amount FROM day").rows == (("2026-11-22", "1.50"),)


def test_it_reads_named_queries_like_tables_and_each_only_those_before_it(database: Path) -> None:
    old = NamedQuery("old", "SELECT * FROM resident WHERE age >= 80")
    older = NamedQuery("older", "SELECT * FROM old WHERE age >= 85")
    assert ask(database=database, sql="SELECT count(*) FROM older", named=[old, older]).rows == ((1110,),)
    assert ask(database=database, sql="SELECT count(*) FROM older", named=[older, old]).failure is Failure.WRONG


def test_it_cuts_what_is_too_many_and_says_so(database: Path) -> None:
    few = Limits(rows=3, columns=2, text=5)
    found = ask(database=database, sql="SELECT id, repeat('字', 9) AS t, age FROM resident", limits=few)
    assert (len(found.rows), len(found.columns), found.truncated) == (3, 2, True)
    assert found.rows[0][1] == "字字字字字…"


def test_it_says_what_is_wrong_in_the_words_of_the_engine(database: Path) -> None:
    found = ask(database=database, sql="SELECT nme FROM resident")
    assert found.failure is Failure.WRONG
    assert "nme" in found.detail


REFUSED = {
    "": "empty",
    "-- nothing": "empty",
    "SELECT 1; SELECT 2": "several",
    "SELECT FROM WHERE": "syntax",
    "COPY resident TO 'x'": "not_a_query",
    "ATTACH 'x'": "not_a_query",
    "INSTALL httpfs": "not_a_query",
    "LOAD httpfs": "not_a_query",
    "SET threads = 9": "not_a_query",
    "PRAGMA database_list": "not_a_query",
    "CREATE TABLE t AS SELECT 1": "not_a_query",
    "INSERT INTO resident VALUES (1, 'x', 1)": "not_a_query",
    "UPDATE resident SET age = 1": "not_a_query",
    "DELETE FROM resident": "not_a_query",
    "DROP TABLE resident": "not_a_query",
    "CALL duckdb_settings()": "not_a_query",
    "SELECT * FROM read_csv('/etc/passwd')": "forbidden_function",
    "SELECT * FROM read_text('/etc/passwd')": "forbidden_function",
    "SELECT * FROM duckdb_settings()": "forbidden_function",
    "SELECT * FROM query('SELECT 1')": "forbidden_function",
    "SELECT getenv('HOME')": "forbidden_function",
    "SELECT * FROM (SELECT * FROM glob('/*'))": "forbidden_function",
    "SELECT * FROM '/etc/passwd'": "file",
    "SELECT * FROM \"x.csv\"": "file",
}  # fmt: skip


@pytest.mark.parametrize("sql", REFUSED)
def test_it_refuses_with_a_reason_before_anything_runs(database: Path, sql: str) -> None:
    found = ask(database=database, sql=sql)
    assert found.failure is Failure.REFUSED
    assert REFUSED[sql] in found.detail


def test_it_refuses_a_named_query_and_says_which(database: Path) -> None:
    found = ask(database=database, sql="SELECT * FROM bad", named=[NamedQuery("bad", "DROP TABLE resident")])
    assert found.failure is Failure.REFUSED
    assert "bad" in found.detail


@pytest.mark.parametrize(
    "sql",
    [
        "COPY resident TO '/tmp/shuyang-stolen.csv'",
        "ATTACH '/tmp/shuyang-other.duckdb'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/*')",
        "INSTALL httpfs",
        "SET threads = 9",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
        "RESET lock_configuration",
        "EXPORT DATABASE '/tmp/shuyang-export'",
        "CREATE TABLE t AS SELECT 1",
        "DELETE FROM resident",
    ],
)
def test_it_holds_the_wall_even_where_nothing_was_checked(database: Path, sql: str) -> None:
    assert run_unchecked(database, sql).failure is Failure.WRONG
    assert not Path("/tmp/shuyang-stolen.csv").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM resident a, resident b, resident c",
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT sum(n) FROM t",
        "SELECT list(a.name || b.name) FROM resident a, resident b",
        "SELECT * FROM resident a, resident b ORDER BY a.name || b.name",
        "SELECT repeat('x', 2000000000)",
        "SELECT array_agg(x) FROM range(500000000) t(x)",
        "SELECT regexp_matches(repeat('a', 5000000), '(a+)+$'), count(*) FROM resident a, resident b, resident c",
    ],
)
def test_it_kills_what_takes_too_much(database: Path, sql: str) -> None:
    assert run_unchecked(database, sql).failure in {Failure.TOO_LONG, Failure.TOO_MUCH, Failure.WRONG}


def test_it_bears_a_thousand_columns(database: Path) -> None:
    sql = "SELECT " + ", ".join(f"id + {n} AS c{n}" for n in range(1000)) + " FROM resident"
    found = ask(database=database, sql=sql)
    assert found.ok
    assert found.truncated
    assert len(found.columns) == Limits().columns


def test_it_bears_deep_nesting(database: Path) -> None:
    assert ask(database=database, sql="SELECT " + "(" * 5000 + "1" + ")" * 5000).failure is not None


def test_it_goes_on_after_its_processes_were_killed(database: Path) -> None:
    sandbox = Sandbox()
    try:
        assert sandbox.run(Request(str(database), "SELECT 1")).rows == ((1,),)
        assert sandbox._process is not None
        os.kill(sandbox._process.pid, 9)
        sandbox._process.wait()
        assert sandbox.run(Request(str(database), "SELECT 2")).rows == ((2,),)
    finally:
        sandbox.close()


def test_it_leaves_no_process_behind_that_was_killed_for_time(database: Path) -> None:
    before = time.monotonic()
    found = run_unchecked(database, "SELECT count(*) FROM resident a, resident b, resident c", Limits(seconds=0.3))
    assert found.failure is Failure.TOO_LONG
    assert time.monotonic() - before < 20


def test_it_keeps_the_secrets_of_the_server_out_of_the_sandbox(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUYANG_SECRETS", "/somewhere")
    sandbox = Sandbox()
    try:
        sandbox.run(Request(str(database), "SELECT 1"))
        assert sandbox._process is not None
        environment = Path(f"/proc/{sandbox._process.pid}/environ").read_bytes()
        assert b"SHUYANG" not in environment
        assert b"DJANGO" not in environment
    finally:
        sandbox.close()
