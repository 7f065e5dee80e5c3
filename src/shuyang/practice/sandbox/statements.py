"""What a learner may ask: one query, reading only, over tables. Everything else is refused with a reason, before it runs.

This explains; it is not the wall. The wall is the process: a database opened for reading, file access switched off,
the configuration locked, limits on memory and time (`child`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

LONGEST = 20_000  # characters of a query
logging.getLogger("sqlglot").setLevel(logging.ERROR)  # what it can not parse is refused in our words
TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest", "values"})
FORBIDDEN_FUNCTIONS = frozenset(
    {
        "getenv", "glob", "parquet_scan", "parquet_metadata", "parquet_schema", "query", "query_table", "sniff_csv",
        "read_blob", "read_csv", "read_csv_auto", "read_json", "read_json_auto", "read_ndjson", "read_parquet",
        "read_text", "which_secret", "checkpoint", "force_checkpoint", "pragma_table_info", "getvariable",
        "current_setting", "nextval", "currval", "setseed", "sleep_ms", "write_log", "enable_logging",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text is not run: a code for the web's words, the place (from 1; 0: none), and what it is about."""

    code: str  # empty | too_long | syntax | several | not_a_query | forbidden_function | file | forbidden
    line: int = 0
    column: int = 0
    about: str = ""


def refusal(sql: str) -> Refusal | None:
    """The reason not to run a text, or None."""
    if not sql.strip():
        return Refusal("empty")
    if len(sql) > LONGEST:
        return Refusal("too_long", about=str(LONGEST))
    try:
        statements = [s for s in sqlglot.parse(sql, dialect="duckdb") if s is not None]
    except SqlglotError as error:
        return _syntax(error)
    except RecursionError:
        return Refusal("too_long", about=str(LONGEST))
    if not statements:
        return Refusal("empty")
    if len(statements) > 1:
        return Refusal("several")
    return _of_statement(statements[0])


def tables_of(sql: str) -> frozenset[str]:
    """The names of the tables that a query reads, in lower case, without those it defines itself."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    own = {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
    return frozenset(t.name.lower() for t in tree.find_all(exp.Table) if t.name) - own


def _syntax(error: SqlglotError) -> Refusal:
    first = (getattr(error, "errors", None) or [{}])[0]
    return Refusal("syntax", int(first.get("line") or 0), int(first.get("col") or 0), str(first.get("highlight") or ""))


def _of_statement(tree: exp.Expr) -> Refusal | None:
    if not isinstance(tree, exp.Query):
        return Refusal("not_a_query", about=tree.key.upper())
    for node in tree.walk():
        found = _of_node(node)
        if found is not None:
            return found
    return None


def _of_node(node: exp.Expr) -> Refusal | None:
    if isinstance(node, exp.DML | exp.DDL | exp.Command | exp.Into) and not isinstance(node, exp.Query):
        return Refusal("not_a_query", about=node.key.upper())
    if isinstance(node, exp.Table):
        return _of_table(node)
    if isinstance(node, exp.Func):
        name = (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()
        if name in FORBIDDEN_FUNCTIONS or name.startswith(("duckdb_", "pragma_", "read_")):
            return Refusal("forbidden_function", about=name)
    return None


def _of_table(table: exp.Table) -> Refusal | None:
    source = table.this
    if isinstance(source, exp.Func):
        name = (source.name if isinstance(source, exp.Anonymous) else source.sql_name()).lower()
        return None if name in TABLE_FUNCTIONS else Refusal("forbidden_function", about=name)
    if isinstance(source, exp.Identifier) and source.quoted and any(mark in source.name for mark in "/\\.:*"):
        return Refusal("file", about=source.name)
    if isinstance(source, exp.Literal):
        return Refusal("file", about=source.name)
    return None
