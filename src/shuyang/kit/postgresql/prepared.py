"""Prepared statements straight through libpq: what psycopg's cursor does for every statement anew is done once here.

A cursor looks up adapters, compares the types of the values with those of statements it knows, and waits in Python:
as much as the statement itself costs. Values go as text and the server knows their types from the columns, so that
one statement is one plan, whatever the size of a number. psycopg's own adapters still convert every value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, errors
from psycopg.abc import Transformer
from psycopg.adapt import PyFormat
from psycopg.adapt import Transformer as MakeTransformer
from psycopg.pq import ExecStatus

Found = tuple[list[tuple[Any, ...]], int]


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement the server knows by this name, psycopg's adapters for it, and the form its values go in."""

    name: bytes
    adapter: Transformer
    formats: list[PyFormat]


class Prepared:
    """The prepared statements of one connection."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._known: dict[str, _Statement] = {}
        self._made = 0

    def run(self, sql: str, parameters: Sequence[Any]) -> Found:
        """Execute `sql` (its placeholders are %s); its rows, none for a write, and how many it touched.

        Raises what a cursor would raise. A statement that failed is prepared anew the next time, so that one whose
        table was changed meanwhile heals.
        """
        known = self._known.get(sql) or self._prepare(sql, len(parameters))
        values = known.adapter.dump_sequence(parameters, known.formats)
        result = self._connection.pgconn.exec_prepared(known.name, values)  # type: ignore[arg-type]  # None is NULL
        if result.status == ExecStatus.TUPLES_OK:
            known.adapter.set_pgresult(result)
            return known.adapter.load_rows(0, result.ntuples, tuple), result.ntuples
        if result.status == ExecStatus.COMMAND_OK:
            return [], result.command_tuples or 0
        self._known.pop(sql, None)
        raise errors.error_from_result(result)

    def _prepare(self, sql: str, count: int) -> _Statement:
        first, *rest = sql.split("%s")
        text = first + "".join(f"${number}{part}" for number, part in enumerate(rest, start=1))
        self._made += 1
        name = f"shuyang_{self._made}".encode()
        result = self._connection.pgconn.prepare(name, text.encode())
        if result.status != ExecStatus.COMMAND_OK:
            raise errors.error_from_result(result)
        made = self._known[sql] = _Statement(name, MakeTransformer(self._connection), [PyFormat.TEXT] * count)
        return made
