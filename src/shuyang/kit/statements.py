"""Statements made once, for the few places where the ORM's building of SQL would cost more than the work itself.

The ORM builds, compiles and adapts every statement anew: some 0.5 ms. Here the text is made once for each database and
the model's own fields still convert every value, so a row read or written this way is the row the ORM would give.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import connection, models, transaction

M = TypeVar("M", bound=models.Model)
_Convert = Callable[[Any], Any]


def run(sql: str, parameters: Sequence[Any]) -> tuple[list[tuple[Any, ...]], int]:
    """Execute one statement; its rows (none for a write) and how many it touched.

    On PostgreSQL the server parses and plans it once per connection (a prepared statement).
    """
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return (cursor.fetchall() if cursor.description else []), cursor.rowcount
    found: tuple[list[tuple[Any, ...]], int] = connection.run_prepared(sql, parameters)  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a table is read on one database: the columns, and how a row's values become Python's."""

    names: tuple[str, ...]
    columns: str
    converters: tuple[tuple[int, tuple[Callable[[Any], Any], ...]], ...]


@lru_cache(maxsize=64)
def _reading(model: type[models.Model], vendor: str) -> _Reading:
    fields = model._meta.concrete_fields
    converters = []
    for place, field in enumerate(fields):
        column = field.get_col(model._meta.db_table)
        found = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        if found:
            converters.append((place, tuple(_bound(one, column) for one in found)))
    quoted = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    return _Reading(tuple(str(field.attname) for field in fields), quoted, tuple(converters))


def _bound(converter: Callable[[Any, Any, Any], Any], column: Any) -> _Convert:
    return lambda value: converter(value, column, connection)


@lru_cache(maxsize=256)
def _writers(model: type[models.Model], names: tuple[str, ...], vendor: str) -> tuple[_Convert | None, ...]:
    """How each field's value is adapted to the database; None where it goes as it is."""
    return tuple(_writer(_field(model, name), vendor) for name in names)


_PLAIN = (models.CharField, models.IntegerField, models.BooleanField, models.FloatField)
_PLAIN_ON_POSTGRESQL = (*_PLAIN, models.UUIDField, models.DateTimeField)


def _writer(field: models.Field[Any, Any], vendor: str) -> _Convert | None:
    plain = isinstance(field, _PLAIN_ON_POSTGRESQL if vendor == "postgresql" else _PLAIN)
    return None if plain else lambda value: field.get_db_prep_save(value, connection)


def _written(model: type[models.Model], values: Mapping[str, Any]) -> list[Any]:
    writers = _writers(model, tuple(values), connection.vendor)
    pairs = zip(values.values(), writers, strict=True)
    return [value if write is None else write(value) for value, write in pairs]


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def _quoted(model: type[models.Model], names: Sequence[str]) -> list[str]:
    return [connection.ops.quote_name(str(_field(model, name).column)) for name in names]


@lru_cache(maxsize=256)
def _select(model: type[models.Model], keys: tuple[str, ...], vendor: str) -> str:
    where = " AND ".join(f"{one} = %s" for one in _quoted(model, keys))
    return f"SELECT {_reading(model, vendor).columns} FROM {_table(model)} WHERE {where}"  # noqa: S608


@lru_cache(maxsize=256)
def _update(model: type[models.Model], fields: tuple[str, ...], keys: tuple[str, ...], vendor: str) -> str:
    setting = ", ".join(f"{one} = %s" for one in _quoted(model, fields))
    where = " AND ".join(f"{one} = %s" for one in _quoted(model, keys))
    return f"UPDATE {_table(model)} SET {setting} WHERE {where}"  # noqa: S608


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


@lru_cache(maxsize=64)
def _insert(model: type[models.Model], vendor: str) -> str:
    count = len(model._meta.concrete_fields)
    return f"INSERT INTO {_table(model)} ({_reading(model, vendor).columns}) SELECT {', '.join(['%s'] * count)}"


@dataclass(frozen=True, slots=True)
class Rows(Generic[M]):
    """The rows of one model, by fixed statements."""

    model: type[M]

    def get(self, **keys: Any) -> M | None:
        """The one row with these values, or None."""
        vendor = connection.vendor
        sql = _select(self.model, tuple(keys), vendor)
        found, _ = run(sql, _written(self.model, keys))
        return self._row(found[0]) if found else None

    def _row(self, values: tuple[Any, ...]) -> M:
        reading, plain = _reading(self.model, connection.vendor), list(values)
        for place, converters in reading.converters:
            value = plain[place]
            for convert in converters:
                value = convert(value)
            plain[place] = value
        return self.model.from_db("default", reading.names, plain)

    def append_if_unchanged(
        self, entry: models.Model, row: M, fields: Sequence[str], expected: Mapping[str, Any]
    ) -> bool:
        """Write `row`'s `fields` and insert `entry`, together, if the stored row still has the `expected` values.

        False: it has not, and nothing was written. On PostgreSQL this is one statement and so one round trip; outside
        a transaction it is committed when this returns.
        """
        vendor = connection.vendor
        update = _update(self.model, tuple(fields), tuple(expected), vendor)
        changes = _written(self.model, {name: getattr(row, name) for name in fields})
        changes += _written(self.model, expected)
        insert, names = _insert(type(entry), vendor), _reading(type(entry), vendor).names
        values = _written(type(entry), {name: getattr(entry, name) for name in names})
        if vendor == "postgresql":
            _, written = run(f"WITH changed AS ({update} RETURNING 1) {insert} FROM changed", [*changes, *values])
            return written == 1
        with transaction.atomic():
            _, changed = run(update, changes)
            if changed == 1:
                run(insert, values)
            return changed == 1
