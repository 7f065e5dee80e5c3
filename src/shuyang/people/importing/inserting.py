"""Insert many rows of one table, prepared before the transaction begins.

Django's `bulk_create` compiles its SQL while the database is locked, and that takes five times as long as the
insertion itself. Here the values are brought into the database's form first; inside the transaction they are only sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, models


@dataclass(frozen=True, slots=True)
class Insertion:
    """An INSERT statement and the values of its rows."""

    sql: str
    values: list[tuple[Any, ...]]

    def send(self) -> None:
        if self.values:
            with connection.cursor() as cursor:
                cursor.executemany(self.sql, self.values)


def prepared(model: type[models.Model], rows: Sequence[models.Model]) -> Insertion:
    """The insertion of new rows of `model`; each already has its key."""
    fields, quote = model._meta.concrete_fields, connection.ops.quote_name
    columns = ", ".join(quote(str(f.column)) for f in fields)
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608
    plan = [(f.attname, f.get_db_prep_save) for f in fields]
    return Insertion(sql, [tuple(prepare(getattr(row, name), connection) for name, prepare in plan) for row in rows])


@contextmanager
def without_mapping() -> Iterator[None]:
    """Keep SQLite from mapping the database file meanwhile: a long import touches most of it, and it would all count
    as memory of this process."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA mmap_size").fetchone()
        cursor.execute("PRAGMA mmap_size=0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA mmap_size={int(before[0]) if before else 0}")
