"""Looking at a table without SQL: filters, order and a pivot, turned into a query that can be kept and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "contains", "missing", "present")
MEASURES = ("count", "distinct", "sum", "avg", "median", "min", "max", "share")
WITHOUT_COLUMN = ("count", "share")
"""Measures of rows; the others measure a column."""
_COMPARE = {"=": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}
BUCKETS = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d", "weekday": "%u", "hour": "%H"}
"""What a date may be counted by, and how that is written (weekdays from 1, Monday)."""
NUMBERS = ("INT", "DOUBLE", "DECIMAL", "FLOAT", "REAL", "HUGEINT")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: a column, an operator, a value (empty for `missing` and `present`)."""

    column: str
    op: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a table is looked at. With `rows` it is a pivot: grouped by `rows` (and `columns`), measured by `measure` of `of`.
    `per`: where `rows` is a date, the part of it that counts (a key of `BUCKETS`)."""

    table: str
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    descending: bool = False
    rows: str = ""
    columns: str = ""
    measure: str = "count"
    of: str = ""
    per: str = ""


def is_date(kind: str) -> bool:
    """Is a type of the engine a date or a moment?"""
    return kind.upper().startswith(("DATE", "TIMESTAMP"))


def is_number(kind: str) -> bool:
    """Is a type of the engine a number?"""
    return kind.upper().removeprefix("U").startswith(("BIG", "SMALL", "TINY", *NUMBERS))


def read_look(table: str, types: Mapping[str, str], given: Mapping[str, str]) -> Look:
    """A look from an address: what names no column or operator is left out."""
    filters = tuple(
        Filter(given.get(f"c{n}", ""), given.get(f"o{n}", "="), given.get(f"v{n}", "").strip())
        for n in (1, 2, 3)
        if given.get(f"c{n}", "") in types and given.get(f"o{n}", "=") in OPERATORS
    )
    measure, of = given.get("measure", "count"), given.get("of", "") if given.get("of", "") in types else ""
    rows = given.get("rows", "") if given.get("rows", "") in types else ""
    return Look(
        table=table,
        filters=tuple(f for f in filters if f.value or f.op in ("missing", "present")),
        sort=given.get("sort", "") if given.get("sort", "") in types else "",
        descending=given.get("dir") == "down",
        rows=rows,
        columns=given.get("columns", "") if given.get("columns", "") in types else "",
        measure=measure if measure in (MEASURES if of else WITHOUT_COLUMN) else "count",
        of=of,
        per=given.get("per", "") if given.get("per", "") in BUCKETS and is_date(types.get(rows, "")) else "",
    )


def look_sql(look: Look, types: Mapping[str, str]) -> str:
    """The query of a look."""
    query = exp.select("*") if not look.rows else _grouped(look)
    query = query.from_(exp.table_(look.table, quoted=True))
    for condition in look.filters:
        query = query.where(_condition(condition, types[condition.column]))
    if look.rows:
        return query.sql(dialect="duckdb", pretty=True)
    if look.sort:
        query = query.order_by(exp.Ordered(this=_column(look.sort), desc=look.descending))
    return query.sql(dialect="duckdb", pretty=True)


def columns_sql(table: str) -> str:
    """The query whose answer tells the columns of a table or named query, without a row."""
    return exp.select("*").from_(exp.table_(table, quoted=True)).limit(0).sql(dialect="duckdb")


def _grouped(look: Look) -> exp.Select:
    keys: dict[str, exp.Expr] = {f"{look.rows}_{look.per}" if look.per else look.rows: _row_key(look)}
    if look.columns and look.columns not in keys:
        keys[look.columns] = _column(look.columns)
    shown = [exp.alias_(key, name, quoted=True) if name != key.name else key for name, key in keys.items()]
    query = exp.select(*shown, exp.alias_(_measure(look), _measured_as(look), quoted=True))
    return query.group_by(*[key.copy() for key in keys.values()]).order_by(*[key.copy() for key in keys.values()])


def _row_key(look: Look) -> exp.Expr:
    if not look.per:
        return _column(look.rows)
    form = exp.Literal.string(BUCKETS[look.per])
    return exp.Anonymous(this="strftime", expressions=[_column(look.rows), form])


def _measured_as(look: Look) -> str:
    return look.measure if not look.of else f"{look.measure}_{look.of}"


def _measure(look: Look) -> exp.Expr:
    count = exp.Count(this=exp.Star())
    if look.measure == "share":
        total = exp.Window(this=exp.Sum(this=count.copy()), partition_by=[])
        return exp.func(
            "ROUND", exp.Div(this=exp.Mul(this=exp.convert(1.0), expression=count), expression=total), exp.convert(4)
        )
    if look.measure == "count" or not look.of:
        return count
    column = _column(look.of)
    if look.measure == "distinct":
        return exp.Count(this=exp.Distinct(expressions=[column]))
    return exp.func(look.measure.upper(), column)


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _condition(condition: Filter, kind: str) -> exp.Expr:
    column = _column(condition.column)
    if condition.op == "missing":
        return exp.Is(this=column, expression=exp.null())
    if condition.op == "present":
        return exp.not_(exp.Is(this=column, expression=exp.null()))
    if condition.op == "contains":
        text = exp.cast(column, "VARCHAR")
        return exp.func("CONTAINS", text, exp.Literal.string(condition.value))
    return _COMPARE[condition.op](this=column, expression=_value(condition.value, kind))


def _value(value: str, kind: str) -> exp.Expr:
    """A number for a column of numbers, else text: the engine casts it to the column's type."""
    if is_number(kind):
        try:
            return exp.convert(float(value)) if "." in value else exp.convert(int(value))
        except ValueError:
            return exp.Literal.string(value)
    if kind.upper() == "BOOLEAN":
        return exp.true() if value.lower() in ("true", "1", "是", "t", "yes") else exp.false()
    return exp.Literal.string(value)


def pivoted(
    columns: Sequence[str], rows: Sequence[Sequence[object]], most: int = 40
) -> tuple[list[str], list[list[object]]] | None:
    """Long rows (row key, column key, value) as a cross table; None where there are too many columns to read."""
    if len(columns) != 3:
        return None
    across = sorted({"" if row[1] is None else str(row[1]) for row in rows})
    if len(across) > most:
        return None
    lines: dict[object, dict[str, object]] = {}
    for down, over, value in rows:
        lines.setdefault(down, {})["" if over is None else str(over)] = value
    return [columns[0], *across], [[down, *[cells.get(name) for name in across]] for down, cells in lines.items()]
